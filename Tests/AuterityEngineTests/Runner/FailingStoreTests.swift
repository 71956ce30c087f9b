import AuterityAPI
import Testing

@testable import AuterityEngine

@Suite(.timeLimit(.minutes(10)))
struct FailingStoreTests {
    /// Answers once the store works again, told by calls that succeed.
    private func works(_ test: TestEngine) async throws {
        while true {
            do {
                _ = try await test.send(
                    CreateLogs(logs: [NewLogLine(level: .info, message: "Are you there?")]))
                return
            } catch  where error.code == .serviceUnavailable {
                test.clock.advance(seconds: 40)
                await Task.yield()
            }
        }
    }

    @Test func aFullDiskStopsTheEngineAndLosesNothing() async throws {
        let test = try await TestEngine.open()
        let workflow = try await test.workflow(RunnerTests.chain(["full"]))
        let running = try await test.start(workflow)
        await Gate.named("full").arrivals(1)
        // SQLite says "full" when the database may not grow, as it does on a full disk.
        try test.engine.core.session.store.write { connection in
            let pages = try connection.number("PRAGMA page_count")
            try connection.limitPages(to: pages)
        }
        var refusal: APIError?
        let large: JSONObject = ["text": .string(String(repeating: "z", count: 60_000))]
        for _ in 0..<200 where refusal == nil {
            do {
                _ = try await test.start(workflow, large)
            } catch let error as APIError {
                refusal = error
            }
        }
        #expect(refusal?.code == .serviceUnavailable)
        #expect(refusal?.message.contains("disk that holds the store is full") == true)
        // The store is opened anew, without the limit, and goes on where the disk says.
        try await works(test)
        Gate.named("full").open()
        #expect(try await test.finished(running).status == .completed)
        let health = try await test.send(GetHealth())
        #expect(health.services.database.status == .healthy)
        await test.engine.close()
    }
}

extension StoreConnection {
    fileprivate func limitPages(to pages: Int64) throws {
        try #require(self as? SQLiteConnection).limitPages(to: pages)
    }
}
