/// Macros with variables of their own.
extension Compiler {
    mutating func bind(_ syntax: Syntax) throws(Fault) -> Compiled {
        guard case .bind(let name, let value, let body) = syntax.form else {
            return try compile(syntax)
        }
        let bound = try compile(value)
        let (slot, inner) = try withLocal(name, bound.type, body)
        return Compiled(
            node: BindNode(slot: slot, value: bound.node, body: inner.node), type: inner.type)
    }

    mutating func optionalMap(_ syntax: Syntax) throws(Fault) -> Compiled {
        guard case .optionalMap(let operand, let name, let body, let isFlat) = syntax.form else {
            return try compile(syntax)
        }
        let optional = try compile(operand)
        var held = CELType.dyn
        switch optional.type {
        case .optional(let type): held = type
        case .dyn: break
        default:
            return try refuse(
                noOverloadMessage(isFlat ? "optFlatMap" : "optMap", [optional.type.description]),
                at: syntax.offset)
        }
        let (slot, inner) = try withLocal(name, held, body)
        let node = OptionalMapNode(
            optional.node, slot: slot, body: inner.node, isFlat: isFlat, offset: syntax.offset)
        guard isFlat else { return Compiled(node: node, type: .optional(inner.type)) }
        switch inner.type {
        case .optional, .dyn: return Compiled(node: node, type: inner.type)
        default:
            return try refuse(
                "optFlatMap needs an optional, not \(inner.type)", at: body.offset)
        }
    }

    mutating func fold(_ fold: Syntax.Fold, at offset: Int) throws(Fault) -> Compiled {
        let range = try compile(fold.range)
        guard let (first, second) = variableTypes(range.type, isPair: fold.second != nil) else {
            return try refuse(
                "no matching overload: a macro goes through a list or a map, not \(range.type)",
                at: offset)
        }
        let firstSlot = push(fold.first, first)
        defer { pop() }
        let secondSlot = fold.second.map { push($0, second) }
        defer { if secondSlot != nil { pop() } }
        var condition: Compiled?
        if let syntax = fold.condition {
            let compiled = try compile(syntax)
            try require(
                isBool(compiled.type),
                "no matching overload: the condition of a macro is \(compiled.type), not bool",
                at: syntax.offset)
            condition = compiled
        }
        var result: Compiled?
        if let syntax = fold.result { result = try compile(syntax) }
        let folded = FoldRange(
            node: range.node, firstSlot: firstSlot, secondSlot: secondSlot, offset: offset)
        return try compiled(
            fold.goal, folded, condition: condition, result: result, elementType: first)
    }

    private func compiled(
        _ goal: Syntax.Fold.Goal, _ range: FoldRange, condition: Compiled?, result: Compiled?,
        elementType: CELType
    ) throws(Fault) -> Compiled {
        let always = LiteralNode(.bool(true))
        switch goal {
        case .all, .exists:
            return Compiled(
                node: QuantifierNode(
                    range, condition?.node ?? always, deciding: goal == .exists), type: .bool)
        case .existsOne:
            return Compiled(node: ExistsOneNode(range, condition?.node ?? always), type: .bool)
        case .filter, .list:
            return Compiled(
                node: ListFoldNode(range, condition: condition?.node, result: result?.node),
                type: .list(result?.type ?? elementType))
        case .mapValues, .mapEntries:
            guard let result else {
                return try refuse("the macro has no result", at: range.offset)
            }
            let node = MapFoldNode(
                range, condition: condition?.node, result: result.node,
                givesEntries: goal == .mapEntries)
            guard goal == .mapEntries else {
                return Compiled(node: node, type: .map(elementType, result.type))
            }
            switch result.type {
            case .map, .dyn: return Compiled(node: node, type: result.type)
            default:
                return try refuse(
                    noOverloadMessage("transformMapEntry", [result.type.description]),
                    at: range.offset)
            }
        }
    }

    /// The types of a macro's variables; `nil` when the range is nothing to go through.
    private func variableTypes(
        _ range: CELType, isPair: Bool
    ) -> (first: CELType, second: CELType)? {
        switch range {
        case .dyn: (.dyn, .dyn)
        case .list(let element): isPair ? (.int, element) : (element, .dyn)
        case .map(let key, let value): (key, value)
        default: nil
        }
    }
}
