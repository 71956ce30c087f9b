/// Where a server is, and how it is reached.
public struct ServerAddress: Hashable, Sendable {
    /// Such as `https://auterity.example.com`, without a path. For a Unix socket the host is a
    /// name only.
    public var url: String
    /// The path of the server's Unix socket; there the operating-system user needs no token.
    public var unixSocket: String?
    /// Certificates (PEM) to trust instead of the system's.
    public var certificateFile: String?
    /// What the client shows of itself (PEM), where a proxy wants to see it.
    public var clientCertificate: String?
    public var clientKey: String?
    /// Goes before the proxies of the environment: `http://…` or `socks5h://…`.
    public var proxy: String?

    public init(
        url: String, unixSocket: String? = nil, certificateFile: String? = nil,
        clientCertificate: String? = nil, clientKey: String? = nil, proxy: String? = nil
    ) {
        self.url = url.hasSuffix("/") ? String(url.dropLast()) : url
        self.unixSocket = unixSocket
        self.certificateFile = certificateFile
        self.clientCertificate = clientCertificate
        self.clientKey = clientKey
        self.proxy = proxy
    }

    /// The socket of a server on this machine.
    public static func local(socket: String) -> ServerAddress {
        ServerAddress(url: "http://localhost", unixSocket: socket)
    }

    /// What a header says: how and where.
    var title: String {
        guard let unixSocket else { return display }
        let file = unixSocket.split(separator: "/").last.map(String.init) ?? unixSocket
        return "attached · \(file)"
    }

    /// For messages: without the scheme.
    public var display: String {
        if unixSocket != nil { return "this machine" }
        guard let end = url.firstRange(of: "://")?.upperBound else { return url }
        return String(url[end...])
    }
}
