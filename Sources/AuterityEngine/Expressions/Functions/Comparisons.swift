/// `== != < <= > >= in`. Values of different types are not equal, except that numbers compare by
/// their value; only numbers compare over types in order.
enum Comparisons {
    static let functions: [Function] =
        [
            .binary(
                "==", .global(.parameter("A"), .parameter("A"), gives: .bool),
                body: { (left, right, run) throws(Fault) in
                    .bool(try areEqual(left, right, &run))
                }),
            .binary(
                "!=", .global(.parameter("A"), .parameter("A"), gives: .bool),
                body: { (left, right, run) throws(Fault) in
                    .bool(try !areEqual(left, right, &run))
                }),
            .binary(
                "in", .global(.parameter("A"), .list(.parameter("A")), gives: .bool),
                .global(.parameter("A"), .map(.parameter("A"), .dyn), gives: .bool),
                body: { (element, container, run) throws(Fault) in
                    .bool(try contains(container, element, &run))
                }),
            order("<") { $0 < 0 }, order("<=") { $0 <= 0 },
            order(">") { $0 > 0 }, order(">=") { $0 >= 0 },
        ]

    private static func order(
        _ name: String, _ holds: @escaping @Sendable (Int) -> Bool
    ) -> Function {
        var overloads: [Function.Overload] = []
        for type in [CELType.bool, .string, .bytes, .timestamp, .duration] {
            overloads.append(.global(type, type, gives: .bool))
        }
        let numbers = [CELType.int, .uint, .double]
        for left in numbers {
            for right in numbers { overloads.append(.global(left, right, gives: .bool)) }
        }
        let body: Function.Binary = { (left, right, run) throws(Fault) in
            switch try compare(left, right, name, &run) {
            case .some(let order): .bool(holds(order))
            case .none: .bool(false)
            }
        }
        return Function(name: name, overloads: overloads, body: .binary(body))
    }

    /// Below, equal to or above zero; `nil` when one is NaN.
    private static func compare(
        _ left: CELValue, _ right: CELValue, _ name: String, _ run: inout Run
    ) throws(Fault) -> Int? {
        switch (left, right) {
        case (.int(let left), .int(let right)): return left < right ? -1 : (left > right ? 1 : 0)
        case (.string(let left), .string(let right)):
            try run.look(at: min(left.utf8.count, right.utf8.count))
            return compareScalars(left, right)
        case (.bytes(let left), .bytes(let right)):
            try run.look(at: min(left.count, right.count))
            return compareBytes(left, right)
        case (.bool(let left), .bool(let right)):
            return left == right ? 0 : (right ? -1 : 1)
        case (.timestamp(let left), .timestamp(let right)):
            return left < right ? -1 : (left > right ? 1 : 0)
        case (.duration(let left), .duration(let right)):
            return left < right ? -1 : (left > right ? 1 : 0)
        default:
            guard isNumber(left), isNumber(right) else {
                throw run.noOverload(name, [left, right])
            }
            return compareNumbers(left, right)
        }
    }

    static func isNumber(_ value: CELValue) -> Bool {
        switch value {
        case .int, .uint, .double: true
        default: false
        }
    }

    /// Below, equal to or above zero; `nil` when one is NaN or no number. Against a double an
    /// integer counts as the double next to it.
    static func compareNumbers(_ left: CELValue, _ right: CELValue) -> Int? {
        switch (left, right) {
        case (.int(let left), .int(let right)): return left < right ? -1 : (left > right ? 1 : 0)
        case (.uint(let left), .uint(let right)):
            return left < right ? -1 : (left > right ? 1 : 0)
        case (.int(let left), .uint(let right)):
            return left < right ? -1 : (left > right ? 1 : 0)
        case (.uint(let left), .int(let right)):
            return left < right ? -1 : (left > right ? 1 : 0)
        default:
            guard let left = double(left), let right = double(right), !left.isNaN, !right.isNaN
            else { return nil }
            return left < right ? -1 : (left > right ? 1 : 0)
        }
    }

    private static func double(_ value: CELValue) -> Double? {
        switch value {
        case .int(let int): Double(int)
        case .uint(let uint): Double(uint)
        case .double(let double): double
        default: nil
        }
    }

    static func areEqual(
        _ left: CELValue, _ right: CELValue, _ run: inout Run
    ) throws(Fault) -> Bool {
        switch (left, right) {
        case (.int(let left), .int(let right)): return left == right
        case (.string(let left), .string(let right)):
            guard left.utf8.count == right.utf8.count else { return false }
            try run.look(at: left.utf8.count)
            return haveSameScalars(left, right)
        case (.null, .null): return true
        case (.bool(let left), .bool(let right)): return left == right
        case (.bytes(let left), .bytes(let right)):
            try run.look(at: left.count)
            return left == right
        case (.list(let left), .list(let right)): return try areEqual(left, right, &run)
        case (.map(let left), .map(let right)): return try areEqual(left, right, &run)
        case (.type(let left), .type(let right)): return left == right
        case (.timestamp(let left), .timestamp(let right)): return left == right
        case (.duration(let left), .duration(let right)): return left == right
        case (.optional(let left), .optional(let right)):
            guard let left, let right else { return left == nil && right == nil }
            return try areEqual(left, right, &run)
        default: return compareNumbers(left, right) == 0
        }
    }

    private static func areEqual(
        _ left: CELList, _ right: CELList, _ run: inout Run
    ) throws(Fault) -> Bool {
        guard left.count == right.count else { return false }
        for index in 0..<left.count {
            try run.step()
            if try !areEqual(left[index], right[index], &run) { return false }
        }
        return true
    }

    private static func areEqual(
        _ left: CELMap, _ right: CELMap, _ run: inout Run
    ) throws(Fault) -> Bool {
        guard left.count == right.count else { return false }
        for index in 0..<left.count {
            try run.step()
            guard let other = right[left.key(at: index)],
                try areEqual(left.value(at: index), other, &run)
            else { return false }
        }
        return true
    }

    private static func contains(
        _ container: CELValue, _ element: CELValue, _ run: inout Run
    ) throws(Fault) -> Bool {
        switch container {
        case .list(let list):
            for index in 0..<list.count {
                try run.step()
                if try areEqual(list[index], element, &run) { return true }
            }
            return false
        case .map(let map): return map[element] != nil
        default: throw run.noOverload("in", [element, container])
        }
    }
}
