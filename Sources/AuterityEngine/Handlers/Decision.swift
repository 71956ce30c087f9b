import AuterityAPI
import Synchronization

/// A person's word on a waiting approval, held against what waits at that moment.
final class Decision: Sendable {
    private let call: ApproveExecution
    private let caller: Caller
    private let outcome = Mutex<APIError?>(nil)

    init(call: ApproveExecution, caller: Caller) {
        self.call = call
        self.caller = caller
    }

    /// Why it was not taken; `nil` when it was.
    var refusal: APIError? { outcome.withLock { $0 } }

    func apply(to live: inout LiveExecution, _ context: TurnContext) {
        do throws(APIError) {
            let step = try step(in: live.state)
            try authorize(live.state.steps[step].wait)
            let isTaken = live.decide(
                step, approved: call.approved, by: caller.name, comment: call.comment, context)
            if !isTaken { throw Self.nothingWaits }
        } catch {
            outcome.withLock { $0 = error }
        }
    }

    private static let nothingWaits = APIError(
        .conflict, "No approval waits here; it may have been decided already")

    private func step(in state: ExecutionState) throws(APIError) -> Int {
        let waiting = state.waitingApprovals
        if let id = call.stepID {
            guard let step = state.layout.index(of: id) else {
                throw .validation([
                    FieldFault(field: "step_id", message: "the workflow has no step \"\(id)\"")
                ])
            }
            guard waiting.contains(step) else { throw Self.nothingWaits }
            return step
        }
        guard let first = waiting.first else { throw Self.nothingWaits }
        guard waiting.count == 1 else {
            let names = waiting.map { state.layout.ids[$0].rawValue }.joined(separator: ", ")
            throw .validation([
                FieldFault(
                    field: "step_id", message: "several approvals wait; name one of \(names)")
            ])
        }
        return first
    }

    private func authorize(_ wait: StepWait?) throws(APIError) {
        let approvers = wait?.approvers ?? []
        guard !approvers.isEmpty, !caller.roles.contains(.superAdmin) else { return }
        guard caller.roles.contains(where: { approvers.contains($0.rawValue) }) else {
            throw APIError(
                .forbidden,
                "Only \(approvers.joined(separator: " or ")) may decide this approval")
        }
    }
}
