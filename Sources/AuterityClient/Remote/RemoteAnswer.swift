import AuterityAPI
import AuterityEngine

/// What an answer means, or that there is none: for an error always what, where, and what to do.
struct RemoteAnswer {
    let address: ServerAddress

    static let cancelled = APIError(.serviceUnavailable, "The call was cancelled")

    private var name: String { address.display }

    // MARK: - Answers

    /// An error is known by its body, not by its status: health says 503 with its own report.
    func read<Call: Endpoint>(
        _ response: OutboundResponse, as type: Call.Type
    ) -> Result<Call.Response, APIError> {
        if response.status == 204, let nothing = NoContent() as? Call.Response {
            return .success(nothing)
        }
        guard let json = try? JSONValue(parsing: response.body) else {
            return .failure(strange(response))
        }
        if response.status >= 400, let error = refusal(json, response) { return .failure(error) }
        do {
            let body = try json.decoded(as: Call.Response.self)
            return .success(Call.response(body) { response.field($0) })
        } catch {
            return .failure(
                unavailable(
                    "\(name) answered \(response.status) with JSON that this version does not "
                        + "understand. Bring this program and the server to the same version, and "
                        + "check that the server is one of Auterity", response))
        }
    }

    /// What the server says of a call that failed; `nil` when it says it in no known form.
    private func refusal(_ json: JSONValue, _ response: OutboundResponse) -> APIError? {
        if let error = json["error"], let message = error["message"]?.stringValue {
            // A newer server may have codes and details that this version does not know.
            let code = error["code"]?.stringValue.flatMap(APIError.Code.init(rawValue:))
            let details = try? error["details"]?.decoded(as: [FieldFault].self)
            return APIError(
                code ?? Self.code(of: response.status), message, details: details ?? [],
                retryAfter: response.retryAfter, status: response.status,
                requestID: error["request_id"]?.stringValue ?? response.field("X-Request-ID"))
        }
        // RFC 6749, section 5.2.
        if let text = json["error_description"]?.stringValue {
            return APIError(
                .invalidCredentials, text, status: response.status,
                requestID: response.field("X-Request-ID"))
        }
        return nil
    }

    private static func code(of status: Int) -> APIError.Code {
        switch status {
        case 401: .unauthorized
        case 403: .forbidden
        case 404: .notFound
        case 409: .conflict
        case 412: .preconditionFailed
        case 422: .validationError
        case 429: .rateLimitExceeded
        case 500: .internalError
        case 501...: .serviceUnavailable
        default: .badRequest
        }
    }

    /// What is no JSON is no answer of our server.
    private func strange(_ response: OutboundResponse) -> APIError {
        let kind = response.field("Content-Type") ?? "no content type"
        switch response.status {
        case 300..<400:
            let target = response.field("Location").flatMap { OutboundURL($0)?.display }
            return unavailable(
                "\(name) sends one on to \(target ?? "another address"). If the server is there, "
                    + "name that address; else log in to the network that is in between",
                response)
        case 407:
            return unavailable(
                "The proxy on the way to \(name) wants a name and a password. Put them into its "
                    + "address: http://NAME:PASSWORD@proxy.example.com:3128", response)
        case 502, 503, 504:
            return unavailable(
                "A proxy before \(name) answered \(response.status): the server behind it cannot "
                    + "be reached. Look at the server, and try again", response)
        default:
            return unavailable(
                "\(name) answered \(response.status) with something that is no JSON (\(kind)). "
                    + "Check that an Auterity server answers there, and not a proxy or the login "
                    + "page of a network in its stead", response)
        }
    }

    private func unavailable(_ sentence: String, _ response: OutboundResponse) -> APIError {
        APIError(
            .serviceUnavailable, sentence, retryAfter: response.retryAfter,
            requestID: response.field("X-Request-ID"))
    }

    // MARK: - No answer

    /// - Parameters:
    ///   - safety: whether it matters that the server may have done what was asked.
    ///   - time: that was waited for an answer.
    func sentence(
        _ error: OutboundError, _ safety: RepeatSafety, _ time: Duration
    ) -> APIError {
        switch error.kind {
        case .cancelled: return Self.cancelled
        case .closed:
            return APIError(.serviceUnavailable, "This client of \(name) has been closed")
        case .notConnected:
            guard let socket = address.unixSocket else { break }
            return APIError(
                .serviceUnavailable,
                "No server answers at the socket \(socket). Start it with: auterity serve")
        case .timedOut:
            return doubtful(
                "\(name) did not answer within \(time.components.seconds) s",
                ". Look at the server and at the line to it", safety)
        case .connectionLost:
            guard safety != .always else { break }
            return doubtful(
                "\(name) closed the connection before its answer was whole",
                ". If it stays so, look at the server" + hintOfScheme, safety)
        case .tooLarge:
            return APIError(
                .serviceUnavailable,
                "The answer of \(name) is over \(RemoteHTTP.maximumAnswerBytes >> 20) MiB and was "
                    + "not read. Check that an Auterity server answers there; if it does, ask for "
                    + "less (a page, a filter)")
        default: break
        }
        let hint = error.kind == .connectionLost ? hintOfScheme : ""
        return APIError(.serviceUnavailable, error.sentence + hint)
    }

    /// What matters most comes first: a narrow terminal cuts the rest.
    private func doubtful(_ what: String, _ advice: String, _ safety: RepeatSafety) -> APIError {
        let (before, key): (String, String?) =
            switch safety {
            case .always: ("", nil)
            case .under(let key):
                ("Whether it was done is unknown. Do it again: it is done once only. ", key)
            case .never: ("Whether it was done is unknown: look before you do it again. ", nil)
            }
        return APIError(.serviceUnavailable, before + what + advice, idempotencyKey: key)
    }

    /// A server that expects TLS ends a connection that begins without it.
    private var hintOfScheme: String {
        guard address.unixSocket == nil, address.url.hasPrefix("http://") else { return "" }
        return ", and whether its address begins with https://"
    }
}

extension OutboundError {
    /// As the messages of the contract: without a full stop.
    fileprivate var sentence: String {
        message.hasSuffix(".") ? String(message.dropLast()) : message
    }
}
