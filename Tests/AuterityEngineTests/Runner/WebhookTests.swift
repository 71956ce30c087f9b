import AuterityAPI
import Synchronization
import Testing

@testable import AuterityEngine

@Suite(.timeLimit(.minutes(30)))
struct WebhookTests {
    @Test func pausesGrowToAnHour() {
        let pauses = (0..<12).map { WebhookDeliveries.pause(after: $0, chance: 0.5) }
        #expect(pauses.prefix(4) == [5, 10, 20, 40])
        #expect(pauses.last == 3600)
        #expect(WebhookDeliveries.pause(after: 0, chance: 0) == 4)
    }

    @Test func anAddressThatIsNotAllowedIsRefusedAtOnce() async throws {
        let test = try await TestEngine.open()
        let workflow = try await test.workflow(WorkflowHandlerTests.minimal)
        for url in ["http://127.0.0.1/hook", "ftp://example.com/", "no address"] {
            do {
                _ = try await test.send(
                    ExecuteWorkflow(workflowID: workflow, webhookURL: url))
                Issue.record("\(url) was taken")
            } catch {
                #expect(error.details.map(\.field) == ["webhook_url"])
            }
        }
        await test.engine.close()
    }

    @Test func whatCannotBeDeliveredIsTriedAgainLater() async throws {
        // Nothing listens on the discard port.
        let test = try await TestEngine.open { $0.integrations.allowedHosts = "127.0.0.0/8" }
        let workflow = try await test.workflow(WorkflowHandlerTests.minimal)
        let outcome = try await test.send(
            ExecuteWorkflow(workflowID: workflow, webhookURL: "http://127.0.0.1:9/hook"))
        _ = try await test.finished(outcome.executionID)
        let store = try test.engine.core.session.store
        var attempts: Int64 = 0
        while attempts == 0 {
            attempts = try await store.read { connection in
                try connection.number("SELECT max(attempts) FROM webhook_deliveries")
            }
            await Task.yield()
        }
        let next = try await store.read { connection in
            try connection.number("SELECT max(next_at) FROM webhook_deliveries")
        }
        let pause = Timestamp(milliseconds: next).seconds(since: test.clock.now)
        #expect((4...6).contains(pause))
        await test.engine.close()
    }

