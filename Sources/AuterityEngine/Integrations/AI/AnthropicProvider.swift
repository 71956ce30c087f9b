internal import AuterityAPI

/// The messages API of Anthropic.
package struct AnthropicProvider: AIProvider {
    package let name = "anthropic"
    package let defaultModel = "claude-haiku-4-5"

    private static let version = "2023-06-01"
    private static let toolName = "answer"

    private let endpoint: AIEndpoint
    private let prices: ModelPrices

    init(baseURL: String, key: String, http: OutboundHTTP, prices: ModelPrices) {
        self.prices = prices
        var base = withoutTrailingSlash(baseURL)
        if base.hasSuffix("/v1") { base.removeLast(3) }
        endpoint = AIEndpoint(
            title: "Anthropic", baseURL: base, baseURLSetting: "AUTERITY_ANTHROPIC_BASE_URL",
            keySetting: "AUTERITY_ANTHROPIC_API_KEY",
            key: key,
            fields: [
                HTTPField("x-api-key", key), HTTPField("anthropic-version", Self.version),
            ], http: http)
    }

    package func probe() async throws(AIError) {
        try await endpoint.probe("/v1/models?limit=1")
    }

    package func complete(
        _ request: AIRequest, model: String, maximumTokens: Int
    ) async throws(AIError) -> AIResponse {
        let body = Self.body(request, model: model, maximumTokens: maximumTokens)
        let answer = try await endpoint.post("/v1/messages", .object(body), for: request)
        let usage = answer.json["usage"]
        let tokensIn = AIEndpoint.tokenCount(usage?["input_tokens"])
        let tokensOut = AIEndpoint.tokenCount(usage?["output_tokens"])
        let answering = answer.json["model"]?.stringValue ?? model
        return AIResponse(
            content: try Self.content(answer.json, request), model: answering, provider: name,
            tokensIn: tokensIn, tokensOut: tokensOut,
            cost: prices.cost(of: [answering, model], tokensIn: tokensIn, tokensOut: tokensOut))
    }

    static func body(_ request: AIRequest, model: String, maximumTokens: Int) -> JSONObject {
        var body: JSONObject = [
            "model": .string(model), "max_tokens": .int(Int64(maximumTokens)),
            "messages": [["role": "user", "content": .string(request.prompt)]],
        ]
        if let system = request.system { body["system"] = .string(system) }
        if let temperature = request.temperature { body["temperature"] = .double(temperature) }
        // A tool that must be called is how this API is made to answer in a form.
        if let schema = request.responseSchema {
            body["tools"] = [
                [
                    "name": .string(toolName), "description": "Gives the answer.",
                    "input_schema": isObject(schema) ? schema : wrapped(schema),
                ]
            ]
            body["tool_choice"] = ["type": "tool", "name": .string(toolName)]
        }
        return body
    }

    /// A tool takes an object; any other answer travels as the one member of an object.
    private static func wrapped(_ schema: JSONValue) -> JSONValue {
        ["type": "object", "properties": ["value": schema], "required": ["value"]]
    }

    private static func isObject(_ schema: JSONValue) -> Bool {
        schema["type"]?.stringValue == "object"
    }

    private static func content(_ json: JSONValue, _ request: AIRequest) throws(AIError)
        -> JSONValue
    {
        let blocks = json["content"]?.arrayValue ?? []
        let isCut = json["stop_reason"]?.stringValue == "max_tokens"
        if json["stop_reason"]?.stringValue == "refusal" {
            throw AIError(.refused, "The model declined to answer. Change the prompt.")
        }
        if let schema = request.responseSchema,
            let input = blocks.first(where: { $0["type"] == "tool_use" })?["input"]
        {
            let value = isObject(schema) ? input : input["value"] ?? .null
            return try AnswerSchema.checked(value, schema, isCut: isCut)
        }
        let texts = blocks.filter { $0["type"] == "text" }.compactMap { $0["text"]?.stringValue }
        guard !texts.isEmpty else {
            throw AIError(
                .invalidAnswer,
                "The answer of Anthropic holds no text. Check that AUTERITY_ANTHROPIC_BASE_URL is "
                    + "the address of its API.")
        }
        return try AnswerSchema.content(of: texts.joined(), request, isCut: isCut)
    }
}
