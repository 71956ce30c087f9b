import AuterityAPI
import Testing

@testable import AuterityEngine

@Suite(.timeLimit(.minutes(30)))
struct WorkflowHandlerTests {
    static let owner = Caller(id: fixedID(2), name: "owner@example.com", roles: [.user])
    static let stranger = Caller(id: fixedID(3), name: "stranger@example.com", roles: [.user])
    static let viewer = Caller(id: fixedID(4), name: "viewer@example.com", roles: [.viewer])

    static let minimal: JSONValue = ["nodes": [["id": "start", "type": "start"]], "edges": []]

    private func code(_ body: () async throws -> Void) async -> APIError.Code? {
        do {
            try await body()
            return nil
        } catch let error as APIError {
            return error.code
        } catch {
            return nil
        }
    }

    @Test func everyEndpointHasOneHandler() {
        let table = HandlerTable.all
        for endpoint in Endpoints.all { #expect(table.answers(endpoint), "\(endpoint)") }
        #expect(table.count == Endpoints.all.count)
    }

    @Test func whatOneMayNotSeeIsNotFound() async throws {
        let test = try await TestEngine.open()
        let id = try await test.workflow(Self.minimal, as: Self.owner)
        let execution = try await test.start(id, as: Self.owner)
        _ = try await test.send(GetWorkflow(workflowID: id), as: Self.viewer)
        _ = try await test.send(GetExecution(executionID: execution), as: Self.viewer)
        #expect(
            await code {
                _ = try await test.send(GetWorkflow(workflowID: id), as: Self.stranger)
            } == .notFound)
        #expect(
            await code {
                _ = try await test.send(GetExecution(executionID: execution), as: Self.stranger)
            } == .notFound)
        #expect(try await test.send(ListWorkflows(), as: Self.stranger).items.isEmpty)
        #expect(try await test.send(ListExecutions(), as: Self.stranger).items.isEmpty)
        #expect(try await test.send(ListExecutions(), as: Self.owner).items.count == 1)
        #expect(
            await code {
                _ = try await test.send(
                    CreateWorkflow(name: "x", definition: Self.minimal), as: Self.viewer)
            } == .forbidden)
        await test.engine.close()
    }

    @Test func everyFaultIsToldAtOnce() async throws {
        let test = try await TestEngine.open()
        do {
            _ = try await test.send(
                CreateWorkflow(
                    name: "  ", description: String(repeating: "x", count: 10_001),
                    definition: [
                        "nodes": [["id": "a", "type": "nothing"]],
                        "edges": [["id": "e", "source": "a", "target": "b"]],
                    ]))
            Issue.record("it was not refused")
        } catch {
            #expect(error.code == .validationError)
            let fields = error.details.map(\.field)
            #expect(fields.contains("name"))
            #expect(fields.contains("description"))
            #expect(fields.contains("definition.nodes[0].type"))
        }
        await test.engine.close()
    }

    @Test func aChangeMakesAVersionAndAStaleOneIsRefused() async throws {
        let test = try await TestEngine.open()
        let id = try await test.workflow(Self.minimal)
        let changed = try await test.send(
            UpdateWorkflow(workflowID: id, name: "Second", ifMatch: "\"1\""))
        #expect(changed.version == 2)
        #expect(changed.name == "Second")
        #expect(
            await code {
                _ = try await test.send(
                    UpdateWorkflow(workflowID: id, name: "Third", ifMatch: "\"1\""))
            } == .preconditionFailed)
        let versions = try await test.send(ListWorkflowVersions(workflowID: id))
        #expect(versions.items.map(\.version) == [2, 1])
        #expect(versions.items.allSatisfy { $0.definition == nil })
        let first = try await test.send(GetWorkflowVersion(workflowID: id, version: 1))
        #expect(first.name == "Test")
        #expect(first.definition == Self.minimal)
        await test.engine.close()
    }

    @Test func aDeletedWorkflowIsGoneAndItsExecutionsStay() async throws {
        let test = try await TestEngine.open()
        let id = try await test.workflow(Self.minimal)
        let execution = try await test.start(id)
        _ = try await test.send(DeleteWorkflow(workflowID: id))
        #expect(await code { _ = try await test.send(GetWorkflow(workflowID: id)) } == .notFound)
        #expect(try await test.send(ListWorkflows()).items.isEmpty)
        #expect(try await test.execution(execution).status == .completed)
        await test.engine.close()
    }

    @Test func anInactiveWorkflowIsNotExecuted() async throws {
        let test = try await TestEngine.open()
        let id = try await test.workflow(Self.minimal)
        _ = try await test.send(UpdateWorkflow(workflowID: id, isActive: false))
        #expect(await code { _ = try await test.start(id) } == .workflowInactive)
        await test.engine.close()
    }

    @Test func pagesHoldEveryItemOnce() async throws {
        let test = try await TestEngine.open()
        var made: [String] = []
        for index in 0..<25 {
            let name = "Flow \(index % 5)-\(index)"
            _ = try await test.workflow(Self.minimal, name: name)
            made.append(name)
        }
        for sort in [nil, "name", "-name", "created_at", "-execution_count"] {
            var names: [String] = []
            var cursor: String? = ""
            while let position = cursor {
                let page = try await test.send(
                    ListWorkflows(pageSize: 7, cursor: position, sort: sort))
                names += page.items.map(\.name)
                cursor = page.nextCursor
            }
            #expect(names.count == 25)
            #expect(Set(names) == Set(made), "\(sort ?? "none")")
        }
        let third = try await test.send(ListWorkflows(page: 3, pageSize: 10))
        #expect(third.items.count == 5)
        #expect(third.total == 25)
        let found = try await test.send(ListWorkflows(search: "FLOW 3-13"))
        #expect(found.items.count == 1)
        #expect(try await test.send(ListWorkflows(search: "%")).items.isEmpty)
        await test.engine.close()
    }

    @Test(arguments: ["nonsense", "eyJzIjoiIn0", "====", "e30AAAAAAAAAAAAAAAAAAAAAAAAAA"])
    func aCursorOfOnesOwnMakingIsRefused(_ cursor: String) async throws {
        let test = try await TestEngine.open()
        #expect(
            await code { _ = try await test.send(ListWorkflows(cursor: cursor)) }
                == .validationError)
        await test.engine.close()
    }

    @Test func figuresOfAWorkflowAreKept() async throws {
        let test = try await TestEngine.open()
        Gate.named("figures").open([.failed(StepFailure("BROKEN", "It was broken"))])
        let id = try await test.workflow(RunnerTests.chain(["figures"]))
        for _ in 0..<3 { _ = try await test.finished(try await test.start(id)) }
        let stats = try await test.send(GetWorkflow(workflowID: id)).executionStats
        #expect(stats?.totalExecutions == 3)
        #expect(stats?.successfulExecutions == 2)
        #expect(stats?.failedExecutions == 1)
        let metrics = try await test.send(GetMetrics())
        #expect(metrics.workflows.totalExecutions == 3)
        #expect(metrics.workflows.failedToday == 1)
        #expect(metrics.workflows.executionsLastHour == 3)
        await test.engine.close()
    }
}
