import AuterityAPI

/// What the engine has done since it was opened, as Prometheus counts it.
struct RunTotals: Sendable {
    /// How a step ended, by the type of its node.
    struct StepEnd: Hashable, Sendable {
        let type: String
        let outcome: Outcome
    }

    enum Outcome: String, Hashable, Sendable {
        case completed, failed, skipped
    }

    /// What became of one try to deliver a webhook.
    enum WebhookOutcome: String, CaseIterable, Sendable {
        /// It was taken.
        case delivered
        /// It was not taken, and is tried again.
        case failed
        /// It was not taken for a day, and is not tried again.
        case abandoned
    }

    var started: UInt64 = 0
    /// By the final status.
    var finished: [ExecutionStatus: BucketCounts] = [:]
    var steps: [StepEnd: UInt64] = [:]
    /// By the type of the node, of attempts that reach outside.
    var attempts: [String: BucketCounts] = [:]
    var staleResults: UInt64 = 0
    var webhooks: [WebhookOutcome: UInt64] = [:]
    var loginFailures: UInt64 = 0
}

extension RunTotals.Outcome {
    /// `nil` for what ends no step.
    init?(_ content: JournalContent) {
        switch content {
        case .stepCompleted: self = .completed
        case .stepFailed: self = .failed
        case .stepSkipped: self = .skipped
        default: return nil
        }
    }
}
