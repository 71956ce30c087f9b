import AuterityAPI
import Testing

@testable import AuterityEngine

/// What is said of a definition when it is saved, and when it is read again.
@Suite(.timeLimit(.minutes(30)))
struct DefinitionContractTests {
    private static func logging(_ message: JSONValue) -> JSONValue {
        [
            "nodes": [
                ["id": "start", "type": "start"],
                ["id": "log", "type": "log", "data": ["message": message]],
                ["id": "end", "type": "end"],
            ],
            "edges": [
                ["id": "e1", "source": "start", "target": "log"],
                ["id": "e2", "source": "log", "target": "end"],
            ],
        ]
    }

    private static func template(_ message: JSONValue, _ parameter: JSONValue) -> JSONValue {
        [
            "name": "Filled", "category": "sales", "definition": logging(message),
            "parameters": [parameter],
        ]
    }

    private func warnings(_ answer: Answer) -> [String] {
        (answer.json["warnings"]?.arrayValue ?? []).compactMap { $0["message"]?.stringValue }
    }

    // MARK: - Parameters

    @Test func aParameterThatIsNotThereIsWarnedAboutAtEverySave() async throws {
        try await ContractServer.run { server in
            let definition = Self.logging("{{params.who}} and {{ params.limit > 3 }}")
            let body: JSONValue = ["name": "Odd", "definition": definition]
            let expected = ["there is no parameter \"who\"", "there is no parameter \"limit\""]
            let validated = try await server.send(
                "POST", "/api/workflows/validate", as: .superAdmin,
                json: ["definition": definition])
            #expect(warnings(validated) == expected)
            let made = try await server.send("POST", "/api/workflows", as: .superAdmin, json: body)
            #expect(warnings(made) == expected)
            let id = try #require(made.json["id"]?.stringValue)
            for (method, path, json) in [
                ("PUT", "/api/workflows/\(id)", body),
                ("PATCH", "/api/workflows/\(id)", ["definition": definition]),
                ("POST", "/api/workflows/\(id)/duplicate", [:]),
            ] as [(String, String, JSONValue)] {
                let answer = try await server.send(method, path, as: .superAdmin, json: json)
                #expect(warnings(answer) == expected, "\(method) \(path)")
            }
        }
    }

    @Test func theParametersOfAFilledTemplateStayInReach() async throws {
        try await ContractServer.run { server in
            let template = try await server.send(
                "POST", "/api/templates", as: .superAdmin,
                json: Self.template(
                    "{{params.who}}, {{params.missing}}",
                    ["name": "who", "parameter_type": "string", "is_required": true]))
            let templateID = try #require(template.json["id"]?.stringValue)
            let made = try await server.send(
                "POST", "/api/templates/\(templateID)/instantiate", as: .superAdmin,
                json: ["name": "Made", "parameter_values": ["who": "Ann"]])
            let expected = ["there is no parameter \"missing\""]
            #expect(warnings(made) == expected)
            let id = try #require(made.json["id"]?.stringValue)
            let definition = try #require(made.json["definition"])
            for (method, path, json) in [
                ("PUT", "/api/workflows/\(id)", ["name": "Made", "definition": definition]),
                ("PATCH", "/api/workflows/\(id)", ["definition": definition]),
                ("POST", "/api/workflows/\(id)/duplicate", [:]),
                (
                    "POST", "/api/workflows/validate",
                    ["definition": definition, "workflow_id": .string(id)]
                ),
            ] as [(String, String, JSONValue)] {
                let answer = try await server.send(method, path, as: .superAdmin, json: json)
                #expect(warnings(answer) == expected, "\(method) \(path)")
            }
            let foreign = try await server.send(
                "POST", "/api/workflows/validate", as: .user,
                json: ["definition": definition, "workflow_id": .string(id)])
            #expect(foreign.status == 422)
            let details = foreign.json["error"]?["details"]?.arrayValue ?? []
            #expect(details.compactMap { $0["field"]?.stringValue } == ["workflow_id"])
        }
    }

    // MARK: - Secrets

    @Test func aSecretThatTheTemplateBringsIsNotSaidToBeMissing() async throws {
        try await ContractServer.run { server in
            let template = try await server.send(
                "POST", "/api/templates", as: .superAdmin,
                json: Self.template(
                    "{{k}} {{secrets.unknown}}",
                    ["name": "k", "parameter_type": "secret", "is_required": true]))
            let path = "/api/templates/\(try #require(template.json["id"]?.stringValue))"
            let values: JSONValue = ["k": "open-sesame-42"]
            let preview = try await server.send(
                "POST", "\(path)/preview", as: .superAdmin, json: ["parameter_values": values])
            let made = try await server.send(
                "POST", "\(path)/instantiate", as: .superAdmin,
                json: ["name": "Made", "parameter_values": values])
            let expected = ["there is no secret \"unknown\""]
            #expect(warnings(preview) == expected)
            #expect(warnings(made) == expected)
            // Both name it alike: the parameter, and eight digits of the workflow's id.
            let form = /\{\{secrets\.k_[0-9a-f]{8}\}\} \{\{secrets\.unknown\}\}/
            for answer in [preview, made] {
                let text = answer.json["definition"]?["nodes"]?[1]?["data"]?["message"]
                #expect(text?.stringValue?.wholeMatch(of: form) != nil, "\(answer.text)")
            }
        }
    }

