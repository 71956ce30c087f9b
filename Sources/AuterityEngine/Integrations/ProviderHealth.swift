package import AuterityAPI
import Synchronization

/// What is known of one provider of outgoing calls.
package struct ProviderHealth: Hashable, Sendable {
    package enum Kind: Sendable {
        case ai
        case mail
    }

    /// `openai`, `anthropic`, `scripted`, `smtp` or `outbox`.
    package let name: String
    package let kind: Kind
    package let isConfigured: Bool
    /// Seconds that the last call took, real or probe; `nil` before the first.
    package let lastResponseSeconds: Double?
    package let lastCallAt: Timestamp?
    /// Why the last call failed, when the provider was the reason.
    package let lastError: String?
}

/// Remembers how a provider's last call went.
final class ProviderRecord: Sendable {
    private struct Call {
        let seconds: Double
        let at: Timestamp
        let error: String?
    }

    private let last = Mutex<Call?>(nil)
    private let now: @Sendable () -> Timestamp

    init(now: @escaping @Sendable () -> Timestamp) {
        self.now = now
    }

    /// `error` is `nil` when the provider answered, whatever it answered.
    func note(seconds: Double, error: String?) {
        let call = Call(seconds: seconds, at: now(), error: error)
        last.withLock { $0 = call }
    }

    func health(name: String, kind: ProviderHealth.Kind) -> ProviderHealth {
        let call = last.withLock { $0 }
        return ProviderHealth(
            name: name, kind: kind, isConfigured: true, lastResponseSeconds: call?.seconds,
            lastCallAt: call?.at, lastError: call?.error)
    }
}
