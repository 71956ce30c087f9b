import AuterityAPI
import Synchronization

/// One sleep until the earliest of all that waits for a time, however many that are.
final class TimerLoop: Sendable {
    private struct State {
        var next: Timestamp?
        var sleeper: Task<Void, Never>?
    }

    private let clock: EngineClock
    private let state = Mutex(State())

    init(clock: EngineClock) {
        self.clock = clock
    }

    /// Asks to be woken at that moment, or before.
    func schedule(_ time: Timestamp) {
        let sleeper = state.withLock { state -> Task<Void, Never>? in
            if let next = state.next, next <= time { return nil }
            state.next = time
            defer { state.sleeper = nil }
            return state.sleeper
        }
        sleeper?.cancel()
    }

    /// Calls `handle` whenever something is due, until it is cancelled. `handle` answers when it
    /// wants to be called next.
    func run(_ handle: @escaping @Sendable (Timestamp) async -> Timestamp?) async {
        while !Task.isCancelled {
            let now = clock.now()
            let next = state.withLock { state in
                if let next = state.next, next <= now {
                    state.next = nil
                    return Timestamp?.none
                }
                return state.next ?? now.adding(seconds: Self.longestSleep)
            }
            if let next {
                await sleep(until: next)
            } else if let wanted = await handle(now) {
                schedule(wanted)
            }
        }
    }

    /// Seconds between two looks when nothing is due.
    private static let longestSleep = 3600.0

    private func sleep(until time: Timestamp) async {
        let clock = clock
        let sleeper = Task<Void, Never> { try? await clock.sleep(time) }
        let isObsolete = state.withLock { state in
            if let next = state.next, next < time { return true }
            state.sleeper = sleeper
            return false
        }
        if isObsolete { sleeper.cancel() }
        await withTaskCancellationHandler {
            await sleeper.value
        } onCancel: {
            sleeper.cancel()
        }
    }
}
