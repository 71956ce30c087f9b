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

    mutating func fold(_ syntax: Syntax) throws(Fault) -> Compiled {
        guard case .fold(let fold) = syntax.form else { return try compile(syntax) }
        let range = try compile(fold.range)
        guard let slots = try pushVariables(fold, range.type, at: syntax.offset) else {
            return try refuse(
                "no matching overload: a macro goes through a list or a map, not \(range.type)",
                at: syntax.offset)
        }
        let condition = try compileAll(fold.condition.map { [$0] } ?? []).first
        let result = try compileAll(fold.result.map { [$0] } ?? []).first
        pop()
        if fold.second != nil { pop() }
        if let condition, let part = fold.condition {
            try require(
                isBool(condition.type),
                "no matching overload: the condition of a macro is \(condition.type), not bool",
                at: part.offset)
        }
        let folded = FoldRange(
            node: range.node, firstSlot: slots.first, secondSlot: slots.second,
            offset: syntax.offset)
        return try finish(
            fold.goal, folded, condition: condition, result: result, elementType: slots.type)
    }

    /// `nil` when there is nothing to go through.
    private mutating func pushVariables(
        _ fold: Syntax.Fold, _ range: CELType, at offset: Int
    ) throws(Fault) -> (first: Int, second: Int?, type: CELType)? {
        guard let types = variableTypes(range, isPair: fold.second != nil) else { return nil }
        let first = push(fold.first, types.first)
        guard let name = fold.second else { return (first, nil, types.first) }
        return (first, push(name, types.second), types.first)
    }

    private func finish(
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
