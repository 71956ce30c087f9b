import AuterityAPI
import Testing

@testable import AuterityEngine

/// `/api/templates`, row by row of the contract.
@Suite(.timeLimit(.minutes(30)))
struct TemplateContractTests {
    private static let body: JSONValue = [
        "name": "Onboarding", "description": "Greets a customer", "category": "sales",
        "definition": [
            "nodes": [
                [
                    "id": "start", "type": "start",
                    "data": ["label": "Start: {{customer_name}}"],
                ],
                [
                    "id": "greet", "type": "log",
                    "data": ["message": "Hello {{ customer_name }}, {{input.more}}"],
                ],
            ],
            "edges": [["id": "e1", "source": "start", "target": "greet"]],
        ],
        "parameters": [
            [
                "name": "customer_name", "description": "Whom to greet",
                "parameter_type": "string", "is_required": true,
            ],
            [
                "name": "score", "description": "At least", "parameter_type": "number",
                "is_required": false, "default_value": 70,
            ],
        ],
    ]

    /// Nobody has given a value yet, so none can miss the pattern.
    private static let patterns: JSONValue = [
        "name": "Stock", "description": "", "category": "inventory",
        "definition": body["definition"] ?? .null,
        "parameters": [
            [
                "name": "customer_name", "parameter_type": "string", "is_required": true,
                "pattern": "[A-Z]{3}-[0-9]+",
            ],
            [
                "name": "sender", "parameter_type": "email", "is_required": false,
                "pattern": ".*@dealer[.]example",
            ],
        ],
    ]

    private static let template: [String: Shape] = [
        "id": .id, "name": .text, "description": .text, "category": .text,
        "definition": .anyObject,
        "parameters": .list(
            .object([
                "name": .text, "description": .text, "parameter_type": .text,
                "is_required": .bool, "default_value": .any,
            ])),
        "is_active": .bool, "created_at": .time,
    ]

    private func made(_ server: ContractServer) async throws -> String {
        let answer = try await server.send(
            "POST", "/api/templates", as: .admin, json: Self.body)
        return try #require(answer.json["id"]?.stringValue, "\(answer.text)")
    }

    @Test func aTemplateIsAnsweredAsItWasSent() async throws {
        try await ContractServer.run { server in
            let created = try await server.send(
                "POST", "/api/templates", as: .admin, json: Self.body)
            #expect(created.status == 201)
            #expect(created.faults(Self.template) == [])
            let id = created.json["id"]?.stringValue ?? ""
            let answer = try await server.send("GET", "/api/templates/\(id)", as: .user)
            #expect(answer.status == 200)
            #expect(answer.faults(Self.template) == [])
            for key in ["name", "description", "category", "definition"] {
                #expect(answer.json[key] == Self.body[key], "\(key)")
            }
            #expect(answer.json["is_active"] == true)
            let parameters = answer.json["parameters"]
            #expect(parameters?[0]?["name"] == "customer_name")
            #expect(parameters?[0]?["is_required"] == true)
            #expect(parameters?[0]?["default_value"] == .null)
            #expect(parameters?[1]?["parameter_type"] == "number")
            #expect(parameters?[1]?["default_value"] == 70)
        }
    }

    @Test func aPatternIsHeldAgainstValuesAndNotAgainstTheDeclaration() async throws {
        try await ContractServer.run { server in
            let created = try await server.send(
                "POST", "/api/templates", as: .admin, json: Self.patterns)
            #expect(created.status == 201)
            let path = "/api/templates/\(created.json["id"]?.stringValue ?? "")/preview"
            for (name, status) in [("ABC-12", 200), ("abc", 422)] {
                let answer = try await server.send(
                    "POST", path, as: .user,
                    json: ["parameter_values": ["customer_name": .string(name)]])
                #expect(answer.status == status, "\(name)")
            }
        }
    }

