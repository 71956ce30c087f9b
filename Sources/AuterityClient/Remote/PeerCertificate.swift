import AuterityEngine
import NIOCore
import NIOPosix
import NIOSSL
import Synchronization

/// How long certificates are good for, without a word on whether they are trusted.
public enum PeerCertificate {
    /// Seconds until an answer that has not come is not waited for any more.
    private static let patience = TimeAmount.seconds(5)

    /// Seconds since 1970 at which the certificate that a server shows ends; `nil` where none can
    /// be had, such as through a proxy. The connection is ended before anything is said.
    public static func end(at address: ServerAddress) async -> Int64? {
        guard address.unixSocket == nil, address.proxy == nil,
            let url = OutboundURL(address.url), url.scheme == "https"
        else { return nil }
        let seen = Seen()
        do {
            let context = try NIOSSLContext(configuration: .makeClientConfiguration())
            let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
                .connectTimeout(patience)
                .channelInitializer { channel in
                    channel.eventLoop.makeCompletedFuture {
                        let look = Self.look(seen)
                        // A name of digits is none that TLS can ask for.
                        let handler =
                            try
                            (try? NIOSSLClientHandler(
                                context: context, serverHostname: url.host,
                                customVerificationCallback: look))
                            ?? NIOSSLClientHandler(
                                context: context, serverHostname: nil,
                                customVerificationCallback: look)
                        try channel.pipeline.syncOperations.addHandler(handler)
                    }
                }
                .connect(host: url.host, port: url.port).get()
            let limit = channel.eventLoop.scheduleTask(in: patience) {
                channel.close(promise: nil)
            }
            try? await channel.closeFuture.get()
            limit.cancel()
        } catch {
            return nil
        }
        return seen.end.withLock { $0 }
    }

    /// The same of the first certificate of a PEM file; `nil` where it has none.
    public static func end(ofFile path: String) -> Int64? {
        guard let first = try? NIOSSLCertificate.fromPEMFile(path).first else { return nil }
        return Int64(first.notValidAfter)
    }

    private final class Seen: Sendable {
        let end = Mutex<Int64?>(nil)
    }

    private static func look(_ seen: Seen) -> NIOSSLCustomVerificationCallback {
        { certificates, promise in
            let end = certificates.first.map { Int64($0.notValidAfter) }
            seen.end.withLock { $0 = end }
            // All has been seen: the server hears that its certificate is not taken.
            promise.succeed(.failed)
        }
    }
}
