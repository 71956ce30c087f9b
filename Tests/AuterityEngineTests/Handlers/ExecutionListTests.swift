import AuterityAPI
import Testing

@testable import AuterityEngine

/// Lists of executions, held against a plain filter and sort of all of them.
@Suite(.timeLimit(.minutes(30)))
struct ExecutionListTests {
    static let ann = Caller(id: fixedID(51), name: "ann@example.com", roles: [.user])
    static let bob = Caller(id: fixedID(52), name: "bob@example.com", roles: [.user])
    /// Has started what others own, and does not see everything any more.
    static let cat = Caller(id: fixedID(53), name: "cat@example.com", roles: [.user])
    static let new = Caller(id: fixedID(54), name: "new@example.com", roles: [.user])
    static let callers = [TestEngine.admin, ann, bob, cat, new]

    struct Seen: Sendable {
        let summary: ExecutionSummary
        let owner: UserID
        let starter: UserID
    }

    struct Filled {
        let test: TestEngine
        let all: [Seen]
        let workflows: [WorkflowID]
    }

    /// Executions of three workflows with two owners, in every status that stays.
    static func filled() async throws -> Filled {
        let test = try await TestEngine.open()
        Gate.named("list").open()
        let failing: JSONValue = [
            "nodes": [
                ["id": "start", "type": "start"],
                ["id": "check", "type": "validate", "data": ["schema": ["required": ["n"]]]],
            ],
            "edges": [["id": "e", "source": "start", "target": "check"]],
        ]
        let workflows = [
            (try await test.workflow(RunnerTests.chain([]), name: "North Route", as: ann), ann),
            (try await test.workflow(failing, name: "Check 100%", as: ann), ann),
            (
                try await test.workflow(
                    RunnerTests.single("delay", ["seconds": 86_400]), name: "north wait", as: bob),
                bob
            ),
        ]
        let operating = Caller(id: cat.id, name: cat.name, roles: [.operator])
        var people: [ExecutionID: (owner: UserID, starter: UserID)] = [:]
        for number in 0..<45 {
            test.clock.advance(seconds: number % 4 == 0 ? 0 : 0.25)
            let (workflow, owner) = workflows[number * 7 % 3]
            let starter = number % 5 == 0 ? operating : owner
            let id = try await test.start(
                workflow, number % 2 == 0 ? ["n": 1] : [:], as: starter)
            people[id] = (owner.id, starter.id)
            if number % 11 == 2, workflow == workflows[2].0 {
                _ = try await test.send(CancelExecution(executionID: id))
            }
        }
        let page = try await test.send(ListExecutions(page: 1, pageSize: 100))
        #expect(page.items.count == 45)
        #expect(Set(page.items.map(\.status)) == [.completed, .failed, .waiting, .cancelled])
        let all = try page.items.map { summary in
            let people = try #require(people[summary.id])
            return Seen(summary: summary, owner: people.owner, starter: people.starter)
        }
        return Filled(test: test, all: all, workflows: workflows.map(\.0))
    }

    private func expected(_ call: ListExecutions, _ caller: Caller, _ all: [Seen]) -> [Seen] {
        let words = call.search?.lowercased() ?? ""
        return all.filter { seen in
            let summary = seen.summary
            let isSeen =
                caller.may(.workflowReadAll) || caller.id == seen.owner
                || caller.id == seen.starter
            let isFound =
                words.isEmpty
                || [
                    summary.workflowName, summary.id.description, summary.error?.code,
                    summary.error?.message,
                ].contains { $0?.lowercased().contains(words) == true }
            return isSeen && isFound
                && (call.status.map { $0.isEmpty || $0.contains(summary.status) } ?? true)
                && (call.workflowID.map { $0 == summary.workflowID } ?? true)
                && (call.since.map { summary.startedAt >= $0 } ?? true)
                && (call.until.map { summary.startedAt < $0 } ?? true)
        }
    }

    /// The text by which an item is sorted, of one length for every number.
    private func key(_ summary: ExecutionSummary, _ sort: String) -> String {
        func padded(_ number: Int64) -> String {
            let text = String(number)
            return String(repeating: "0", count: 20 - text.count) + text
        }
        return switch sort {
        case "completed_at": padded(summary.completedAt?.milliseconds ?? 0)
        case "duration": padded(Int64((summary.duration ?? 0) * 1000))
        case "status": summary.status.rawValue
        case "progress": padded(Int64(summary.progress))
        case "workflow_name": summary.workflowName.lowercased()
        default: padded(summary.startedAt.milliseconds)
        }
    }

