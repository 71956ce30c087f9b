import Glibc
import NIOCore

/// Who is on the other end of a Unix socket, as the kernel knows it: `struct ucred`, unix(7).
struct PeerCredentials: Sendable {
    var process: Int32 = 0
    var user = UInt32.max
    var group = UInt32.max

    /// The owner of the server, or root, who may do everything anyway.
    var isOwner: Bool { user == geteuid() || user == 0 }

    /// Asks the kernel; who cannot be told is nobody.
    static func of(_ channel: any Channel) -> EventLoopFuture<PeerCredentials> {
        guard let provider = channel as? any SocketOptionProvider else {
            return channel.eventLoop.makeSucceededFuture(PeerCredentials())
        }
        let credentials: EventLoopFuture<PeerCredentials> = provider.unsafeGetSocketOption(
            level: .socket, name: NIOBSDSocket.Option(rawValue: SO_PEERCRED))
        return credentials.flatMapErrorThrowing { _ in PeerCredentials() }
    }
}
