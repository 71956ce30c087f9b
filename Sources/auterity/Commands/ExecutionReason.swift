import AuterityAPI
import TerminalUI

/// Why an execution stands where it stands, for somebody who was woken for it: what it waits for
/// or why it failed, since when, and what to do.
struct ExecutionReason {
    private let execution: Execution
    private let now: Timestamp
    /// The flags behind each command, with a blank before the first.
    private let flags: String

    /// - Parameter flags: those that say where the execution is.
    init(_ execution: Execution, now: Timestamp, flags: String = "") {
        self.execution = execution
        self.now = now
        self.flags = flags
    }

    var json: JSONValue {
        [
            "id": .string(execution.id.description),
            "status": .string(execution.status.rawValue), "reason": .string(reason),
            "step": step.map { .string($0.stepID.rawValue) } ?? .null,
            "since": .string(since.description),
            "actions": .array(commands.map { .string($0.line) }),
        ]
    }

    /// For people: sentences, then command lines to copy.
    var lines: [String] {
        let name = SafeText.line(execution.workflowName, limit: 80)
        let head = "\(name), version \(execution.workflowVersion): \(execution.status.rawValue)"
        let width = commands.map(\.line.count).max() ?? 0
        let commands = commands.map { line, purpose in
            "  \(line)\(String(repeating: " ", count: width - line.count))   \(purpose)"
        }
        return ["\(head) for \(Column.span(now.seconds(since: since))) (since \(since))", reason]
            + (commands.isEmpty ? [] : [""] + commands)
    }

    // MARK: - What

    /// The step that it is about.
    private var step: Step? {
        if let id = execution.error?.stepID ?? execution.currentStep {
            return execution.steps.first { $0.stepID == id }
        }
        return execution.steps.first { $0.status == .waiting || $0.status == .running }
    }

    private var since: Timestamp {
        if let end = execution.completedAt { return end }
        let isUnderWay = execution.status == .waiting || execution.status == .running
        return (isUnderWay ? step?.startedAt : nil) ?? execution.startedAt
    }

    private var reason: String {
        let text =
            switch execution.status {
            case .failed: failure
            case .cancelled: cancellation
            case .completed: completion
            case .pending: execution.blockedBy ?? "It waits for its turn"
            case .waiting: execution.blockedBy ?? "\(place) waits"
            case .running: execution.blockedBy ?? movement
            }
        let sentence = SafeText.line(text, limit: .max)
        return sentence.hasSuffix(".") ? sentence : sentence + "."
    }

    private var place: String {
        step.map { "The step \($0.stepID) (\($0.type))" } ?? "It"
    }

    private var tries: String {
        step.map { $0.attempt > 1 ? ", at try \($0.attempt)" : "" } ?? ""
    }

    private var failure: String {
        guard let error = execution.error else { return "\(place) failed\(tries)" }
        return "\(place) failed\(tries) with \(error.code): \(error.message)"
    }

    private var cancellation: String {
        let done = execution.steps.count { $0.status == .completed }
        let stopped = execution.steps.first { $0.status == .cancelled }
        let place = stopped.map { " at the step \($0.stepID) (\($0.type))" } ?? ""
        let message = execution.error.map { ": \($0.message)" } ?? ""
        return "It was cancelled\(place)\(message). Of \(execution.steps.count) steps \(done) "
            + "had completed"
    }

    private var completion: String {
        let skipped = execution.steps.count { $0.status == .skipped }
        let more = skipped > 0 ? ", \(skipped) of them skipped" : ""
        return "It completed in \(Column.span(execution.duration ?? 0)): "
            + "\(execution.steps.count) steps\(more)"
    }

    private var movement: String {
        guard step != nil else { return "It moves: the next step is about to begin" }
        return "It moves: \(place.prefix(1).lowercased())\(place.dropFirst()) is under way\(tries)"
    }

    // MARK: - What to do

    private struct Action {
        let line: String
        let purpose: String

        init(_ words: String, _ id: ExecutionID, _ purpose: String, more: String = "") {
            line = "execution \(words) \(id)\(more.isEmpty ? "" : " " + more)"
            self.purpose = purpose
        }
    }

    /// The command lines, and what each is for.
    private var commands: [(line: String, purpose: String)] {
        actions.map { (SafeText.line("auterity \($0.line)\(flags)", limit: .max), $0.purpose) }
    }

    private var actions: [Action] {
        let id = execution.id
        switch execution.status {
        case .completed: return [Action("show", id, "what each step did, and the output")]
        case .cancelled:
            return [Action("retry", id, "run what is left of it again")]
        case .failed:
            return [
                Action("logs", id, "what it said before it failed"),
                Action("retry", id, "when it is mended: run it again from there"),
            ]
        case .pending, .running:
            return [
                Action("watch", id, "see it go on"), Action("cancel", id, "when it is not wanted"),
            ]
        case .waiting:
            let asked = execution.steps.filter { $0.status == .waiting && $0.type == "approval" }
            let decisions = asked.flatMap { step in
                let which =
                    asked.count > 1 ? "--step \(ShellWord.quoted(step.stepID.rawValue))" : ""
                return [
                    Action("approve", id, "say yes", more: which),
                    Action(
                        "approve", id, "say no",
                        more: which + (which.isEmpty ? "" : " ") + "--reject"),
                ]
            }
            return decisions + [Action("cancel", id, "when it is not wanted")]
        }
    }
}
