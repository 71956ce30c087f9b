import AuterityAPI
import AuterityEngine
import Synchronization

/// The keys of calls that the server does once however often they come.
///
/// A call whose answer was lost keeps its key for a while: whoever makes it again, as a form does
/// that is sent again, gets what became of the first one, and starts no second.
final class IdempotencyKeys: Sendable {
    /// The key of one call.
    struct Lent: Sendable {
        let text: String
        fileprivate let call: Call
    }

    fileprivate struct Call: Hashable, Sendable {
        let target: String
        let body: Digest
    }

    private struct Kept {
        let text: String
        let since: Timestamp
    }

    /// Seconds. Later the same call is taken for a wish of its own.
    static let patience = 600.0
    /// Calls without an answer that are remembered.
    static let capacity = 64

    private let lost = Mutex<[Call: Kept]>([:])
    private let make: @Sendable () -> String

    init(make: @escaping @Sendable () -> String) {
        self.make = make
    }

    /// The key that the same call went under whose answer never came, or a new one. Calls that
    /// are under way at the same time are wishes of their own.
    func key(for target: String, _ body: [UInt8], at now: Timestamp) -> Lent {
        let call = Call(target: target, body: .sha256(body))
        let kept = lost.withLock { $0.removeValue(forKey: call) }
        guard let kept, (0..<Self.patience).contains(now.seconds(since: kept.since)) else {
            return Lent(text: make(), call: call)
        }
        return Lent(text: kept.text, call: call)
    }

    /// What became of the call is not known.
    func lose(_ lent: Lent, at now: Timestamp) {
        lost.withLock { lost in
            if lost.count >= Self.capacity,
                let oldest = lost.min(by: { $0.value.since < $1.value.since })
            {
                lost[oldest.key] = nil
            }
            lost[lent.call] = Kept(text: lent.text, since: now)
        }
    }
}
