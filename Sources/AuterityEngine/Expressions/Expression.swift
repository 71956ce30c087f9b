/// An expression of the Common Expression Language: read and checked once, evaluated many times.
package struct Expression: Sendable {
    package let source: String
    /// The type of its value as far as it is known.
    package let type: CELType
    /// The names that it takes from its scope, in the order of the text.
    package let names: [NameUse]

    /// Reads and checks the text.
    package init(
        _ source: String, declarations: Declarations = .open
    ) throws(ExpressionError) {
        throw ExpressionError(.syntax, "the evaluator is not part of this build")
    }

    /// The value of the expression with the names of `scope`.
    package func evaluate(
        in scope: any Scope, limits: ExpressionLimits = .standard
    ) throws(ExpressionError) -> CELValue {
        throw ExpressionError(.evaluation, "the evaluator is not part of this build")
    }

    /// The value of a condition; anything but `true` and `false` is an error.
    package func evaluateCondition(
        in scope: any Scope, limits: ExpressionLimits = .standard
    ) throws(ExpressionError) -> Bool {
        guard case .bool(let value) = try evaluate(in: scope, limits: limits) else {
            throw ExpressionError(.evaluation, "a condition must give a bool")
        }
        return value
    }
}
