import AuterityEngine
import Hummingbird
import NIOCore

/// What the connection of a request says of it.
struct ServerContext: InitializableFromSource {
    /// For what goes beside the answer, such as `100 Continue`.
    let channel: any Channel
    /// Who is at the other end; `nil` for a Unix socket.
    let peer: IPAddress?
    /// Only the operating-system user who runs the server can open its Unix socket.
    let isUnixSocket: Bool

    init(source: ApplicationRequestContextSource) {
        self.init(channel: source.channel)
    }

    init(channel: any Channel) {
        self.channel = channel
        // What the system does not name is no Unix socket: that would open more than it should.
        if case .unixDomainSocket = channel.localAddress {
            isUnixSocket = true
            peer = nil
        } else {
            isUnixSocket = false
            peer = channel.remoteAddress.flatMap(IPAddress.init)
        }
    }
}

extension IPAddress {
    /// IPv4 also where it is written as IPv6; `nil` for a Unix socket.
    init?(_ address: SocketAddress) {
        guard let address = address.withSockAddr({ pointer, _ in IPAddress(pointer) }) else {
            return nil
        }
        self = address.unmapped
    }
}
