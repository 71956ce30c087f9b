import AuterityAPI
import Testing

@testable import AuterityEngine

/// Paging, cursors and sorting, alike in every list; and the tags that changes are held against.
@Suite(.timeLimit(.minutes(30)))
struct ListContractTests {
    private static let lists: [(path: String, key: String, sort: String)] = [
        ("/api/workflows", "workflows", "name"),
        ("/api/workflows/executions", "executions", "started_at"),
        ("/api/templates", "templates", "name"), ("/api/logs", "logs", "timestamp"),
        ("/api/users", "users", "email"), ("/api/roles", "roles", "name"),
        ("/api/audit", "entries", "timestamp"), ("/api/messages", "messages", "name"),
        ("/api/secrets", "secrets", "name"),
        ("/api/monitoring/alerts", "alerts", "raised_at"),
    ]

    @Test func everyListIsPagedByNumberAndByCursorAndSorted() async throws {
        try await ContractServer.run { server in
            let id = try await server.workflow(as: .superAdmin)
            for name in ["b", "a"] {
                _ = try await server.send(
                    "PUT", "/api/secrets/\(name)", as: .superAdmin, json: ["value": "1"])
                _ = try await server.send(
                    "PATCH", "/api/workflows/\(id)", as: .superAdmin,
                    json: ["name": .string(name)])
            }
            let versions = ("/api/workflows/\(id)/versions", "versions", "name")
            for (path, key, sort) in Self.lists + [versions] {
                try await check(path, key, sort, server)
            }
            let page = try await server.send(
                "GET", "\(versions.0)?page_size=1&cursor=", as: .superAdmin)
            let cursor = try #require(page.json["next_cursor"]?.stringValue)
            for (path, _, _) in Self.lists {
                let other = try await server.send(
                    "GET", "\(path)?cursor=\(cursor)", as: .superAdmin)
                #expect(other.status == 422, "\(path): a cursor of another list")
            }
        }
    }

    private func check(
        _ path: String, _ key: String, _ sort: String, _ server: ContractServer
    ) async throws {
        func get(_ query: String) async throws -> Answer {
            try await server.send("GET", "\(path)?\(query)", as: .superAdmin)
        }
        let page = try await get("page=1&page_size=100&sort=\(sort)")
        #expect(page.status == 200, "\(path) \(page.text)")
        let all = page.json[key]?.arrayValue ?? []
        #expect(page.json["total"]?.intValue == Int64(all.count), "\(path)")
        #expect(page.json["page_size"]?.intValue == 100)
        let falling = try await get("page=1&page_size=100&sort=-\(sort)")
        #expect(falling.json[key]?.arrayValue?.count == all.count)
        var behind: [JSONValue] = []
        var cursor = ""
        repeat {
            let part = try await get("page_size=1&cursor=\(cursor)&sort=\(sort)")
            #expect(part.status == 200, "\(path) \(part.text)")
            #expect(part.json["total"] == nil)
            #expect((part.json[key]?.arrayValue?.count ?? 0) <= 1)
            behind += part.json[key]?.arrayValue ?? []
            cursor = part.json["next_cursor"]?.stringValue ?? ""
        } while !cursor.isEmpty && behind.count <= all.count
        #expect(behind.count == all.count, "\(path)")
        // Reading the audit adds nothing to it, and nothing else happens meanwhile.
        #expect(behind == all, "\(path)")
        let wrong = try await get("sort=nonsense")
        #expect(wrong.status == 422)
        #expect(wrong.text.contains(sort), "\(path) \(wrong.text)")
    }

    @Test func aVersionInListsHasNoDefinition() async throws {
        try await ContractServer.run { server in
            let id = try await server.workflow(as: .user)
            let list = try await server.send("GET", "/api/workflows/\(id)/versions", as: .user)
            let first = try #require(list.json["versions"]?.arrayValue?.first)
            #expect(first.objectValue?.keys.contains("definition") == false)
            let one = try await server.send("GET", "/api/workflows/\(id)/versions/1", as: .user)
            #expect(one.json["definition"]?.objectValue != nil)
        }
    }

    @Test func theTagOfWhatWasMadeIsThatOfWhatIsRead() async throws {
        try await ContractServer.run { server in
            let made = try await server.send(
                "POST", "/api/workflows", as: .superAdmin,
                json: [
                    "name": "Odd",
                    "definition": [
                        "nodes": [["id": "s", "type": "start", "data": [:]]], "edges": [],
                    ],
                ])
            #expect(made.json["warnings"]?.arrayValue?.isEmpty == false)
            let id = try #require(made.json["id"]?.stringValue)
            let tag = try #require(made["etag"])
            let read = try await server.send("GET", "/api/workflows/\(id)", as: .superAdmin)
            #expect(read["etag"] == tag)
            let put = try await server.send(
                "PUT", "/api/workflows/\(id)", as: .superAdmin,
                json: ["name": "Odd", "definition": made.json["definition"] ?? .null],
                headers: [("If-Match", tag)])
            #expect(put.status == 200)
        }
    }

    @Test func aStaleTagChangesNoTemplateAndNoMessage() async throws {
        try await ContractServer.run { server in
            let template = try await server.send(
                "POST", "/api/templates", as: .superAdmin, json: Self.template)
            let id = try #require(template.json["id"]?.stringValue)
            try await hold(
                "/api/templates/\(id)", tag: template["etag"], body: Self.template, server)
            let body: JSONValue = ["subject": "Hello", "text": "There"]
            let message = try await server.send(
                "PUT", "/api/messages/tagged", as: .superAdmin, json: body)
            try await hold("/api/messages/tagged", tag: message["etag"], body: body, server)
            let absent = try await server.send(
                "PUT", "/api/messages/tagged", as: .superAdmin, json: body,
                headers: [("If-Match", "*")])
            #expect(absent.status == 412)
        }
    }

    private static let template: JSONValue = [
        "name": "Greeting", "category": "sales",
        "definition": ["nodes": [["id": "s", "type": "start", "data": [:]]], "edges": []],
    ]

    /// Changes it once with its tag, then refuses everything with that, and deletes it with `*`.
    private func hold(
        _ path: String, tag: String?, body: JSONValue, _ server: ContractServer
    ) async throws {
        let tag = try #require(tag)
        func send(_ method: String, _ tag: String, _ body: JSONValue?) async throws -> Answer {
            try await server.send(
                method, path, as: .superAdmin, json: body, headers: [("If-Match", tag)])
        }
        let read = try await server.send("GET", path, as: .superAdmin)
        #expect(read["etag"] == tag)
        #expect(try await send("PUT", tag, body).status == 200)
        let stale = try await send("PUT", tag, body)
        #expect(stale.status == 412)
        #expect(stale.code == "PRECONDITION_FAILED")
        #expect(try await send("DELETE", tag, nil).status == 412)
        #expect(try await send("DELETE", "*", nil).status == 204)
    }
}
