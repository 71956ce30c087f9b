import AuterityAPI
import Testing

@testable import AuterityEngine

/// Lists of log lines, held against a plain filter of all of them.
@Suite(.timeLimit(.minutes(30)))
struct LogListTests {
    private static let callers = [
        TestEngine.admin, ExecutionListTests.ann, ExecutionListTests.bob,
    ]

    /// Lines of every level, of two executions with an owner each, and of nobody's execution.
    private func filled() async throws -> (test: TestEngine, executions: [ExecutionID]) {
        let test = try await TestEngine.open()
        let ann = ExecutionListTests.ann
        let bob = ExecutionListTests.bob
        var executions: [ExecutionID] = []
        for caller in [ann, bob] {
            let workflow = try await test.workflow(RunnerTests.chain([]), as: caller)
            executions.append(try await test.start(workflow, as: caller))
        }
        for number in 0..<60 {
            test.clock.advance(seconds: number % 3 == 0 ? 1 : 0)
            let level = LogLevel.allCases[number * 7 % 4]
            let place = number * 5 % 3
            let line = NewLogLine(
                level: level, message: "line \(number)",
                executionID: place < 2 ? executions[place] : nil)
            _ = try await test.send(
                CreateLogs(logs: [line]),
                as: place == 0 ? ann : place == 1 ? bob : Self.callers[number % 3])
        }
        return (test, executions)
    }

    private func all(
        _ call: ListLogs, as caller: Caller, of test: TestEngine
    ) async throws -> [LogLine] {
        var call = call
        call.cursor = ""
        call.pageSize = 7
        var lines: [LogLine] = []
        while call.cursor != nil {
            let page = try await test.send(call, as: caller)
            lines += page.items
            call.cursor = page.nextCursor
        }
        return lines
    }

    @Test func everyLevelGivesItsLinesInTheOrderOfAll() async throws {
        let (test, executions) = try await filled()
        let firstWorkflow = try await test.execution(executions[0]).workflowID
        for caller in Self.callers {
            for narrow in [
                ListLogs(), ListLogs(executionID: executions[0]),
                ListLogs(workflowID: firstWorkflow),
                ListLogs(sort: "-level"), ListLogs(sort: "timestamp"),
            ] {
                let whole = try await all(narrow, as: caller, of: test)
                #expect(caller.id == ExecutionListTests.bob.id || whole.count >= 20)
                for level in LogLevel.allCases {
                    var call = narrow
                    call.level = level
                    let wanted = whole.filter { $0.level >= level }
                    let label = "\(caller.name) \(call)"
                    #expect(try await all(call, as: caller, of: test) == wanted, "\(label)")
                    call.pageSize = 100
                    call.page = 1
                    let page = try await test.send(call, as: caller)
                    #expect(page.items == wanted, "\(label)")
                    #expect(page.total == wanted.count, "\(label)")
                }
            }
        }
        await test.engine.close()
    }

    @Test func warningsAndErrorsAreReadFromAnIndexOfTheirOwn() async throws {
        let (test, executions) = try await filled()
        let workflow = try await test.execution(executions[0]).workflowID
        let store = try test.engine.core.session.store
        for caller in Self.callers {
            for call in [
                ListLogs(level: .warning), ListLogs(level: .error),
                ListLogs(workflowID: workflow, level: .error),
            ] {
                let lines = try await store.read { connection in
                    let plan = try LogList(
                        call, for: try Viewer(caller, in: connection), in: connection
                    ).query.plan(
                        .init(pageSize: 10, cursor: "", cursorKey: [1]))
                    return try connection.all(
                        "EXPLAIN QUERY PLAN " + plan.statement, plan.values
                    ) { $0.text(3) }
                }
                let reads = lines.filter { $0.contains(" logs ") }
                #expect(!reads.isEmpty)
                for read in reads where !read.contains("USING INTEGER PRIMARY KEY") {
                    let isWritersOwn = read.contains("logs_user")
                    #expect(
                        read.contains("logs_severe") || isWritersOwn,
                        "\(caller.name) \(call): \(read)")
                }
                #expect(!lines.contains { $0.hasPrefix("SCAN logs") }, "\(lines)")
            }
        }
        await test.engine.close()
    }
}
