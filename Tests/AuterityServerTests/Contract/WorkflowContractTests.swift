import AuterityAPI
import Testing

@testable import AuterityEngine

/// `/api/workflows`, row by row of the contract.
@Suite(.timeLimit(.minutes(30)))
struct WorkflowContractTests {
    /// The example of the document, to the letter.
    static let example: JSONValue = [
        "name": "Customer Follow-up Workflow",
        "description": "Automated customer follow-up process",
        "definition": [
            "nodes": [
                [
                    "id": "start", "type": "start", "data": ["label": "Start Process"],
                    "position": ["x": 100, "y": 100],
                ],
                [
                    "id": "send_email", "type": "email",
                    "data": [
                        "label": "Send Follow-up Email", "to": "{{customer_email}}",
                        "template": "follow_up_template",
                    ], "position": ["x": 300, "y": 100],
                ],
            ],
            "edges": [["id": "e1", "source": "start", "target": "send_email"]],
        ],
        "is_active": true,
    ]

    private static let workflow: [String: Shape] = [
        "id": .id, "name": .text, "description": .text, "definition": .anyObject,
        "is_active": .bool, "created_at": .time, "updated_at": .time, "created_by": .id,
    ]

    @Test func theExampleIsCreatedAsItWasSent() async throws {
        try await ContractServer.run { server in
            let answer = try await server.send(
                "POST", "/api/workflows", as: .user, json: Self.example)
            #expect(answer.status == 201)
            #expect(answer.faults(Self.workflow) == [])
            for key in ["name", "description", "definition", "is_active"] {
                #expect(answer.json[key] == Self.example[key], "\(key)")
            }
            let user = try #require(server.accounts[.user]).id
            #expect(answer.json["created_by"]?.stringValue == user.description)
        }
    }

    @Test func descriptionAndActivityHaveDefaults() async throws {
        try await ContractServer.run { server in
            let answer = try await server.send(
                "POST", "/api/workflows/", as: .user,
                json: ["name": "  Plain ", "definition": ContractServer.minimal])
            #expect(answer.status == 201)
            #expect(answer.json["name"] == "Plain")
            #expect(answer.json["description"] == "")
            #expect(answer.json["is_active"] == true)
        }
    }

    @Test func everyFaultOfADefinitionIsNamedAtOnce() async throws {
        try await ContractServer.run { server in
            let answer = try await server.send(
                "POST", "/api/workflows", as: .user,
                json: [
                    "name": "",
                    "definition": [
                        "nodes": [
                            ["id": "start", "type": "start"],
                            ["id": "mail", "type": "email", "data": ["subject": "x"]],
                            ["id": "odd", "type": "teleport"],
                        ],
                        "edges": [["id": "e1", "source": "start", "target": "nowhere"]],
                    ],
                ])
            #expect(answer.status == 422)
            #expect(answer.code == "VALIDATION_ERROR")
            for field in [
                "name", "definition.nodes[1].data.to", "definition.nodes[2].type",
                "definition.edges[0].target",
            ] {
                #expect(answer.fields.contains(field), "\(field) in \(answer.fields)")
            }
        }
    }