    @Test func anEndIsToldSignedAndOnce() async throws {
        let server = try HTTPTestServer { _ in
            answer("204 No Content")
        }
        let key = Array("a key of thirty-two bytes, truly!".utf8)
        let test = try await TestEngine.open {
            $0.integrations.allowedHosts = "127.0.0.0/8"
            $0.webhookSecret = "whsec_" + base64(key)
        }
        let workflow = try await test.workflow(WorkflowHandlerTests.minimal)
        let id = try await test.send(
            ExecuteWorkflow(workflowID: workflow, webhookURL: server.url("/hook"))
        ).executionID
        _ = try await test.finished(id)
        // It is counted after its row is gone.
        let figures = try await figures(test) { $0.delivered > 0 }
        let request = try #require(server.requests.first)
        #expect(server.requests.count == 1)
        #expect(request.json?["type"] == "execution.completed")
        #expect(request.json?["id"] == .string(id.description))
        #expect(request.field("webhook-id") == "msg_\(id)")
        #expect(isSigned(request, key))
        #expect(
            figures == WebhookFigures(waiting: 0, delivered: 1, failedAttempts: 0, failed: 0))
        await test.engine.close()
    }

    private func isSigned(_ request: SeenRequest, _ key: [UInt8]) -> Bool {
        guard let id = request.field("webhook-id"), let time = request.field("webhook-timestamp")
        else { return false }
        let content = Array("\(id).\(time).".utf8) + request.body
        return request.field("webhook-signature") == "v1," + base64(hmac(content, key))
    }

    private func figures(
        _ test: TestEngine, when holds: (WebhookFigures) -> Bool
    ) async throws -> WebhookFigures {
        while true {
            let figures = try await test.engine.webhookFigures()
            if holds(figures) { return figures }
            await Task.yield()
        }
    }

    /// What the specification gives as its example.
    @Test func signaturesAreThoseOfTheSpecification() throws {
        let key = try #require(WebhookKey("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"))
        let signature = key.signature(
            id: "msg_p5jXN8AQM9LWM0D4loKWxJek", time: 1_614_265_330,
            Array(#"{"test": 2432232314}"#.utf8))
        #expect(signature == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=")
    }

    @Test(arguments: [
        "", "whsec_", "secret", "whsec_c2hvcnQ=", base64([UInt8](repeating: 7, count: 32)),
        "whsec_" + base64([UInt8](repeating: 7, count: 23)),
        "whsec_" + base64([UInt8](repeating: 7, count: 65)), "whsec_!" + base64([1, 2, 3]),
    ])
    func whatIsNoSecretIsRefusedAtTheOpening(_ text: String) async throws {
        do {
            let test = try await TestEngine.open { $0.webhookSecret = text }
            await test.engine.close()
            Issue.record("\(text) was taken")
        } catch let error as EngineError {
            #expect(error.reason == .configuration)
            #expect(error.message.contains("whsec_ and the base64 of 24 to 64 bytes"))
        }
    }

    @Test func aSecretIsMadeAtTheFirstStartAndKept() async throws {
        let first = try await TestEngine.open()
        await first.engine.close()
        let file = KeyFile(path: first.directory.path + "/webhook.key")
        let made = try #require(try file.read(limit: 256))
        #expect(WebhookKey(String(decoding: made, as: UTF8.self).trimmed) != nil)
        let second = try await TestEngine.open(in: first.directory)
        await second.engine.close()
        #expect(try file.read(limit: 256) == made)
        try file.write(Array("whsec_nonsense".utf8))
        await #expect(throws: EngineError.self) {
            let third = try await TestEngine.open(in: first.directory)
            await third.engine.close()
        }
    }

    @Test func aFailedDeliveryIsMadeAgainUnderTheSameIdAfterARestart() async throws {
        let answers = Mutex(["302 Found", "500 Internal Server Error", "299 Strange"])
        let server = try HTTPTestServer { _ in
            let status = answers.withLock { $0.isEmpty ? "204 No Content" : $0.removeFirst() }
            return answer(status, ["Location: /elsewhere"])
        }
        let first = try await TestEngine.open { $0.integrations.allowedHosts = "127.0.0.0/8" }
        let workflow = try await first.workflow(WorkflowHandlerTests.minimal)
        _ = try await first.send(
            ExecuteWorkflow(workflowID: workflow, webhookURL: server.url("/hook")))
        _ = try await figures(first) { $0.failedAttempts == 1 }
        first.clock.advance(seconds: 6)
        _ = try await figures(first) { $0.failedAttempts == 2 }
        let file = KeyFile(path: first.directory.path + "/webhook.key")
        let text = String(decoding: try #require(try file.read(limit: 256)), as: UTF8.self)
        await first.engine.abandon()
        first.clock.advance(seconds: 12)

        let second = try await TestEngine.open(in: first.directory, clock: first.clock, seed: 2) {
            $0.integrations.allowedHosts = "127.0.0.0/8"
        }
        #expect(try await figures(second) { $0.delivered == 1 }.waiting == 0)
        await second.engine.close()
        let requests = server.requests
        #expect(requests.map(\.target) == ["/hook", "/hook", "/hook"])
        #expect(Set(requests.map { $0.field("webhook-id") }).count == 1)
        #expect(Set(requests.map { $0.field("webhook-timestamp") }).count == 3)
        #expect(Set(requests.map(\.body)).count == 1)
        let key = try #require(base64Decoded(String(text.trimmed.dropFirst(6))))
        #expect(requests.allSatisfy { isSigned($0, key) })
    }

    @Test func aDeliveryIsGivenUpAfterADay() async throws {
        let server = try HTTPTestServer { _ in answer("503 Service Unavailable") }
        let test = try await TestEngine.open { $0.integrations.allowedHosts = "127.0.0.0/8" }
        let workflow = try await test.workflow(WorkflowHandlerTests.minimal)
        _ = try await test.send(
            ExecuteWorkflow(workflowID: workflow, webhookURL: server.url("/hook")))
        var seen = try await figures(test) { $0.failedAttempts == 1 }
        while seen.failed == 0 {
            #expect(seen.waiting == 1)
            let attempts = seen.failedAttempts
            test.clock.advance(seconds: 4400)
            seen = try await figures(test) { $0.failedAttempts > attempts || $0.failed > 0 }
        }
        #expect(seen.waiting == 0)
        #expect(seen.failedAttempts == 20)
        await test.engine.close()
    }

    @Test func anAddressIsHeldAgainstTheGuardAgainWhenItIsConnectedTo() async throws {
        let server = try HTTPTestServer { _ in answer("204 No Content") }
        let first = try await TestEngine.open { $0.integrations.allowedHosts = "127.0.0.0/8" }
        let workflow = try await first.workflow(RunnerTests.single("delay", ["seconds": 60]))
        let id = try await first.send(
            ExecuteWorkflow(workflowID: workflow, webhookURL: server.url("/hook"))
        ).executionID
        await first.engine.close()
        // The setting has changed since the address was taken.
        let second = try await TestEngine.open(in: first.directory, clock: first.clock, seed: 2)
        second.clock.advance(seconds: 61)
        _ = try await second.finished(id)
        _ = try await figures(second) { $0.failedAttempts == 1 }
        #expect(server.connectionCount == 0)
        await second.engine.close()
    }

    /// HMAC (RFC 2104) over SHA-256, spelled out.
    private func hmac(_ content: [UInt8], _ key: [UInt8]) -> [UInt8] {
        let padded = key + [UInt8](repeating: 0, count: 64 - key.count)
        let inner = Digest.sha256(padded.map { $0 ^ 0x36 } + content)
        return Digest.sha256(padded.map { $0 ^ 0x5C } + inner.bytes).bytes
    }
}
