import AuterityAPI
import Synchronization
import Testing

@testable import AuterityEngine

@Suite
struct EmailNodeTests {
    private let message = NamedMessage(
        name: "follow_up", subject: "Hello {{ name }}", text: "Dear {{ name }},",
        html: "<p title=\"{{ name }}\">Dear {{ name }}, {{ '}}' + name }} {</p>")

    private func run(
        _ data: JSONValue, values: JSONObject = [:], messages: [NamedMessage] = []
    ) async throws -> (outcome: NodeOutcome, message: MailMessage) {
        var answers = RecordingServices.Answers()
        answers.mail = { _ in MailReceipt(emailID: "id@x.y", transport: "smtp") }
        let services = RecordingServices(answers)
        let node = try readEffect(EmailNode.self, data)
        let input = try node.render(effectRenderContext(values, messages: messages))
        let outcome = await node.run(input, try effectRunContext(services))
        let messages = services.messages.withLock { $0 }
        return (outcome, try #require(messages.first))
    }

    @Test func aMessageIsRenderedAndSent() async throws {
        let (outcome, message) = try await run(
            [
                "to": "{{ email }}", "cc": ["desk@x.y", "{{ email }}"], "from": "{{ sender }}",
                "subject": "Hi {{ name }}", "body": "Dear {{ name }}",
            ], values: ["email": "ann@x.y", "name": "Ann", "sender": "me@x.y"])
        #expect(outcome.effectOutput == ["email_sent": true, "email_id": "id@x.y"])
        #expect(message.to == ["ann@x.y"])
        #expect(message.cc == ["desk@x.y", "ann@x.y"])
        #expect(message.from == "me@x.y")
        #expect(message.subject == "Hi Ann")
        #expect(message.text == "Dear Ann")
        #expect(message.html == nil)
        #expect(message.idempotencyKey == "run:step:1")
    }

    @Test func aHoleThatGivesAListGivesSeveralAddresses() async throws {
        let (_, message) = try await run(
            ["to": "{{ all }}", "subject": "s", "body": "b"], values: ["all": ["a@x.y", "b@x.y"]])
        #expect(message.to == ["a@x.y", "b@x.y"])
        let node = try readEffect(
            EmailNode.self, ["to": "{{ all }}", "subject": "s", "body": "b"])
        #expect(throws: StepFailure.self) {
            try node.render(effectRenderContext(["all": [1, 2]]))
        }
    }

    @Test func aHoleBesideACombiningMarkIsFilled() throws {
        let scope = NamedValues(["name": .string("<b>")])
        let html = try HTMLTemplate("{{ name }}\u{301} {{{ name }}}").render(in: scope)
        #expect(html == "&lt;b&gt;\u{301} {&lt;b&gt;}")
    }

    @Test func aLongHoleFullOfClosingBracesIsReadInOnePass() throws {
        let braces = String(repeating: "}}", count: 30_000)
        let html = try HTMLTemplate("{{ '\(braces)' }}").render(in: NamedValues())
        #expect(html == braces)
    }

    @Test func aNamedMessageIsRenderedAndItsMarkupIsSafe() async throws {
        let (_, sent) = try await run(
            ["to": "ann@x.y", "template": "follow_up"],
            values: ["name": "<a href='x'>\"A&B\"</a>"], messages: [message])
        #expect(sent.subject == "Hello <a href='x'>\"A&B\"</a>")
        #expect(sent.text == "Dear <a href='x'>\"A&B\"</a>,")
        let safe = "&lt;a href=&#39;x&#39;&gt;&quot;A&amp;B&quot;&lt;/a&gt;"
        #expect(sent.html == "<p title=\"\(safe)\">Dear \(safe), }}\(safe) {</p>")
    }

    @Test func ownTextsGoBeforeThoseOfTheNamedMessage() async throws {
        let (_, sent) = try await run(
            ["to": "ann@x.y", "template": "follow_up", "subject": "Own", "body": "Text"],
            values: ["name": "Ann"], messages: [message])
        #expect(sent.subject == "Own")
        #expect(sent.text == "Text")
        #expect(sent.html == nil)
    }

    @Test func anUnknownMessageFailsTheStep() throws {
        let node = try readEffect(EmailNode.self, ["to": "a@x.y", "template": "nowhere"])
        let failure = #expect(throws: StepFailure.self) {
            try node.render(effectRenderContext(messages: [message]))
        }
        #expect(failure?.code == "UNKNOWN_MESSAGE")
        #expect(failure?.message.contains("nowhere") == true)
    }

    @Test func anUnknownNameFailsTheStep() throws {
        let node = try readEffect(EmailNode.self, ["to": "a@x.y", "template": "follow_up"])
        let failure = #expect(throws: StepFailure.self) {
            try node.render(effectRenderContext(messages: [message]))
        }
        #expect(failure?.code == "EXPRESSION_ERROR")
    }

    @Test func withoutAMailServerItSaysWhatToSet() async throws {
        let node = try readEffect(
            EmailNode.self, ["to": "a@x.y", "subject": "s", "body": "b"])
        let nothing = try Integrations(
            IntegrationSettings(), now: { Timestamp(milliseconds: 0) })
        let outcome = await node.run(
            try node.render(effectRenderContext()), try effectRunContext(nothing))
        #expect(outcome.effectFailure?.code == "NOT_CONFIGURED")
        #expect(outcome.effectFailure?.isRetryable == false)
    }

    @Test(
        arguments: [
            (["to": "a@x.y", "subject": "s", "body": "b"], []),
            (["to": "a@x.y", "template": "t"], []),
            (["subject": "s", "body": "b"], ["data.to"]),
            (["to": "a@x.y"], ["data.subject", "data.body"]),
            (["to": "nobody", "template": "t"], ["data.to"]),
            (["to": ["a@x.y", "b@@"], "cc": "c", "template": "t"], ["data.to", "data.cc"]),
            (["to": "a@x.y\nBcc: b@x.y", "template": "t"], ["data.to"]),
            (["to": "a@x.y", "template": 7], ["data.template", "data.subject", "data.body"]),
        ] as [(JSONValue, [String])])
    func wrongDataIsRefused(data: JSONValue, fields: [String]) {
        #expect(refusedFields(EmailNode.self, data) == fields)
    }

    @Test func theMessageThatIsUsedIsNoted() {
        var data = NodeData(["to": "a@x.y", "template": "follow_up"])
        _ = EmailNode(&data)
        #expect(data.messages.map(\.name) == ["follow_up"])
    }
}
