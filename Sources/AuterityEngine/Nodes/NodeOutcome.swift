package import AuterityAPI

/// How one run of a node ended.
package struct NodeOutcome: Hashable, Sendable {
    package enum Result: Hashable, Sendable {
        case completed(output: JSONValue, handle: String?)
        case waiting(StepWait)
        case failed(StepFailure)
    }

    package let result: Result
    /// Log lines and alerts; written in the same transaction as the result.
    package var emissions: [Emission]

    package init(_ result: Result, emissions: [Emission] = []) {
        self.result = result
        self.emissions = emissions
    }

    package static func completed(
        _ output: JSONValue, handle: String? = nil, emissions: [Emission] = []
    ) -> NodeOutcome {
        NodeOutcome(.completed(output: output, handle: handle), emissions: emissions)
    }

    package static func waiting(_ wait: StepWait) -> NodeOutcome {
        NodeOutcome(.waiting(wait))
    }

    package static func failed(_ failure: StepFailure) -> NodeOutcome {
        NodeOutcome(.failed(failure))
    }
}

/// What a step says besides its output.
package enum Emission: Hashable, Sendable {
    case log(LogLevel, String)
    case alert(AlertSeverity, String)
}

/// Why an attempt of a step failed.
package struct StepFailure: Error, Hashable, Sendable {
    /// Such as `EXPRESSION_ERROR`, `HTTP_STATUS`, `NOT_CONFIGURED`.
    package let code: String
    /// What failed, why, and what to do.
    package let message: String
    /// Whether another attempt may succeed.
    package let isRetryable: Bool
    /// Seconds after which the far end wants to be asked again, where it said so.
    package let retryAfter: Double?

    package init(
        _ code: String, _ message: String, isRetryable: Bool = false, retryAfter: Double? = nil
    ) {
        self.code = code
        self.message = message
        self.isRetryable = isRetryable
        self.retryAfter = retryAfter
    }

    package static let expressionCode = "EXPRESSION_ERROR"
    package static let timeoutCode = "TIMEOUT"
    package static let quarantinedCode = "QUARANTINED"
    package static let approvalTimeoutCode = "APPROVAL_TIMEOUT"
    package static let outputTooLargeCode = "OUTPUT_TOO_LARGE"
    package static let tooDeeplyNestedCode = "NESTED_TOO_DEEP"
    package static let validationCode = "VALIDATION_FAILED"

    /// What is nested deeper could not be read back.
    static func tooDeep(_ what: String) -> StepFailure {
        StepFailure(
            tooDeeplyNestedCode,
            "The \(what) has lists and objects nested deeper than \(JSONValue.maximumDepth); "
                + "flatten it")
    }

    /// The failure of an expression in the field `field` of a node's data.
    package init(_ error: ExpressionError, in field: String) {
        self.init(Self.expressionCode, "\(field): \(error)")
    }
}

/// What ended a step's wait.
package enum Wake: Hashable, Sendable {
    /// Its wake-up time has come.
    case due
    case approval(approved: Bool, by: String, comment: String?)
}
