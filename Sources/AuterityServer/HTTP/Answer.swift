import AuterityAPI
import HTTPTypes
import HummingbirdCore
import NIOCore
import Synchronization

/// What an endpoint answers, before conditions of the request are held against it.
struct Answer: Sendable {
    let status: HTTPResponse.Status
    /// With the content type.
    let headers: HTTPFields
    /// `nil` for 204.
    let body: ByteBuffer?
    /// `nil` where the answer is not the state of something.
    let tag: String?

    /// What the request gets of it: nothing when it has that state already.
    func reply(to exchange: Exchange) -> Reply {
        var reply = Reply(status: status, body: body, headers: headers)
        guard let tag else { return reply }
        let tagField = HTTPField(name: .eTag, value: tag)
        let isRead = exchange.request.method == .get || exchange.isHead
        guard isRead, status == .ok, let known = exchange.headers.ifNoneMatch,
            EntityTag.isNamed(tag, in: known)
        else {
            reply.headers.append(tagField)
            return reply
        }
        return Reply(status: .notModified, headers: [.eTag: tag])
    }
}

/// The last answer of an endpoint without parameters, for as long as it is fresh: whoever asks for
/// the health of the system ten thousand times a second need not have it found out as often.
final class KeptAnswer: Sendable {
    private let kept = Mutex<(answer: Answer, until: UInt64)?>(nil)

    /// Nanoseconds for which an answer is good.
    private static let lifetime: UInt64 = 100_000_000

    /// - Parameter now: nanoseconds that only grow.
    func answer(at now: UInt64) -> Answer? {
        kept.withLock { kept in
            guard let kept, kept.until > now else { return nil }
            return kept.answer
        }
    }

    func keep(_ answer: Answer, at now: UInt64) {
        kept.withLock { $0 = (answer, now &+ Self.lifetime) }
    }
}
