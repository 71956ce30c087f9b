public import AuterityAPI
import AuterityEngine
import Glibc

/// Where a server is, and how it is reached.
public struct ServerAddress: Hashable, Sendable {
    /// Such as `https://auterity.example.com`, without a path. For a Unix socket the host is a
    /// name only.
    public var url: String
    /// The path of the server's Unix socket; there the operating-system user needs no token.
    public var unixSocket: String?
    /// What is at that socket, as people know it: the data directory of the server, where that is
    /// known.
    public var store: String?
    /// Certificates (PEM) to trust instead of the system's.
    public var certificateFile: String?
    /// What names that file, such as `the flag --ca-file`, for messages.
    public var certificateOrigin = "ca_file"
    /// What the client shows of itself (PEM), where a proxy wants to see it.
    public var clientCertificate: String?
    public var clientKey: String?
    /// Goes before the proxies of the environment: `http://…` or `socks5h://…`.
    public var proxy: String?
    /// Seconds that the server may say nothing while an answer is waited for: 1 to 3600.
    public var timeout = Self.standardTimeout

    /// Seconds: more than any answer takes, and less than one waits without asking oneself why.
    public static let standardTimeout = 30.0

    public init(
        url: String, unixSocket: String? = nil, certificateFile: String? = nil,
        clientCertificate: String? = nil, clientKey: String? = nil, proxy: String? = nil
    ) {
        let isWhole = url.hasSuffix("/") && !url.hasSuffix("//")
        self.url = isWhole ? String(url.dropLast()) : url
        self.unixSocket = unixSocket
        self.certificateFile = certificateFile
        self.clientCertificate = clientCertificate
        self.clientKey = clientKey
        self.proxy = proxy
    }

    /// The socket of a server on this machine.
    ///
    /// - Parameter store: what a header says of it in place of the socket's path.
    public static func local(socket: String, store: String? = nil) -> ServerAddress {
        var address = ServerAddress(url: "http://localhost", unixSocket: socket)
        address.store = store
        return address
    }

    /// What a header says: how and where.
    var title: String {
        guard let unixSocket else { return display }
        return "attached · \(store ?? unixSocket)"
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
        try checkCertificates()
        // Beyond host and port there is nothing: the paths are the API's.
        let authority = url.drop { $0 != "/" }.drop { $0 == "/" }
        guard !authority.contains(where: { "/?#".contains($0) }) else {
            throw APIError(
                .badRequest,
                "\(display) has something behind host and port. The address of a server is only "
                    + "those, such as https://auterity.example.com")
        }
    }

    /// A file that cannot be read is told of by its name, before anything is tried with it.
    private func checkCertificates() throws(APIError) {
        guard let path = certificateFile else { return }
        let file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard file >= 0 else { throw unreadable(path, String(cString: strerror(errno))) }
        defer { close(file) }
        var bytes = [UInt8](repeating: 0, count: Self.certificateBytes)
        var count = 0
        while count < bytes.count {
            let more = bytes.withUnsafeMutableBytes {
                read(file, $0.baseAddress?.advanced(by: count), $0.count - count)
            }
            guard more >= 0 else { throw unreadable(path, String(cString: strerror(errno))) }
            if more == 0 { break }
            count += more
        }
        let mark = Array("-----BEGIN ".utf8)
        guard bytes[..<count].firstRange(of: mark) != nil else {
            throw unreadable(path, "there is no certificate in it")
        }
    }

    /// Bytes of a file of certificates in which the first one is looked for.
    private static let certificateBytes = 1 << 20

    private func unreadable(_ path: String, _ reason: String) -> APIError {
        APIError(
            .badRequest,
            "\(path), from \(certificateOrigin), cannot be read as certificates: \(reason). "
                + "Name a readable PEM file")
    }

    var unusable: APIError {
        APIError(
            .badRequest,
            "\"\(url)\" is no address of a server. Write one such as "
                + "https://auterity.example.com or http://127.0.0.1:8000")
    }
}
