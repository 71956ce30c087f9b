import AuterityAPI
import AuterityEngine

/// A step with a side effect that takes no time: what is left is what the engine costs.
struct BenchmarkNode: EffectfulNode {
    static let documentation = NodeDocumentation(
        "benchmark", summary: "Does nothing, as a step with a side effect does it.")

    init?(_ data: inout NodeData) {}

    func render(_ context: NodeContext) throws(StepFailure) -> JSONObject { [:] }

    func run(_ input: JSONObject, _ context: EffectContext) async -> NodeOutcome {
        .completed(["ok": true])
    }

    /// A workflow of that many such steps, one after the other.
    static func chain(_ count: Int) -> JSONValue {
        var nodes: [JSONValue] = [["id": "start", "type": "start", "data": [:]]]
        var edges: [JSONValue] = []
        for index in 0..<count {
            let source = index == 0 ? "start" : "s\(index - 1)"
            nodes.append(["id": .string("s\(index)"), "type": "benchmark", "data": [:]])
            edges.append([
                "id": .string("e\(index)"), "source": .string(source),
                "target": .string("s\(index)"),
            ])
        }
        nodes.append(["id": "end", "type": "end", "data": [:]])
        edges.append([
            "id": "last", "source": .string("s\(count - 1)"), "target": "end",
        ])
        return ["nodes": .array(nodes), "edges": .array(edges)]
    }
}
