import AuterityAPI
import Testing

@testable import AuterityEngine

private let date = Timestamp(milliseconds: 0)

private let chatAnswer = """
    {"model": "gpt-4o-mini-2024-07-18", "choices": [{"finish_reason": "stop", "message": \
    {"role": "assistant", "content": "Hello!"}}], "usage": {"prompt_tokens": 1000, \
    "completion_tokens": 2000}}
    """

private func chat(_ content: String, finish: String = "stop") -> String {
    let json: JSONValue = [
        "model": "gpt-4o", "usage": ["prompt_tokens": 1, "completion_tokens": 1],
        "choices": [["finish_reason": .string(finish), "message": ["content": .string(content)]]],
    ]
    return json.jsonText
}

private let schema: JSONValue = [
    "type": "object", "required": ["score"],
    "properties": ["score": ["type": "integer", "minimum": 0, "maximum": 100]],
]

@Suite(.timeLimit(.minutes(30)))
struct AIProviderTests {
    private func openAI(
        _ server: HTTPTestServer, _ change: (inout IntegrationSettings) -> Void = { _ in }
    ) throws -> Integrations {
        var settings = IntegrationSettings()
        settings.openAIBaseURL = server.url("/v1/")
        settings.openAIKey = "sk-secret-key"
        change(&settings)
        return try Integrations(settings, now: { Timestamp(milliseconds: 7) })
    }

    private func anthropic(_ server: HTTPTestServer) throws -> Integrations {
        var settings = IntegrationSettings()
        settings.anthropicBaseURL = server.url("/v1")
        settings.anthropicKey = "ak-secret-key"
        return try Integrations(settings, now: { date })
    }

    @Test(arguments: ["nan", "inf", "-1", "1e300", "free", ""])
    func whatIsNoAmountIsNoCost(text: String) {
        #expect(AIEndpoint.cost(text) == nil)
    }

    @Test func costsAndTokensAreTakenAsTold() {
        #expect(AIEndpoint.cost("0.0025") == 0.0025)
        #expect(AIEndpoint.tokenCount(1200) == 1200)
        for nonsense: JSONValue in [.int(.max), -1, "12", 1.5, nil] {
            #expect(AIEndpoint.tokenCount(nonsense) == nil)
        }
    }

    // MARK: OpenAI

