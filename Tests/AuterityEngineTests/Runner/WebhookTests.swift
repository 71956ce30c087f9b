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
}
