import AuterityAPI
import AuterityClient
import Synchronization
import Testing

@Suite struct DemoTests {
    @Test func theDemoIsMarkedMadeOnceAndTakenAwayWhole() async throws {
        let fixture = try await ClientFixture()
        let client = fixture.client
        let mine = try await client.send(
            CreateWorkflow(name: "Mine", definition: ClientFixture.definition()))
        let demo = Demo(client: client)
        let first = try await demo.load()
        #expect(first.count == 6)
        #expect(first.allSatisfy { $0.isDemo && $0.name.hasPrefix("Demo: ") })
        #expect(try await demo.load().count == 6)

        let removed = try await client.send(RemoveDemo())
        #expect(removed.workflows == 6)
        let left = try await client.send(ListWorkflows(cursor: ""))
        #expect(left.items.map(\.id) == [mine.id])
        try await fixture.close()
    }

    @Test func theSamplesHaveNoFaultAndNoWarning() async throws {
        let fixture = try await ClientFixture()
        for workflow in try await Demo(client: fixture.client).load() {
            let whole = try await fixture.client.send(GetWorkflow(workflowID: workflow.id))
            let report = try await fixture.client.send(
                ValidateDefinition(definition: whole.definition))
            #expect(report.errors.isEmpty && report.warnings.isEmpty, "\(workflow.name)")
            let start = whole.definition["nodes"]?.arrayValue?.first
            let schema = start?["data"]?["input_schema"]
            #expect(schema?["properties"]?.objectValue?.isEmpty == false, "\(workflow.name)")
        }
        try await fixture.close()
    }

    @Test func theStreamKeepsWithinItsBounds() async throws {
        let fixture = try await ClientFixture()
        var limits = Demo.Limits()
        limits.total = 12
        limits.unfinished = 5
        limits.waitingApprovals = 1
        let counter = Mutex(0)
        let client = fixture.client
        // Time passes only as far as the executions need it: a pull of the feed is a pause.
        let feed = FeedPause(client.feed(after: nil))
        let demo = Demo(
            client: client, limits: limits,
            random: { bound in
                counter.withLock {
                    $0 += 7
                    return $0 % bound
                }
            },
            sleep: { _ in
                let page = try await client.send(
                    ListExecutions(
                        pageSize: 100, cursor: "", status: [.pending, .running, .waiting]))
                #expect(page.items.count <= 5)
                if page.items.count >= 5 { await feed.awaitEvent() }
            })
        try await demo.stream()
        let all = try await client.send(ListExecutions(page: 1, pageSize: 100))
        #expect(all.total == 12)
        #expect(all.items.allSatisfy { $0.isDemo })
        _ = try await client.send(RemoveDemo())
        #expect(try await client.send(ListExecutions(page: 1)).total == 0)
        let figures = try await client.send(GetMetrics()).workflows
        #expect(figures.failedToday == 0 && figures.executionsLastHour == 0)
        try await fixture.close()
    }
}

/// Waits for the next event of a feed.
private actor FeedPause {
    private var iterator: AsyncStream<FeedItem>.Iterator

    init(_ stream: AsyncStream<FeedItem>) {
        iterator = stream.makeAsyncIterator()
    }

    func awaitEvent() async {
        // The iterator is a handle: a copy of it goes on where the other was.
        var copy = iterator
        defer { iterator = copy }
        while let item = await copy.next(isolation: self) {
            if case .event = item { return }
        }
    }
}
