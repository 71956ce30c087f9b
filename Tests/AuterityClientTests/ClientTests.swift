import AuterityAPI
import AuterityClient
import Testing

/// What every client must do, however it reaches the engine.
@Suite struct ClientTests {
    @Test(arguments: ClientKind.allCases)
    func anExecutionIsSeenLiveToItsEnd(kind: ClientKind) async throws {
        try await kind.withClient { open in
            let client = open.client
            let workflow = try await open.workflow(
                "Greeting", ["id": "greet", "type": "log", "data": ["message": "Hello {{name}}"]])
            var feed = client.feed(after: nil).makeAsyncIterator()
            while let item = await feed.next(), item != .connection(.live) {}

            let outcome = try await client.send(
                ExecuteWorkflow(workflowID: workflow.id, inputData: ["name": "Ada"]))
            var last: ExecutionUpdate?
            while last?.status.isFinished != true, let item = await feed.next() {
                if case .event(let event) = item,
                    case .executionUpdate(let update) = event.payload,
                    update.executionID == outcome.executionID
                {
                    last = update
                }
            }
            #expect(last?.status == .completed)
            #expect(last?.progress == 100)
            let logs = try await client.send(
                ListExecutionLogs(executionID: outcome.executionID, cursor: ""))
            #expect(logs.items.map(\.message) == ["Hello Ada"])
        }
    }

    @Test(arguments: ClientKind.allCases)
    func aFeedTellsEachEventOnceAndInOrder(kind: ClientKind) async throws {
        try await kind.withClient { open in
            let client = open.client
            let workflow = try await open.workflow()
            var executions: Set<ExecutionID> = []
            for _ in 0..<5 {
                let outcome = try await client.send(
                    ExecuteWorkflow(workflowID: workflow.id, executionMode: .sync))
                executions.insert(outcome.executionID)
            }
            var (ids, ended): ([Int64], Set<ExecutionID>) = ([], [])
            for await item in client.feed(after: 0) {
                guard case .event(let event) = item, let id = event.id else { continue }
                ids.append(id)
                if case .executionUpdate(let update) = event.payload, update.status.isFinished {
                    ended.insert(update.executionID)
                }
                if ended == executions { break }
            }
            #expect(ids == Array(Set(ids)).sorted())

            // Behind one of them come the others, and nothing before.
            let middle = ids[ids.count / 2]
            var rest: [Int64] = []
            for await item in client.feed(after: middle) {
                // Figures have no id: they are made for their reader.
                if case .event(let event) = item, let id = event.id { rest.append(id) }
                if rest.last == ids.last { break }
            }
            #expect(rest == ids.filter { $0 > middle })
        }
    }

    @Test(arguments: ClientKind.allCases)
    func faultsComeAsTheContractHasThem(kind: ClientKind) async throws {
        try await kind.withClient { open in
            let fault = try await open.failure(
                of: CreateWorkflow(
                    name: " ", definition: ["nodes": [["id": "a", "type": "moon"]]]))
            #expect(fault.code == .validationError)
            #expect(fault.status == 422)
            let fields = Set(fault.details.map(\.field))
            #expect(fields.isSuperset(of: ["name", "definition.nodes[0].type"]))
            #expect((fault.requestID != nil) == kind.isRemote)

            let absent = try await open.failure(of: GetWorkflow(workflowID: .none))
            #expect(absent.code == .notFound)
            #expect(absent.status == 404)
        }
    }

