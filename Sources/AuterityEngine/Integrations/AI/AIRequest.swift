package import AuterityAPI

/// One question to a language model.
package struct AIRequest: Sendable {
    package static let defaultTimeout: Duration = .seconds(120)
    /// Sent where a request names none, so that every call has a bounded price.
    package static let defaultMaximumTokens = 4096

    package var prompt: String
    package var system: String?
    /// `provider/model`, the name of a model, or `auto`.
    package var model: String
    /// Models to try in order when the first fails in a way that another may not.
    package var fallback: [String]
    /// 0 to 2.
    package var temperature: Double?
    /// Tokens of the answer, at most.
    package var maximumTokens: Int?
    /// US dollars; a call that may cost more is not made.
    package var maximumCost: Double?
    /// A JSON Schema; the answer is then parsed JSON that fits it.
    package var responseSchema: JSONValue?
    package var idempotencyKey: String?
    /// For each model tried.
    package var timeout: Duration

    package init(
        prompt: String, system: String? = nil, model: String = "auto", fallback: [String] = [],
        temperature: Double? = nil, maximumTokens: Int? = nil, maximumCost: Double? = nil,
        responseSchema: JSONValue? = nil, idempotencyKey: String? = nil,
        timeout: Duration = AIRequest.defaultTimeout
    ) {
        self.prompt = prompt
        self.system = system
        self.model = model
        self.fallback = fallback
        self.temperature = temperature
        self.maximumTokens = maximumTokens
        self.maximumCost = maximumCost
        self.responseSchema = responseSchema
        self.idempotencyKey = idempotencyKey
        self.timeout = timeout
    }
}

/// A model's answer and what it took.
package struct AIResponse: Hashable, Sendable {
    /// A text, or the parsed JSON where a schema was asked for.
    package let content: JSONValue
    /// As the provider names it in its answer.
    package let model: String
    /// `openai`, `anthropic` or `scripted`.
    package let provider: String
    /// As the provider counted them; `nil` where it did not say.
    package let tokensIn: Int?
    package let tokensOut: Int?
    /// US dollars; `nil` when the price of the model is not known.
    package let cost: Double?

    package init(
        content: JSONValue, model: String, provider: String, tokensIn: Int?, tokensOut: Int?,
        cost: Double?
    ) {
        self.content = content
        self.model = model
        self.provider = provider
        self.tokensIn = tokensIn
        self.tokensOut = tokensOut
        self.cost = cost
    }
}
