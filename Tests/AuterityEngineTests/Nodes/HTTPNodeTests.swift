import AuterityAPI
import Synchronization
import Testing

@testable import AuterityEngine

@Suite(.timeLimit(.minutes(30)))
struct HTTPNodeTests {
    private func response(
        _ status: Int, _ fields: [HTTPField] = [], body: String = "", retryAfter: Double? = nil
    ) -> OutboundResponse {
        OutboundResponse(
            status: status, fields: fields, body: Array(body.utf8),
            address: "https://crm.example/leads", retryAfter: retryAfter, seconds: 0.1)
    }

    private func run(
        _ data: JSONValue, answer: OutboundResponse, values: JSONObject = [:],
        timeout: Double? = nil
    ) async throws -> (outcome: NodeOutcome, request: OutboundRequest) {
        var answers = RecordingServices.Answers()
        answers.http = { _ in answer }
        let services = RecordingServices(answers)
        let node = try readEffect(HTTPNode.self, data)
        let input = try node.render(effectRenderContext(values))
        let outcome = await node.run(input, try effectRunContext(services, timeout: timeout))
        let requests = services.requests.withLock { $0 }
        return (outcome, try #require(requests.first))
    }

    @Test func everyPartIsRenderedAndSent() async throws {
        let data: JSONValue = [
            "method": "POST", "url": "https://crm.example/leads/{{ id }}#top",
            "headers": ["X-Token": "{{ token }}", "X-Count": 3, "X-None": nil],
            "query": ["q": "a b&c", "tags": ["x", "y"], "none": nil],
            "body": ["name": "{{ name }}", "amount": "{{ amount }}"],
        ]
        let values: JSONObject = ["id": "7", "token": "t", "name": "Ann", "amount": 5]
        let (_, request) = try await run(data, answer: response(200), values: values, timeout: 9)
        #expect(request.method == "POST")
        #expect(request.url == "https://crm.example/leads/7?q=a%20b%26c&tags=x&tags=y")
        #expect(
            request.fields == [
                HTTPField("X-Token", "t"), HTTPField("X-Count", "3"),
                HTTPField("Content-Type", "application/json"),
            ])
        #expect(
            request.body.flatMap { try? JSONValue(parsing: $0) } == ["name": "Ann", "amount": 5])
        #expect(request.timeout == .seconds(9))
        #expect(request.idempotencyKey == "run:step:1")
        #expect(request.origin == .named)
    }

    @Test func aTextIsSentAsItIs() async throws {
        let (_, request) = try await run(
            [
                "method": "PUT", "url": "https://x.example/?a=1", "query": ["b": 2],
                "body": "<x/>", "headers": ["content-type": "text/xml"],
            ], answer: response(204))
        #expect(request.url == "https://x.example/?a=1&b=2")
        #expect(request.body == Array("<x/>".utf8))
        #expect(request.fields == [HTTPField("content-type", "text/xml")])
        #expect(request.timeout == .seconds(30))
    }

    @Test(
        arguments: [
            ("application/json", "{\"a\": 1}", ["a": 1]),
            ("application/problem+json; charset=utf-8", "[1]", [1]),
            ("Application/JSON", "7", 7), ("application/json", "no json", "no json"),
            ("text/plain", "{\"a\": 1}", "{\"a\": 1}"), ("", "plain", "plain"),
        ] as [(String, String, JSONValue)])
    func theBodyIsJSONWhenTheAnswerSaysSo(
        type: String, body: String, expected: JSONValue
    ) async throws {
        let (outcome, _) = try await run(
            ["url": "https://crm.example/"],
            answer: response(
                200,
                [HTTPField("Content-Type", type), HTTPField("X-A", "1"), HTTPField("x-a", "2")],
                body: body))
        #expect(
            outcome.effectOutput == [
                "status": 200, "headers": ["content-type": .string(type), "x-a": "1, 2"],
                "body": expected,
            ])
    }

    @Test(
        arguments: [
            (nil, 399, true), (nil, 400, false), (404, 404, true), (404, 200, false),
            ([200, "300-302"], 301, true), ([200, "300-302"], 303, false), ("200-299", 204, true),
            ("200-299", 302, false), ("404", 404, true), ([200, 503], 503, true),
        ] as [(JSONValue, Int, Bool)])
    func theStatusDecides(expected: JSONValue, status: Int, succeeds: Bool) async throws {
        let (outcome, _) = try await run(
            ["url": "https://crm.example/", "expected_status": expected], answer: response(status))
        #expect((outcome.effectFailure == nil) == succeeds)
        #expect((outcome.effectOutput?["status"]?.intValue == Int64(status)) == succeeds)
    }

    @Test(arguments: [(503, true), (429, true), (404, false)])
    func aBadStatusFailsTheStepInWords(status: Int, isRetryable: Bool) async throws {
        let (outcome, _) = try await run(
            ["url": "https://crm.example/leads"],
            answer: response(status, body: "no\u{1B}[31m such\nlead", retryAfter: 4))
        let failure = try #require(outcome.effectFailure)
        #expect(failure.code == "HTTP_STATUS")
        #expect(failure.isRetryable == isRetryable)
        #expect(failure.retryAfter == 4)
        #expect(failure.message.contains("status \(status)"))
        #expect(failure.message.contains("no[31m suchlead"))
    }

    @Test func aCallThatFailsKeepsItsCode() async throws {
        var answers = RecordingServices.Answers()
        answers.http = { _ in throw OutboundError(.timedOut, "too late") }
        let node = try readEffect(HTTPNode.self, ["url": "https://crm.example/"])
        let outcome = await node.run(
            try node.render(effectRenderContext()),
            try effectRunContext(RecordingServices(answers)))
        #expect(
            outcome.effectFailure == StepFailure("TIMED_OUT", "too late", isRetryable: true))
    }

    @Test(
        arguments: [
            ([:], ["data.url"]), (["url": "no address"], ["data.url"]),
            (["url": "ftp://x.example"], ["data.url"]),
            (["url": "https://x.example", "method": "get"], ["data.method"]),
            (["url": "https://x.example", "headers": "x"], ["data.headers"]),
            (["url": "https://x.example", "expected_status": 99], ["data.expected_status"]),
            (["url": "https://x.example", "expected_status": "299-200"], ["data.expected_status"]),
            (
                ["url": "https://x.example", "expected_status": [200, "x"]],
                ["data.expected_status"]
            ),
            (["url": "https://x.example", "expected_status": []], ["data.expected_status"]),
            (["url": "https://{{ host }}/"], []),
        ] as [(JSONValue, [String])])
    func wrongDataIsRefused(data: JSONValue, fields: [String]) {
        #expect(refusedFields(HTTPNode.self, data) == fields)
    }

    @Test func itWorksOnARealServerAndTheGuardHolds() async throws {
        let server = try HTTPTestServer { request in
            answer(
                "200 OK", ["Content-Type: application/json"],
                body: "{\"key\": \"\(request.field("idempotency-key") ?? "")\"}")
        }
        var settings = IntegrationSettings()
        let node = try readEffect(HTTPNode.self, ["url": .string(server.url("/a"))])
        let input = try node.render(effectRenderContext())
        let strict = try Integrations(settings, now: { Timestamp(milliseconds: 0) })
        let refused = await node.run(input, try effectRunContext(strict))
        #expect(refused.effectFailure?.code == "ADDRESS_REFUSED")
        #expect(refused.effectFailure?.isRetryable == false)
        settings.allowedHosts = "127.0.0.1"
        let open = try Integrations(settings, now: { Timestamp(milliseconds: 0) })
        let outcome = await node.run(input, try effectRunContext(open))
        #expect(outcome.effectOutput?["body"] == ["key": "run:step:1"])
    }
}
