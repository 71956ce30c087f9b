import AuterityAPI
import AuterityEngine
import HTTPTypes
import NIOCore
import NIOSSL
import WebSocketTransport

/// Where and with what a feed connects.
struct StreamConnector: Sendable {
    let address: ServerAddress
    let clientID: String
    /// `nil` where the operating system says who one is.
    let tokens: (any AccessTokens)?
    /// Those of the environment.
    let proxies: OutboundProxies

    /// Bytes of a message. An event carries the figures of the system at most, an error message or
    /// an output never.
    private static let maximumMessage = 1 << 20
    /// What the other side of TLS is given to say farewell before the connection is cut.
    private static let farewell = TimeAmount.milliseconds(500)

    var name: String { address.display }

    /// - Throws: 401 when no token can be had, 503 when the address, the proxy or a certificate is
    ///   unusable.
    func endpoint(
        after id: Int64?, _ used: inout FeedTokens
    ) async throws(APIError) -> WebSocketEndpoint {
        var path = "/ws/\(clientID)"
        if let id { path += "?last_event_id=\(id)" }
        var headers = HTTPFields()
        if let tokens {
            var token = try await tokens.token()
            if token == used.refused { token = try await tokens.token(insteadOf: token) }
            used.last = token
            headers[.authorization] = "Bearer \(token)"
        }
        var endpoint = WebSocketEndpoint(try place(), path: path, headers: headers)
        endpoint.limits.message = Self.maximumMessage
        if address.unixSocket == nil {
            endpoint.proxy = try proxy()
            endpoint.offersCompression = true
        }
        if address.url.hasPrefix("https://") { endpoint.tls = try tls(endpoint) }
        return endpoint
    }

    private func place() throws(APIError) -> WebSocketEndpoint.Address {
        if let socket = address.unixSocket { return .unix(path: socket) }
        guard let url = OutboundURL(address.url) else { throw address.unusable }
        return .tcp(host: url.host, port: url.port)
    }

    // MARK: - The proxy

    private func proxy() throws(APIError) -> HTTPProxy? {
        guard let url = OutboundURL(address.url),
            let text = address.proxy ?? proxies.proxy(scheme: url.scheme, host: url.host)
        else { return nil }
        // As curl has it, a proxy without a scheme is one of HTTP, and its port 1080.
        let whole = text.contains("://") ? text : "http://\(text)"
        guard let proxy = OutboundURL(whole, schemes: ["http"]) else {
            throw APIError(
                .serviceUnavailable,
                "The events of \(name) cannot go through the proxy \(Self.withoutUser(text)): "
                    + "they need an HTTP proxy, such as http://proxy.example.com:3128. Name one "
                    + "in the profile, or except \(url.host) from proxies by no_proxy")
        }
        var port = proxy.port
        if !Self.namesPort(whole) { port = Self.standardProxyPort }
        return HTTPProxy(
            host: proxy.host, port: port, authorization: proxy.basicAuthorization)
    }

    private static let standardProxyPort = 1080

    private static func namesPort(_ url: String) -> Bool {
        guard let start = url.firstRange(of: "://")?.upperBound else { return false }
        let authority = url[start...].prefix { $0 != "/" }
        let place = authority.split(separator: "@").last ?? ""
        return place.last != "]" && place.contains(":")
    }

    private static func withoutUser(_ url: String) -> String {
        guard let end = url.lastIndex(of: "@") else { return url }
        let scheme = url.firstRange(of: "://").map { String(url[..<$0.upperBound]) } ?? ""
        return scheme + String(url[url.index(after: end)...])
    }

    // MARK: - TLS

    private func tls(_ endpoint: WebSocketEndpoint) throws(APIError) -> TLSConfiguration {
        if endpoint.proxy != nil, endpoint.isAddressedByNumber {
            throw APIError(
                .serviceUnavailable,
                "Through a proxy the certificate of \(name) can be held against a name only. "
                    + "Name the server by its name, or except it from proxies by no_proxy")
        }
        var configuration = TLSConfiguration.makeClientConfiguration()
        configuration.minimumTLSVersion = .tlsv12
        configuration.shutdownTimeout = Self.farewell
        if let file = address.certificateFile {
            do {
                configuration.trustRoots = .certificates(try NIOSSLCertificate.fromPEMFile(file))
            } catch {
                throw APIError(
                    .serviceUnavailable,
                    "\(file) cannot be read as the certificates to trust for \(name). Check that "
                        + "ca_file names a readable PEM file")
            }
        }
        guard let file = address.clientCertificate else { return configuration }
        let key = address.clientKey ?? file
        do {
            configuration.certificateChain = try NIOSSLCertificate.fromPEMFile(file)
                .map { .certificate($0) }
            configuration.privateKey = .privateKey(try NIOSSLPrivateKey(file: key, format: .pem))
        } catch {
            throw APIError(
                .serviceUnavailable,
                "The client certificate \(file) or its key \(key) cannot be used for \(name). "
                    + "Check that client_certificate and client_key name readable PEM files")
        }
        return configuration
    }

    // MARK: - Logging in

    /// `false` when there is nothing to wait for.
    func waitForLogin() async -> Bool {
        guard let tokens else { return false }
        return await tokens.change() && !Task.isCancelled
    }
}
