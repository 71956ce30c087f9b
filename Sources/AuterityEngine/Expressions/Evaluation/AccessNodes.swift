/// `operand.field` and `operand.?field`.
final class SelectNode: Node {
    let operand: any Node
    let field: String
    let isOptional: Bool
    let offset: Int

    init(_ operand: any Node, field: String, isOptional: Bool, offset: Int) {
        self.operand = operand
        self.field = field
        self.isOptional = isOptional
        self.offset = offset
    }

    func evaluate(_ run: inout Run) throws(Fault) -> CELValue {
        try run.step()
        let value = try operand.evaluate(&run)
        run.offset = offset
        switch value {
        case .map(let map):
            let found = map[field]
            if isOptional { return .optional(found) }
            guard let found else { throw missing(in: map) }
            return found
        case .optional(nil): return value
        case .optional(.map(let map)?):
            let found = map[field]
            if found == nil, !isOptional { throw missing(in: map) }
            return .optional(found)
        case .optional(let held?): throw noField(in: held)
        default: throw noField(in: value)
        }
    }

    private func noField(in value: CELValue) -> Fault {
        Fault(
            .evaluation, "there is no field '\(field)' in a value of type \(value.kind.rawValue)",
            at: offset)
    }

    private func missing(in map: CELMap) -> Fault {
        Fault(.evaluation, noSuchKeyMessage(field, in: map), at: offset)
    }
}

func noSuchKeyMessage(_ key: String, in map: CELMap) -> String {
    var names: [String] = []
    for index in 0..<min(map.count, 200) {
        if case .string(let name) = map.key(at: index) { names.append(name) }
    }
    guard let near = nearestName(to: key, among: names) else { return "no such key: '\(key)'" }
    return "no such key: '\(key)'; did you mean '\(near)'?"
}

/// `has(operand.field)`
final class PresenceNode: Node {
    let operand: any Node
    let field: String
    let offset: Int

    init(_ operand: any Node, field: String, offset: Int) {
        self.operand = operand
        self.field = field
        self.offset = offset
    }

    func evaluate(_ run: inout Run) throws(Fault) -> CELValue {
        try run.step()
        switch try operand.evaluate(&run) {
        case .map(let map), .optional(.map(let map)?): return .bool(map[field] != nil)
        case .optional(nil): return .bool(false)
        case let value:
            throw Fault(
                .evaluation, "has() asks a map for '\(field)', not \(value.kind.rawValue)",
                at: offset)
        }
    }
}

/// `operand[index]` and `operand[?index]`.
final class IndexNode: Node {
    let operand: any Node
    let index: any Node
    let isOptional: Bool
    let offset: Int

    init(_ operand: any Node, _ index: any Node, isOptional: Bool, offset: Int) {
        self.operand = operand
        self.index = index
        self.isOptional = isOptional
        self.offset = offset
    }

    func evaluate(_ run: inout Run) throws(Fault) -> CELValue {
        try run.step()
        let value = try operand.evaluate(&run)
        let key = try index.evaluate(&run)
        run.offset = offset
        if case .optional(let held) = value {
            guard let held else { return value }
            return .optional(try lookUp(key, in: held, isOptional: isOptional, &run))
        }
        let found = try lookUp(key, in: value, isOptional: isOptional, &run)
        if isOptional { return .optional(found) }
        return found ?? .null
    }
}

/// `nil` only where `isOptional` allows it.
func lookUp(
    _ key: CELValue, in value: CELValue, isOptional: Bool, _ run: inout Run
) throws(Fault) -> CELValue? {
    switch value {
    case .list(let list):
        guard let index = elementIndex(key) else {
            throw run.fault("a list is indexed by an int, not by \(shown(key))")
        }
        if list.count > index, index >= 0 { return list[index] }
        if isOptional { return nil }
        throw run.fault("index \(index) is out of range of a list of \(list.count)")
    case .map(let map):
        if let found = map[key] { return found }
        if isOptional { return nil }
        if case .string(let name) = key { throw run.fault(noSuchKeyMessage(name, in: map)) }
        throw run.fault("no such key: \(shown(key))")
    default: throw run.noOverload("[]", [value, key])
    }
}

private func elementIndex(_ key: CELValue) -> Int? {
    switch key {
    case .int(let int): Int(int)
    case .uint(let uint): Int(exactly: uint) ?? Int.max
    case .double(let double): Int(exactly: double)
    default: nil
    }
}

/// A value in an error: numbers and bools as they are, anything else by its type.
private func shown(_ value: CELValue) -> String {
    switch value {
    case .int(let int): String(int)
    case .uint(let uint): "\(uint)u"
    case .double(let double): numberText(double)
    case .bool(let bool): String(bool)
    default: "a value of type \(value.kind.rawValue)"
    }
}
