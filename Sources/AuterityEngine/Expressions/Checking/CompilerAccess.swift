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

    mutating func list(_ syntax: Syntax) throws(Fault) -> Compiled {
        guard case .list(let elements) = syntax.form else { return try compile(syntax) }
        let values = try compileAll(elements.map(\.value))
        return try list(elements, values, at: syntax.offset)
    }

    private func list(
        _ elements: [Syntax.Element], _ values: [Compiled], at offset: Int
    ) throws(Fault) -> Compiled {
        var nodes: [(node: any Node, isOptional: Bool)] = []
        var type: CELType?
        for (element, value) in zip(elements, values) {
            let held = try heldType(value.type, element.isOptional, at: element.value.offset)
            nodes.append((value.node, element.isOptional))
            type = type.map { TypeMatching.join($0, held) } ?? held
        }
        return Compiled(node: ListNode(nodes, offset: offset), type: .list(type ?? .dyn))
    }

    mutating func map(_ syntax: Syntax) throws(Fault) -> Compiled {
        guard case .map(let entries) = syntax.form else { return try compile(syntax) }
        let keys = try compileAll(entries.map(\.key))
        let values = try compileAll(entries.map(\.value))
        return try map(entries, keys, values, at: syntax.offset)
    }

    private func map(
        _ entries: [Syntax.Entry], _ keys: [Compiled], _ values: [Compiled], at offset: Int
    ) throws(Fault) -> Compiled {
        var nodes: [MapNode.Entry] = []
        var keyType: CELType?
        var valueType: CELType?
        for (index, entry) in entries.enumerated() {
            let key = keys[index]
            let value = values[index]
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

    mutating func junction(_ syntax: Syntax) throws(Fault) -> Compiled {
        switch syntax.form {
        case .or(let terms):
            let compiled = try compileAll(terms)
            return try junction(terms, compiled, deciding: true, at: syntax.offset)
        case .and(let terms):
            let compiled = try compileAll(terms)
            return try junction(terms, compiled, deciding: false, at: syntax.offset)
        default: return try compile(syntax)
        }
    }

    private func junction(
        _ terms: [Syntax], _ compiled: [Compiled], deciding: Bool, at offset: Int
    ) throws(Fault) -> Compiled {
        for (term, compiled) in zip(terms, compiled) {
            try require(
                isBool(compiled.type),
                "no matching overload for '\(deciding ? "||" : "&&")': it joins bools, not "
                    + "\(compiled.type)", at: term.offset)
        }
        let node = JunctionNode(compiled.map(\.node), deciding: deciding, offset: offset)
        return Compiled(node: node, type: .bool)
    }

    mutating func conditional(_ syntax: Syntax) throws(Fault) -> Compiled {
        guard case .conditional(let condition, let then, let otherwise) = syntax.form else {
            return try compile(syntax)
        }
        let parts = try compileAll([condition, then, otherwise])
        let test = parts[0].type
        try require(
            isBool(test), "no matching overload for '?:': the condition is \(test), not bool",
            at: condition.offset)
        return Compiled(
            node: ConditionalNode(
                parts[0].node, then: parts[1].node, otherwise: parts[2].node,
                offset: syntax.offset),
            type: TypeMatching.join(parts[1].type, parts[2].type))
    }
}