    // MARK: - Positions and ids

    @Test func positionsAndEdgeIDsAreOfTheirTypes() async throws {
        try await ContractServer.run { server in
            let wrong: [(position: JSONValue, field: String)] = [
                ("here", "definition.nodes[0].position"), (5, "definition.nodes[0].position"),
                ([1, 2], "definition.nodes[0].position"),
                (["x": "a"], "definition.nodes[0].position.x"),
                (["x": 1, "y": true], "definition.nodes[0].position.y"),
            ]
            for (position, field) in wrong {
                let fields = try await faults(
                    [
                        "nodes": [["id": "s", "type": "start", "position": position]],
                        "edges": [],
                    ], server)
                #expect(fields == [field], "\(position)")
            }
            for position in [["x": 1.5, "y": -2], [:], .null] as [JSONValue] {
                _ = try await server.workflow([
                    "nodes": [["id": "s", "type": "start", "position": position]], "edges": [],
                ])
            }
            let ids: [JSONValue] = [5, true, ["a"]]
            for id in ids {
                let fields = try await faults(
                    [
                        "nodes": [["id": "s", "type": "start"], ["id": "e", "type": "end"]],
                        "edges": [["id": id, "source": "s", "target": "e"]],
                    ], server)
                #expect(fields == ["definition.edges[0].id"], "\(id)")
            }
        }
    }

    private func faults(
        _ definition: JSONValue, _ server: ContractServer
    ) async throws -> [String] {
        let answer = try await server.send(
            "POST", "/api/workflows", as: .user,
            json: ["name": "Odd", "definition": definition])
        #expect(answer.status == 422, "\(answer.text)")
        let details = answer.json["error"]?["details"]?.arrayValue ?? []
        return details.compactMap { $0["field"]?.stringValue }
    }

    // MARK: - Warnings

    @Test func warningsAreToldOnlyWhereTheDefinitionWasJudged() async throws {
        try await ContractServer.run { server in
            let odd: JSONValue = ["nodes": [["id": "s", "type": "start"]], "edges": []]
            let made = try await server.send(
                "POST", "/api/workflows", as: .superAdmin,
                json: ["name": "Odd", "definition": odd])
            #expect(warnings(made).count == 1)
            let id = try #require(made.json["id"]?.stringValue)
            let path = "/api/workflows/\(id)"
            for target in [path, "/api/workflows"] {
                let read = try await server.send("GET", target, as: .superAdmin)
                #expect(!read.text.contains("\"warnings\""), "\(target)")
            }
            let fine = try await server.send(
                "PUT", path, as: .superAdmin,
                json: ["name": "Fine", "definition": ContractServer.minimal])
            #expect(fine.json["warnings"] == [])
            let read = try await server.send("GET", path, as: .superAdmin)
            #expect(read["etag"] == fine["etag"])
            let renamed = try await server.send(
                "PATCH", path, as: .superAdmin, json: ["name": "Renamed"])
            #expect(renamed.status == 200)
            #expect(renamed.json["warnings"] == nil)
        }
    }

    @Test func whatMayBeLeftOutIsNotSaidToBeNull() async throws {
        try await ContractServer.run { server in
            let document = try await server.send("GET", "/openapi.json").json
            let schemas = try #require(document["components"]?["schemas"]?.objectValue)
            for (name, schema) in schemas where !name.hasSuffix("Input") {
                guard let required = schema["required"]?.arrayValue else { continue }
                for (key, property) in schema["properties"]?.objectValue ?? [:] {
                    let text = property["description"]?.stringValue ?? ""
                    if required.contains(.string(key)) { continue }
                    #expect(!text.contains("`null`"), "\(name).\(key)")
                }
            }
            let version = try #require(schemas["WorkflowVersion"])
            #expect(version["required"]?.arrayValue?.contains("definition") == false)
        }
    }

    // MARK: - Calls of itself

    @Test func aWorkflowThatCallsItselfIsWarnedAbout() async throws {
        try await ContractServer.run { server in
            let id = try await server.workflow()
            let definition: JSONValue = [
                "nodes": [
                    ["id": "start", "type": "start"],
                    [
                        "id": "again", "type": "workflow",
                        "data": ["workflow_id": .string(id), "input": [:]],
                    ],
                    ["id": "end", "type": "end"],
                ],
                "edges": [
                    ["id": "e1", "source": "start", "target": "again"],
                    ["id": "e2", "source": "again", "target": "end"],
                ],
            ]
            for (method, path, json) in [
                ("PUT", "/api/workflows/\(id)", ["name": "Loop", "definition": definition]),
                ("PATCH", "/api/workflows/\(id)", ["definition": definition]),
                (
                    "POST", "/api/workflows/validate",
                    ["definition": definition, "workflow_id": .string(id)]
                ),
            ] as [(String, String, JSONValue)] {
                let answer = try await server.send(method, path, as: .user, json: json)
                let list = answer.json["warnings"]?.arrayValue ?? []
                #expect(list.count == 1, "\(answer.text)")
                #expect(list.first?["field"] == "definition.nodes[1].data.workflow_id")
                #expect(list.first?["message"]?.stringValue?.contains("itself") == true)
            }
            let other = try await server.workflow(definition)
            let read = try await server.send(
                "PUT", "/api/workflows/\(other)", as: .user,
                json: ["name": "Other", "definition": definition])
            #expect(warnings(read) == [])
        }
    }
}
