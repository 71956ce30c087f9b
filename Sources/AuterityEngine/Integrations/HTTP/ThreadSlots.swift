import Glibc
import Synchronization

/// Bounds how many blocking calls have a thread at once; the rest wait in order.
final class ThreadSlots: Sendable {
    enum Outcome: Sendable {
        /// To be given back.
        case taken
        case cancelled
        /// Too many wait already.
        case overloaded
    }

    private struct State {
        var free: Int
        var waiting: [(id: UInt64, continuation: CheckedContinuation<Outcome, Never>)] = []
        var cancelled: Set<UInt64> = []
        var lastID: UInt64 = 0
    }

    private let state: Mutex<State>
    private let maximumWaiting: Int

    init(count: Int, maximumWaiting: Int) {
        state = Mutex(State(free: count))
        self.maximumWaiting = maximumWaiting
    }

    func take() async -> Outcome {
        let id = state.withLock { state in
            state.lastID += 1
            return state.lastID
        }
        let outcome = await withTaskCancellationHandler {
            await withCheckedContinuation { wait(id, $0) }
        } onCancel: {
            cancel(id)
        }
        state.withLock { state in _ = state.cancelled.remove(id) }
        return outcome
    }

    func giveBack() {
        let next = state.withLock { state -> CheckedContinuation<Outcome, Never>? in
            if state.waiting.isEmpty {
                state.free += 1
                return nil
            }
            return state.waiting.removeFirst().continuation
        }
        next?.resume(returning: .taken)
    }

    private func wait(_ id: UInt64, _ continuation: CheckedContinuation<Outcome, Never>) {
        let outcome: Outcome? = state.withLock { state in
            if state.cancelled.contains(id) { return .cancelled }
            if state.free > 0 {
                state.free -= 1
                return .taken
            }
            if state.waiting.count >= maximumWaiting { return .overloaded }
            state.waiting.append((id, continuation))
            return nil
        }
        if let outcome { continuation.resume(returning: outcome) }
    }

    private func cancel(_ id: UInt64) {
        let waiting = state.withLock { state -> CheckedContinuation<Outcome, Never>? in
            state.cancelled.insert(id)
            guard let index = state.waiting.firstIndex(where: { $0.id == id }) else { return nil }
            return state.waiting.remove(at: index).continuation
        }
        waiting?.resume(returning: .cancelled)
    }
}

/// Runs a blocking call on a thread of its own that takes no signals: they belong to the other
/// threads, and a broken pipe under TLS must end in an error of that connection, not in the end
/// of the process. Answers whether the thread could be started.
func startThread(_ body: @escaping @Sendable () -> Void) -> Bool {
    let start = Unmanaged.passRetained(ThreadStart(body))
    var thread = pthread_t()
    let failure = pthread_create(
        &thread, nil,
        { argument in
            pthread_detach(pthread_self())
            var all = sigset_t()
            sigfillset(&all)
            pthread_sigmask(SIG_SETMASK, &all, nil)
            if let argument {
                Unmanaged<ThreadStart>.fromOpaque(argument).takeRetainedValue().body()
            }
            return nil
        }, start.toOpaque())
    if failure != 0 { start.release() }
    return failure == 0
}

private final class ThreadStart {
    let body: @Sendable () -> Void

    init(_ body: @escaping @Sendable () -> Void) {
        self.body = body
    }
}
