import AuterityAPI
import Glibc
import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL
import WebSocketTransport

/// Why a feed has no connection, in words: what, where, and what to do.
extension StreamConnector {
    var broken: String { "The connection to \(name) broke" }
    var silence: String { "\(name) says nothing any more: the line to it, or it, stands still" }

    /// - Parameter wasLive: whether the feed had events from there before. Then the address is
    ///   right, and nobody is sent to look at it.
    func ending(of error: any Error, wasLive: Bool) -> FeedMachine.Ending {
        let ending = ending(of: error)
        guard wasLive, case .failed(_, let retryAfter) = ending, let sentence = outage(error)
        else { return ending }
        return .failed(sentence, retryAfter: retryAfter)
    }

    /// What is said of a server that had been reached; `nil` where the cause says enough by itself.
    private func outage(_ error: any Error) -> String? {
        switch error {
        case WebSocketClientError.ended:
            return "\(name) cannot be reached: the connection ends before the events begin"
        case is HTTPParserError:
            return "\(name) cannot be reached: something else answers in its place"
        case WebSocketClientError.timedOut, ChannelError.connectTimeout:
            return "\(name) cannot be reached: it does not answer in time"
        case WebSocketClientError.refused(let status, let body, _):
            guard (try? JSONValue(parsing: body))?["error"]?["message"] == nil else { return nil }
            return "\(name) cannot be reached: what answers in its place says \(status)"
        case let error as NIOConnectionError where error.connectionErrors.isEmpty:
            return "\(name) cannot be reached: its name has no address at the moment"
        case let error as NIOConnectionError:
            let cause = error.connectionErrors.lazy.compactMap { $0.error as? IOError }.first
            return outage(cause ?? ChannelError.connectTimeout(.zero))
        case let error as IOError where [ECONNRESET, EPIPE, ENOTCONN].contains(error.errnoCode):
            return broken
        case let error as IOError where address.unixSocket == nil:
            return "\(name) cannot be reached (\(String(cString: strerror(error.errnoCode))))"
        default: return nil
        }
    }

    private func ending(of error: any Error) -> FeedMachine.Ending {
        switch error {
        case WebSocketClientError.refused(let status, let body, let retryAfter):
            refusal(status, body, retryAfter)
        case let error as WebSocketClientError: .failed(sentence(error))
        case let error as NIOSSLError: .failed(sentence(error))
        case let error as NIOSSLExtraError where error == .failedToValidateHostname:
            .failed(
                "The certificate of \(name) is for another name. Use the name that it is for, or "
                    + "have the server's mended")
        case is BoringSSLError, is NIOSSLExtraError: .failed(noTLS)
        case let error as NIOConnectionError: .failed(sentence(error))
        case is HTTPParserError:
            .failed(
                "\(name) answers with something that is no HTTP. Check that address and port are "
                    + "those of an Auterity server, and http or https is right")
        case let fault as WebSocketFault:
            .failed("\(name) said what this client does not take: \(fault.close.reason)")
        case ChannelError.connectTimeout: .failed(sentence(WebSocketClientError.timedOut))
        case let error as IOError: .failed(sentence(error))
        default: .failed("\(broken): \(error)")
        }
    }

    private func refusal(
        _ status: Int, _ body: [UInt8], _ retryAfter: Double?
    ) -> FeedMachine.Ending {
        let sentence = (try? JSONValue(parsing: body))?["error"]?["message"]?.stringValue
        let text =
            sentence.map { "\(name): \($0)" }
            ?? "\(name) answered \(status) where the events should be. Check that an Auterity "
            + "server answers there, and that a proxy before it lets WebSockets through"
        if [401, 403].contains(status) { return .refused(text) }
        return .failed(text, retryAfter: [429, 503].contains(status) ? retryAfter : nil)
    }

    private func sentence(_ error: WebSocketClientError) -> String {
        switch error {
        case .refusedByProxy(407):
            "The proxy on the way to \(name) wants a name and a password. Put them into its "
                + "address: http://NAME:PASSWORD@proxy.example.com:3128"
        case .refusedByProxy(0):
            "The proxy on the way to \(name) closed the connection. Check that its address is "
                + "that of an HTTP proxy"
        case .refusedByProxy(let status):
            "The proxy on the way to \(name) refused the connection (\(status)). Ask its operator "
                + "to let CONNECT through, or except the server by no_proxy"
        case .timedOut:
            "\(name) did not answer in time. Look at the server and at the line to it"
        case .ended:
            "\(name) closed the connection before the events began. Check that address and port "
                + "are those of an Auterity server, and http or https is right"
        case .refused: "\(broken): \(error)"
        }
    }

    private var noTLS: String {
        "No TLS connection to \(name): the handshake failed. Check that the server speaks https "
            + "(TLS 1.2 or later) on this port"
    }

    private func sentence(_ error: NIOSSLError) -> String {
        switch error {
        case .handshakeFailed(.sslError(let errors))
        where errors.contains { "\($0)".contains("CERTIFICATE_VERIFY_FAILED") }:
            "The certificate of \(name) is not trusted: it is expired, or from an unknown issuer. "
                + "Have the server's mended, or name its issuer by --ca-file (AUTERITY_CA_FILE)"
        case .handshakeFailed: noTLS
        case .uncleanShutdown: "\(broken) without a farewell"
        default: "\(noTLS) (\(error))"
        }
    }

    private func sentence(_ error: NIOConnectionError) -> String {
        if error.connectionErrors.isEmpty {
            return "The name \(error.host) has no address. Check its spelling and this machine's "
                + "name service"
        }
        let causes = error.connectionErrors.map(\.error)
        if let cause = causes.lazy.compactMap({ $0 as? IOError }).first { return sentence(cause) }
        return sentence(WebSocketClientError.timedOut)
    }

    private func sentence(_ error: IOError) -> String {
        if let socket = address.unixSocket {
            return "No server answers at the socket \(socket). Start it with: auterity serve"
        }
        switch error.errnoCode {
        case ECONNRESET, EPIPE, ENOTCONN: return broken
        default:
            let cause = String(cString: strerror(error.errnoCode))
            return "No connection to \(name) (\(cause)). Check that the server runs and that host "
                + "and port are right"
        }
    }
}
