import AuterityAPI

/// Looks for names in expressions that nothing provides.
struct NameCheck {
    private(set) var warnings: [FieldFault] = []
    private let layout: StepLayout
    private let graph: Graph
    private let surroundings: DefinitionSurroundings
    /// Fields of the input; `nil` when the start has no schema with properties.
    private let inputNames: Set<String>?
    /// The steps with this `output_key`.
    private var outputKeys: [String: [Int]] = [:]

    init(
        _ layout: StepLayout, _ graph: Graph, _ nodes: [CompiledNode?],
        _ surroundings: DefinitionSurroundings
    ) {
        self.layout = layout
        self.graph = graph
        self.surroundings = surroundings
        let start = graph.start.flatMap { nodes[$0]?.work.node as? StartNode }
        let names = start?.inputSchema?.propertyNames ?? []
        inputNames = names.isEmpty ? nil : names
        for (index, node) in nodes.enumerated() {
            if let key = node?.policy.outputKey { outputKeys[key, default: []].append(index) }
        }
    }

    mutating func check(
        _ uses: [DefinitionCompiler.Use], _ messages: [(field: String, name: String)]
    ) {
        var questions: [(field: String, message: String, before: [Int], after: Int)] = []
        for use in uses where !use.use.isGuarded {
            switch use.use.root {
            case "steps":
                guard let member = use.use.member else { continue }
                guard let step = layout.index(of: StepID(member)) else {
                    warn(use.field, "there is no step \"\(member)\"")
                    continue
                }
                if use.isOnEdge, step == use.step { continue }
                questions.append(
                    (use.field, "step \"\(member)\" does not come before", [step], use.step))
            case "params": check(use, among: surroundings.parameters, "parameter")
            case "secrets": check(use, among: surroundings.secrets, "secret")
            case "input": check(use, among: inputNames, "field of the input")
            case "workflow", "execution": break
            case let root:
                guard let steps = outputKeys[root] else {
                    checkPlainName(use)
                    continue
                }
                if isProvided(root) || use.isOnEdge && steps.contains(use.step) { continue }
                questions.append(
                    (
                        use.field, "\"\(root)\" is only put out by a step that is not before",
                        steps,
                        use.step
                    ))
            }
        }
        ask(questions)
        for (field, name) in messages where surroundings.messages?.contains(name) == false {
            warn(field, "there is no message \"\(name)\"")
        }
    }

    private mutating func warn(_ field: String, _ message: String) {
        warnings.append(FieldFault(field: field, message: message))
    }

    private mutating func check(
        _ use: DefinitionCompiler.Use, among known: Set<String>?, _ noun: String
    ) {
        guard let known, let member = use.use.member, !known.contains(member) else { return }
        warn(use.field, "there is no \(noun) \"\(member)\"")
    }

    private func isProvided(_ name: String) -> Bool {
        inputNames?.contains(name) == true || surroundings.parameters?.contains(name) == true
    }

    /// Only a schema tells what else the input holds.
    private mutating func checkPlainName(_ use: DefinitionCompiler.Use) {
        guard inputNames != nil, !isProvided(use.use.root) else { return }
        warn(use.field, "nothing provides \"\(use.use.root)\"")
    }

    /// Asks about the order of steps all at once; on a cycle there is none.
    private mutating func ask(
        _ questions: [(field: String, message: String, before: [Int], after: Int)]
    ) {
        guard graph.topologicalOrder.count == graph.nodeCount else { return }
        let pairs = questions.flatMap { question in
            question.before.map { (before: $0, after: question.after) }
        }
        var answers = graph.precedes(pairs)[...]
        for question in questions {
            let mine = answers.prefix(question.before.count)
            answers = answers.dropFirst(question.before.count)
            if !mine.contains(true) { warn(question.field, question.message) }
        }
    }
}
