import AuterityAPI

@testable import AuterityEngine

/// The value of an expression as JSON, with the members of an object in reach.
func evaluate(
    _ source: String, _ input: JSONObject = [:], limits: ExpressionLimits = .standard
) throws(ExpressionError) -> JSONValue {
    try Expression(source).evaluate(in: NamedValues(input), limits: limits).json()
}

/// The error of an expression, in reading, checking or evaluating it.
func failure(
    of source: String, _ input: JSONObject = [:], limits: ExpressionLimits = .standard
) -> ExpressionError? {
    do throws(ExpressionError) {
        let value = try Expression(source).evaluate(in: NamedValues(input), limits: limits)
        _ = try value.json()
        return nil
    } catch {
        return error
    }
}
