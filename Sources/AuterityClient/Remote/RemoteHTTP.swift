import AuterityAPI
import AuterityEngine

/// The calls of a remote client over HTTP: libcurl keeps connections, speaks HTTP/2 and undoes
/// compression.
struct RemoteHTTP: Sendable {
    let address: ServerAddress
    let http: OutboundHTTP
    let sleep: @Sendable (_ seconds: Double) async throws -> Void

    /// Of an answer. A page of the longest lists is far below.
    static let maximumAnswerBytes = 64 << 20
    static let timeout: Duration = .seconds(30)
    /// Tries of a call that may be made twice.
    static let maximumTries = 3
    /// Seconds; a server that wants to be asked later than this is told to the person instead.
    static let longestPause = 5.0

    /// Makes a call with a token, `nil` where none is needed.
    func send<Call: Endpoint>(
        _ call: Call, token: String?
    ) async throws(APIError) -> Call.Response {
        let (request, isRepeatable) = try prepare(call, token)
        var pause = 0.2
        for attempt in 1... {
            let mayTryAgain = attempt < Self.maximumTries
            let outcome = await transfer(request)
            switch outcome {
            case .success(let response):
                let error: APIError
                switch read(response, as: Call.self) {
                case .success(let answer): return answer
                case .failure(let refusal): error = refusal
                }
                guard mayTryAgain, isRepeatable || response.status == 429,
                    [429, 502, 503, 504].contains(response.status),
                    (error.retryAfter ?? pause) <= Self.longestPause
                else { throw error }
                pause = max(pause, error.retryAfter ?? 0)
            case .failure(let error):
                guard mayTryAgain, error.isRetryable, isRepeatable || error.kind.isBeforeSending
                else { throw sentence(error) }
            }
            do { try await sleep(pause) } catch { throw Self.cancelled }
            pause *= 2
        }
        throw Self.cancelled
    }

    private func prepare<Call: Endpoint>(
        _ call: Call, _ token: String?
    ) throws(APIError) -> (OutboundRequest, isRepeatable: Bool) {
        let wire: WireRequest
        do {
            wire = try WireRequest(call)
        } catch {
            throw APIError(.internalError, "The call cannot be written down: \(error)")
        }
        var fields = [HTTPField("Accept", "application/json")]
        for (name, value) in wire.headers { fields.append(HTTPField(name, value)) }
        if let token { fields.append(HTTPField("Authorization", "Bearer \(token)")) }
        var body: [UInt8]?
        if let value = wire.body {
            switch Call.route.form {
            case .json:
                fields.append(HTTPField("Content-Type", "application/json"))
                body = value.jsonBytes
            case .oauth2:
                fields.append(HTTPField("Content-Type", "application/x-www-form-urlencoded"))
                body = Array(wire.formText.utf8)
            }
        }
        let request = OutboundRequest(
            method: wire.method.rawValue, url: address.url + wire.target, fields: fields,
            body: body, origin: .configured, timeout: Self.timeout + Call.extraTime(call),
            maximumBodyBytes: Self.maximumAnswerBytes, connection: address.outbound)
        let isRepeatable =
            Call.route.method != .post && Call.route.method != .patch
            || wire.headers.keys.contains("Idempotency-Key")
        return (request, isRepeatable)
    }

    private func transfer(
        _ request: OutboundRequest
    ) async -> Result<OutboundResponse, OutboundError> {
        do {
            return .success(try await http.send(request))
        } catch {
            return .failure(error)
        }
    }

    // MARK: - Answers

    /// An error is known by its body, not by its status: health says 503 with its own report.
    private func read<Call: Endpoint>(
        _ response: OutboundResponse, as type: Call.Type
    ) -> Result<Call.Response, APIError> {
        if response.status == 204, let nothing = NoContent() as? Call.Response {
            return .success(nothing)
        }
        guard let json = try? JSONValue(parsing: response.body) else {
            return .failure(unintelligible(response))
        }
        if response.status >= 400, let error = refusal(json, response) { return .failure(error) }
        do {
            return .success(try json.decoded(as: Call.Response.self))
        } catch {
            return .failure(unintelligible(response))
        }
    }

    /// What the server says of a call that failed; `nil` when it says it in no known form.
    private func refusal(_ json: JSONValue, _ response: OutboundResponse) -> APIError? {
        if let body = try? json.decoded(as: ErrorBody.self) {
            return APIError(
                body.error.code, body.error.message, details: body.error.details,
                retryAfter: response.retryAfter)
        }
        // RFC 6749, section 5.2.
        if let text = json["error_description"]?.stringValue {
            return APIError(.invalidCredentials, text)
        }
        return nil
    }

    private func unintelligible(_ response: OutboundResponse) -> APIError {
        let kind = response.field("Content-Type") ?? "no content type"
        return APIError(
            .serviceUnavailable,
            "\(address.display) answered \(response.status) with something that this client does "
                + "not understand (\(kind)). Check that an Auterity server of this "
                + "version answers there, and no proxy in its stead",
            retryAfter: response.retryAfter)
    }

    private func sentence(_ error: OutboundError) -> APIError {
        error.kind == .cancelled
            ? Self.cancelled : APIError(.serviceUnavailable, error.message)
    }

    private static let cancelled = APIError(.serviceUnavailable, "The call was cancelled")
}

extension OutboundError.Kind {
    /// Whether nothing of a request can have reached the server.
    fileprivate var isBeforeSending: Bool {
        switch self {
        case .notResolved, .notConnected, .handshakeFailed, .overloaded: true
        default: false
        }
    }
}

extension Endpoint {
    /// How much longer than usual the answer may take.
    fileprivate static func extraTime(_ call: Self) -> Duration {
        guard let execute = call as? ExecuteWorkflow, execute.executionMode == .sync else {
            return .zero
        }
        return .seconds(execute.syncTimeout ?? 30)
    }
}

extension ServerAddress {
    var outbound: OutboundConnection {
        OutboundConnection(
            unixSocket: unixSocket, certificateFile: certificateFile,
            clientCertificate: clientCertificate, clientKey: clientKey, proxy: proxy)
    }
}
