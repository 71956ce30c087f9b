import AuterityAPI

extension LiveExecution {
    mutating func makeReady(_ unit: WorkUnit, _ context: TurnContext) {
        if unit.item == nil { makeReady(unit.step, context) } else { makeReady(unit) }
    }

    /// Takes in how an attempt of a step or an item ended; see `end` and `endItem`.
    mutating func end(
        _ unit: WorkUnit, attempt: Int, _ outcome: NodeOutcome, _ context: TurnContext
    ) -> Bool {
        unit.item == nil
            ? end(unit.step, attempt: attempt, outcome, context)
            : endItem(unit, attempt: attempt, outcome, context)
    }

    /// Takes up a step again that queued for a place or a limit.
    mutating func makeReady(_ step: Int, _ context: TurnContext) {
        guard !state.isFinished, state.steps[step].status == .pending else { return }
        readySteps.append(step)
    }

    /// Takes up what was under way when the process ended, under the same attempt.
    mutating func restartInterrupted(except quarantined: Set<Int>, _ context: TurnContext) {
        for step in interruptedSteps where !quarantined.contains(step) {
            if definition.nodes[step].delegation == nil {
                readySteps.append(step)
            } else {
                restartItems(step, context)
            }
        }
    }
}
