import AuterityAPI
import Testing

@testable import AuterityEngine

private let date = Timestamp(milliseconds: 0)

@Suite(.timeLimit(.minutes(30)))
struct AIRouterTests {
    private let directory: IntegrationDirectory

    init() throws {
        directory = try IntegrationDirectory()
    }

    private func scripted(
        _ script: String, _ change: (inout IntegrationSettings) -> Void = { _ in }
    ) throws -> AIRouter {
        var settings = IntegrationSettings()
        settings.aiScriptPath = try directory.write(script, to: "script.json")
        change(&settings)
        return try Integrations(settings, now: { date }).ai
    }

    @Test(arguments: ["auto", "openai/gpt-4o", "gpt-4o", "anthropic", "scripted"])
    func whereNothingIsConfiguredItSaysWhatToSet(model: String) async throws {
        let ai = try Integrations(IntegrationSettings(), now: { date }).ai
        #expect(!ai.isConfigured)
        let error = await #expect(throws: AIError.self) {
            try await ai.complete(AIRequest(prompt: "x", model: model))
        }
        #expect(error?.code == "NOT_CONFIGURED")
        #expect(error?.message.contains("AUTERITY_OPENAI_API_KEY") == true)
        #expect(error?.message.contains("AUTERITY_ANTHROPIC_API_KEY") == true)
    }

    @Test func theScriptAnswersByItsRulesAndSaysThatItIsOne() async throws {
        let ai = try scripted(
            """
            {"model": "demo", "rules": [
              {"match": "refund", "response": "No refunds.", "tokens_in": 3, "tokens_out": 2},
              {"match": "score", "response": {"score": 80}},
              {"match": "busy", "error": {"status": 503, "message": "busy", "retry_after": 2},
               "times": 1},
              {"response": "Thank you."}]}
            """)
        let refund = try await ai.complete(AIRequest(prompt: "I want a refund now"))
        #expect(
            refund
                == AIResponse(
                    content: "No refunds.", model: "demo", provider: "scripted", tokensIn: 3,
                    tokensOut: 2, cost: 0))
        let score = try await ai.complete(
            AIRequest(prompt: "score it", responseSchema: ["type": "object"]))
        #expect(score.content == ["score": 80])
        let busy = await #expect(throws: AIError.self) {
            try await ai.complete(AIRequest(prompt: "busy"))
        }
        #expect(busy?.isRetryable == true)
        #expect(busy?.retryAfter == 2)
        #expect(try await ai.complete(AIRequest(prompt: "busy")).content == "Thank you.")
        // A model of another name is not claimed.
        let named = try await ai.complete(AIRequest(prompt: "x", model: "gpt-4o"))
        #expect(named.model == "demo" && named.provider == "scripted")
    }

    @Test func aPromptWithoutARuleIsRefused() async throws {
        let ai = try scripted("{\"rules\": [{\"match\": \"a\", \"response\": \"b\"}]}")
        let error = await #expect(throws: AIError.self) {
            try await ai.complete(AIRequest(prompt: "x"))
        }
        #expect(error?.kind == .refused)
        #expect(error?.message.contains("AUTERITY_AI_SCRIPT") == true)
    }

    @Test(arguments: [
        "", "[]", "{}", "{\"rules\": [{}]}", "{\"rules\": [{\"response\": 1, \"error\": {}}]}",
    ])
    func aBadScriptIsNamedBySetting(script: String) {
        let error = #expect(throws: IntegrationSettingError.self) { try scripted(script) }
        #expect(error?.setting == "AUTERITY_AI_SCRIPT")
    }

    @Test func aMissingScriptIsNamedWithItsPath() {
        var settings = IntegrationSettings()
        settings.aiScriptPath = "\(directory.path)/nowhere.json"
        let error = #expect(throws: IntegrationSettingError.self) {
            try Integrations(settings, now: { date })
        }
        #expect(error?.message.contains("nowhere.json") == true)
    }

    @Test func theNextModelIsTakenWhenOneIsNotToBeHad() async throws {
        let server = try HTTPTestServer { _ in answer("503 Busy", body: "{}") }
        let ai = try scripted("{\"rules\": [{\"response\": \"from the script\"}]}") { settings in
            settings.openAIKey = "k"
            settings.openAIBaseURL = server.url("/v1")
        }
        let response = try await ai.complete(
            AIRequest(
                prompt: "x", model: "openai/gpt-4o",
                fallback: ["anthropic/claude-haiku-4-5", "scripted"]))
        #expect(response.content == "from the script")
        #expect(server.requests.count == 1)
    }

    @Test func whenAllFailEachIsNamed() async throws {
        let server = try HTTPTestServer { request in
            request.json?["model"] == "a"
                ? answer("503 Busy", ["Retry-After: 5"], body: "{}") : answer("400 Bad", body: "{}")
        }
        var settings = IntegrationSettings()
        settings.openAIKey = "k"
        settings.openAIBaseURL = server.url("/v1")
        let ai = try Integrations(settings, now: { date }).ai
        let error = try #require(
            await #expect(throws: AIError.self) {
                try await ai.complete(
                    AIRequest(prompt: "x", model: "openai/a", fallback: ["openai/b", "openai/c"]))
            })
        // The second failed for good, so the third was not asked.
        #expect(server.requests.count == 2)
        #expect(error.message.contains("openai/a") && error.message.contains("openai/b"))
        #expect(!error.message.contains("openai/c"))
        #expect(error.isRetryable)
        #expect(error.retryAfter == 5)
    }

    @Test func aCallThatMayCostTooMuchIsNotMade() async throws {
        let server = try HTTPTestServer { _ in answer("500 Oops", body: "{}") }
        var settings = IntegrationSettings()
        settings.openAIKey = "k"
        settings.openAIBaseURL = server.url("/v1")
        let ai = try Integrations(settings, now: { date }).ai
        // 1000 tokens of an answer of gpt-4o are one cent.
        for (model, limit) in [("openai/gpt-4o", 0.009), ("openai/of-unknown-price", 100)] {
            let error = await #expect(throws: AIError.self) {
                try await ai.complete(
                    AIRequest(prompt: "x", model: model, maximumTokens: 1000, maximumCost: limit))
            }
            #expect(error?.kind == .tooExpensive)
        }
        #expect(server.requests.isEmpty)
        let made = await #expect(throws: AIError.self) {
            try await ai.complete(
                AIRequest(
                    prompt: "x", model: "openai/gpt-4o", maximumTokens: 1000, maximumCost: 0.02))
        }
        #expect(made?.kind == .unavailable)
        #expect(server.requests.count == 1)
    }

    @Test func theDefaultModelIsWhatAutoMeans() async throws {
        let server = try HTTPTestServer { _ in answer("400 Bad", body: "{}") }
        let ai = try scripted("{\"rules\": [{\"response\": \"x\"}]}") { settings in
            settings.openAIKey = "k"
            settings.openAIBaseURL = server.url("/v1")
            settings.defaultModel = "openai/my-model"
        }
        _ = await #expect(throws: AIError.self) { try await ai.complete(AIRequest(prompt: "x")) }
        #expect(server.requests.first?.json?["model"] == "my-model")
    }

    @Test(
        arguments: [
            ("gpt-4o", 2.5), ("gpt-4o-2024-08-06", 2.5), ("gpt-4o-mini", 0.15),
            ("openai/gpt-4o-mini-2024-07-18", 0.15), ("claude-3-5-haiku-latest", 0.8),
            ("claude-sonnet-4-20250514", 3), ("claude-opus-4-1-20250805", 15), ("gpt-4", 30),
            ("gpt-4o-audio-preview", nil), ("llama3", nil), ("", nil), ("gpt-4o-1", nil),
        ] as [(String, Double?)])
    func aModelHasThePriceOfItsName(model: String, input: Double?) {
        #expect(ModelPrices.builtIn[model]?.input == input)
    }

    @Test func aFileOfPricesGoesFirst() throws {
        let path = try directory.write(
            "{\"gpt-4o\": {\"input\": 1, \"output\": 2}, \"mine\": {\"input\": 0, \"output\": 0}}",
            to: "prices.json")
        let prices = try ModelPrices(path: path)
        #expect(prices.cost(of: ["gpt-4o"], tokensIn: 1_000_000, tokensOut: 500_000) == 2)
        #expect(prices.cost(of: ["unknown", "mine"], tokensIn: 5, tokensOut: 5) == 0)
        #expect(prices.cost(of: ["unknown"], tokensIn: 5, tokensOut: 5) == nil)
        #expect(prices.cost(of: ["gpt-4o"], tokensIn: nil, tokensOut: 5) == nil)
        let bad = try directory.write("{\"gpt-4o\": {\"input\": -1}}", to: "bad.json")
        let error = #expect(throws: IntegrationSettingError.self) { try ModelPrices(path: bad) }
        #expect(error?.setting == "AUTERITY_AI_PRICES")
    }

    @Test(arguments: [
        ("{}", "{}"), ("```json\n{}\n```", "{}"), ("\n```\n[1,\n2]\n```\n", "[1,\n2]"),
        ("text ``` text", "text ``` text"), ("```", "```"), ("", ""),
    ])
    func aFenceIsTakenOff(text: String, expected: String) {
        #expect(AnswerSchema.withoutFence(text) == expected)
    }
}
