/// Functions, methods and operators.
extension Compiler {
    mutating func call(_ syntax: Syntax) throws(Fault) -> Compiled {
        guard case .call(let name, let arguments) = syntax.form else { return try compile(syntax) }
        return try call(name, arguments, isMethod: false, at: syntax.offset)
    }

    mutating func method(_ syntax: Syntax) throws(Fault) -> Compiled {
        guard case .method(let operand, let name, let arguments) = syntax.form else {
            return try compile(syntax)
        }
        if case .name(let namespace) = operand.form, local(namespace) == nil,
            declarations.types[namespace] == nil, FunctionTable.namespaces.contains(namespace)
        {
            return try call(
                "\(namespace).\(name)", arguments, isMethod: false, at: syntax.offset)
        }
        if arguments.count == 1, name == "or" || name == "orValue" {
            return try optionalOr(operand, arguments[0], name: name, at: syntax.offset)
        }
        return try call(name, [operand] + arguments, isMethod: true, at: syntax.offset)
    }

    private func unknownFunction(_ name: String, at offset: Int) throws(Fault) -> Compiled {
        let macros = [
            "all", "exists", "exists_one", "existsOne", "filter", "map", "transformList",
            "transformMap", "transformMapEntry", "has", "optMap", "optFlatMap", "cel.bind",
        ]
        var message = "there is no function '\(name)'"
        if macros.contains(name) {
            message = "'\(name)' is called with another number of arguments than it takes"
        } else if let near = nearestName(
            to: name, among: (FunctionTable.functions.keys + macros).sorted())
        {
            message += "; did you mean '\(near)'?"
        }
        return try refuse(message, at: offset)
    }

    /// Two steps, so that little is on the stack while the arguments are compiled.
    private mutating func call(
        _ name: String, _ arguments: [Syntax], isMethod: Bool, at offset: Int
    ) throws(Fault) -> Compiled {
        guard let function = FunctionTable.functions[name] else {
            return try unknownFunction(name, at: offset)
        }
        let compiled = try compileAll(arguments)
        return try call(function, arguments, compiled, isMethod: isMethod, at: offset)
    }

    private func call(
        _ function: Function, _ arguments: [Syntax], _ compiled: [Compiled], isMethod: Bool,
        at offset: Int
    ) throws(Fault) -> Compiled {
        let nodes = compiled.map(\.node)
        let types = compiled.map(\.type)
        let fitting = function.overloads.filter { $0.accepts(count: nodes.count) }
        guard !fitting.isEmpty else {
            return try refuse(
                noOverloadMessage(function.name, types.map(\.description)), at: offset)
        }
        guard let type = resultType(fitting.filter { $0.isMethod == isMethod }, types) else {
            if isChecked {
                throw Fault(
                    .type, mismatch(function, arguments, types, isMethod: isMethod), at: offset)
            }
            return Compiled(
                node: try node(function, nodes, arguments, at: offset), type: .dyn)
        }
        return Compiled(node: try node(function, nodes, arguments, at: offset), type: type)
    }

    /// `nil` when no overload takes these types.
    private func resultType(
        _ overloads: [Function.Overload], _ types: [CELType]
    ) -> CELType? {
        var result: CELType?
        for overload in overloads {
            var matching = TypeMatching()
            var fits = true
            for (parameter, type) in zip(overload.parameters, types) where fits {
                fits = matching.accepts(parameter, type)
            }
            guard fits else { continue }
            let type = matching.resolved(overload.result)
            result = result.map { TypeMatching.join($0, type) } ?? type
        }
        return result
    }

    private func mismatch(
        _ function: Function, _ arguments: [Syntax], _ types: [CELType], isMethod: Bool
    ) -> String {
        if Arithmetic.names.contains(function.name), arguments.count == 2,
            let message = hint(function.name, arguments).message(
                types[0].description, types[1].description)
        {
            return message
        }
        let message = noOverloadMessage(function.name, types.map(\.description))
        if !isMethod, function.overloads.allSatisfy(\.isMethod), !arguments.isEmpty {
            return message + "; write \(text(of: arguments[0])).\(function.name)(…)"
        }
        return message
    }

