package import AuterityAPI

/// What a node can see when it is evaluated or rendered. Valid only during that call: it must
/// not be kept.
package struct NodeContext {
    package let scope: any Scope
    package let stepID: StepID
    package let now: Timestamp
    /// The input of the execution.
    package let input: JSONObject
    /// The wait that just ended; `nil` outside `wake`.
    package let wait: StepWait?
    /// Outputs of the completed steps with an edge to this one, in topological order.
    package let predecessors: () -> [JSONValue]
    /// A named message of the store.
    package let message: (String) -> NamedMessage?

    package init(
        scope: any Scope, stepID: StepID, now: Timestamp, input: JSONObject = [:],
        wait: StepWait? = nil, predecessors: @escaping () -> [JSONValue] = { [] },
        message: @escaping (String) -> NamedMessage? = { _ in nil }
    ) {
        self.scope = scope
        self.stepID = stepID
        self.now = now
        self.input = input
        self.wait = wait
        self.predecessors = predecessors
        self.message = message
    }

    /// The text of the field `field`, its holes filled.
    package func text(
        _ template: TextTemplate, in field: String
    ) throws(StepFailure) -> String {
        do {
            return try template.renderText(in: scope)
        } catch {
            throw StepFailure(error, in: field)
        }
    }

    /// The value of the field `field`, its texts rendered and its expressions evaluated.
    package func json(
        _ template: JSONTemplate, in field: String
    ) throws(StepFailure) -> JSONValue {
        do {
            return try template.render(in: scope)
        } catch {
            throw StepFailure(error, in: field)
        }
    }

    /// The number of the field `field`.
    package func number(
        _ source: NumberSource, in field: String
    ) throws(StepFailure) -> Double {
        switch source {
        case .constant(let number): return number
        case .template(let template, let range):
            let value: JSONValue
            do {
                value = try template.render(in: scope).json()
            } catch {
                throw StepFailure(error, in: field)
            }
            let number = value.doubleValue ?? value.stringValue.flatMap { Double($0) }
            guard let number, range.contains(number) else {
                throw StepFailure(
                    StepFailure.expressionCode,
                    "\(field): must be a number from \(range.lowerBound) to "
                        + "\(range.upperBound), not \(value)")
            }
            return number
        }
    }
}

/// A number of a definition, or the text that gives it when the step runs.
package enum NumberSource: Sendable {
    case constant(Double)
    case template(TextTemplate, range: ClosedRange<Double>)
}

/// What a node with a side effect has at hand while it runs.
package struct EffectContext: Sendable {
    package let executionID: ExecutionID
    package let workflowID: WorkflowID
    package let stepID: StepID
    /// Counted from 1.
    package let attempt: Int
    /// The same for every attempt: what the far end tells repetitions by.
    package let idempotencyKey: String
    /// Seconds that the attempt may take; `nil` where the definition says nothing.
    package let timeout: Double?
    package let services: any NodeServices
    package let now: @Sendable () -> Timestamp

    package init(
        executionID: ExecutionID, workflowID: WorkflowID, stepID: StepID, attempt: Int,
        idempotencyKey: String, timeout: Double?, services: any NodeServices,
        now: @escaping @Sendable () -> Timestamp
    ) {
        self.executionID = executionID
        self.workflowID = workflowID
        self.stepID = stepID
        self.attempt = attempt
        self.idempotencyKey = idempotencyKey
        self.timeout = timeout
        self.services = services
        self.now = now
    }
}

/// The outside world as nodes reach it.
package protocol NodeServices: Sendable {
    func send(_ request: OutboundRequest) async throws -> OutboundResponse
    func deliver(_ message: MailMessage) async throws -> MailReceipt
    func complete(_ request: AIRequest) async throws -> AIResponse
}
