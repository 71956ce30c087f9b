import AuterityAPI
import Synchronization
import Testing

@testable import AuterityEngine

@Suite
struct AINodeTests {
    private func run(
        _ data: JSONValue, values: JSONObject = [:], answer: AIResponse, timeout: Double? = nil
    ) async throws -> (outcome: NodeOutcome, question: AIRequest) {
        var answers = RecordingServices.Answers()
        answers.ai = { _ in answer }
        let services = RecordingServices(answers)
        let node = try readEffect(AINode.self, data)
        let input = try node.render(effectRenderContext(values))
        let outcome = await node.run(input, try effectRunContext(services, timeout: timeout))
        let questions = services.questions.withLock { $0 }
        return (outcome, try #require(questions.first))
    }

    @Test func everyFieldReachesTheProvider() async throws {
        let schema: JSONValue = ["type": "object", "required": ["score"]]
        let (outcome, question) = try await run(
            [
                "prompt": "Rate {{ lead }}", "system": "Be {{ mood }}", "model": "{{ model }}",
                "fallback": ["openai/gpt-4o", "{{ model }}"], "temperature": "{{ heat }}",
                "max_tokens": 200, "max_cost": 0.05, "response_schema": schema,
            ],
            values: ["lead": "Ann", "mood": "brief", "model": "anthropic/x", "heat": 0.25],
            answer: AIResponse(
                content: ["score": 80], model: "x-1", provider: "anthropic", tokensIn: 10,
                tokensOut: 20, cost: 0.001), timeout: 5)
        #expect(question.prompt == "Rate Ann")
        #expect(question.system == "Be brief")
        #expect(question.model == "anthropic/x")
        #expect(question.fallback == ["openai/gpt-4o", "anthropic/x"])
        #expect(question.temperature == 0.25)
        #expect(question.maximumTokens == 200)
        #expect(question.maximumCost == 0.05)
        #expect(question.responseSchema == schema)
        #expect(question.idempotencyKey == "run:step:1")
        #expect(question.timeout == .seconds(5))
        #expect(
            outcome.effectOutput == [
                "response": ["score": 80], "model": "x-1", "provider": "anthropic",
                "tokens_in": 10, "tokens_out": 20, "cost": 0.001,
            ])
    }

    @Test func aPromptAloneIsEnoughAndWhatIsNotKnownIsNull() async throws {
        let (outcome, question) = try await run(
            ["prompt": "Hi"],
            answer: AIResponse(
                content: "Hello", model: "m", provider: "openai", tokensIn: nil, tokensOut: nil,
                cost: nil))
        #expect(question.model == "auto")
        #expect(question.maximumTokens == nil && question.maximumCost == nil)
        #expect(question.timeout == .seconds(120))
        #expect(outcome.effectOutput?["response"] == "Hello")
        #expect(outcome.effectOutput?["cost"] == .null)
        #expect(outcome.effectOutput?["tokens_in"] == .null)
    }

    @Test func withoutAProviderItSaysWhatToSet() async throws {
        let node = try readEffect(AINode.self, ["prompt": "Hi"])
        let nothing = try Integrations(
            IntegrationSettings(), now: { Timestamp(milliseconds: 0) })
        let outcome = await node.run(
            try node.render(effectRenderContext()), try effectRunContext(nothing))
        let failure = try #require(outcome.effectFailure)
        #expect(failure.code == "NOT_CONFIGURED")
        #expect(failure.message.contains("AUTERITY_OPENAI_API_KEY"))
        #expect(!failure.isRetryable)
    }

    @Test func aPassingFailureKeepsItsPause() async throws {
        var answers = RecordingServices.Answers()
        answers.ai = { _ in throw AIError(.rateLimited, "slow", isRetryable: true, retryAfter: 3) }
        let node = try readEffect(AINode.self, ["prompt": "Hi"])
        let outcome = await node.run(
            try node.render(effectRenderContext()),
            try effectRunContext(RecordingServices(answers)))
        #expect(
            outcome.effectFailure
                == StepFailure("AI_RATE_LIMITED", "slow", isRetryable: true, retryAfter: 3))
    }

    @Test(
        arguments: [
            ([:], ["data.prompt"]), (["prompt": " "], ["data.prompt"]),
            (["prompt": "x", "temperature": 3], ["data.temperature"]),
            (["prompt": "x", "max_tokens": 0], ["data.max_tokens"]),
            (["prompt": "x", "max_cost": -1], ["data.max_cost"]),
            (
                ["prompt": "x", "fallback": ["a", "b", "c", "d", "e", "f", "g", "h"]],
                ["data.fallback"]
            ),
            (["prompt": "{{ open"], ["data.prompt"]), (["prompt": "x", "model": "auto"], []),
        ] as [(JSONValue, [String])])
    func wrongDataIsRefused(data: JSONValue, fields: [String]) {
        #expect(refusedFields(AINode.self, data) == fields)
    }

    @Test func aWrongSchemaIsRefused() {
        let fields = refusedFields(
            AINode.self, ["prompt": "x", "response_schema": ["type": "nonsense"]])
        #expect(fields.count == 1)
        #expect(fields.first?.hasPrefix("data.response_schema") == true)
    }

    @Test func theThreeAreRegistered() {
        for name in ["http", "email", "ai", "ai_process"] {
            #expect(NodeCatalog.type(named: name) is any EffectfulNode.Type)
        }
    }
}