    @Test func openAIIsAskedAndAnswers() async throws {
        let server = try HTTPTestServer { _ in answer("200 OK", body: chatAnswer) }
        let response = try await openAI(server).ai.complete(
            AIRequest(
                prompt: "Hi", system: "Be brief", model: "openai/gpt-4o-mini", temperature: 0.5,
                maximumTokens: 50, idempotencyKey: "run:step:1"))
        #expect(
            response
                == AIResponse(
                    content: "Hello!", model: "gpt-4o-mini-2024-07-18", provider: "openai",
                    tokensIn: 1000, tokensOut: 2000, cost: 0.00135))
        let seen = try #require(server.requests.first)
        #expect(seen.target == "/v1/chat/completions")
        #expect(seen.field("authorization") == "Bearer sk-secret-key")
        #expect(seen.field("idempotency-key") == "run:step:1")
        #expect(seen.field("content-type") == "application/json")
        #expect(
            seen.json == [
                "model": "gpt-4o-mini", "max_tokens": 50, "temperature": 0.5,
                "messages": [
                    ["role": "system", "content": "Be brief"], ["role": "user", "content": "Hi"],
                ],
            ])
    }

    @Test func aSchemaGoesAlongAndTheAnswerIsParsed() async throws {
        let server = try HTTPTestServer { _ in
            answer("200 OK", body: chat("```json\n{\"score\": 71}\n```"))
        }
        let response = try await openAI(server).ai.complete(
            AIRequest(prompt: "Score", model: "openai/gpt-4o", responseSchema: schema))
        #expect(response.content == ["score": 71])
        let format = server.requests.first?.json?["response_format"]
        #expect(format?["type"] == "json_schema")
        #expect(format?["json_schema"]?["schema"] == schema)
    }

    @Test(arguments: [
        ("no JSON at all", "stop", "not the JSON"), ("{\"score\": 171}", "stop", "score"),
        ("{\"points\": 7}", "stop", "score"), ("{\"sco", "length", "max_tokens"),
        ("[1]", "stop", "response"),
    ])
    func anAnswerThatDoesNotFitTheSchemaFails(
        content: String, finish: String, expected: String
    ) async throws {
        let server = try HTTPTestServer { _ in
            answer("200 OK", body: chat(content, finish: finish))
        }
        let ai = try openAI(server).ai
        let error = await #expect(throws: AIError.self) {
            try await ai.complete(
                AIRequest(prompt: "Score", model: "openai/gpt-4o", responseSchema: schema))
        }
        #expect(error?.kind == .invalidAnswer)
        #expect(error?.isRetryable == false)
        #expect(error?.message.contains(expected) == true)
    }

    @Test func aWrongSchemaIsRefusedBeforeAnythingIsPaidFor() async throws {
        let server = try HTTPTestServer { _ in answer("200 OK", body: chat("{}")) }
        let ai = try openAI(server).ai
        let error = await #expect(throws: AIError.self) {
            try await ai.complete(AIRequest(prompt: "x", responseSchema: ["type": "nonsense"]))
        }
        #expect(error?.kind == .invalidRequest)
        #expect(server.requests.isEmpty)
    }

    @Test(arguments: [
        ("401 No", AIError.Kind.unauthorized, false), ("403 No", .unauthorized, false),
        ("429 Slow", .rateLimited, true), ("500 Oops", .unavailable, true),
        ("503 Busy", .unavailable, true), ("529 Overloaded", .unavailable, true),
        ("400 Bad", .refused, false), ("404 Unknown", .refused, false),
    ])
    func aBadStatusIsPutIntoWords(
        status: String, kind: AIError.Kind, isRetryable: Bool
    ) async throws {
        let body = "{\"error\": {\"message\": \"the words sk-secret-key of it\"}}"
        let server = try HTTPTestServer { _ in answer(status, ["Retry-After: 9"], body: body) }
        let ai = try openAI(server).ai
        let error = try #require(
            await #expect(throws: AIError.self) { try await ai.complete(AIRequest(prompt: "x")) })
        #expect(error.kind == kind)
        #expect(error.isRetryable == isRetryable)
        #expect(error.retryAfter == (isRetryable ? 9 : nil))
        #expect(!error.message.contains("sk-secret-key"))
        if kind == .unauthorized {
            #expect(error.message.contains("AUTERITY_OPENAI_API_KEY"))
        } else {
            #expect(error.message.contains("the words"))
        }
    }

    @Test func anAccountWithoutCreditIsNotTriedAgain() async throws {
        let body = "{\"error\": {\"code\": \"insufficient_quota\", \"message\": \"pay\"}}"
        let server = try HTTPTestServer { _ in answer("429 Pay", body: body) }
        let ai = try openAI(server).ai
        let error = await #expect(throws: AIError.self) {
            try await ai.complete(AIRequest(prompt: "x"))
        }
        #expect(error?.isRetryable == false)
    }

    @Test func noConnectionIsWorthAnotherTryAndCancellingIsNot() async throws {
        let lost = try LoopbackServer { _ = SeenRequest($0) }
        var settings = IntegrationSettings()
        settings.openAIBaseURL = lost.url("/v1")
        settings.openAIKey = "k"
        let ai = try Integrations(settings, now: { date }).ai
        let error = await #expect(throws: AIError.self) {
            try await ai.complete(AIRequest(prompt: "x"))
        }
        #expect(error?.kind == .unavailable)
        #expect(error?.isRetryable == true)

        let asked = Awaited<Bool>()
        let slow = try LoopbackServer { connection in
            _ = SeenRequest(connection)
            asked.give(true)
            connection.waitForClose()
        }
        settings.openAIBaseURL = slow.url("/v1")
        let other = try Integrations(settings, now: { date }).ai
        let task = Task { try await other.complete(AIRequest(prompt: "x", fallback: ["auto"])) }
        _ = await asked.value()
        task.cancel()
        let cancelled = await #expect(throws: AIError.self) { try await task.value }
        #expect(cancelled?.kind == .cancelled)
    }

    @Test func reasoningModelsGetTheirOwnNameOfTheLimit() {
        let request = AIRequest(prompt: "x")
        let body = OpenAIProvider.body(request, model: "o3-mini", maximumTokens: 10)
        #expect(body["max_completion_tokens"] == 10)
        #expect(body["max_tokens"] == nil)
    }

    @Test func aProxyMayStateTheCostAndTakeModelsOfAnyName() async throws {
        let server = try HTTPTestServer { _ in
            answer("200 OK", ["x-litellm-response-cost: 0.25"], body: chat("ok"))
        }
        let response = try await openAI(server).ai.complete(
            AIRequest(prompt: "x", model: "mistral/large"))
        #expect(response.cost == 0.25)
        #expect(server.requests.first?.json?["model"] == "mistral/large")
    }

    @Test func anAnswerWithoutTextIsNamed() async throws {
        let server = try HTTPTestServer { request in
            request.target == "/v1/chat/completions"
                ? answer("200 OK", body: "{\"ok\": true}") : answer("404 No")
        }
        let ai = try openAI(server).ai
        let error = await #expect(throws: AIError.self) {
            try await ai.complete(AIRequest(prompt: "x"))
        }
        #expect(error?.kind == .invalidAnswer)
        #expect(error?.message.contains("AUTERITY_OPENAI_BASE_URL") == true)
    }

    // MARK: Anthropic

    @Test func anthropicIsAskedAndAnswers() async throws {
        let body = """
            {"model": "claude-haiku-4-5-20251001", "stop_reason": "end_turn", "content": \
            [{"type": "text", "text": "Hel"}, {"type": "text", "text": "lo"}], \
            "usage": {"input_tokens": 100, "output_tokens": 10}}
            """
        let server = try HTTPTestServer { _ in answer("200 OK", body: body) }
        let response = try await anthropic(server).ai.complete(
            AIRequest(prompt: "Hi", system: "Be brief", model: "anthropic/claude-haiku-4-5"))
        #expect(response.content == "Hello")
        #expect(response.provider == "anthropic")
        #expect(response.tokensIn == 100 && response.tokensOut == 10)
        #expect(response.cost == 0.00015)
        let seen = try #require(server.requests.first)
        #expect(seen.target == "/v1/messages")
        #expect(seen.field("x-api-key") == "ak-secret-key")
        #expect(seen.field("anthropic-version") == "2023-06-01")
        #expect(
            seen.json == [
                "model": "claude-haiku-4-5", "max_tokens": 4096, "system": "Be brief",
                "messages": [["role": "user", "content": "Hi"]],
            ])
    }

    @Test(
        arguments: [
            (schema, "{\"score\": 5}", ["score": 5]),
            (["type": "array", "items": ["type": "string"]], "{\"value\": [\"a\"]}", ["a"]),
        ] as [(JSONValue, String, JSONValue)])
    func anthropicAnswersByATool(
        schema: JSONValue, input: String, expected: JSONValue
    ) async throws {
        let body = """
            {"model": "unknown-model", "content": [{"type": "tool_use", "name": "answer", \
            "input": \(input)}], "usage": {"input_tokens": 1, "output_tokens": 1}}
            """
        let server = try HTTPTestServer { _ in answer("200 OK", body: body) }
        let response = try await anthropic(server).ai.complete(
            AIRequest(prompt: "Hi", model: "anthropic/other-model", responseSchema: schema))
        #expect(response.content == expected)
        #expect(response.cost == nil)
        #expect(server.requests.first?.json?["tool_choice"]?["name"] == "answer")
    }

    // MARK: Health

    @Test func healthIsMeasuredFromCallsAndProbes() async throws {
        let server = try HTTPTestServer { request in
            request.method == "GET"
                ? answer("200 OK", body: "{\"data\": []}") : answer("500 Oops", body: "{}")
        }
        let integrations = try openAI(server)
        let before = try #require(integrations.health().first { $0.name == "openai" })
        #expect(before.isConfigured && before.lastResponseSeconds == nil)
        let other = try #require(integrations.health().first { $0.name == "anthropic" })
        #expect(!other.isConfigured)
        _ = await #expect(throws: AIError.self) {
            try await integrations.ai.complete(AIRequest(prompt: "x"))
        }
        let failed = try #require(integrations.health().first { $0.name == "openai" })
        #expect(failed.lastError?.contains("500") == true)
        await integrations.probe()
        let healthy = try #require(integrations.health().first { $0.name == "openai" })
        #expect(healthy.lastError == nil)
        #expect(try #require(healthy.lastResponseSeconds) > 0)
        #expect(healthy.lastCallAt == Timestamp(milliseconds: 7))
        #expect(server.requests.last?.target == "/v1/models")
        #expect(integrations.secretValues == ["sk-secret-key"])
    }

    @Test(arguments: ["", "nonsense", "ftp://x.example"])
    func aBaseURLThatIsNoneIsNamed(url: String) {
        var settings = IntegrationSettings()
        settings.anthropicKey = "k"
        settings.anthropicBaseURL = url
        let error = #expect(throws: IntegrationSettingError.self) {
            try Integrations(settings, now: { date })
        }
        #expect(error?.setting == "AUTERITY_ANTHROPIC_BASE_URL")
    }
}
