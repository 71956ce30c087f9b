package import AuterityAPI

/// Asks a language model.
package struct AINode: EffectfulNode {
    package static let documentation = NodeDocumentation(
        "ai", aliases: ["ai_process"], summary: "Asks a language model.",
        fields: [
            NodeField("prompt", .text, isRequired: true, doc: "What is asked."),
            NodeField("system", .text, doc: "What the model is told of its part."),
            NodeField(
                "model", .text,
                doc: "provider/model, such as openai/gpt-4o, or auto, the first that is "
                    + "configured; auto without."),
            NodeField(
                "fallback", .texts,
                doc: "Models to try in order when the first is not to be had; at most 7."),
            NodeField("temperature", .number, doc: "0 to 2; the model's own without."),
            NodeField(
                "max_tokens", .number,
                doc: "Tokens of the answer, at most; \(AIRequest.defaultMaximumTokens) without."),
            NodeField(
                "max_cost", .number,
                doc: "US dollars; a call that may cost more is not made."),
            NodeField(
                "response_schema", .schema,
                doc: "What the answer must look like; it is then JSON, not a text."),
        ],
        output: [
            OutputField("response", doc: "The answer: a text, or JSON with response_schema."),
            OutputField("model", doc: "The model that answered."),
            OutputField("provider", doc: "openai, anthropic or scripted."),
            OutputField("tokens_in", doc: "Tokens of the prompt, as the provider counts them."),
            OutputField("tokens_out", doc: "Tokens of the answer."),
            OutputField("cost", doc: "US dollars; null when the model's price is not known."),
        ])

    private static let temperatures = 0.0...2.0
    private static let tokens = 1.0...1_000_000.0
    private static let dollars = 0.0...10_000.0

    private let prompt: TextTemplate
    private let system: TextTemplate?
    private let model: TextTemplate?
    private let fallback: [TextTemplate]
    private let temperature: NumberSource?
    private let maximumTokens: NumberSource?
    private let maximumCost: NumberSource?
    private let schema: JSONValue?

    package init?(_ data: inout NodeData) {
        let prompt = data.text("prompt", isRequired: true)
        system = data.text("system")
        model = data.text("model")
        fallback = data.texts("fallback") ?? []
        temperature = data.number("temperature", in: Self.temperatures)
        maximumTokens = data.number("max_tokens", in: Self.tokens)
        maximumCost = data.number("max_cost", in: Self.dollars)
        schema = data.schema("response_schema") == nil ? nil : data.value("response_schema")
        if fallback.count >= AIRouter.maximumModels {
            data.fault("fallback", "must name at most \(AIRouter.maximumModels - 1) models")
        }
        guard let prompt else { return nil }
        self.prompt = prompt
    }

    package func render(_ context: NodeContext) throws(StepFailure) -> JSONObject {
        var input: JSONObject = ["prompt": .string(try context.text(prompt, in: "prompt"))]
        if let system { input["system"] = .string(try context.text(system, in: "system")) }
        input["model"] = "auto"
        if let model { input["model"] = .string(try context.text(model, in: "model")) }
        var models: [JSONValue] = []
        for name in fallback { models.append(.string(try context.text(name, in: "fallback"))) }
        if !models.isEmpty { input["fallback"] = .array(models) }
        if let temperature {
            input["temperature"] = .double(try context.number(temperature, in: "temperature"))
        }
        if let maximumTokens {
            let tokens = try context.number(maximumTokens, in: "max_tokens")
            input["max_tokens"] = .int(Int64(tokens))
        }
        if let maximumCost {
            input["max_cost"] = .double(try context.number(maximumCost, in: "max_cost"))
        }
        if let schema { input["response_schema"] = schema }
        return input
    }

    package func run(_ input: JSONObject, _ context: EffectContext) async -> NodeOutcome {
        let request = AIRequest(
            prompt: input["prompt"]?.stringValue ?? "", system: input["system"]?.stringValue,
            model: input["model"]?.stringValue ?? "auto",
            fallback: input["fallback"]?.arrayValue?.compactMap(\.stringValue) ?? [],
            temperature: input["temperature"]?.doubleValue,
            maximumTokens: input["max_tokens"]?.intValue.map { Int($0) },
            maximumCost: input["max_cost"]?.doubleValue,
            responseSchema: input["response_schema"], idempotencyKey: context.idempotencyKey,
            timeout: context.timeout.map { .seconds($0) } ?? AIRequest.defaultTimeout)
        do {
            let response = try await context.services.complete(request)
            func number(_ value: Int?) -> JSONValue { value.map { .int(Int64($0)) } ?? .null }
            return .completed([
                "response": response.content, "model": .string(response.model),
                "provider": .string(response.provider), "tokens_in": number(response.tokensIn),
                "tokens_out": number(response.tokensOut),
                "cost": response.cost.map { .double($0) } ?? .null,
            ])
        } catch {
            return .failed(StepFailure(ofCall: error))
        }
    }
}