    @Test(arguments: ClientKind.allCases)
    func aWorkflowLivesFromItsMakingToItsEnd(kind: ClientKind) async throws {
        try await kind.withClient { open in
            let client = open.client
            let made = try await open.workflow("One & only / ü?")
            #expect(made.warnings != nil)
            #expect(try await client.send(GetWorkflow(workflowID: made.id)) == made.tagged)

            let renamed = try await client.send(
                UpdateWorkflow(
                    workflowID: made.id, name: "Other", ifMatch: "\"\(made.version)\""))
            #expect(renamed.name == "Other")
            #expect(renamed.version == made.version + 1)
            let stale = try await open.failure(
                of: UpdateWorkflow(
                    workflowID: made.id, name: "Lost", ifMatch: "\"\(made.version)\""))
            #expect(stale.code == .preconditionFailed)
            #expect(stale.status == 412)
            #expect(try await client.send(GetWorkflow(workflowID: made.id)).name == "Other")

            let copy = try await client.send(DuplicateWorkflow(workflowID: made.id))
            let found = try await client.send(ListWorkflows(search: "Other"))
            #expect(Set(found.items.map(\.id)) == [made.id, copy.id])
            #expect(found.total == 2)
            #expect(
                try await client.send(DeleteWorkflow(workflowID: made.id)) == NoContent())
            #expect(try await open.failure(of: GetWorkflow(workflowID: made.id)).status == 404)
        }
    }

    @Test(arguments: ClientKind.allCases)
    func listsAreReadToTheirEndByCursor(kind: ClientKind) async throws {
        try await kind.withClient { open in
            var made: Set<WorkflowID> = []
            for number in 0..<7 { made.insert(try await open.workflow("w\(number)").id) }
            var (found, cursor, pages): ([WorkflowID], String?, Int) = ([], "", 0)
            while let place = cursor {
                let page = try await open.client.send(
                    ListWorkflows(pageSize: 3, cursor: place, sort: "name"))
                found += page.items.map(\.id)
                cursor = page.nextCursor
                pages += 1
            }
            #expect(pages == 3)
            #expect(found.count == made.count)
            #expect(Set(found) == made)
            // A list of values in a query.
            let executions = try await open.client.send(
                ListExecutions(status: [.running, .failed]))
            #expect(executions.items.isEmpty)
        }
    }

    @Test(arguments: ClientKind.allCases)
    func theSameIdempotencyKeyStartsOneExecution(kind: ClientKind) async throws {
        try await kind.withClient { open in
            let client = open.client
            let workflow = try await open.workflow()
            let call = ExecuteWorkflow(
                workflowID: workflow.id, inputData: ["n": 1], idempotencyKey: "order 17")
            let first = try await client.send(call)
            let second = try await client.send(call)
            #expect(first.executionID == second.executionID)
            #expect(!first.isReplayed)
            #expect(second.isReplayed)
            let other = try await open.failure(
                of: ExecuteWorkflow(
                    workflowID: workflow.id, inputData: ["n": 2], idempotencyKey: "order 17"))
            #expect(other.code == .conflict)
            #expect(other.status == 409)
        }
    }

    @Test(arguments: ClientKind.allCases)
    func aFeedThatNobodyReadsAnyMoreEnds(kind: ClientKind) async throws {
        try await kind.withClient { open in
            let feed = open.client.feed(after: nil)
            let reader = Task {
                var iterator = feed.makeAsyncIterator()
                while let item = await iterator.next(), item != .connection(.live) {}
                var last = await iterator.next()
                // Figures come meanwhile, when they come.
                while last != nil { last = await iterator.next() }
                return last
            }
            reader.cancel()
            #expect(await reader.value == nil)
        }
    }

    @Test(arguments: ClientKind.allCases)
    func aCallThatIsCancelledReturns(kind: ClientKind) async throws {
        try await kind.withClient { open in
            let workflow = try await open.endless()
            let client = open.client
            let call = Task {
                do throws(APIError) {
                    _ = try await client.send(
                        ExecuteWorkflow(
                            workflowID: workflow.id, executionMode: .sync, syncTimeout: 300))
                    return APIError?.none
                } catch {
                    return error
                }
            }
            // It has begun when its execution is there.
            for await item in client.feed(after: 0) {
                if case .event(let event) = item, event.id != nil { break }
            }
            call.cancel()
            let outcome = await call.value
            #expect(outcome == nil || outcome?.code == .serviceUnavailable)
        }
    }

    @Test(arguments: ClientKind.allCases)
    func aClosedClientSaysSoAndEndsItsFeeds(kind: ClientKind) async throws {
        try await kind.withClient { open in
            var feed = open.client.feed(after: nil).makeAsyncIterator()
            while let item = await feed.next(), item != .connection(.live) {}
            await open.close()
            while await feed.next() != nil {}
            let fault = try await open.failure(of: ListWorkflows())
            #expect(fault.code == .serviceUnavailable)
            #expect(fault.message.contains("clos"))
            var late = open.client.feed(after: nil).makeAsyncIterator()
            while await late.next() != nil {}
        }
    }

    @Test(arguments: ClientKind.allCases)
    func theIdentitySaysWhoOneIs(kind: ClientKind) async throws {
        try await kind.withClient { open in
            let identity = open.client.identity
            #expect(identity.permissions == Set(Permission.allCases))
            #expect(!identity.user.isEmpty)
            switch kind {
            case .embedded: #expect(identity.name.hasPrefix("embedded"))
            case .remote: #expect(identity.name.hasPrefix("127.0.0.1:"))
            case .local: #expect(identity.name.wholeMatch(of: /attached · .+\/socket/) != nil)
            }
            if kind == .remote { #expect(identity.user == RunningServer.email) }
        }
    }
}
