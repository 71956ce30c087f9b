/// A function, a method or an operator: what it takes, for the checker, and what it does.
struct Function: Sendable {
    typealias Unary = @Sendable (CELValue, inout Run) throws(Fault) -> CELValue
    typealias Binary = @Sendable (CELValue, CELValue, inout Run) throws(Fault) -> CELValue
    /// Called only with a number of arguments that an overload has; a method's operand is first.
    typealias Many = @Sendable ([CELValue], inout Run) throws(Fault) -> CELValue

    enum Body: Sendable {
        case unary(Unary)
        case binary(Binary)
        case many(Many)
    }

    struct Overload: Sendable {
        let isMethod: Bool
        /// A method's operand is the first.
        let parameters: [CELType]
        let result: CELType
        /// Whether any number of arguments may follow, of any type.
        var isVariadic = false

        func accepts(count: Int) -> Bool {
            isVariadic ? count >= parameters.count : count == parameters.count
        }
    }

    let name: String
    let overloads: [Overload]
    let body: Body

    static func unary(_ name: String, _ overloads: Overload..., body: @escaping Unary) -> Function {
        Function(name: name, overloads: overloads, body: .unary(body))
    }

    static func binary(
        _ name: String, _ overloads: Overload..., body: @escaping Binary
    ) -> Function {
        Function(name: name, overloads: overloads, body: .binary(body))
    }

    static func many(_ name: String, _ overloads: Overload..., body: @escaping Many) -> Function {
        Function(name: name, overloads: overloads, body: .many(body))
    }
}

extension Function.Overload {
    /// Called as `f(a, b)`.
    static func global(_ parameters: CELType..., gives result: CELType) -> Self {
        Self(isMethod: false, parameters: parameters, result: result)
    }

    /// Called as `a.f(b)`.
    static func method(_ parameters: CELType..., gives result: CELType) -> Self {
        Self(isMethod: true, parameters: parameters, result: result)
    }
}

/// All functions by name. A name with a dot is a function in a namespace: `math.abs`.
enum FunctionTable {
    static let functions: [String: Function] = {
        var table: [String: Function] = [:]
        for group in groups {
            for function in group { table[function.name] = function }
        }
        return table
    }()

    static let groups: [[Function]] = [
        Arithmetic.functions, Comparisons.functions, Conversions.functions, Collections.functions,
        Strings.functions, StringExtension.functions, TimeFunctions.functions,
        MathExtension.functions, Optionals.functions,
    ]

    /// The first parts of names with a dot.
    static let namespaces: Set<String> = {
        var namespaces: Set<String> = ["cel"]
        for name in functions.keys {
            let parts = name.split(separator: ".")
            if parts.count > 1, let first = parts.first { namespaces.insert(String(first)) }
        }
        return namespaces
    }()
}