    private func expect(
        _ filter: ListExecutions, as caller: Caller, in filled: Filled
    ) async throws {
        let label = "\(caller.name) \(filter)"
        let wanted = expected(filter, caller, filled.all).map(\.summary)
        var call = filter
        call.page = 1
        call.pageSize = 100
        let whole = try await filled.test.send(call, as: caller)
        #expect(Set(whole.items) == Set(wanted), "\(label)")
        #expect(whole.items.count == wanted.count, "\(label)")
        #expect(whole.total == wanted.count, "\(label)")
        let sort = filter.sort ?? "-started_at"
        let keys = whole.items.map {
            key($0, sort.hasPrefix("-") ? String(sort.dropFirst()) : sort)
        }
        #expect(keys == (sort.hasPrefix("-") ? keys.sorted(by: >) : keys.sorted()), "\(label)")

        call.pageSize = 7
        var pages: [ExecutionSummary] = []
        for number in 1...(wanted.count / 7 + 1) {
            call.page = number
            pages += try await filled.test.send(call, as: caller).items
        }
        #expect(pages == whole.items, "\(label)")
        call.page = nil
        call.cursor = ""
        var stretches: [ExecutionSummary] = []
        while call.cursor != nil {
            let page = try await filled.test.send(call, as: caller)
            stretches += page.items
            call.cursor = page.nextCursor
        }
        #expect(stretches == whole.items, "\(label)")
    }

    @Test func everyFilterInEveryOrderGivesWhatItShould() async throws {
        let filled = try await Self.filled()
        let middle = filled.all[20].summary.startedAt
        let filters: [ListExecutions] = [
            ListExecutions(), ListExecutions(status: [.failed]),
            ListExecutions(status: [.completed, .cancelled, .waiting]),
            ListExecutions(status: [.running]),
            ListExecutions(workflowID: filled.workflows[0]),
            ListExecutions(status: [.waiting], workflowID: filled.workflows[2]),
            ListExecutions(workflowID: fixedID(99)), ListExecutions(since: middle),
            ListExecutions(until: middle), ListExecutions(status: [.failed], since: middle),
            ListExecutions(search: "NORTH"), ListExecutions(search: "h r"),
            ListExecutions(search: "0%"), ListExecutions(search: "no"),
            ListExecutions(search: "\"north\" OR"), ListExecutions(search: "failed"),
            ListExecutions(status: [.failed], search: "check"),
            ListExecutions(search: filled.all[3].summary.id.short),
            ListExecutions(search: filled.all[3].summary.id.description.uppercased()),
            ListExecutions(search: "zzz"),
        ]
        let keys = [
            nil, "started_at", "completed_at", "duration", "status", "progress", "workflow_name",
        ]
        for caller in Self.callers {
            for filter in filters {
                for key in keys {
                    for sort in [key, key.map { "-" + $0 }] {
                        var call = filter
                        call.sort = sort
                        try await expect(call, as: caller, in: filled)
                    }
                }
            }
        }
        await filled.test.engine.close()
    }

    @Test(arguments: ["name", "id", "-", "started_at,id", "; DROP TABLE users", "--started_at"])
    func whatListsCannotBeSortedByIsRefused(_ sort: String) async throws {
        let test = try await TestEngine.open()
        do {
            _ = try await test.send(ListExecutions(page: 1, sort: sort))
            Issue.record("\(sort) was taken")
        } catch {
            #expect(error.code == .validationError)
            #expect(error.details.map(\.field) == ["sort"])
        }
        await test.engine.close()
    }

    /// The plans of the database, where the order and the filters have indexes.
    @Test func noListReadsAllRows() async throws {
        let filled = try await Self.filled()
        let middle = filled.all[20].summary.startedAt
        var calls: [ListExecutions] = [
            ListExecutions(), ListExecutions(status: [.failed]),
            ListExecutions(status: [.failed, .cancelled]),
            ListExecutions(workflowID: filled.workflows[0]), ListExecutions(since: middle),
            ListExecutions(until: middle), ListExecutions(search: "north route"),
        ]
        for key in ["started_at", "completed_at", "duration", "status", "progress"] {
            calls += [ListExecutions(sort: key), ListExecutions(sort: "-" + key)]
        }
        let store = try filled.test.engine.core.session.store
        for caller in Self.callers {
            for var call in calls {
                call.cursor = ""
                let query = call
                let lines = try await store.read { connection in
                    let plan = try ExecutionList(
                        query, for: try Viewer(caller, in: connection), in: connection
                    ).plan(
                        PageWish(
                            page: query.page, pageSize: query.pageSize, cursor: query.cursor,
                            sort: query.sort, cursorKey: [1], knownFaults: []))
                    return try connection.all(
                        "EXPLAIN QUERY PLAN " + plan.statement, plan.values
                    ) { $0.text(3) }
                }
                let scans = lines.filter {
                    $0.hasPrefix("SCAN executions") && !$0.contains("INDEX")
                }
                #expect(scans == [], "\(caller.name) \(call): \(lines)")
            }
        }
        await filled.test.engine.close()
    }
}