    private func hint(_ name: String, _ arguments: [Syntax]) -> ArithmeticHint {
        ArithmeticHint(name: name, left: text(of: arguments[0]), right: text(of: arguments[1]))
    }

    /// The source of an operand, shortened.
    private func text(of syntax: Syntax) -> String {
        let longest = 40
        guard syntax.range.count <= longest else { return "…" }
        return String(decoding: source[syntax.range], as: UTF8.self)
    }

    private func node(
        _ function: Function, _ nodes: [any Node], _ arguments: [Syntax], at offset: Int
    ) throws(Fault) -> any Node {
        if function.name == "matches", case .literal(.string(let pattern)) = arguments[1].form {
            return try constantMatch(pattern, nodes[0], at: arguments[1].offset)
        }
        switch function.body {
        case .unary(let body): return UnaryNode(nodes[0], body: body, offset: offset)
        case .binary(let body):
            guard Arithmetic.names.contains(function.name) else {
                return BinaryNode(nodes[0], nodes[1], body: body, offset: offset)
            }
            return ArithmeticNode(
                nodes[0], nodes[1], body: body, hint: hint(function.name, arguments),
                offset: offset)
        case .many(let body): return ManyNode(nodes, body: body, offset: offset)
        }
    }

    /// A pattern that is written down is compiled once, and its faults are found at once.
    private func constantMatch(
        _ pattern: String, _ text: any Node, at offset: Int
    ) throws(Fault) -> any Node {
        do throws(RegexError) {
            return MatchNode(text, try RegexProgram(pattern), offset: offset)
        } catch {
            let message = RegexProgram.refusal(pattern, error)
            guard !isChecked else { throw Fault(.type, message, at: offset) }
            return FaultNode(Fault(.evaluation, message, at: offset))
        }
    }

    private mutating func optionalOr(
        _ operand: Syntax, _ other: Syntax, name: String, at offset: Int
    ) throws(Fault) -> Compiled {
        let parts = try compileAll([operand, other])
        return try optionalOr(parts[0], parts[1], name: name, at: offset)
    }

    private func optionalOr(
        _ first: Compiled, _ second: Compiled, name: String, at offset: Int
    ) throws(Fault) -> Compiled {
        let givesValue = name == "orValue"
        let node = OptionalOrNode(
            first.node, second.node, givesValue: givesValue, offset: offset)
        switch (first.type, second.type) {
        case (.dyn, _): return Compiled(node: node, type: .dyn)
        case (.optional(let held), let other) where givesValue:
            guard TypeMatching.areComparable(held, other) else { break }
            return Compiled(node: node, type: TypeMatching.join(held, other))
        case (.optional(let held), .optional(let other)):
            guard TypeMatching.areComparable(held, other) else { break }
            return Compiled(node: node, type: .optional(TypeMatching.join(held, other)))
        case (.optional, .dyn): return Compiled(node: node, type: first.type)
        default: break
        }
        return try refuse(
            noOverloadMessage(name, [first.type.description, second.type.description]), at: offset)
    }
}

/// `text.matches('pattern')` with a pattern that is written down.
final class MatchNode: Node {
    let text: any Node
    let program: RegexProgram
    let offset: Int

    init(_ text: any Node, _ program: RegexProgram, offset: Int) {
        self.text = text
        self.program = program
        self.offset = offset
    }

    func evaluate(_ run: inout Run) throws(Fault) -> CELValue {
        try run.step()
        let value = try text.evaluate(&run)
        run.offset = offset
        guard case .string(let text) = value else { throw run.noOverload("matches", [value]) }
        return .bool(try program.matches(text, &run))
    }
}
