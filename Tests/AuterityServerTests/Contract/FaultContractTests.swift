import AuterityAPI
import Testing

@testable import AuterityEngine

/// Every fault of a request at once: those of its form with those of its values.
@Suite(.timeLimit(.minutes(30)))
struct FaultContractTests {
    private func fields(_ answer: Answer) -> [String] {
        #expect(answer.status == 422, "\(answer.text)")
        let details = answer.json["error"]?["details"]?.arrayValue ?? []
        return details.compactMap { $0["field"]?.stringValue }.sorted()
    }

    private static let badDefinition: JSONValue = [
        "nodes": [["id": "a", "type": "nothing", "data": [:]]], "edges": [],
    ]

    @Test(
        arguments: [
            (
                "POST", "/api/auth/register",
                ["email": "nobody", "password": "short", "first_name": 5],
                ["email", "first_name", "password"]
            ),
            ("POST", "/api/users", ["email": 7, "password": "x"], ["email", "password"]),
            (
                "POST", "/api/workflows",
                ["name": "", "description": 5, "definition": badDefinition],
                ["definition.nodes", "definition.nodes[0].type", "description", "name"]
            ),
            ("POST", "/api/workflows", ["name": ""], ["definition", "name"]),
            (
                "POST", "/api/templates",
                ["name": "", "category": 1, "definition": badDefinition],
                ["category", "definition.nodes", "definition.nodes[0].type", "name"]
            ),
            (
                "PUT", "/api/messages/a", ["subject": "{{", "text": 5], ["subject", "text"]
            ),
            ("PUT", "/api/secrets/1a", ["value": 5], ["name", "value"]),
            ("PUT", "/api/secrets/B", ["value": "x", "workflows": ["x"]], ["workflows[0]"]),
            (
                "POST", "/api/logs",
                ["logs": [["level": "loud", "message": "a"], ["level": "info", "message": ""]]],
                ["logs[0].level", "logs[1].message"]
            ),
            (
                "POST", "/api/auth/change-password",
                ["current_password": 5, "new_password": "short"],
                ["current_password", "new_password"]
            ),
            (
                "POST", "/api/auth/cross-system-token",
                ["target_system": "nowhere", "permissions": ["fly"]],
                ["permissions[0]", "target_system"]
            ),
        ] as [(String, String, JSONValue, [String])])
    func allOfThemAreTold(
        method: String, path: String, body: JSONValue, expected: [String]
    ) async throws {
        try await ContractServer.run { server in
            let answer = try await server.send(method, path, as: .superAdmin, json: body)
            let found = fields(answer)
            // What one fault of a definition brings with it is its own affair.
            #expect(
                Set(found).subtracting(["definition.nodes"])
                    == Set(expected).subtracting(["definition.nodes"]), "\(answer.text)")
        }
    }

    @Test func thoseOfExecutionsAreToldWithTheirForm() async throws {
        try await ContractServer.run { server in
            let id = try await server.workflow(as: .superAdmin)
            let execute = try await server.send(
                "POST", "/api/workflows/\(id)/execute", as: .superAdmin,
                json: ["input_data": 5, "sync_timeout": 5000, "webhook_url": "nonsense"])
            #expect(fields(execute) == ["input_data", "sync_timeout", "webhook_url"])
            let lists = try await server.send(
                "GET", "/api/workflows/executions?status=lost&page=0&page_size=x&sort=nothing",
                as: .superAdmin)
            #expect(fields(lists) == ["page", "page_size", "sort", "status"])
            let changes = try await server.send(
                "PATCH", "/api/workflows/\(id)", as: .superAdmin,
                json: ["name": nil, "description": nil, "is_active": nil, "definition": nil])
            #expect(fields(changes) == ["definition", "description", "is_active", "name"])
            let nothing = try await server.send(
                "PATCH", "/api/workflows/\(id)", as: .superAdmin, json: ["unknown": nil])
            #expect(nothing.status == 200)
        }
    }

    @Test func aFaultOfTheFormChangesNothing() async throws {
        try await ContractServer.run { server in
            let answer = try await server.send(
                "POST", "/api/auth/change-password", as: .user, json: ["current_password": 5])
            #expect(fields(answer) == ["current_password", "new_password"])
            let put = try await server.send(
                "PUT", "/api/messages/unmade", as: .superAdmin, json: ["subject": "a"])
            #expect(fields(put) == ["text"])
            let message = try await server.send("GET", "/api/messages/unmade", as: .superAdmin)
            #expect(message.status == 404)
        }
    }
}
