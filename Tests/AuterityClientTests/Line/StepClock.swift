import AuterityAPI
import AuterityEngine
import Synchronization

@testable import AuterityClient

/// A clock on which nobody's sleep ends before the test says so.
final class StepClock: Sendable {
    private struct Sleeper {
        let seconds: Double
        let continuation: CheckedContinuation<Void, any Error>
    }

    private struct State {
        var sleepers: [Int: Sleeper] = [:]
        var cancelled: Set<Int> = []
        var next = 0
        var waiting: CheckedContinuation<Double, Never>?
        var seconds = 0.0
    }

    private let state = Mutex(State())

    /// The seconds that have passed.
    var seconds: Double { state.withLock { $0.seconds } }

    func sleep(_ seconds: Double) async throws {
        let number = state.withLock { state in
            state.next += 1
            return state.next
        }
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation {
                (continuation: CheckedContinuation<Void, any Error>) in
                let waiting = state.withLock { state -> CheckedContinuation<Double, Never>? in
                    if state.cancelled.remove(number) != nil {
                        continuation.resume(throwing: CancellationError())
                        return nil
                    }
                    state.sleepers[number] = Sleeper(
                        seconds: seconds, continuation: continuation)
                    defer { state.waiting = nil }
                    return state.waiting
                }
                waiting?.resume(returning: seconds)
            }
        } onCancel: {
            let sleeper = state.withLock { state in
                let sleeper = state.sleepers.removeValue(forKey: number)
                if sleeper == nil { state.cancelled.insert(number) }
                return sleeper
            }
            sleeper?.continuation.resume(throwing: CancellationError())
        }
    }

    /// Waits until somebody sleeps; answers for how long they want to.
    func sleeper() async -> Double {
        await withCheckedContinuation { continuation in
            let seconds = state.withLock { state -> Double? in
                if let sleeper = state.sleepers.values.first { return sleeper.seconds }
                state.waiting = continuation
                return nil
            }
            if let seconds { continuation.resume(returning: seconds) }
        }
    }

    /// Lets the time of whoever sleeps pass.
    func pass() async {
        let seconds = await sleeper()
        let sleepers = state.withLock { state in
            state.seconds += seconds
            defer { state.sleepers = [:] }
            return state.sleepers.values
        }
        for sleeper in sleepers { sleeper.continuation.resume() }
    }
}

/// What was waited for, without waiting.
final class RecordedPauses: Sendable {
    private let kept = Mutex<[Double]>([])

    var seconds: [Double] { kept.withLock { $0 } }

    func pause(_ seconds: Double) throws {
        kept.withLock { $0.append(seconds) }
        try Task.checkCancellation()
    }
}

extension ClientTimes {
    /// The clock of the machine, without any pause, and nobody who watches.
    static var quick: ClientTimes { quick() }

    static func quick(
        pauses: RecordedPauses = RecordedPauses(), watch: StepClock = StepClock(),
        now: @escaping @Sendable () -> Timestamp = EngineClock.system.now
    ) -> ClientTimes {
        ClientTimes(
            now: now,
            pause: { seconds in
                try pauses.pause(seconds)
                await Task.yield()
            },
            watch: { try await watch.sleep($0) }, chance: { 0.5 })
    }
}
