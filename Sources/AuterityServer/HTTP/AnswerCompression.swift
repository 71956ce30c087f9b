import Deflate
import HTTPTypes
import NIOCore

/// Which answers are compressed, for callers that accept it.
enum AnswerCompression {
    /// Bytes below which the head of gzip and the time are not worth it.
    private static let leastBytes = 256

    /// Answers with tokens are left as they are, since the length of a compressed answer tells
    /// of what is in it. On the Unix socket nothing is slow.
    static func isWorthwhile(_ body: ByteBuffer, _ reply: Reply, _ exchange: Exchange) -> Bool {
        guard body.readableBytes >= leastBytes, !exchange.context.isUnixSocket,
            !reply.headers.contains(.contentEncoding), !reply.headers.contains(.contentRange)
        else { return false }
        return exchange.route.map { !$0.template.hasPrefix("/api/auth/") } ?? false
    }

    /// `nil` when it became no smaller.
    static func gzip(_ body: ByteBuffer) -> ByteBuffer? {
        guard let deflater = Deflater(.gzip) else { return nil }
        var smaller = ByteBuffer()
        smaller.reserveCapacity(body.readableBytes / 4)
        body.withUnsafeReadableBytes { bytes in
            deflater.compress(bytes, .finish) { smaller.writeBytes($0) }
        }
        return smaller.readableBytes < body.readableBytes ? smaller : nil
    }
}
