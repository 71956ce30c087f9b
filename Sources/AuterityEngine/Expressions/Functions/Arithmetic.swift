/// The operators `+ - * / %` and the sign. Overflow is an error, never wrapped around.
enum Arithmetic {
    static let names: Set<String> = ["+", "-", "*", "/", "%"]

    static let functions: [Function] = [
        .binary(
            "+", .global(.int, .int, gives: .int), .global(.uint, .uint, gives: .uint),
            .global(.double, .double, gives: .double), .global(.string, .string, gives: .string),
            .global(.bytes, .bytes, gives: .bytes),
            .global(.list(a), .list(a), gives: .list(a)),
            .global(.timestamp, .duration, gives: .timestamp),
            .global(.duration, .timestamp, gives: .timestamp),
            .global(.duration, .duration, gives: .duration),
            body: { (left, right, run) throws(Fault) in try add(left, right, &run) }),
        .binary(
            "-", .global(.int, .int, gives: .int), .global(.uint, .uint, gives: .uint),
            .global(.double, .double, gives: .double),
            .global(.timestamp, .timestamp, gives: .duration),
            .global(.timestamp, .duration, gives: .timestamp),
            .global(.duration, .duration, gives: .duration),
            body: { (left, right, run) throws(Fault) in try subtract(left, right, &run) }),
        .binary(
            "*", .global(.int, .int, gives: .int), .global(.uint, .uint, gives: .uint),
            .global(.double, .double, gives: .double),
            body: { (left, right, run) throws(Fault) in try multiply(left, right, &run) }),
        .binary(
            "/", .global(.int, .int, gives: .int), .global(.uint, .uint, gives: .uint),
            .global(.double, .double, gives: .double),
            body: { (left, right, run) throws(Fault) in try divide(left, right, &run) }),
        .binary(
            "%", .global(.int, .int, gives: .int), .global(.uint, .uint, gives: .uint),
            body: { (left, right, run) throws(Fault) in try remainder(left, right, &run) }),
        .unary(
            "-_", .global(.int, gives: .int), .global(.double, gives: .double),
            body: { (value, run) throws(Fault) in
                switch value {
                case .int(let int):
                    guard int != .min else { throw overflow("-", run) }
                    return .int(-int)
                case .double(let double): return .double(-double)
                default: throw run.noOverload("-", [value])
                }
            }),
        .unary(
            "!_", .global(.bool, gives: .bool),
            body: { (value, run) throws(Fault) in
                guard case .bool(let bool) = value else { throw run.noOverload("!", [value]) }
                return .bool(!bool)
            }),
    ]

    private static let a = CELType.parameter("A")

    private static func overflow(_ name: String, _ run: Run) -> Fault {
        run.fault("overflow: the result of '\(name)' is beyond 64 bits")
    }

    private static func checked<Number>(
        _ result: (partialValue: Number, overflow: Bool), _ name: String, _ run: Run
    ) throws(Fault) -> Number {
        guard !result.overflow else { throw overflow(name, run) }
        return result.partialValue
    }

    private static func add(
        _ left: CELValue, _ right: CELValue, _ run: inout Run
    ) throws(Fault) -> CELValue {
        switch (left, right) {
        case (.int(let left), .int(let right)):
            return .int(try checked(left.addingReportingOverflow(right), "+", run))
        case (.double(let left), .double(let right)): return .double(left + right)
        case (.string(let left), .string(let right)):
            try run.make(bytes: left.utf8.count + right.utf8.count)
            return .string(left + right)
        case (.uint(let left), .uint(let right)):
            return .uint(try checked(left.addingReportingOverflow(right), "+", run))
        case (.bytes(let left), .bytes(let right)):
            try run.make(bytes: left.count + right.count)
            return .bytes(left + right)
        case (.list(let left), .list(let right)):
            try run.makeElements(left.count + right.count)
            return .list(CELList(left.values + right.values))
        case (.timestamp(let moment), .duration(let duration)),
            (.duration(let duration), .timestamp(let moment)):
            guard let sum = moment.adding(duration) else { throw TimeFunctions.range(run) }
            return .timestamp(sum)
        case (.duration(let left), .duration(let right)):
            let sum = left.nanoseconds.addingReportingOverflow(right.nanoseconds)
            return .duration(CELDuration(nanoseconds: try checked(sum, "+", run)))
        default: throw run.noOverload("+", [left, right])
        }
    }

    private static func subtract(
        _ left: CELValue, _ right: CELValue, _ run: inout Run
    ) throws(Fault) -> CELValue {
        switch (left, right) {
        case (.int(let left), .int(let right)):
            return .int(try checked(left.subtractingReportingOverflow(right), "-", run))
        case (.uint(let left), .uint(let right)):
            return .uint(try checked(left.subtractingReportingOverflow(right), "-", run))
        case (.double(let left), .double(let right)): return .double(left - right)
        case (.timestamp(let left), .timestamp(let right)):
            guard let difference = left.since(right) else { throw TimeFunctions.range(run) }
            return .duration(difference)
        case (.timestamp(let moment), .duration(let duration)):
            guard let difference = moment.adding(duration, negated: true) else {
                throw TimeFunctions.range(run)
            }
            return .timestamp(difference)
        case (.duration(let left), .duration(let right)):
            let difference = left.nanoseconds.subtractingReportingOverflow(right.nanoseconds)
            return .duration(CELDuration(nanoseconds: try checked(difference, "-", run)))
        default: throw run.noOverload("-", [left, right])
        }
    }

    private static func multiply(
        _ left: CELValue, _ right: CELValue, _ run: inout Run
    ) throws(Fault) -> CELValue {
        switch (left, right) {
        case (.int(let left), .int(let right)):
            return .int(try checked(left.multipliedReportingOverflow(by: right), "*", run))
        case (.uint(let left), .uint(let right)):
            return .uint(try checked(left.multipliedReportingOverflow(by: right), "*", run))
        case (.double(let left), .double(let right)): return .double(left * right)
        default: throw run.noOverload("*", [left, right])
        }
    }

    private static func divide(
        _ left: CELValue, _ right: CELValue, _ run: inout Run
    ) throws(Fault) -> CELValue {
        switch (left, right) {
        case (.int(let left), .int(let right)):
            guard right != 0 else { throw run.fault("division by zero") }
            return .int(try checked(left.dividedReportingOverflow(by: right), "/", run))
        case (.uint(let left), .uint(let right)):
            guard right != 0 else { throw run.fault("division by zero") }
            return .uint(left / right)
        case (.double(let left), .double(let right)): return .double(left / right)
        default: throw run.noOverload("/", [left, right])
        }
    }

    private static func remainder(
        _ left: CELValue, _ right: CELValue, _ run: inout Run
    ) throws(Fault) -> CELValue {
        switch (left, right) {
        case (.int(let left), .int(let right)):
            guard right != 0 else { throw run.fault("modulus by zero") }
            return .int(try checked(left.remainderReportingOverflow(dividingBy: right), "%", run))
        case (.uint(let left), .uint(let right)):
            guard right != 0 else { throw run.fault("modulus by zero") }
            return .uint(left % right)
        default: throw run.noOverload("%", [left, right])
        }
    }
}
