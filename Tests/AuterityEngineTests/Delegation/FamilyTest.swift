import AuterityAPI
import Testing

@testable import AuterityEngine

/// What tests of executions that start others have in common.
enum FamilyTest {
    /// Doubles `n`.
    static let doubling: JSONValue = [
        "nodes": [
            ["id": "start", "type": "start"],
            [
                "id": "end", "type": "end", "data": ["output": ["twice": "input.n * 2"]],
            ],
        ],
        "edges": [["id": "e", "source": "start", "target": "end"]],
    ]

    /// Waits for a person's decision.
    static let waiting = RunnerTests.single("approval", ["message": "Go on?"])

    static func gate(_ name: String) -> JSONValue {
        RunnerTests.single("gate", ["gate": .string(name)])
    }

    static func calling(_ workflow: WorkflowID, _ more: JSONObject = [:]) -> JSONValue {
        var data: JSONObject = ["workflow_id": .string(workflow.description)]
        data.merge(more)
        return RunnerTests.single("workflow", .object(data))
    }

    static func mapping(_ workflow: WorkflowID, _ more: JSONObject = [:]) -> JSONValue {
        var data: JSONObject = [
            "workflow": .string(workflow.description), "items": "input.items",
        ]
        data.merge(more)
        return RunnerTests.single("map", .object(data))
    }

    /// A `map` over the input's `items` with an inner node.
    static func each(_ type: String, _ data: JSONObject, _ more: JSONObject = [:]) -> JSONValue {
        var object: JSONObject = [
            "items": "input.items", "node": ["type": .string(type), "data": .object(data)],
        ]
        object.merge(more)
        return RunnerTests.single("map", .object(object))
    }
}

extension TestEngine {
    /// All executions that the step of an execution has started, the oldest first.
    func children(of parent: ExecutionID) async throws -> [Execution] {
        var children: [Execution] = []
        var cursor: String? = ""
        while let position = cursor {
            let page = try await send(
                ListExecutions(pageSize: 100, cursor: position, sort: "started_at"))
            for summary in page.items {
                let execution = try await execution(summary.id)
                if execution.parentExecutionID == parent { children.append(execution) }
            }
            cursor = page.nextCursor
        }
        return children
    }

    /// Nothing of what children leave for their parents is left over.
    func hasNoOpenEnds() async throws -> Bool {
        try await engine.core.session.store.read {
            try $0.number("SELECT count(*) FROM child_ends") == 0
        }
    }
}
