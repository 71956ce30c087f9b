import AuterityAPI

/// What a command named and what is to be done with it once it is found.
enum Lookup: Hashable, Sendable {
    case workflow(String)
    case template(String)
    /// Runs at once when there is input, else by the form.
    case run(String, input: JSONObject)

    var name: String {
        switch self {
        case .workflow(let name), .template(let name), .run(let name, _): name
        }
    }
}

extension Model {
    /// Things with one name that are offered, at most.
    private static let mostMatches = 20

    mutating func look(for lookup: Lookup) -> [Work] {
        switch lookup {
        case .workflow(let text):
            if let id = WorkflowID(text) { return leave(.open(.workflow(id)), orAsk: true) }
        case .template(let text):
            if let id = TemplateID(text) { return leave(.open(.template(id)), orAsk: true) }
        case .run(let text, let input):
            if let id = WorkflowID(text) { return run(id, input: input) }
        }
        guard !lookup.name.isEmpty else { return refuse("A name is needed") }
        self.lookup = lookup
        let size = Model.mostMatches
        if case .template(let name) = lookup {
            let call = ListTemplates(page: 1, pageSize: size, search: name)
            return start(Request(call, tag: "lookup"), from: Model.consoleID)
        }
        let call = ListWorkflows(page: 1, pageSize: size, search: lookup.name)
        return start(Request(call, tag: "lookup"), from: Model.consoleID)
    }

    fileprivate mutating func run(_ id: WorkflowID, input: JSONObject) -> [Work] {
        guard !input.isEmpty else {
            return leave(.open(.runForm(.workflowID(id, input: [:]))), orAsk: true)
        }
        let call = ExecuteWorkflow(workflowID: id, inputData: input)
        return start(Request(call, activity: "Starting"), from: Model.consoleID)
    }

    fileprivate mutating func found(_ matches: [(name: String, go: Destination)]) -> [Work] {
        guard let lookup else { return [] }
        self.lookup = nil
        let wanted = lookup.name.lowercased()
        let exact = matches.filter { $0.name.lowercased() == wanted }
        let candidates = exact.isEmpty ? matches : exact
        guard let first = candidates.first else {
            return refuse("Nothing is named “\(lookup.name)”; :workflows and :templates list all")
        }
        guard candidates.count == 1 else {
            let options = candidates.enumerated().map {
                Choice.Option(String($0.offset), $0.element.name)
            }
            overlay = .picker(
                Picker(title: "Which “\(lookup.name)”?", options: options),
                .destinations(candidates.map(\.go)))
            return []
        }
        if case .run(_, let input) = lookup, case .runForm(.workflowID(let id, _)) = first.go {
            return run(id, input: input)
        }
        return leave(.open(first.go), orAsk: true)
    }
}

extension CommandList {
    /// Goes on with a command whose call was answered.
    static func finish(_ reply: Reply, in model: inout Model) -> [Work] {
        if let page = reply.to(ListWorkflows.self)?.response {
            let isRun: JSONObject? =
                if case .run(_, let input)? = model.lookup { input } else { nil }
            return model.found(
                page.items.map { item in
                    let go: Destination =
                        isRun.map {
                            .runForm(.workflowID(item.id, input: $0))
                        } ?? .workflow(item.id)
                    return (item.name, go)
                })
        }
        if let page = reply.to(ListTemplates.self)?.response {
            return model.found(page.items.map { ($0.name, .template($0.id)) })
        }
        if let outcome = reply.to(ExecuteWorkflow.self)?.response {
            return model.leave(.open(.execution(outcome.executionID)), orAsk: false)
        }
        return []
    }
}

/// The words behind `:run`: a name, then `key=value`.
enum RunArguments {
    static func parse(_ text: String) -> (name: String, input: JSONObject) {
        var name: [String] = []
        var input = JSONObject()
        for word in words(of: text) {
            if let equals = word.firstIndex(of: "="), equals != word.startIndex {
                let value = String(word[word.index(after: equals)...])
                input[String(word[..<equals])] = JSONText.scalar(value)
            } else if input.isEmpty {
                name.append(word)
            }
        }
        return (name.joined(separator: " "), input)
    }

    /// Words between blanks; quotation marks keep blanks together.
    static func words(of text: String) -> [String] {
        var words: [String] = []
        var word = ""
        var isQuoted = false
        var hasWord = false
        for character in text {
            if character == "\"" {
                isQuoted.toggle()
                hasWord = true
            } else if character.isWhitespace, !isQuoted {
                if hasWord { words.append(word) }
                word = ""
                hasWord = false
            } else {
                word.append(character)
                hasWord = true
            }
        }
        if hasWord { words.append(word) }
        return words
    }
}
