import AuterityAPI
import Synchronization

/// What calls and feeds have their tokens from.
protocol AccessTokens: Sendable {
    /// - Throws: 401 with what to do when there is none.
    func token() async throws(APIError) -> String
    /// A token in place of one that the server refused.
    ///
    /// - Throws: 401 with what to do when there is none.
    func token(insteadOf refused: String) async throws(APIError) -> String
    /// Forgets that there was no session: what is kept by now is tried again. Does nothing while
    /// there is one.
    func reconsider() async
    /// Returns when there may be another token, or the task is cancelled. `false` when there never
    /// will be one.
    func change() async -> Bool
}

/// A token that was given from outside, which nothing here can renew.
struct GivenToken: AccessTokens {
    let text: String
    /// Where it comes from, such as `AUTERITY_TOKEN`.
    let origin: String

    func token() -> String { text }

    func token(insteadOf refused: String) throws(APIError) -> String {
        throw APIError(
            .unauthorized,
            "The server refused the token in \(origin): it has ended, was ended, or is another "
                + "server's. Put a new one there, or take it away and log in: auterity login")
    }

    func reconsider() {}

    func change() -> Bool { false }
}

extension String {
    /// A server's sentence without its advice to log in again, and without the full stop: what
    /// to do is said behind it, and once.
    var withoutAdvice: String {
        var text = self[...]
        for end in [".", " Log in again", "."] where text.hasSuffix(end) {
            text = text.dropLast(end.count)
        }
        return String(text)
    }
}

/// Those who wait until somebody has logged in.
final class LoginWaiters: Sendable {
    private struct State {
        var waiting: [Int: CheckedContinuation<Void, Never>] = [:]
        var cancelled: Set<Int> = []
        var next = 0
    }

    private let state = Mutex(State())

    /// Returns at the next `wake`, or when the task is cancelled.
    func wait() async {
        let number = state.withLock { state in
            state.next += 1
            return state.next
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let mayWait = state.withLock { state in
                    if state.cancelled.remove(number) != nil { return false }
                    state.waiting[number] = continuation
                    return true
                }
                if !mayWait { continuation.resume() }
            }
        } onCancel: {
            let waiting = state.withLock { state in
                let waiting = state.waiting.removeValue(forKey: number)
                // It may be on its way into the list.
                if waiting == nil { state.cancelled.insert(number) }
                return waiting
            }
            waiting?.resume()
        }
        state.withLock { state in _ = state.cancelled.remove(number) }
    }

    func wake() {
        let waiting = state.withLock { state in
            defer { state.waiting = [:] }
            return state.waiting.values
        }
        for continuation in waiting { continuation.resume() }
    }

    /// How many wait.
    var count: Int { state.withLock { $0.waiting.count } }
}