    @Test func aListHasTheKeysAndTheDefaultsOfTheContract() async throws {
        try await ContractServer.run { server in
            for number in 1...12 { _ = try await server.workflow(name: "Number \(number)") }
            let answer = try await server.send("GET", "/api/workflows", as: .user)
            #expect(answer.status == 200)
            #expect(
                answer.faults([
                    "workflows": .list(
                        .object([
                            "id": .id, "name": .text, "description": .text, "is_active": .bool,
                            "created_at": .time, "execution_count": .exactly(0),
                            "last_execution": .exactly(.null),
                        ])),
                    "total": .exactly(12), "page": .exactly(1), "page_size": .exactly(10),
                    "total_pages": .exactly(2),
                ]) == [])
            let names = answer.json["workflows"]?.arrayValue?.compactMap { $0["name"]?.stringValue }
            #expect(names == (3...12).reversed().map { "Number \($0)" })
            let second = try await server.send("GET", "/api/workflows?page=2", as: .user).json
            #expect(second["workflows"]?.arrayValue?.count == 2)
            let large = try await server.send(
                "GET", "/api/workflows?page_size=100", as: .user)
            #expect(large.json["total_pages"] == 1)
            let beyond = try await server.send("GET", "/api/workflows?page=99", as: .user)
            #expect(beyond.status == 200)
            #expect(beyond.json["workflows"] == [])
        }
    }

    @Test(arguments: [
        ("page=0", "page"), ("page=-1", "page"), ("page=one", "page"),
        ("page_size=0", "page_size"), ("page_size=101", "page_size"),
        ("page_size=", "page_size"), ("is_active=perhaps", "is_active"), ("sort=magic", "sort"),
        ("cursor=nonsense", "cursor"),
    ])
    func aBadQueryIs422AndNamed(query: String, field: String) async throws {
        try await ContractServer.run { server in
            let answer = try await server.send("GET", "/api/workflows?\(query)", as: .user)
            #expect(answer.status == 422)
            #expect(answer.fields == [field])
        }
    }

    @Test func searchLooksInNameAndDescription() async throws {
        try await ContractServer.run { server in
            _ = try await server.workflow(name: "Alpha")
            _ = try await server.workflow(name: "100% sure_thing")
            _ = try await server.send(
                "POST", "/api/workflows", as: .user,
                json: [
                    "name": "Beta", "description": "about ALPHA", "is_active": false,
                    "definition": ContractServer.minimal,
                ])
            func found(_ query: String) async throws -> Set<String> {
                let answer = try await server.send("GET", "/api/workflows?\(query)", as: .user)
                let items = answer.json["workflows"]?.arrayValue ?? []
                #expect(answer.json["total"]?.intValue == Int64(items.count))
                return Set(items.compactMap { $0["name"]?.stringValue })
            }
            #expect(try await found("search=alpha") == ["Alpha", "Beta"])
            #expect(try await found("search=alpha&is_active=true") == ["Alpha"])
            #expect(try await found("is_active=false") == ["Beta"])
            #expect(try await found("search=%25") == ["100% sure_thing"])
            #expect(try await found("search=_") == ["100% sure_thing"])
            #expect(try await found("search=100%25+sure") == ["100% sure_thing"])
            #expect(try await found("search=nothing") == [])
        }
    }

    @Test func oneWorkflowHasItsStatistics() async throws {
        try await ContractServer.run { server in
            let id = try await server.workflow()
            let path = "/api/workflows/\(id)"
            func stats(_ members: [String: Shape]) async throws {
                var shape = Self.workflow
                shape["execution_stats"] = .object(members)
                let answer = try await server.send("GET", path, as: .user)
                #expect(answer.status == 200)
                #expect(answer.faults(shape) == [])
            }
            try await stats([
                "total_executions": .exactly(0), "successful_executions": .exactly(0),
                "failed_executions": .exactly(0), "average_duration": .exactly(.null),
            ])
            _ = try await server.executed(id)
            try await stats([
                "total_executions": .exactly(1), "successful_executions": .exactly(1),
                "failed_executions": .exactly(0), "average_duration": .number,
            ])
            let list = try await server.send("GET", "/api/workflows", as: .user)
            let item = list.json["workflows"]?[0]
            #expect(item?["execution_count"] == 1)
            #expect(Shape.time.faults(of: item?["last_execution"]) == [])
        }
    }

    @Test(arguments: ["not-an-id", "00000000-0000-7000-8000-000000000000", "1", "%00", "null"])
    func whatIsNotThereIs404(id: String) async throws {
        try await ContractServer.run { server in
            let answer = try await server.send("GET", "/api/workflows/\(id)", as: .user)
            #expect(answer.status == 404)
            #expect(answer.code == "NOT_FOUND")
        }
    }

    @Test func aDeletedWorkflowIsGoneAndItsHistoryStays() async throws {
        try await ContractServer.run { server in
            let id = try await server.workflow(as: .admin)
            let execution = try await server.executed(id, as: .admin)
            let path = "/api/workflows/\(id)"
            let deleted = try await server.send("DELETE", path, as: .admin)
            #expect(deleted.status == 204)
            #expect(deleted.body.isEmpty)
            #expect(try await server.send("GET", path, as: .admin).status == 404)
            #expect(try await server.send("DELETE", path, as: .admin).status == 404)
            let list = try await server.send("GET", "/api/workflows", as: .admin)
            #expect(list.json["total"] == 0)
            let run = execution["id"]?.stringValue ?? ""
            let kept = try await server.send(
                "GET", "/api/workflows/executions/\(run)", as: .admin)
            #expect(kept.status == 200)
        }
    }

    @Test func anEntityTagGuardsAgainstLostUpdates() async throws {
        try await ContractServer.run { server in
            let path = "/api/workflows/\(try await server.workflow())"
            let first = try await server.send("GET", path, as: .user)
            let tag = try #require(first["etag"])
            let known = try await server.send(
                "GET", path, as: .user, headers: [("If-None-Match", tag)])
            #expect(known.status == 304)
            #expect(known.body.isEmpty)
            func rename(_ name: JSONValue, _ tag: String) async throws -> Answer {
                try await server.send(
                    "PATCH", path, as: .user, json: ["name": name], headers: [("If-Match", tag)])
            }
            #expect(try await rename("New", tag).status == 200)
            let stale = try await rename("Newer", tag)
            #expect(stale.status == 412)
            #expect(stale.code == "PRECONDITION_FAILED")
            let versions = try await server.send("GET", path + "/versions", as: .user)
            #expect(versions.json["total"] == 2)
        }
    }

    @Test func fieldsPickKeys() async throws {
        try await ContractServer.run { server in
            let id = try await server.workflow()
            let one = try await server.send(
                "GET", "/api/workflows/\(id)?fields=id,name,nothing", as: .user)
            #expect(one.json.objectValue?.keys.sorted() == ["id", "name"])
            let list = try await server.send("GET", "/api/workflows?fields=id", as: .user)
            #expect(list.json["workflows"]?[0]?.objectValue?.keys.sorted() == ["id"])
            #expect(list.json["total"] == 1)
        }
    }
}
