import AuterityAPI

@testable import AuterityEngine

/// A random tree of workflows that start each other, and what it gives by plain recursion.
indirect enum WorkflowTree {
    /// `x * factor + plus`.
    case leaf(factor: Int64, plus: Int64)
    /// `100 / (x - at)`, which fails for `at`.
    case pole(at: Int64)
    /// The sum over all, side by side, for `x` and a number each. Those that fail count as nothing
    /// where that is let pass.
    case sum([(tree: WorkflowTree, plus: Int64)], tolerant: Bool)
    /// The sum over `x`, `x + 1` and so on, so many at once.
    case each(WorkflowTree, count: Int, parallel: Int, tolerant: Bool)

    static func random(
        depth: Int, using generator: inout some RandomNumberGenerator
    ) -> WorkflowTree {
        let tolerant = Bool.random(using: &generator)
        switch depth == 0 ? Int.random(in: 0..<4, using: &generator) : 4 + depth % 2 {
        case 0...2:
            return .leaf(
                factor: Int64.random(in: -3...3, using: &generator),
                plus: Int64.random(in: -9...9, using: &generator))
        case 3: return .pole(at: Int64.random(in: 0...6, using: &generator))
        case 4:
            let count = Int.random(in: 1...3, using: &generator)
            return .sum(
                (0..<count).map { _ in
                    (
                        random(depth: depth - 1, using: &generator),
                        Int64.random(in: 0...3, using: &generator)
                    )
                }, tolerant: tolerant)
        default:
            return .each(
                random(depth: depth - 1, using: &generator),
                count: Int.random(in: 0...4, using: &generator),
                parallel: Int.random(in: 1...3, using: &generator), tolerant: tolerant)
        }
    }

    /// What it gives; `nil` when it fails.
    func value(_ x: Int64) -> Int64? {
        switch self {
        case .leaf(let factor, let plus): return x * factor + plus
        case .pole(let at): return x == at ? nil : 100 / (x - at)
        case .sum(let parts, let tolerant):
            return Self.sum(parts.map { $0.tree.value(x + $0.plus) }, tolerant)
        case .each(let tree, let count, _, let tolerant):
            return Self.sum((0..<Int64(count)).map { tree.value(x + $0) }, tolerant)
        }
    }

    private static func sum(_ values: [Int64?], _ tolerant: Bool) -> Int64? {
        if !tolerant, values.contains(nil) { return nil }
        return values.compactMap(\.self).reduce(0, +)
    }

    /// Makes its workflows, the innermost first, and answers the id of the outermost.
    func make(_ workflow: (JSONValue) async throws -> WorkflowID) async throws -> WorkflowID {
        switch self {
        case .leaf(let factor, let plus):
            return try await workflow(Self.giving("input.x * (\(factor)) + (\(plus))"))
        case .pole(let at): return try await workflow(Self.giving("100 / (input.x - \(at))"))
        case .sum(let parts, let tolerant):
            var nodes: [JSONValue] = []
            for (index, part) in parts.enumerated() {
                let id = try await part.tree.make(workflow)
                nodes.append([
                    "id": .string("s\(index)"), "type": "workflow",
                    "data": [
                        "workflow_id": .string(id.description),
                        "input": ["x": .string("{{input.x + \(part.plus)}}")],
                        "on_error": tolerant ? "continue" : "fail",
                    ],
                ])
            }
            let terms = parts.indices.map {
                "(steps.s\($0).status == 'completed' ? steps.s\($0).output.value : 0)"
            }
            return try await workflow(
                Self.giving(terms.joined(separator: " + "), after: nodes))
        case .each(let tree, let count, let parallel, let tolerant):
            let id = try await tree.make(workflow)
            let items = (0..<count).map { "input.x + \($0)" }.joined(separator: ", ")
            let node: JSONValue = [
                "id": "map", "type": "map",
                "data": [
                    "items": .string("[\(items)]"), "workflow": .string(id.description),
                    "input": ["x": "{{item}}"], "max_parallel": .int(Int64(parallel)),
                    "on_item_error": tolerant ? "continue" : "fail",
                ],
            ]
            let terms = (0..<count).map { index in
                let result = "steps.map.output.results[\(index)]"
                return "(has(\(result).value) ? \(result).value : 0)"
            }
            return try await workflow(
                Self.giving((["0"] + terms).joined(separator: " + "), after: [node]))
        }
    }

    /// A workflow that puts out the expression as `value`, behind the nodes side by side.
    private static func giving(_ expression: String, after nodes: [JSONValue] = []) -> JSONValue {
        let end: JSONValue = [
            "id": "end", "type": "end", "data": ["output": ["value": .string(expression)]],
        ]
        var edges: [JSONValue] = []
        let names = nodes.compactMap { $0["id"]?.stringValue }
        for name in names {
            edges.append(["id": .string("to-\(name)"), "source": "start", "target": .string(name)])
            edges.append(["id": .string("of-\(name)"), "source": .string(name), "target": "end"])
        }
        if names.isEmpty { edges.append(["id": "e", "source": "start", "target": "end"]) }
        return [
            "nodes": .array([["id": "start", "type": "start"]] + nodes + [end]),
            "edges": .array(edges),
        ]
    }
}
