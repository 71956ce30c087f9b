import Testing

@testable import AuterityEngine

/// Limits, time and cancellation: what an unfriendly server can do to us.
@Suite(.timeLimit(.minutes(30)))
struct OutboundLimitTests {
    @Test func anEndlessBodyIsCutOffAtTheLimit() async throws {
        let stopped = Awaited<Bool>()
        let server = try LoopbackServer { connection in
            _ = SeenRequest(connection)
            connection.write("HTTP/1.1 200 OK\r\n\r\n")
            let piece = [UInt8](repeating: 0x61, count: 64 * 1024)
            while connection.write(piece) {}
            stopped.give(true)
        }
        let client = try loopbackClient()
        let error = await #expect(throws: OutboundError.self) {
            try await client.send(
                OutboundRequest(url: server.url(), maximumBodyBytes: 1_000_000))
        }
        #expect(error?.kind == .tooLarge)
        #expect(error?.isRetryable == false)
        #expect(await stopped.value())
    }

    @Test func aBodyOfExactlyTheLimitIsTaken() async throws {
        let body = String(repeating: "x", count: 1000)
        let server = try HTTPTestServer { _ in answer("200 OK", body: body) }
        let client = try loopbackClient()
        let taken = try await client.send(
            OutboundRequest(url: server.url(), maximumBodyBytes: 1000))
        #expect(taken.body.count == 1000)
        let error = await #expect(throws: OutboundError.self) {
            try await client.send(OutboundRequest(url: server.url(), maximumBodyBytes: 999))
        }
        #expect(error?.kind == .tooLarge)
    }

    /// 1,000,000 times the letter a, by gzip.
    private static let bomb: [UInt8] =
        [
            0x1F, 0x8B, 0x08, 0x00, 0x00, 0x00, 0x00, 0x00, 0x02, 0x03, 0xED, 0xC1,
            0x81, 0x00, 0x00, 0x00, 0x00, 0xC3, 0x20, 0xD6, 0xF9, 0x4B, 0x1C, 0xE4,
            0x55, 0x01,
        ] + [UInt8](repeating: 0, count: 968) + [
            0xAF, 0x06, 0xBC, 0xBF, 0x25, 0xDC, 0x40, 0x42, 0x0F, 0x00,
        ]

    @Test func theLimitHoldsForTheUnpackedBody() async throws {
        let bomb = Self.bomb
        #expect(bomb.count < 2000)
        let server = try LoopbackServer { connection in
            while SeenRequest(connection) != nil {
                connection.write(
                    "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n"
                        + "Content-Length: \(bomb.count)\r\n\r\n")
                connection.write(bomb)
            }
        }
        let client = try loopbackClient()
        let whole = try await client.send(OutboundRequest(url: server.url()))
        #expect(whole.body == [UInt8](repeating: 0x61, count: 1_000_000))
        let error = await #expect(throws: OutboundError.self) {
            try await client.send(OutboundRequest(url: server.url(), maximumBodyBytes: 999_999))
        }
        #expect(error?.kind == .tooLarge)
    }

    @Test(arguments: [
        String(repeating: "X-Long: \(String(repeating: "y", count: 1000))\r\n", count: 80),
        String(repeating: "X-Many: y\r\n", count: 300),
    ])
    func tooManyHeadersAreRefused(lines: String) async throws {
        let server = try HTTPTestServer { _ in
            "HTTP/1.1 200 OK\r\n\(lines)Content-Length: 0\r\n\r\n"
        }
        let client = try loopbackClient()
        let error = await #expect(throws: OutboundError.self) {
            try await client.send(OutboundRequest(url: server.url()))
        }
        #expect(error?.kind == .tooLarge)
    }

    @Test func aSlowBodyRunsOutOfTimeAndTheConnectionIsClosed() async throws {
        let closed = Awaited<Bool>()
        let server = try LoopbackServer { connection in
            _ = SeenRequest(connection)
            connection.write("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nabc")
            connection.waitForClose()
            closed.give(true)
        }
        let client = try loopbackClient()
        let error = await #expect(throws: OutboundError.self) {
            try await client.send(
                OutboundRequest(url: server.url(), timeout: .milliseconds(200)))
        }
        #expect(error?.kind == .timedOut)
        #expect(error?.isRetryable == true)
        #expect(error?.message.contains("0.2 s") == true)
        #expect(await closed.value())
    }

    @Test func cancellingTheTaskClosesTheConnectionWithinASecond() async throws {
        let asked = Awaited<Bool>()
        let closed = Awaited<Bool>()
        let server = try LoopbackServer { connection in
            _ = SeenRequest(connection)
            asked.give(true)
            connection.waitForClose()
            closed.give(true)
        }
        let client = try loopbackClient()
        let url = server.url()
        let task = Task { try await client.send(OutboundRequest(url: url)) }
        _ = await asked.value()
        task.cancel()
        let error = await #expect(throws: OutboundError.self) { try await task.value }
        _ = await closed.value()
        #expect(error?.kind == .cancelled)
        #expect(error?.isRetryable == false)
    }

    @Test func aTaskThatIsCancelledAlreadySendsNothing() async throws {
        let server = try HTTPTestServer { _ in answer("200 OK") }
        let client = try loopbackClient()
        let url = server.url()
        let mayGo = Awaited<Bool>()
        let task = Task {
            _ = await mayGo.value()
            return try await client.send(OutboundRequest(url: url))
        }
        task.cancel()
        mayGo.give(true)
        let error = await #expect(throws: OutboundError.self) { try await task.value }
        #expect(error?.kind == .cancelled)
        #expect(server.requests.isEmpty)
    }

    @Test func whoFindsTheQueueFullIsTurnedAwayAndWhoWaitsGetsHisTurn() async throws {
        let asked = Awaited<Bool>()
        let mayAnswer = try ServerGate()
        let server = try LoopbackServer { connection in
            while SeenRequest(connection) != nil {
                asked.give(true)
                mayAnswer.pass()
                connection.write(answer("200 OK", body: "ok"))
            }
        }
        let loop = TransferLoop(maximumActive: 1, maximumWaiting: 1)
        let plan = TransferPlan(url: server.url(), deadline: .now + .seconds(300))
        async let first = loop.run(plan)
        _ = await asked.value()
        // One place is taken and one order can wait: of three more, two are turned away, whichever
        // they are, before the server answers anybody.
        let endings = await withTaskGroup(of: TransferEnding.self) { group in
            for _ in 0..<3 { group.addTask { await loop.run(plan).ending } }
            var endings: [TransferEnding] = []
            for await ending in group {
                endings.append(ending)
                if endings.count == 2 { mayAnswer.open() }
            }
            return endings
        }
        let turnedAway = endings.count { if case .overloaded = $0 { true } else { false } }
        #expect(turnedAway == 2)
        guard case .overloaded = endings[0], case .overloaded = endings[1] else {
            Issue.record("the waiting transfer ended before the others were turned away")
            return
        }
        #expect(await first.status == 200)
    }

    @Test func whoWaitsTooLongForATurnRunsOutOfTime() async throws {
        let asked = Awaited<Bool>()
        let server = try LoopbackServer { connection in
            _ = SeenRequest(connection)
            asked.give(true)
            connection.waitForClose()
        }
        let loop = TransferLoop(maximumActive: 1, maximumWaiting: 10)
        let url = server.url()
        let first = Task { await loop.run(TransferPlan(url: url, deadline: .now + .seconds(300))) }
        _ = await asked.value()
        let second = await loop.run(
            TransferPlan(url: url, deadline: .now + .milliseconds(100)))
        guard case .timedOutWaiting = second.ending else {
            Issue.record("ended with \(second.ending)")
            return
        }
        first.cancel()
        guard case .cancelled = await first.value.ending else {
            Issue.record("the first was not cancelled")
            return
        }
    }

    @Test func closingTheClientEndsWhatIsUnderWay() async throws {
        let asked = Awaited<Bool>()
        let closed = Awaited<Bool>()
        let server = try LoopbackServer { connection in
            _ = SeenRequest(connection)
            asked.give(true)
            connection.waitForClose()
            closed.give(true)
        }
        let client = try loopbackClient()
        let url = server.url()
        let task = Task { try await client.send(OutboundRequest(url: url)) }
        _ = await asked.value()
        client.close()
        let error = await #expect(throws: OutboundError.self) { try await task.value }
        #expect(error?.kind == .closed)
        #expect(await closed.value())
        let later = await #expect(throws: OutboundError.self) {
            try await client.send(OutboundRequest(url: url))
        }
        #expect(later?.kind == .closed)
    }
}
