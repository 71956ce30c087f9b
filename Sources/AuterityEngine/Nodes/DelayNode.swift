import AuterityAPI

/// Waits, over restarts too.
package struct DelayNode: PureNode {
    package static let documentation = NodeDocumentation(
        "delay", summary: "Waits for a while or until a time; a restart does not disturb it.",
        fields: [
            NodeField(
                "seconds", .number,
                doc: "How long to wait, from 0 to 10 years; this or until is required."),
            NodeField(
                "until", .expression,
                doc: "When to go on: an RFC 3339 time such as 2026-01-31T09:00:00Z, or an "
                    + "expression that gives one. A time that is past does not wait."),
        ],
        output: [OutputField("until", doc: "When the wait was over.")])

    /// Ten years.
    static let maximumSeconds = 315_360_000.0

    private enum End {
        case after(NumberSource)
        case constant(Timestamp)
        case at(JSONTemplate)
    }

    private let end: End

    package init?(_ data: inout NodeData) {
        switch (data.value("seconds"), data.value("until")) {
        case (nil, nil):
            data.fault("seconds", "is required, or until")
            return nil
        case (_?, _?):
            data.fault("until", "only one of seconds and until can be given")
            return nil
        case (_?, nil):
            guard let seconds = data.number("seconds", in: 0...Self.maximumSeconds) else {
                return nil
            }
            end = .after(seconds)
        case (nil, let until?):
            if let time = until.stringValue.flatMap({ Timestamp($0) }) {
                end = .constant(time)
            } else if let template = data.expression("until") {
                end = .at(template)
            } else {
                return nil
            }
        }
    }

    package func evaluate(_ context: NodeContext) throws(StepFailure) -> NodeOutcome {
        let until = try wakeUpTime(context)
        guard until > context.now else { return completed(until) }
        return .waiting(StepWait(reason: .delay, until: until))
    }

    package func wake(
        _ context: NodeContext, by wake: Wake
    ) throws(StepFailure) -> NodeOutcome {
        completed(context.wait?.until ?? context.now)
    }

    private func completed(_ until: Timestamp) -> NodeOutcome {
        .completed(["until": .string(until.description)])
    }

    private func wakeUpTime(_ context: NodeContext) throws(StepFailure) -> Timestamp {
        switch end {
        case .after(let seconds):
            return context.now.adding(seconds: try context.number(seconds, in: "seconds"))
        case .constant(let time): return time
        case .at(let template):
            let value = try context.json(template, in: "until")
            guard let time = value.stringValue.flatMap({ Timestamp($0) }) else {
                throw StepFailure(
                    StepFailure.expressionCode,
                    "until: must give an RFC 3339 time such as 2026-01-31T09:00:00Z")
            }
            guard time <= context.now.adding(seconds: Self.maximumSeconds) else {
                throw StepFailure(
                    StepFailure.expressionCode, "until: \(time) is more than ten years ahead")
            }
            return time
        }
    }
}
