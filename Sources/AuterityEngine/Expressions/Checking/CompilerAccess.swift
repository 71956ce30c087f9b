/// Fields, indices, lists, maps and conditions.
extension Compiler {
    mutating func select(_ syntax: Syntax) throws(Fault) -> Compiled {
        guard case .select(let operand, let field, let isOptional) = syntax.form else {
            return try compile(syntax)
        }
        if !isOptional, let named = dottedName(syntax) { return named }
        let compiled = try self.operand(operand, member: field, isGuarded: isOptional)
        let node = SelectNode(
            compiled.node, field: field, isOptional: isOptional, offset: syntax.offset)
        guard let type = fieldType(of: compiled.type, isOptional: isOptional) else {
            return try refuse(
                "there is no field '\(field)' in a value of type \(compiled.type)",
                at: syntax.offset)
        }
        return Compiled(node: node, type: type)
    }

    private func fieldType(of type: CELType, isOptional: Bool) -> CELType? {
        switch type {
        case .dyn: isOptional ? .optional(.dyn) : .dyn
        case .map(_, let value): isOptional ? .optional(value) : value
        case .optional(.dyn): .optional(.dyn)
        case .optional(.map(_, let value)): .optional(value)
        default: nil
        }
    }

    mutating func presence(_ syntax: Syntax) throws(Fault) -> Compiled {
        guard case .presence(let operand, let field) = syntax.form else {
            return try compile(syntax)
        }
        let compiled = try self.operand(operand, member: field, isGuarded: true)
        guard fieldType(of: compiled.type, isOptional: false) != nil else {
            return try refuse(
                "has() asks a map for '\(field)', not \(compiled.type)", at: syntax.offset)
        }
        let node = PresenceNode(compiled.node, field: field, offset: syntax.offset)
        return Compiled(node: node, type: .bool)
    }

    mutating func index(_ syntax: Syntax) throws(Fault) -> Compiled {
        guard case .index(let operand, let index, let isOptional) = syntax.form else {
            return try compile(syntax)
        }
        var member: String?
        if case .literal(.string(let name)) = index.form { member = name }
        let container = try self.operand(operand, member: member, isGuarded: isOptional)
        let key = try compile(index)
        let node = IndexNode(
            container.node, key.node, isOptional: isOptional, offset: syntax.offset)
        var held = container.type
        var givesOptional = isOptional
        if case .optional(let inner) = held {
            held = inner
            givesOptional = true
        }
        guard let element = elementType(of: held, key.type) else {
            return try refuse(
                noOverloadMessage("[]", [container.type.description, key.type.description]),
                at: syntax.offset)
        }
        return Compiled(node: node, type: givesOptional ? .optional(element) : element)
    }

    private func elementType(of type: CELType, _ key: CELType) -> CELType? {
        switch type {
        case .dyn: return .dyn
        case .list(let element):
            return key == .dyn || TypeMatching.isNumber(key) ? element : nil
        case .map(let keyType, let value):
            return TypeMatching.areComparable(keyType, key) ? value : nil
        default: return nil
        }
    }

    mutating func list(_ elements: [Syntax.Element], at offset: Int) throws(Fault) -> Compiled {
        var nodes: [(node: any Node, isOptional: Bool)] = []
        var type: CELType?
        for element in elements {
            let compiled = try compile(element.value)
            let held = try heldType(compiled.type, element.isOptional, at: element.value.offset)
            nodes.append((compiled.node, element.isOptional))
            type = type.map { TypeMatching.join($0, held) } ?? held
        }
        return Compiled(node: ListNode(nodes, offset: offset), type: .list(type ?? .dyn))
    }

    mutating func map(_ entries: [Syntax.Entry], at offset: Int) throws(Fault) -> Compiled {
        var nodes: [MapNode.Entry] = []
        var keyType: CELType?
        var valueType: CELType?
        for entry in entries {
            let key = try compile(entry.key)
            let value = try compile(entry.value)
            let held = try heldType(value.type, entry.isOptional, at: entry.value.offset)
            nodes.append(
                MapNode.Entry(
                    key: key.node, value: value.node, isOptional: entry.isOptional,
                    offset: entry.key.offset))
            keyType = keyType.map { TypeMatching.join($0, key.type) } ?? key.type
            valueType = valueType.map { TypeMatching.join($0, held) } ?? held
        }
        return Compiled(
            node: MapNode(nodes, offset: offset), type: .map(keyType ?? .dyn, valueType ?? .dyn))
    }

    private func heldType(
        _ type: CELType, _ isOptional: Bool, at offset: Int
    ) throws(Fault) -> CELType {
        guard isOptional else { return type }
        switch type {
        case .optional(let held): return held
        case .dyn: return .dyn
        default:
            try require(false, "after '?' stands an optional, not \(type)", at: offset)
            return .dyn
        }
    }

    mutating func junction(
        _ terms: [Syntax], deciding: Bool, at offset: Int
    ) throws(Fault) -> Compiled {
        var nodes: [any Node] = []
        for term in terms {
            let compiled = try compile(term)
            try require(
                isBool(compiled.type),
                "no matching overload for '\(deciding ? "||" : "&&")': it joins bools, not "
                    + "\(compiled.type)", at: term.offset)
            nodes.append(compiled.node)
        }
        return Compiled(
            node: JunctionNode(nodes, deciding: deciding, offset: offset), type: .bool)
    }

    mutating func conditional(_ syntax: Syntax) throws(Fault) -> Compiled {
        guard case .conditional(let condition, let then, let otherwise) = syntax.form else {
            return try compile(syntax)
        }
        let test = try compile(condition)
        try require(
            isBool(test.type),
            "no matching overload for '?:': the condition is \(test.type), not bool",
            at: condition.offset)
        let first = try compile(then)
        let second = try compile(otherwise)
        return Compiled(
            node: ConditionalNode(
                test.node, then: first.node, otherwise: second.node, offset: syntax.offset),
            type: TypeMatching.join(first.type, second.type))
    }
}
