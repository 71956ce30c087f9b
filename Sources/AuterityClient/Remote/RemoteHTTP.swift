import AuterityAPI
import AuterityEngine

/// The calls of a remote client over HTTP: libcurl keeps connections, speaks HTTP/2 and undoes
/// compression.
struct RemoteHTTP: Sendable {
    let address: ServerAddress
    let http: OutboundHTTP
    let times: ClientTimes
    /// By which a call that is made twice is done once.
    let keys: IdempotencyKeys

    /// Of an answer. A page of the longest lists is far below.
    static let maximumAnswerBytes = 64 << 20
    /// Tries of a call that may be made twice.
    static let maximumTries = 3
    /// Seconds; doubled with each try.
    static let firstPause = 0.2
    /// Seconds; a server that wants to be asked later than this is told to the person instead.
    static let longestPause = 5.0

    /// Makes a call with a token, `nil` where none is needed.
    ///
    /// It is made again when nothing of it can have reached the server, when the server was too
    /// busy for it (429), and otherwise only when twice is the same as once.
    func send<Call: Endpoint>(
        _ call: Call, token: String?
    ) async throws(APIError) -> Call.Response {
        let (request, safety, lent) = try prepare(call, token)
        let isRepeatable = safety != .never
        let answers = RemoteAnswer(address: address)
        var isKnown = false
        defer {
            if let lent, !isKnown { keys.lose(lent, at: times.now()) }
        }
        var pause = Self.firstPause
        for attempt in 1... {
            let mayTryAgain = attempt < Self.maximumTries
            let outcome = await transfer(request)
            switch outcome {
            case .success(let response):
                let error: APIError
                switch answers.read(response, as: Call.self) {
                case .success(let answer):
                    isKnown = true
                    return answer
                case .failure(let refusal): error = refusal
                }
                isKnown = response.status < 500
                guard mayTryAgain, isRepeatable || response.status == 429,
                    [429, 502, 503, 504].contains(response.status),
                    (error.retryAfter ?? pause) <= Self.longestPause
                else { throw error }
                pause = max(pause, error.retryAfter ?? 0)
            case .failure(let error):
                // Who has waited that long is told, and not made to wait three times as long.
                guard mayTryAgain, error.isRetryable, error.kind != .timedOut,
                    isRepeatable || error.kind.isBeforeSending
                else {
                    // Whoever logs in again has lost nothing.
                    throw answers.sentence(
                        error, call is Login ? .always : safety,
                        request.stallTimeout ?? request.timeout)
                }
            }
            do { try await times.pause(pause) } catch { throw RemoteAnswer.cancelled }
            pause *= 2
        }
        throw RemoteAnswer.cancelled
    }

    private func prepare<Call: Endpoint>(
        _ call: Call, _ token: String?
    ) throws(APIError) -> (OutboundRequest, RepeatSafety, IdempotencyKeys.Lent?) {
        var wire: WireRequest
        do {
            wire = try WireRequest(call)
        } catch {
            throw APIError(.internalError, "The call cannot be written down: \(error)")
        }
        let body = wire.body.map { value in
            Call.route.form == .json ? value.jsonBytes : Array(wire.formText.utf8)
        }
        var lent: IdempotencyKeys.Lent?
        if Call.route.headers.values.contains(Self.keyHeader), wire.headers[Self.keyHeader] == nil {
            let key = keys.key(for: wire.target, body ?? [], at: times.now())
            wire.headers[Self.keyHeader] = key.text
            lent = key
        }
        var fields = [HTTPField("Accept", "application/json")]
        for (name, value) in wire.headers { fields.append(HTTPField(name, value)) }
        if let token { fields.append(HTTPField("Authorization", "Bearer \(token)")) }
        if body != nil {
            let type =
                switch Call.route.form {
                case .json: "application/json"
                case .oauth2: "application/x-www-form-urlencoded"
                }
            fields.append(HTTPField("Content-Type", type))
        }
        var request = OutboundRequest(
            method: wire.method.rawValue, url: address.url + wire.target, fields: fields,
            body: body, origin: .configured, timeout: times.call + Call.extraTime(call),
            maximumBodyBytes: Self.maximumAnswerBytes, connection: address.outbound)
        let silence = times.silence ?? .seconds(address.timeout)
        request.stallTimeout = silence + Call.extraTime(call)
        // Only GET is followed, so that a server that has moved would half work.
        request.followsRedirects = false
        let safety: RepeatSafety =
            wire.method == .get
            ? .always : wire.headers[Self.keyHeader].map { .under(key: $0) } ?? .never
        request.isSentOnce = safety == .never
        return (request, safety, lent)
    }

    private static let keyHeader = "Idempotency-Key"

    private func transfer(
        _ request: OutboundRequest
    ) async -> Result<OutboundResponse, OutboundError> {
        do {
            let response = try await http.send(request)
            return response.isCutInHead ? .failure(Self.cut(address)) : .success(response)
        } catch {
            return .failure(error)
        }
    }

    private static func cut(_ address: ServerAddress) -> OutboundError {
        OutboundError(
            .connectionLost,
            "\(address.display) closed the connection before its answer was whole. Try again; if "
                + "it stays so, look at the server")
    }
}

/// Whether a call may be made again when it is not known what became of it.
enum RepeatSafety: Hashable, Sendable {
    /// It changes nothing.
    case always
    /// The server does once what comes twice under this key.
    case under(key: String)
    case never
}

extension OutboundResponse {
    /// libcurl takes a head that was cut for a whole one with nothing behind it. Whoever has
    /// nothing to say says so.
    fileprivate var isCutInHead: Bool {
        body.isEmpty && ![204, 205, 304].contains(status) && !(300..<400).contains(status)
            && field("Content-Length") == nil && field("Transfer-Encoding") == nil
    }
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
