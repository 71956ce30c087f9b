public import AuterityAPI
import AuterityEngine

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

    /// Holds the URL against what an address may be.
    ///
    /// - Throws: 400 with a sentence that says what is wrong with it.
    public func check() throws(APIError) {
        guard url.contains("://"), !url.contains(":///"), let parsed = OutboundURL(url) else {
            throw unusable
        }
        if parsed.hasUser {
            throw APIError(
                .badRequest,
                "The address of the server holds a name or a password. Take them out, and log in "
                    + "with: auterity login")
        }
        // Beyond host and port there is nothing: the paths are the API's.
        let authority = url.drop { $0 != "/" }.drop { $0 == "/" }
        guard !authority.contains(where: { "/?#".contains($0) }) else {
            throw APIError(
                .badRequest,
                "\(display) has something behind host and port. The address of a server is only "
                    + "those, such as https://auterity.example.com")
        }
    }

    var unusable: APIError {
        APIError(
            .badRequest,
            "\"\(url)\" is no address of a server. Write one such as "
                + "https://auterity.example.com or http://127.0.0.1:8000")
    }
}
