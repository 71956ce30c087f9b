import AuterityAPI
import Testing

@testable import AuterityEngine

@Suite(.timeLimit(.minutes(30)))
struct EventTests {
    private func collect(
        _ stream: AsyncStream<EventDelivery>, until isLast: (Event) -> Bool
    ) async -> [Event] {
        var events: [Event] = []
        for await delivery in stream {
            guard case .event(let event) = delivery else { continue }
            events.append(event)
            if isLast(event) { break }
        }
        return events
    }

    private func isEnd(_ event: Event) -> Bool {
        if case .executionUpdate(let update) = event.payload {
            update.status.isFinished
        } else {
            false
        }
    }

    @Test func replayedEventsAreThoseThatWereLive() async throws {
        let test = try await TestEngine.open()
        Gate.named("events").open([.failed(StepFailure("BROKEN", "It was broken"))])
        let workflow = try await test.workflow(RunnerTests.chain(["events"]))
        let stream = test.engine.events(after: nil, as: TestEngine.admin)
        async let live = collect(stream, until: isEnd)
        // The stream must be live before something happens: it says nothing until then.
        _ = try await test.finished(try await test.start(workflow))
        let seen = await live
        let replayed = await collect(
            test.engine.events(after: 0, as: TestEngine.admin), until: isEnd)
        #expect(seen.suffix(3) == replayed.suffix(3))
        let ids = replayed.compactMap(\.id)
        #expect(ids == ids.sorted())
        #expect(Set(ids).count == ids.count)
        #expect(
            replayed.contains { event in
                if case .errorNotification(let error) = event.payload {
                    return error.code == "BROKEN"
                }
                return false
            })
        await test.engine.close()
    }

    /// A row that failed has two events; whoever has seen the first still gets the second.
    @Test func aReaderResumesBetweenTheEventsOfOneRow() async throws {
        let test = try await TestEngine.open()
        Gate.named("two-events").open([.failed(StepFailure("BROKEN", "It was broken"))])
        let workflow = try await test.workflow(RunnerTests.chain(["two-events"]))
        _ = try await test.finished(try await test.start(workflow))
        let all = await collect(test.engine.events(after: 0, as: TestEngine.admin), until: isEnd)
        let failed = all.firstIndex { event in
            if case .errorNotification = event.payload { true } else { false }
        }
        // The failure of the step is told with its row, and not again when the execution fails.
        let notification = try #require(failed)
        #expect(all[notification - 1].id.map { $0 + 1 } == all[notification].id)
        #expect(Self.notifications(all) == 1)
        for (index, event) in all.dropLast().enumerated() {
            let rest = all.dropFirst(index + 1)
            let seen = await collect(
                test.engine.events(after: event.id, as: TestEngine.admin),
                until: { $0 == rest.last })
            #expect(seen == Array(rest), "after \(event.id ?? 0)")
        }
        await test.engine.close()
    }

    private static func notifications(_ events: [Event]) -> Int {
        events.count { event in
            if case .errorNotification = event.payload { true } else { false }
        }
    }

    @Test func aReaderResumesBehindAnyEvent() async throws {
        let test = try await TestEngine.open()
        Gate.named("resume").open()
        let workflow = try await test.workflow(RunnerTests.chain(["resume", "resume"]))
        _ = try await test.finished(try await test.start(workflow))
        let all = await collect(test.engine.events(after: 0, as: TestEngine.admin), until: isEnd)
        #expect(all.count >= 5)
        for (index, event) in all.dropLast().enumerated() {
            let rest = await collect(
                test.engine.events(after: event.id, as: TestEngine.admin), until: isEnd)
            #expect(rest == Array(all[(index + 1)...]))
        }
        await test.engine.close()
    }

    @Test func aSlowReaderIsToldToResynchronize() async throws {
        let test = try await TestEngine.open { $0.limits.eventBacklog = 8 }
        let workflow = try await test.workflow(RunnerTests.chain([]))
        let events = test.engine.events(after: nil, as: TestEngine.admin)
        var iterator = events.makeAsyncIterator()
        _ = try await test.start(workflow)
        _ = await iterator.next()
        for _ in 0..<20 { _ = try await test.start(workflow) }
        var isTold = false
        while !isTold { isTold = await iterator.next() == .resynchronize }
        // From here on it is told everything again, or that it fell behind once more.
        var isUpToDate = false
        while !isUpToDate {
            let id = try await test.start(workflow)
            while !isUpToDate, let delivery = await iterator.next() {
                guard case .event(let event) = delivery else { break }
                if case .executionUpdate(let update) = event.payload, update.executionID == id {
                    isUpToDate = update.status == .completed
                }
            }
        }
        await test.engine.close()
    }

    @Test func anIdBeyondTheNewestAsksForResynchronization() async throws {
        let test = try await TestEngine.open()
        var iterator = test.engine.events(after: 1_000_000, as: TestEngine.admin)
            .makeAsyncIterator()
        #expect(await iterator.next() == .resynchronize)
        await test.engine.close()
        #expect(await iterator.next() == nil)
    }
}
