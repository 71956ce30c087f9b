import AuterityAPI
import AuterityEngine
import HTTPTypes
import NIOCore
import NIOPosix
import NIOSSL
import WebSocketTransport

/// Where and with what a feed connects, and what a failure to connect means.
struct StreamConnector: Sendable {
    let address: ServerAddress
    let clientID: String
    let tokens: TokenSource?

    /// Seconds after which a silent connection has failed; the server pings every 20.
    private static let silence = TimeAmount.seconds(45)

    /// - Throws: 401 when no token can be had, 503 when the address or a certificate is unusable.
    func endpoint(
        after id: Int64?, renewing: Bool
    ) async throws(APIError) -> WebSocketEndpoint {
        var path = "/ws/\(clientID)"
        if let id { path += "?last_event_id=\(id)" }
        var headers = HTTPFields()
        if let tokens {
            var token = try await tokens.token()
            if renewing { token = try await tokens.token(insteadOf: token) }
            headers[.authorization] = "Bearer \(token)"
        }
        var endpoint = WebSocketEndpoint(try place(), path: path, headers: headers)
        endpoint.silenceTimeout = Self.silence
        // An event carries the figures of the system at most, an error message or an output never.
        endpoint.limits.message = 1 << 20
        if address.url.hasPrefix("https://") { endpoint.tls = try tls() }
        return endpoint
    }

    private func place() throws(APIError) -> WebSocketEndpoint.Address {
        if let socket = address.unixSocket { return .unix(path: socket) }
        guard let url = OutboundURL(address.url) else {
            throw APIError(
                .serviceUnavailable, "\(address.url) is no address such as https://example.com")
        }
        return .tcp(host: url.host, port: url.port)
    }

    private func tls() throws(APIError) -> TLSConfiguration {
        var configuration = TLSConfiguration.makeClientConfiguration()
        configuration.minimumTLSVersion = .tlsv12
        do {
            if let file = address.certificateFile { configuration.trustRoots = .file(file) }
            if let file = address.clientCertificate {
                configuration.certificateChain = try NIOSSLCertificate.fromPEMFile(file)
                    .map { .certificate($0) }
                configuration.privateKey = .privateKey(
                    try NIOSSLPrivateKey(file: address.clientKey ?? file, format: .pem))
            }
        } catch {
            throw APIError(
                .serviceUnavailable,
                "The certificate \(address.clientCertificate ?? "") or its key cannot be used: "
                    + "\(error)")
        }
        return configuration
    }

    /// `false` when there is nothing to wait for.
    func waitForLogin() async -> Bool {
        guard let tokens else { return false }
        await tokens.change()
        return true
    }

    /// A failure in words.
    func ending(of error: any Error) -> FeedMachine.Ending {
        switch error {
        case WebSocketClientError.refused(let status, let body):
            let sentence = (try? JSONValue(parsing: body))?["error"]?["message"]?.stringValue
            let text =
                sentence
                ?? "\(address.display) answered \(status) where the events should be. Check that "
                + "an Auterity server answers there, and that the proxy lets WebSockets through"
            return [401, 403].contains(status) ? .refused(text) : .failed(text)
        case let error as WebSocketClientError:
            return .failed("\(address.display): \(error.description)")
        case let error as NIOSSLError:
            return .failed(
                "The certificate of \(address.display) is not trusted, or is for another name "
                    + "(\(error)). Mend it, or name its issuer in AUTERITY_CA_FILE")
        case is BoringSSLError, is NIOSSLExtraError:
            return .failed("No TLS connection to \(address.display): \(error)")
        case let error as NIOConnectionError:
            let reason = error.connectionErrors.first.map { "\($0.error)" } ?? "no address"
            return .failed("No connection to \(address.display): \(reason)")
        default:
            return .failed("The connection to \(address.display) broke: \(error)")
        }
    }
}
