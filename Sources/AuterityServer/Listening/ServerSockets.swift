import Glibc
import Synchronization

/// Everything of a server that can be found wrong before the engine is opened: its addresses,
/// bound and not yet listening, and its certificate.
public final class ServerSockets: Sendable {
    let addresses: Server.Addresses
    let tls: TLSCertificate?
    /// Descriptors that are not a server's yet.
    private let bound: Mutex<[Int32]>

    /// What whoever starts the server should know; `nil` when there is nothing.
    public var warning: String? { addresses.warning }

    /// - Throws: A `ServerError` with what is wrong, where, and what to do.
    public init(_ configuration: ServerConfiguration) throws(ServerError) {
        try TrustedProxies.check(configuration.trustedProxies)
        let tls: TLSCertificate? =
            if let files = configuration.tls { try TLSCertificate(files) } else { nil }
        if let path = configuration.unixSocket { try UnixSocketFile.checkLength(path) }
        let sockets = try BoundSocket.bind(host: configuration.host, port: configuration.port)
        do throws(ServerError) {
            var addresses = Server.Addresses()
            addresses.warning = try Exposure.check(sockets, configuration)
            addresses.port = sockets.first?.port ?? 0
            addresses.urls = sockets.map { socket in
                let host = socket.address.contains(":") ? "[\(socket.address)]" : socket.address
                return "\(tls == nil ? "http" : "https")://\(host):\(socket.port)"
            }
            self.addresses = addresses
        } catch {
            for socket in sockets { close(socket.descriptor) }
            throw error
        }
        self.tls = tls
        bound = Mutex(sockets.map(\.descriptor))
    }

    deinit {
        for descriptor in take() { close(descriptor) }
    }

    /// Gives the sockets to their server.
    func take() -> [Int32] {
        bound.withLock { bound in
            defer { bound = [] }
            return bound
        }
    }
}
