import AuterityAPI
import Testing

@testable import AuterityEngine

/// The counts that are kept, held against counting.
@Suite(.timeLimit(.minutes(30)))
struct ExecutionTallyTests {
    /// What is kept but not so, as texts; empty when all is well.
    private func differences(_ test: TestEngine) async throws -> [String] {
        try await test.engine.core.session.store.read { connection in
            try Self.differences(connection)
        }
    }

    private static func differences(_ connection: any StoreConnection) throws -> [String] {
        let counted: SQLText = """
            SELECT 'all' AS scope, 0 AS subject, status, count(*) AS kept FROM workflow_executions
            GROUP BY status
            UNION ALL SELECT 'workflow', workflow_id, status, count(*) FROM workflow_executions
            GROUP BY workflow_id, status
            UNION ALL SELECT 'user', viewer, status, count(*) FROM (
                SELECT owner_id AS viewer, id, status FROM workflow_executions
                UNION SELECT started_by, id, status FROM workflow_executions)
            GROUP BY viewer, status
            """
        let kept: SQLText =
            "SELECT scope, subject, status, kept FROM execution_counts WHERE kept <> 0"
        func rows(_ sql: SQLText) throws -> [String] {
            try connection.all(sql) {
                "\($0.text(0)) \($0.int(1)) \($0.text(2)) \($0.int(3))"
            }
        }
        let wrongOwners = try connection.number(
            """
            SELECT count(*) FROM workflow_executions AS e JOIN workflows AS w
                ON w.id = e.workflow_id WHERE e.owner_id <> w.created_by
            """)
        let wrongWorkflows = try connection.number(
            """
            SELECT count(*) FROM workflows WHERE kept_count <>
                (SELECT count(*) FROM workflow_executions WHERE workflow_id = workflows.id)
            """)
        return Set(try rows(counted)).symmetricDifference(try rows(kept)).sorted()
            + (wrongOwners > 0 ? ["owners"] : []) + (wrongWorkflows > 0 ? ["workflows"] : [])
    }

