internal import AuterityAPI

/// The chat completions of OpenAI, and of everything that speaks like it.
package struct OpenAIProvider: AIProvider {
    package let name = "openai"
    package let defaultModel = "gpt-4o-mini"

    private let endpoint: AIEndpoint
    private let prices: ModelPrices

    init(baseURL: String, key: String, http: OutboundHTTP, prices: ModelPrices) {
        self.prices = prices
        endpoint = AIEndpoint(
            title: "OpenAI", baseURL: withoutTrailingSlash(baseURL),
            baseURLSetting: "AUTERITY_OPENAI_BASE_URL", keySetting: "AUTERITY_OPENAI_API_KEY",
            key: key, fields: [HTTPField("Authorization", "Bearer \(key)")], http: http)
    }

    package func probe() async throws(AIError) {
        try await endpoint.probe("/models")
    }

    package func complete(
        _ request: AIRequest, model: String, maximumTokens: Int
    ) async throws(AIError) -> AIResponse {
        let body = Self.body(request, model: model, maximumTokens: maximumTokens)
        let answer = try await endpoint.post("/chat/completions", .object(body), for: request)
        let usage = answer.json["usage"]
        let tokensIn = AIEndpoint.tokenCount(usage?["prompt_tokens"])
        let tokensOut = AIEndpoint.tokenCount(usage?["completion_tokens"])
        let answering = answer.json["model"]?.stringValue ?? model
        // A LiteLLM proxy says what the call cost it.
        let stated = AIEndpoint.cost(answer.response.field("x-litellm-response-cost"))
        return AIResponse(
            content: try Self.content(answer.json, request), model: answering, provider: name,
            tokensIn: tokensIn, tokensOut: tokensOut,
            cost: stated
                ?? prices.cost(of: [answering, model], tokensIn: tokensIn, tokensOut: tokensOut))
    }

    static func body(_ request: AIRequest, model: String, maximumTokens: Int) -> JSONObject {
        var messages: [JSONValue] = []
        if let system = request.system {
            messages.append(["role": "system", "content": .string(system)])
        }
        messages.append(["role": "user", "content": .string(request.prompt)])
        var body: JSONObject = ["model": .string(model), "messages": .array(messages)]
        // The reasoning models refuse the older name of the same parameter.
        let isReasoning = ["o1", "o3", "o4", "gpt-5"].contains { model.hasPrefix($0) }
        let key = isReasoning ? "max_completion_tokens" : "max_tokens"
        body[key] = .int(Int64(maximumTokens))
        if let temperature = request.temperature { body["temperature"] = .double(temperature) }
        if let schema = request.responseSchema {
            body["response_format"] = [
                "type": "json_schema", "json_schema": ["name": "answer", "schema": schema],
            ]
        }
        return body
    }

    private static func content(_ json: JSONValue, _ request: AIRequest) throws(AIError)
        -> JSONValue
    {
        let choice = json["choices"]?[0]
        let message = choice?["message"]
        if let refusal = message?["refusal"]?.stringValue, !refusal.isEmpty {
            throw AIError(.refused, "The model declined to answer. Change the prompt.")
        }
        guard let text = message?["content"]?.stringValue else {
            throw AIError(
                .invalidAnswer,
                "The answer of OpenAI holds no text. Check that AUTERITY_OPENAI_BASE_URL is the "
                    + "address of a chat completions API.")
        }
        let isCut = choice?["finish_reason"]?.stringValue == "length"
        return try AnswerSchema.content(of: text, request, isCut: isCut)
    }
}

func withoutTrailingSlash(_ url: String) -> String {
    var text = url
    while text.hasSuffix("/") { text.removeLast() }
    return text
}
