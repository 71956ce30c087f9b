import AuterityAPI
import Testing

@testable import AuterityEngine

@Suite(.timeLimit(.minutes(30)))
struct AudienceTests {
    static let owner = Caller(id: fixedID(21), name: "owner@example.com", roles: [.user])
    static let starter = Caller(id: fixedID(22), name: "starter@example.com", roles: [.user])
    static let stranger = Caller(id: fixedID(23), name: "else@example.com", roles: [.user])
    static let viewer = Caller(id: fixedID(24), name: "viewer@example.com", roles: [.viewer])
    static let operators = Caller(id: fixedID(25), name: "op@example.com", roles: [.operator])
    static let nobody = Caller(id: owner.id, name: "owner@example.com", roles: [])

    struct Row: Sendable, CustomTestStringConvertible {
        let audience: Audience
        let admitted: [Caller]
        var testDescription: String { "\(audience)" }
    }

    static let table = [
        Row(
            audience: .execution(owner: owner.id, starter: starter.id),
            admitted: [owner, starter, viewer, operators, TestEngine.admin]),
        Row(
            audience: .alert(workflowOwner: owner.id),
            admitted: [owner, viewer, operators, TestEngine.admin]),
        Row(audience: .alert(workflowOwner: nil), admitted: [operators, TestEngine.admin]),
        Row(
            audience: .figures,
            admitted: [owner, starter, stranger, viewer, operators, TestEngine.admin]),
    ]

    @Test(arguments: table) func thoseAreToldWhoMaySee(_ row: Row) {
        let all = [
            Self.owner, Self.starter, Self.stranger, Self.viewer, Self.operators, Self.nobody,
            TestEngine.admin, Caller.anonymous(),
        ]
        #expect(all.filter(row.audience.admits) == row.admitted.sorted(like: all))
    }

    /// A step that fails and a notice, owned by one and started by another.
    private static let definition: JSONValue = [
        "nodes": [
            ["id": "start", "type": "start"],
            [
                "id": "notice", "type": "notify",
                "data": ["severity": "warning", "message": "Look here"],
            ],
            ["id": "gate", "type": "gate", "data": ["gate": "audience"]],
        ],
        "edges": [
            ["id": "a", "source": "start", "target": "notice"],
            ["id": "b", "source": "notice", "target": "gate"],
        ],
    ]

    private func collect(
        _ stream: AsyncStream<AddressedDelivery>, ends count: Int
    ) async -> [AddressedEvent] {
        var events: [AddressedEvent] = []
        var left = count
        for await delivery in stream {
            guard case .event(let addressed) = delivery else { continue }
            events.append(addressed)
            if case .executionUpdate(let update) = addressed.event.payload,
                update.status.isFinished
            {
                left -= 1
                if left == 0 { break }
            }
        }
        return events
    }

    private func prepared() async throws -> (TestEngine, WorkflowID) {
        let test = try await TestEngine.open()
        Gate.named("audience").open([.failed(StepFailure("BROKEN", "It was broken"))])
        return (test, try await test.workflow(Self.definition, as: Self.owner))
    }

    @Test func liveAndReplayedEventsHaveTheSameAudience() async throws {
        let (test, workflow) = try await prepared()
        let stream = test.engine.addressedEvents(after: 0)
        async let live = collect(stream, ends: 3)
        for _ in 0..<3 {
            _ = try await test.finished(try await test.start(workflow, as: Self.operators))
        }
        let seen = await live
        let replayed = await collect(test.engine.addressedEvents(after: 0), ends: 3)
        #expect(seen == replayed)
        let audience = Audience.execution(owner: Self.owner.id, starter: Self.operators.id)
        for addressed in replayed {
            switch addressed.event.payload {
            case .executionUpdate, .errorNotification: #expect(addressed.audience == audience)
            case .systemAlert:
                #expect(addressed.audience == .alert(workflowOwner: Self.owner.id))
            case .metricsUpdate: Issue.record("figures are not kept")
            }
        }
        #expect(
            replayed.contains { if case .systemAlert = $0.event.payload { true } else { false } })
        await test.engine.close()
    }

    @Test func anAcknowledgedAlertIsReplayedAsItWas() async throws {
        let (test, workflow) = try await prepared()
        let stream = test.engine.addressedEvents(after: 0)
        async let live = collect(stream, ends: 2)
        _ = try await test.finished(try await test.start(workflow))
        let alert = try #require(try await test.send(ListAlerts()).items.first)
        test.clock.advance(seconds: 1)
        _ = try await test.send(AcknowledgeAlert(alertID: alert.id))
        _ = try await test.finished(try await test.start(workflow))
        let seen = await live
        let replayed = await collect(test.engine.addressedEvents(after: 0), ends: 2)
        #expect(seen == replayed)
        let states = replayed.compactMap { addressed -> String? in
            guard case .systemAlert(let alert) = addressed.event.payload else { return nil }
            return alert.acknowledgedBy ?? "open"
        }
        #expect(states == ["open", TestEngine.admin.name, "open"])
        await test.engine.close()
    }

    @Test func aCallerIsToldOfTheirOwnOnly() async throws {
        let (test, workflow) = try await prepared()
        let other = try await test.workflow(
            WorkflowHandlerTests.minimal, as: Self.stranger)
        let mine = test.engine.events(after: nil, as: Self.owner)
        let theirs = test.engine.events(after: nil, as: Self.stranger)
        let first = try await test.finished(try await test.start(workflow))
        let second = try await test.start(other, as: Self.stranger)
        for (stream, own) in [(mine, first.id), (theirs, second)] {
            for await delivery in stream {
                guard case .event(let event) = delivery,
                    case .executionUpdate(let update) = event.payload
                else { continue }
                #expect(update.executionID == own)
                if update.status.isFinished { break }
            }
        }
        await test.engine.close()
    }

    @Test func figuresAreMadeForTheirReader() async throws {
        let (test, workflow) = try await prepared()
        _ = try await test.start(
            try await test.workflow(WorkflowHandlerTests.minimal, as: Self.stranger),
            as: Self.stranger)
        _ = try await test.finished(try await test.start(workflow))
        let readers = [
            (Self.stranger, 1), (Self.owner, 1), (Self.viewer, 2), (TestEngine.admin, 2),
            (Self.starter, 0),
        ]
        for (caller, count) in readers {
            var iterator = test.engine.events(after: nil, as: caller).makeAsyncIterator()
            await test.engine.core.sample()
            guard case .event(let event)? = await iterator.next(),
                case .metricsUpdate(let metrics) = event.payload
            else {
                Issue.record("no figures came for \(caller.name)")
                continue
            }
            #expect(metrics.workflows.totalExecutions == count, "\(caller.name)")
            #expect(event.id == nil)
        }
        await test.engine.close()
    }
}

extension [Caller] {
    fileprivate func sorted(like order: [Caller]) -> [Caller] { order.filter(contains) }
}
