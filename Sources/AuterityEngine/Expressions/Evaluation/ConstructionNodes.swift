/// `[a, b, ?c]`
final class ListNode: Node {
    let elements: [(node: any Node, isOptional: Bool)]
    let offset: Int

    init(_ elements: [(node: any Node, isOptional: Bool)], offset: Int) {
        self.elements = elements
        self.offset = offset
    }

    func evaluate(_ run: inout Run) throws(Fault) -> CELValue {
        run.offset = offset
        try run.makeElements(1 + elements.count)
        var values: [CELValue] = []
        values.reserveCapacity(elements.count)
        for (node, isOptional) in elements {
            let value = try node.evaluate(&run)
            if !isOptional {
                values.append(value)
            } else if let held = try optionalHeld(value, offset) {
                values.append(held)
            }
        }
        let list = CELValue.list(CELList(values))
        try run.checkDepth(of: list)
        return list
    }
}

/// `{k: v, ?k: v}`
final class MapNode: Node {
    struct Entry: Sendable {
        let key: any Node
        let value: any Node
        let isOptional: Bool
        let offset: Int
    }

    let entries: [Entry]
    let offset: Int

    init(_ entries: [Entry], offset: Int) {
        self.entries = entries
        self.offset = offset
    }

    func evaluate(_ run: inout Run) throws(Fault) -> CELValue {
        run.offset = offset
        try run.makeElements(1 + entries.count * 2)
        var builder = CELMap.Builder()
        for entry in entries {
            let key = try entry.key.evaluate(&run)
            var value = try entry.value.evaluate(&run)
            if entry.isOptional {
                guard let held = try optionalHeld(value, entry.offset) else { continue }
                value = held
            }
            run.offset = entry.offset
            try add(key, value, to: &builder, run)
        }
        let map = CELValue.map(CELMap(builder))
        try run.checkDepth(of: map)
        return map
    }
}

func add(
    _ key: CELValue, _ value: CELValue, to builder: inout CELMap.Builder, _ run: Run
) throws(Fault) {
    do throws(CELMap.Builder.Refusal) {
        try builder.add(key, value)
    } catch {
        switch error {
        case .unsupportedKey:
            throw run.fault(
                "unsupported key type: a key is a string, int, uint or bool, not "
                    + key.kind.rawValue)
        case .repeatedKey: throw run.fault("the map has the key '\(keyText(key))' twice")
        }
    }
}

private func optionalHeld(_ value: CELValue, _ offset: Int) throws(Fault) -> CELValue? {
    guard case .optional(let held) = value else {
        throw Fault(
            .evaluation, "after '?' stands an optional, not \(value.kind.rawValue)", at: offset)
    }
    return held
}

/// `cel.bind(name, value, body)`
final class BindNode: Node {
    let slot: Int
    let value: any Node
    let body: any Node

    init(slot: Int, value: any Node, body: any Node) {
        self.slot = slot
        self.value = value
        self.body = body
    }

    func evaluate(_ run: inout Run) throws(Fault) -> CELValue {
        try run.step()
        run.slots[slot] = try value.evaluate(&run)
        return try body.evaluate(&run)
    }
}

/// `operand.optMap(name, body)` and `operand.optFlatMap(name, body)`
final class OptionalMapNode: Node {
    let operand: any Node
    let slot: Int
    let body: any Node
    let isFlat: Bool
    let offset: Int

    init(_ operand: any Node, slot: Int, body: any Node, isFlat: Bool, offset: Int) {
        self.operand = operand
        self.slot = slot
        self.body = body
        self.isFlat = isFlat
        self.offset = offset
    }

    func evaluate(_ run: inout Run) throws(Fault) -> CELValue {
        try run.step()
        let value = try operand.evaluate(&run)
        let name = isFlat ? "optFlatMap" : "optMap"
        run.offset = offset
        guard case .optional(let held) = value else { throw run.noOverload(name, [value]) }
        guard let held else { return value }
        run.slots[slot] = held
        let result = try body.evaluate(&run)
        run.offset = offset
        guard isFlat else {
            let optional = CELValue.optional(result)
            try run.checkDepth(of: optional)
            return optional
        }
        guard case .optional = result else {
            throw run.fault("optFlatMap needs an optional, not \(result.kind.rawValue)")
        }
        return result
    }
}

/// `operand.or(other)` and `operand.orValue(other)`: the other is evaluated only when needed.
final class OptionalOrNode: Node {
    let operand: any Node
    let other: any Node
    let givesValue: Bool
    let offset: Int

    init(_ operand: any Node, _ other: any Node, givesValue: Bool, offset: Int) {
        self.operand = operand
        self.other = other
        self.givesValue = givesValue
        self.offset = offset
    }

    func evaluate(_ run: inout Run) throws(Fault) -> CELValue {
        try run.step()
        let value = try operand.evaluate(&run)
        run.offset = offset
        guard case .optional(let held) = value else {
            throw run.noOverload(givesValue ? "orValue" : "or", [value])
        }
        if let held { return givesValue ? held : value }
        let result = try other.evaluate(&run)
        if givesValue { return result }
        guard case .optional = result else {
            throw Fault(
                .evaluation, "or() needs an optional, not \(result.kind.rawValue)", at: offset)
        }
        return result
    }
}
