import AuterityAPI
import AuterityClient
import Testing

/// What every client must do.
@Suite struct ClientTests {
    @Test func anExecutionIsSeenLiveToItsEnd() async throws {
        let fixture = try await ClientFixture()
        let client = fixture.client
        let workflow = try await client.send(
            CreateWorkflow(
                name: "Greeting",
                definition: ClientFixture.definition(
                    ["id": "greet", "type": "log", "data": ["message": "Hello {{name}}"]])))
        var feed = client.feed(after: nil).makeAsyncIterator()
        #expect(await feed.next() == .connection(.live))

        let accepted = try await client.send(
            ExecuteWorkflow(workflowID: workflow.id, inputData: ["name": "Ada"]))
        var last: ExecutionUpdate?
        while last?.status.isFinished != true, let item = await feed.next() {
            if case .event(let event) = item, case .executionUpdate(let update) = event.payload,
                update.executionID == accepted.executionID
            {
                last = update
            }
        }
        #expect(last?.status == .completed)
        #expect(last?.progress == 100)

        let logs = try await client.send(
            ListExecutionLogs(executionID: accepted.executionID, cursor: ""))
        #expect(logs.items.map(\.message) == ["Hello Ada"])
        try await fixture.close()
    }

    @Test func aFeedResumesBehindAnEventWithNothingTwice() async throws {
        let fixture = try await ClientFixture()
        let client = fixture.client
        let workflow = try await client.send(
            CreateWorkflow(name: "Nothing", definition: ClientFixture.definition()))
        var ids: [Int64] = []
        for _ in 0..<3 {
            _ = try await client.send(
                ExecuteWorkflow(workflowID: workflow.id, executionMode: .sync))
        }
        for await item in client.feed(after: 0) {
            if case .event(let event) = item, let id = event.id { ids.append(id) }
            if ids.count >= 3 { break }
        }
        #expect(ids == ids.sorted())
        #expect(Set(ids).count == ids.count)

        let middle = try #require(ids.first)
        var next: Int64?
        for await item in client.feed(after: middle) {
            // Figures have no id: they are made for their reader.
            if case .event(let event) = item, let id = event.id {
                next = id
                break
            }
        }
        #expect(next == ids[1])
        try await fixture.close()
    }

    @Test func faultsComeAsTheContractHasThem() async throws {
        let fixture = try await ClientFixture()
        let error = await #expect(throws: APIError.self) {
            try await fixture.client.send(
                CreateWorkflow(name: " ", definition: ["nodes": [["id": "a", "type": "moon"]]]))
        }
        #expect(error?.code == .validationError)
        let fields = Set(error?.details.map(\.field) ?? [])
        #expect(fields.isSuperset(of: ["name", "definition.nodes[0].type"]))
        try await fixture.close()
    }

    @Test func theOperatingSystemUserIsTheAdministrator() async throws {
        let fixture = try await ClientFixture()
        #expect(fixture.client.identity.permissions == Set(Permission.allCases))
        #expect(fixture.client.identity.name.hasPrefix("embedded"))
        #expect(!fixture.client.identity.user.isEmpty)
        try await fixture.close()
    }
}
