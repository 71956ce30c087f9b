import AuterityAPI
import Testing

@testable import AuterityEngine

@Suite(.timeLimit(.minutes(30)))
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

    /// Executes until the store takes no more.
    ///
    /// - Returns: What was answered then.
    private func fill(_ test: TestEngine, _ workflow: WorkflowID) async throws -> APIError? {
        // SQLite says "full" when the database may not grow, as it does on a full disk.
        try test.engine.core.session.store.write { connection in
            let pages = try connection.number("PRAGMA page_count")
            try connection.limitPages(to: pages)
        }
        let large: JSONObject = ["text": .string(String(repeating: "z", count: 60_000))]
        for _ in 0..<200 {
            do {
                _ = try await test.start(workflow, large)
            } catch let error as APIError {
                return error
            }
        }
        return nil
    }

    @Test func readsAreAnsweredWhileTheStoreCannotBeOpened() async throws {
        let test = try await TestEngine.open()
        let workflow = try await test.workflow(RunnerTests.chain(["full-reads"]))
        _ = try await test.start(workflow)
        // Nobody who opens the store takes it like this.
        _ = try test.engine.core.session.store.write { connection in
            try connection.run("UPDATE schema_migrations SET checksum = 'not ' || checksum", [])
        }
        #expect(try await fill(test, workflow)?.code == .serviceUnavailable)
        let refusal = await #expect(throws: APIError.self) { try await test.start(workflow) }
        #expect(refusal?.code == .serviceUnavailable)
        #expect(refusal?.message.contains("closing") == false)
        #expect(try await test.send(GetWorkflow(workflowID: workflow)).id == workflow)
        #expect(try await !test.send(ListExecutions()).items.isEmpty)
        let other = try SQLiteStore(path: test.engine.core.directory.database, readers: 1)
        _ = try other.write { connection in
            try connection.run("UPDATE schema_migrations SET checksum = substr(checksum, 5)", [])
        }
        other.close()
        try await works(test)
        #expect(try await test.send(GetWorkflow(workflowID: workflow)).id == workflow)
        await test.engine.close()
    }

    @Test func aFullDiskStopsTheEngineAndLosesNothing() async throws {
        let test = try await TestEngine.open()
        let workflow = try await test.workflow(RunnerTests.chain(["full"]))
        let running = try await test.start(workflow)
        await Gate.named("full").arrivals(1)
        let refusal = try await fill(test, workflow)
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