    @Test func theStartersAreListedWithTheKeysOfTheContract() async throws {
        try await ContractServer.run { server in
            let answer = try await server.send(
                "GET", "/api/templates?category=sales&page=1&page_size=10", as: .viewer)
            #expect(answer.status == 200)
            #expect(
                answer.faults([
                    "templates": .list(
                        .object([
                            "id": .id, "name": .text, "description": .text,
                            "category": .exactly("sales"), "is_active": .bool,
                            "created_at": .time, "usage_count": .int, "parameter_count": .int,
                        ])),
                    "total": .exactly(3), "page": .exactly(1), "page_size": .exactly(10),
                    "total_pages": .exactly(1),
                ]) == [])
            let all = try await server.send("GET", "/api/templates", as: .viewer)
            #expect(all.json["total"] == 8)
            for query in ["page_size=101", "page=0"] {
                let bad = try await server.send("GET", "/api/templates?\(query)", as: .viewer)
                #expect(bad.status == 422)
            }
        }
    }

    @Test func instantiatingPutsTheValuesIn() async throws {
        try await ContractServer.run { server in
            let id = try await made(server)
            let answer = try await server.send(
                "POST", "/api/templates/\(id)/instantiate", as: .user,
                json: [
                    "name": "John's", "description": "His own",
                    "parameter_values": ["customer_name": "John Doe"],
                ])
            #expect(answer.status == 200)
            #expect(
                answer.faults([
                    "id": .id, "name": .exactly("John's"), "description": .exactly("His own"),
                    "definition": .anyObject, "template_id": .exactly(.string(id)),
                    "created_at": .time,
                ]) == [])
            let nodes = answer.json["definition"]?["nodes"]
            #expect(nodes?[0]?["data"]?["label"] == "Start: John Doe")
            // What is not declared waits for the run.
            #expect(nodes?[1]?["data"]?["message"] == "Hello John Doe, {{input.more}}")
            let workflow = answer.json["id"]?.stringValue ?? ""
            #expect(
                try await server.send("GET", "/api/workflows/\(workflow)", as: .user).status
                    == 200)
            let list = try await server.send(
                "GET", "/api/templates?search=onboarding", as: .user)
            #expect(list.json["templates"]?[0]?["usage_count"] == 1)
            #expect(list.json["templates"]?[0]?["parameter_count"] == 2)
        }
    }

    @Test(
        arguments: [
            ([:], "parameter_values.customer_name"),
            (["customer_name": 7], "parameter_values.customer_name"),
            (["customer_name": "x", "score": "much"], "parameter_values.score"),
            (["customer_name": "x", "other": 1], "parameter_values.other"),
        ] as [(JSONValue, String)])
    func aWrongValueIs422AndNamed(values: JSONValue, field: String) async throws {
        try await ContractServer.run { server in
            let id = try await made(server)
            for call in ["instantiate", "preview"] {
                let answer = try await server.send(
                    "POST", "/api/templates/\(id)/\(call)", as: .user,
                    json: ["name": "Mine", "parameter_values": values])
                #expect(answer.status == 422, "\(call)")
                #expect(answer.fields == [field], "\(call)")
            }
        }
    }

    @Test func aPreviewSavesNothing() async throws {
        try await ContractServer.run { server in
            let id = try await made(server)
            let answer = try await server.send(
                "POST", "/api/templates/\(id)/preview", as: .viewer,
                json: ["name": "Mine", "parameter_values": ["customer_name": "{{secrets.x}}"]])
            #expect(answer.status == 200)
            #expect(
                answer.faults([
                    "name": .exactly("Mine"), "description": .text, "definition": .anyObject,
                ]) == [])
            let list = try await server.send("GET", "/api/workflows", as: .viewer)
            #expect(list.json["total"] == 0)
        }
    }

    @Test func aDeletedTemplateIsGone() async throws {
        try await ContractServer.run { server in
            let path = "/api/templates/\(try await made(server))"
            #expect(try await server.send("DELETE", path, as: .admin).status == 204)
            let answer = try await server.send("GET", path, as: .admin)
            #expect(answer.status == 404)
            #expect(answer.code == "NOT_FOUND")
        }
    }

    @Test func aTemplateNeedsItsFields() async throws {
        try await ContractServer.run { server in
            let answer = try await server.send("POST", "/api/templates", as: .admin, json: [:])
            #expect(answer.status == 422)
            #expect(answer.fields.isSuperset(of: ["name", "category", "definition"]))
        }
    }
}
