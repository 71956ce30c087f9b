import AuterityAPI
import Testing

@testable import AuterityEngine

@Suite(.timeLimit(.minutes(1)))
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
        let store = try test.engine.core.session.store
        var left: Int64 = 1
        while left > 0 {
            left = try await store.read { connection in
                try connection.number("SELECT count(*) FROM webhook_deliveries")
            }
            await Task.yield()
        }
        let request = try #require(server.requests.first)
        #expect(server.requests.count == 1)
        #expect(request.json?["type"] == "execution.completed")
        #expect(request.json?["id"] == .string(id.description))
        #expect(request.field("webhook-id") == "msg_\(id)")
        let time = try #require(request.field("webhook-timestamp"))
        let content = Array("msg_\(id).\(time).".utf8) + request.body
        #expect(request.field("webhook-signature") == "v1," + base64(hmac(content, key)))
        await test.engine.close()
    }

    /// HMAC (RFC 2104) over SHA-256, spelled out.
    private func hmac(_ content: [UInt8], _ key: [UInt8]) -> [UInt8] {
        let padded = key + [UInt8](repeating: 0, count: 64 - key.count)
        let inner = Digest.sha256(padded.map { $0 ^ 0x36 } + content)
        return Digest.sha256(padded.map { $0 ^ 0x5C } + inner.bytes).bytes
    }
}
