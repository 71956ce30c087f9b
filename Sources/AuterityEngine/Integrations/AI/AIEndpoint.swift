import AuterityAPI

/// The HTTP side that the providers share: one JSON call, and what its failures mean.
struct AIEndpoint: Sendable {
    static let maximumAnswerBytes = 8 * 1024 * 1024
    private static let maximumQuotedCharacters = 300
    /// Of one call.
    private static let maximumTokenCount: Int64 = 1_000_000_000
    /// US dollars, of one call.
    private static let maximumCost = 1_000_000.0
    private static let probeTimeout: Duration = .seconds(10)

    /// As in messages: `OpenAI`.
    let title: String
    let baseURL: String
    let baseURLSetting: String
    let keySetting: String
    /// Kept out of every message.
    let key: String
    /// With the key.
    let fields: [HTTPField]
    let http: OutboundHTTP

    struct Answer: Sendable {
        let json: JSONValue
        let response: OutboundResponse
    }

    func post(_ path: String, _ body: JSONValue, for request: AIRequest) async throws(AIError)
        -> Answer
    {
        let call = OutboundRequest(
            method: "POST", url: baseURL + path,
            fields: fields + [HTTPField("Content-Type", "application/json")],
            body: body.jsonBytes, origin: .configured, timeout: request.timeout,
            maximumBodyBytes: Self.maximumAnswerBytes, idempotencyKey: request.idempotencyKey)
        return try await send(call)
    }

    func probe(_ path: String) async throws(AIError) {
        _ = try await send(
            OutboundRequest(
                url: baseURL + path, fields: fields, origin: .configured,
                timeout: Self.probeTimeout, maximumBodyBytes: Self.maximumAnswerBytes))
    }

    private func send(_ call: OutboundRequest) async throws(AIError) -> Answer {
        let response: OutboundResponse
        do {
            response = try await http.send(call)
        } catch {
            throw failure(error)
        }
        let json = try? JSONValue(parsing: response.body)
        guard (200..<300).contains(response.status) else { throw failure(response, json) }
        guard let json else {
            throw AIError(
                .unavailable,
                "\(title) answered something that is not JSON. Check that \(baseURLSetting) is the "
                    + "address of its API.")
        }
        return Answer(json: json, response: response)
    }

    private func failure(_ error: OutboundError) -> AIError {
        switch error.kind {
        case .cancelled: AIError(.cancelled, error.message)
        case .invalidRequest:
            AIError(.notConfigured, "\(baseURLSetting): \(error.message)")
        default:
            AIError(
                .unavailable, "\(title) gave no answer. \(error.message)",
                isRetryable: error.isRetryable)
        }
    }

    private func failure(_ response: OutboundResponse, _ json: JSONValue?) -> AIError {
        let status = response.status
        let said = quoted(json)
        switch status {
        case 401, 403:
            // What the provider says here may repeat the key.
            return AIError(
                .unauthorized,
                "\(title) refused the key (HTTP \(status)). Set a valid one in \(keySetting).")
        case 429:
            let hasNoCredit = json?["error"]?["code"]?.stringValue == "insufficient_quota"
            let advice =
                hasNoCredit
                ? "The account has no credit left; add some." : "Send fewer, or wait."
            return AIError(
                .rateLimited,
                "\(title) takes no more requests for now (HTTP 429\(said)). \(advice)",
                isRetryable: !hasNoCredit, retryAfter: response.retryAfter)
        case _ where OutboundResponse.isRetryable(status: status):
            return AIError(
                .unavailable, "\(title) is not available (HTTP \(status)\(said)). Try again later.",
                isRetryable: true, retryAfter: response.retryAfter)
        default:
            return AIError(
                .refused,
                "\(title) refused the request (HTTP \(status)\(said)). Check the model's name and "
                    + "the parameters, and that \(baseURLSetting) is right.")
        }
    }

    /// A number of tokens as a provider tells it; `nil` for what cannot be one, so that no sum over
    /// many calls overflows.
    static func tokenCount(_ json: JSONValue?) -> Int? {
        guard let count = json?.intValue, (0...maximumTokenCount).contains(count) else {
            return nil
        }
        return Int(count)
    }

    /// US dollars as a provider tells them; `nil` for what is no amount.
    static func cost(_ text: String?) -> Double? {
        guard let cost = text.flatMap(Double.init), (0...maximumCost).contains(cost) else {
            return nil
        }
        return cost
    }

    private func quoted(_ json: JSONValue?) -> String {
        guard let text = json?["error"]?["message"]?.stringValue, !text.isEmpty else { return "" }
        let line = Redactor([key]).redact(text).prefix(Self.maximumQuotedCharacters).filter {
            !$0.unicodeScalars.contains(where: isControl)
        }
        return ": \(line)"
    }
}
