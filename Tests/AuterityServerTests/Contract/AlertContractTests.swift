import AuterityAPI
import Testing

@testable import AuterityEngine

/// Alerts that `notify` steps raise are seen by who may see their workflow.
@Suite(.timeLimit(.minutes(30)))
struct AlertContractTests {
    private static let definition: JSONValue = [
        "nodes": [
            ["id": "start", "type": "start"],
            [
                "id": "tell", "type": "notify",
                "data": ["severity": "warning", "message": "Look here"],
            ],
        ],
        "edges": [["id": "e1", "source": "start", "target": "tell"]],
    ]

    @Test func whoSeesTheWorkflowSeesItsAlertAndNoOther() async throws {
        try await ContractServer.run { server in
            let path = "/api/monitoring/alerts"
            #expect(try await server.send("GET", path, as: .user).status == 403)
            let foreign = try await raise(server, as: .superAdmin)
            #expect(try await server.send("GET", path, as: .user).status == 403)
            let refused = try await server.send(
                "POST", "\(path)/\(foreign)/acknowledge", as: .user)
            #expect(refused.status == 403)
            let own = try await raise(server, as: .user)
            let list = try await server.send("GET", path, as: .user)
            #expect(list.status == 200)
            #expect(list.json["alerts"]?.arrayValue?.map { $0["id"]?.stringValue } == [own])
            #expect(list.json["total"] == 1)
            // Who sees all workflows sees what they raised; operators see all alerts.
            for role in [Role.viewer, .operator] {
                let all = try await server.send("GET", path, as: role)
                // The engine raises others by itself when the machine is short of something.
                let raised = all.json["alerts"]?.arrayValue?.filter { $0["execution_id"] != .null }
                #expect(raised?.count == 2, "\(role): \(all.text)")
            }
            // To see it is not to write on it.
            for (role, status) in [(Role.user, 403), (.viewer, 403), (.operator, 200)] {
                let seen = try await server.send(
                    "POST", "\(path)/\(own)/acknowledge", as: role)
                #expect(seen.status == status, "\(role): \(seen.text)")
            }
            let unknown = try await server.send(
                "POST", "\(path)/01977420-dc00-7cc1-beeb-8da1658eec67/acknowledge",
                as: .operator)
            #expect(unknown.status == 404)
        }
    }

    /// Answers the id of the alert.
    private func raise(_ server: ContractServer, as role: Role) async throws -> String {
        let workflow = try await server.workflow(as: role, Self.definition)
        let execution = try await server.executed(workflow, as: role)
        let list = try await server.send("GET", "/api/monitoring/alerts", as: .superAdmin)
        let alert = list.json["alerts"]?.arrayValue?.first {
            $0["execution_id"] == execution["id"]
        }
        return try #require(alert?["id"]?.stringValue, "\(list.text)")
    }

    @Test func aCompletedExecutionIsRetriedFromANamedStepOnly() async throws {
        try await ContractServer.run { server in
            let workflow = try await server.workflow()
            let execution = try await server.executed(workflow)
            let id = try #require(execution["id"]?.stringValue)
            func retry(_ body: JSONValue) async throws -> Answer {
                try await server.send(
                    "POST", "/api/workflows/executions/\(id)/retry", as: .user, json: body)
            }
            let nothing = try await retry([:])
            #expect(nothing.status == 409)
            #expect(nothing.code == "CONFLICT")
            #expect(nothing.text.contains("from_step"))
            #expect(try await retry(["from_step": "end"]).status == 202)
            #expect(try await retry(["input_data": ["n": 1]]).status == 202)
        }
    }
}
