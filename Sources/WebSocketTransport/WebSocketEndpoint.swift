public import HTTPTypes
public import NIOCore
public import NIOSSL

/// Where a client connects to, and what it says there.
public struct WebSocketEndpoint: Sendable {
    public enum Address: Hashable, Sendable {
        case tcp(host: String, port: Int)
        /// The path of a Unix socket.
        case unix(path: String)
    }

    public var address: Address
    /// None: plain TCP.
    public var tls: TLSConfiguration?
    /// With the query, such as `/ws/console?last_event_id=7`.
    public var path: String
    /// What goes into `Host`; made of the address when `nil`.
    public var authority: String?
    /// Such as `Authorization`; they go beside those of the handshake.
    public var headers: HTTPFields
    public var limits = WebSocketLimits()
    /// For the connection, TLS and the handshake together.
    public var connectTimeout = TimeAmount.seconds(10)
    /// Called on the connection's event loop when bytes have come, whether they make a message
    /// yet or not.
    public var onReceive: (@Sendable () -> Void)?
    /// A proxy that the connection is made through.
    public var proxy: HTTPProxy?
    /// Whether the server may compress what it says.
    public var offersCompression = false

    public init(_ address: Address, path: String, headers: HTTPFields = [:]) {
        self.address = address
        self.path = path
        self.headers = headers
    }

    /// What the certificate must be for. An address is no name for SNI (RFC 6066, section 3); it
    /// is then held against what the channel is connected to.
    var serverName: String? {
        guard case .tcp(let host, _) = address, !isAddressedByNumber else { return nil }
        return host
    }

    /// Whether the address is one of IP.
    public var isAddressedByNumber: Bool {
        guard case .tcp(let host, _) = address else { return false }
        return (try? SocketAddress(ipAddress: host, port: 0)) != nil
    }

    var host: String {
        if let authority { return authority }
        switch address {
        case .unix: return "localhost"
        case .tcp(let host, let port):
            return host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
        }
    }
}

/// Why there is no WebSocket, or none any more.
public enum WebSocketClientError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The server answered the handshake with another status than 101; `body` has at most
    /// 64 KiB of what it said. `retryAfter`: seconds after which it wants to be asked again.
    case refused(status: Int, body: [UInt8], retryAfter: Double? = nil)
    /// Connection, TLS or handshake took too long.
    case timedOut
    /// The proxy did not make the connection: the status of its answer, 0 without one.
    case refusedByProxy(status: Int)
    /// The connection ended before the handshake did.
    case ended

    public var description: String {
        switch self {
        case .refused(let status, _, _): "the server refused the WebSocket with status \(status)"
        case .timedOut: "the server did not answer in time"
        case .refusedByProxy(let status): "the proxy refused the connection with status \(status)"
        case .ended: "the server closed the connection before the WebSocket began"
        }
    }
}