    @Test func countsStayInStepWithTheRows() async throws {
        let filled = try await ExecutionListTests.filled()
        let test = filled.test
        #expect(try await differences(test) == [])
        // Twenty calls of which one is taken: the others are taken back in the same batch.
        let same = ExecuteWorkflow(workflowID: filled.workflows[0], idempotencyKey: "once")
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<20 { group.addTask { _ = try await test.send(same) } }
            try await group.waitForAll()
        }
        #expect(try await differences(test) == [])
        await test.engine.abandon()
        let again = try await TestEngine.open(in: test.directory, clock: test.clock, seed: 2) {
            $0.retention.finishedExecutions = 5
        }
        again.clock.advance(seconds: 100_000)
        for id in filled.all.filter({ $0.summary.status == .waiting }).map(\.summary.id) {
            _ = try await again.finished(id)
        }
        #expect(try await differences(again) == [])
        again.clock.advance(seconds: 6)
        await again.engine.core.prune()
        #expect(try await again.send(ListExecutions(page: 1)).total == 0)
        #expect(try await differences(again) == [])
        await again.engine.close()
    }

    @Test func figuresAreThoseOfOnesOwnExecutions() async throws {
        let filled = try await ExecutionListTests.filled()
        for caller in ExecutionListTests.callers {
            let own = filled.all.filter {
                caller.may(.workflowReadAll) || [$0.owner, $0.starter].contains(caller.id)
            }.map(\.summary)
            let figures = try await filled.test.send(GetMetrics(), as: caller).workflows
            #expect(figures.totalExecutions == own.count, "\(caller.name)")
            #expect(figures.successfulExecutions == own.count { $0.status == .completed })
            #expect(figures.failedExecutions == own.count { $0.status == .failed })
            #expect(figures.failedToday == figures.failedExecutions)
            #expect(figures.executionsLastHour == own.count)
            #expect(figures.waiting == own.count { $0.status == .waiting })
            let ended = own.compactMap(\.duration)
            let average = ended.isEmpty ? nil : ended.reduce(0, +) / Double(ended.count)
            #expect(figures.averageExecutionTime == average, "\(caller.name)")
        }
        filled.test.clock.advance(seconds: 86_400)
        for caller in ExecutionListTests.callers {
            let figures = try await filled.test.send(GetMetrics(), as: caller).workflows
            #expect(figures.executionsLastHour == 0)
            #expect(figures.failedToday == 0)
        }
        await filled.test.engine.close()
    }

    @Test func theDemoLeavesNoCounts() async throws {
        let test = try await TestEngine.open()
        let demo = try await test.send(
            CreateWorkflow(
                name: "Demo", definition: WorkflowHandlerTests.minimal, isDemo: true))
        for _ in 0..<3 { _ = try await test.start(demo.id) }
        _ = try await test.send(RemoveDemo())
        #expect(try await differences(test) == [])
        let figures = try await test.send(GetMetrics()).workflows
        #expect(figures.totalExecutions == 0)
        #expect(figures.executionsLastHour == 0)
        await test.engine.close()
    }

    /// A store of the versions before is counted once, when it is opened.
    @Test func anOlderStoreIsCounted() throws {
        let directory = try ScratchDirectory()
        let store = try SQLiteStore(path: directory.path + "/auterity.db", readers: 1)
        func migrate(_ migrations: [Migration]) throws {
            try Migrator(
                database: directory.path, migrations: migrations,
                now: Timestamp(milliseconds: 0)
            ).run(on: store)
        }
        try migrate(Migration.all.filter { $0.version < Migration.countedLists.version })
        try store.write { connection in
            for number in 1...2 {
                let id: UserID = fixedID(UInt64(number))
                try connection.run(
                    """
                    INSERT INTO users (id, public_id, email, created_at, updated_at)
                    VALUES ($1, $2, 'u', 0, 0)
                    """, [.int(number), .text(id.description)])
            }
            let workflow: WorkflowID = fixedID(3)
            try connection.run(
                """
                INSERT INTO workflows (id, public_id, name, description, is_active, is_demo,
                    version, created_by, created_at, updated_at, kept_count, started_count,
                    failed_count, duration_total)
                VALUES (1, $1, 'Old name', '', 1, 0, 1, 1, 0, 0, 3, 5, 3, 900)
                """, [.text(workflow.description)])
            for number in 1...3 {
                let id: ExecutionID = fixedID(UInt64(number) + 10)
                try connection.run(
                    """
                    INSERT INTO workflow_executions (public_id, workflow_id, workflow_version,
                        status, steps_total, started_at, completed_at, duration, error_code,
                        error_message, started_by)
                    VALUES ($1, 1, 1, 'failed', 1, 60000, 60300, 300, 'BROKEN', 'An old error', $2)
                    """, [.text(id.description), .int(number == 1 ? 2 : 1)])
            }
        }
        try migrate(Migration.all)
        try store.write { connection in
            #expect(try Self.differences(connection) == [])
            let totals = try connection.all(
                """
                SELECT scope, subject, started, failed, duration FROM execution_totals
                ORDER BY scope, subject
                """
            ) { "\($0.text(0)) \($0.int(1)) \($0.int(2)) \($0.int(3)) \($0.int(4))" }
            #expect(totals == ["all 0 5 3 900", "user 1 5 3 900", "user 2 1 1 300"])
            #expect(
                try connection.number(
                    "SELECT sum(failed) FROM execution_user_minutes WHERE minute = 1") == 3)
            let found: SQLText =
                "SELECT count(*) FROM execution_search WHERE execution_search MATCH $1"
            #expect(try connection.number(found, [.text("\"old err\"")]) == 3)
            #expect(
                try connection.number(
                    "SELECT count(*) FROM workflow_search WHERE workflow_search MATCH $1",
                    [.text("\"ld na\"")]) == 1)
        }
        store.close()
    }
}
