import AuterityAPI

extension LiveExecution {
    /// Takes up a step again that queued for a place or a limit.
    mutating func makeReady(_ step: Int, _ context: TurnContext) {
        guard !state.isFinished, state.steps[step].status == .pending else { return }
        readySteps.append(step)
    }

    /// Takes up what was under way when the process ended, under the same attempt.
    mutating func restartInterrupted(except quarantined: Set<Int>) {
        readySteps += interruptedSteps.filter { !quarantined.contains($0) }
    }
}
