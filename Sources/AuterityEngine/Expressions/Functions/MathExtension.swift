/// The math extension of CEL.
enum MathExtension {
    static let functions: [Function] = [
        extreme("math.greatest") { $0 > 0 }, extreme("math.least") { $0 < 0 },
        rounding("math.ceil") { $0.rounded(.up) },
        rounding("math.floor") { $0.rounded(.down) },
        rounding("math.round") { $0.rounded(.toNearestOrAwayFromZero) },
        rounding("math.trunc") { $0.rounded(.towardZero) },
        .unary(
            "math.sqrt", .global(.double, gives: .double), .global(.int, gives: .double),
            .global(.uint, gives: .double),
            body: { (value, run) throws(Fault) in
                switch value {
                case .double(let double): return .double(double.squareRoot())
                case .int(let int): return .double(Double(int).squareRoot())
                case .uint(let uint): return .double(Double(uint).squareRoot())
                default: throw run.noOverload("math.sqrt", [value])
                }
            }),
        test("math.isNaN") { $0.isNaN }, test("math.isInf") { $0.isInfinite },
        test("math.isFinite") { $0.isFinite },
        .unary(
            "math.abs", .global(.int, gives: .int), .global(.uint, gives: .uint),
            .global(.double, gives: .double),
            body: { (value, run) throws(Fault) in
                switch value {
                case .int(let int):
                    guard int != .min else { throw run.fault("overflow of int") }
                    return .int(abs(int))
                case .uint: return value
                case .double(let double): return .double(double.magnitude)
                default: throw run.noOverload("math.abs", [value])
                }
            }),
        .unary(
            "math.sign", .global(.int, gives: .int), .global(.uint, gives: .uint),
            .global(.double, gives: .double),
            body: { (value, run) throws(Fault) in
                switch value {
                case .int(let int): return .int(int.signum())
                case .uint(let uint): return .uint(min(uint, 1))
                case .double(let double):
                    return double == 0 || double.isNaN ? value : .double(double < 0 ? -1 : 1)
                default: throw run.noOverload("math.sign", [value])
                }
            }),
        bits("math.bitAnd", { $0 & $1 }, { $0 & $1 }),
        bits("math.bitOr", { $0 | $1 }, { $0 | $1 }),
        bits("math.bitXor", { $0 ^ $1 }, { $0 ^ $1 }),
        .unary(
            "math.bitNot", .global(.int, gives: .int), .global(.uint, gives: .uint),
            body: { (value, run) throws(Fault) in
                switch value {
                case .int(let int): return .int(~int)
                case .uint(let uint): return .uint(~uint)
                default: throw run.noOverload("math.bitNot", [value])
                }
            }),
        shift("math.bitShiftLeft") { $0 << $1 }, shift("math.bitShiftRight") { $0 >> $1 },
    ]

    private static func rounding(
        _ name: String, _ round: @escaping @Sendable (Double) -> Double
    ) -> Function {
        .unary(
            name, .global(.double, gives: .double),
            body: { (value, run) throws(Fault) in
                guard case .double(let double) = value else {
                    throw run.noOverload(name, [value])
                }
                return .double(round(double))
            })
    }

    private static func test(
        _ name: String, _ holds: @escaping @Sendable (Double) -> Bool
    ) -> Function {
        .unary(
            name, .global(.double, gives: .bool),
            body: { (value, run) throws(Fault) in
                guard case .double(let double) = value else {
                    throw run.noOverload(name, [value])
                }
                return .bool(holds(double))
            })
    }

    private static func bits(
        _ name: String, _ ints: @escaping @Sendable (Int64, Int64) -> Int64,
        _ uints: @escaping @Sendable (UInt64, UInt64) -> UInt64
    ) -> Function {
        .binary(
            name, .global(.int, .int, gives: .int), .global(.uint, .uint, gives: .uint),
            body: { (left, right, run) throws(Fault) in
                switch (left, right) {
                case (.int(let left), .int(let right)): return .int(ints(left, right))
                case (.uint(let left), .uint(let right)): return .uint(uints(left, right))
                default: throw run.noOverload(name, [left, right])
                }
            })
    }

    /// Zeros move in from either side, also for an int; a shift by 64 or more leaves zero.
    private static func shift(
        _ name: String, _ shift: @escaping @Sendable (UInt64, UInt64) -> UInt64
    ) -> Function {
        .binary(
            name, .global(.int, .int, gives: .int), .global(.uint, .int, gives: .uint),
            body: { (value, count, run) throws(Fault) in
                guard case .int(let count) = count else {
                    throw run.noOverload(name, [value, count])
                }
                guard count >= 0 else {
                    throw run.fault("\(name)() negative offset: \(count)")
                }
                switch value {
                case .int(let int):
                    let bits = shift(UInt64(bitPattern: int), UInt64(count))
                    return .int(Int64(bitPattern: bits))
                case .uint(let uint): return .uint(shift(uint, UInt64(count)))
                default: throw run.noOverload(name, [value, .int(count)])
                }
            })
    }

    /// Of numbers of any kinds, or of one list of them; the first one where several are equal.
    private static func extreme(
        _ name: String, _ isBetter: @escaping @Sendable (Int) -> Bool
    ) -> Function {
        let anyNumber = Function.Overload(
            isMethod: false, parameters: [.dyn], result: .dyn, isVariadic: true)
        return Function(
            name: name, overloads: [anyNumber],
            body: .many({ (arguments, run) throws(Fault) in
                var numbers = arguments
                if arguments.count == 1, case .list(let list) = arguments[0] {
                    try run.step(list.count)
                    numbers = list.values
                }
                guard var best = numbers.first else {
                    throw run.fault("\(name)() of an empty list")
                }
                for number in numbers {
                    guard Comparisons.isNumber(number) else {
                        throw run.noOverload(name, arguments)
                    }
                    if let order = Comparisons.compareNumbers(number, best), isBetter(order) {
                        best = number
                    }
                }
                return best
            }))
    }
}
