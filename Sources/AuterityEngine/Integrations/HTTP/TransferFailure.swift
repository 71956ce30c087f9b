internal import CCurl
import Glibc

/// Puts into words why a transfer brought no answer.
struct TransferFailure {
    let url: OutboundURL
    let timeout: Duration
    let maximumBodyBytes: Int

    static let badURL = OutboundError(
        .invalidRequest,
        "The URL is not an absolute http or https address of at most \(OutboundURL.maximumBytes) "
            + "bytes. Write one such as https://api.example.com/orders.")

    static func refused(_ url: OutboundURL, address: String, _ reason: String) -> OutboundError {
        let place = address == url.host ? url.host : "\(url.host) (\(address))"
        return OutboundError(
            .refused,
            "\(place) was not contacted: it is \(reason). If workflows may reach it, add it to "
                + "AUTERITY_ALLOWED_HOSTS.")
    }

    static func notResolved(_ url: OutboundURL) -> OutboundError {
        OutboundError(
            .notResolved,
            "The name \(url.host) has no address. Check its spelling and this machine's name "
                + "service.")
    }

    /// The error that ended a transfer; `nil` when it brought an answer.
    func error(_ report: TransferReport) -> OutboundError? {
        switch report.ending {
        case .finished(let code):
            return code == CURLE_OK ? nil : error(code, report)
        case .refusedByGuard(let address, let reason):
            return Self.refused(url, address: address.description, reason)
        case .bodyTooLarge:
            return OutboundError(
                .tooLarge,
                "The answer of \(url.display) is over \(maximumBodyBytes) bytes. Ask for "
                    + "less of it (a page, a filter).")
        case .headersTooLarge:
            return OutboundError(
                .tooLarge,
                "The headers of \(url.display) are over \(TransferLimits.maximumHeaderBytes) bytes "
                    + "or \(TransferLimits.maximumHeaderLines) lines. Ask its operator why.")
        case .cancelled:
            return OutboundError(.cancelled, "The request to \(url.display) was cancelled.")
        case .timedOutWaiting:
            return OutboundError(
                .timedOut,
                "The request to \(url.display) was not begun within \(timeoutText), in which its "
                    + "redirects and the wait for its turn must fit "
                    + "(\(TransferLimits.maximumActive) run at once). Run fewer at once, or raise "
                    + "its timeout.")
        case .overloaded:
            return OutboundError(
                .overloaded,
                "The request to \(url.display) was not sent: \(TransferLimits.maximumWaiting) "
                    + "others wait already. Run fewer at once.")
        case .closed:
            return OutboundError(
                .closed, "The request to \(url.display) ended because the engine is closing.")
        }
    }

    private var timeoutText: String {
        let seconds = timeout.inSeconds
        return seconds == seconds.rounded() ? "\(Int(seconds)) s" : "\(seconds) s"
    }

    private func error(_ code: CURLcode, _ report: TransferReport) -> OutboundError {
        if report.status == 0, report.proxyStatus >= 300 {
            return refusedByProxy(report.proxyStatus)
        }
        switch code {
        case CURLE_COULDNT_RESOLVE_HOST:
            return Self.notResolved(url)
        case CURLE_COULDNT_RESOLVE_PROXY:
            return OutboundError(
                .notResolved,
                "The name of the proxy for \(url.display) has no address. Check the proxy setting.")
        case CURLE_COULDNT_CONNECT:
            let cause =
                report.systemError == 0 ? "" : " (\(String(cString: strerror(report.systemError))))"
            return OutboundError(
                .notConnected,
                "No connection to \(url.host) port \(url.port)\(cause). Check that the server runs "
                    + "and that host and port are right.")
        case CURLE_OPERATION_TIMEDOUT:
            return timedOut(report)
        case CURLE_SSL_CONNECT_ERROR:
            return OutboundError(
                .handshakeFailed,
                "No TLS connection to \(url.host) port \(url.port): the handshake failed. Check "
                    + "that the server speaks https (TLS 1.2 or later) on this port.")
        case CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_ISSUER_ERROR:
            return OutboundError(.certificateRefused, certificate(report.certificateFault))
        case CURLE_SSL_CACERT_BADFILE:
            return OutboundError(
                .certificateRefused,
                "The file of --ca-file (AUTERITY_CA_FILE) cannot be read as certificates. Check that it is a "
                    + "readable PEM file.")
        case CURLE_GOT_NOTHING, CURLE_RECV_ERROR, CURLE_SEND_ERROR, CURLE_PARTIAL_FILE:
            return OutboundError(
                .connectionLost,
                "\(url.host) port \(url.port) closed the connection before its answer was whole. "
                    + "Try again; if it stays so, look at the server.")
        case CURLE_UNSUPPORTED_PROTOCOL, CURLE_WEIRD_SERVER_REPLY:
            return OutboundError(
                .badResponse,
                "\(url.host) port \(url.port) answers with something that is no HTTP. Check that "
                    + "host and port are those of the right service, and http or https is right.")
        case CURLE_HTTP2, CURLE_HTTP2_STREAM:
            return OutboundError(
                .connectionLost,
                "\(url.host) port \(url.port) ended the HTTP/2 stream with an error. Try again; if "
                    + "it stays so, look at the server.")
        default:
            let text = String(cString: curl_easy_strerror(code))
            return OutboundError(
                .badResponse,
                "\(url.display) gave no answer that can be understood (\(text), curl "
                    + "\(code.rawValue)). Check that the address is that of the right service.")
        }
    }

    /// - Parameter fault: OpenSSL's `X509_V_ERR_…`.
    private func certificate(_ fault: Int) -> String {
        let place = "The certificate of \(url.host) port \(url.port)"
        switch fault {
        case 0, 1:
            return "\(place) is for another name. Use the name that it is for, or have the "
                + "server's mended."
        case 9:
            return "\(place) is not valid yet. Check the clock of this machine, and the dates of "
                + "the certificate."
        case 10:
            return "\(place) has expired. Have the server's renewed, or check the clock of this "
                + "machine."
        default:
            return "\(place) is not trusted: it is from an unknown issuer. Have the server's "
                + "mended, or name its issuer by --ca-file (AUTERITY_CA_FILE)."
        }
    }

    private func refusedByProxy(_ status: Int) -> OutboundError {
        OutboundError(
            .notConnected,
            status == 407
                ? "The proxy on the way to \(url.host) wants a name and a password. Put them into "
                    + "its address: http://NAME:PASSWORD@proxy.example.com:3128."
                : "The proxy on the way to \(url.host) refused the connection (\(status)). Ask its "
                    + "operator to let CONNECT through, or except the host by no_proxy.")
    }

    private func timedOut(_ report: TransferReport) -> OutboundError {
        if report.wasConnected {
            return OutboundError(
                .timedOut,
                "\(url.display) did not answer in full within \(timeoutText). Raise the timeout, "
                    + "or look at the server.")
        }
        return OutboundError(
            .timedOut,
            "No connection to \(url.host) port \(url.port) in time. Check that the server runs and "
                + "that no firewall drops the connection.")
    }
}
