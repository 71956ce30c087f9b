import AuterityAPI
import AuterityEngine
import NIOCore
import Testing

@testable import AuterityClient

/// The event feed over lines that do what lines do.
@Suite(.timeLimit(.minutes(30))) struct FeedLineTests {
    /// Numbers that are the same in every run.
    private struct Dice: Sendable {
        private let state = Slot<UInt64>(0)

        init(seed: UInt64) { state.value = seed }

        /// Below `bound` (splitmix64).
        func roll(_ bound: Int) -> Int {
            state.value &+= 0x9E37_79B9_7F4A_7C15
            var mixed = state.value
            mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
            mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
            return Int((mixed ^ (mixed >> 31)) % UInt64(bound))
        }
    }

    /// The id of the newest event.
    private static func lastID(_ server: RunningServer, _ client: RemoteClient) async -> Int64 {
        let reader = FeedReader(client.feed(after: 0))
        await reader.untilLive()
        return await reader.ids.last ?? 0
    }

    private static let cuts = 1000

    @Test func aThousandCutsLoseNoEventAndShowNoneTwice() async throws {
        let dice = Dice(seed: 17)
        try await RunningServer.run(in: try TemporaryFolder()) { server in
            let direct = try await server.client()
            defer { direct.close() }
            let fate = { @Sendable (connection: Int) -> TestLine.Fate in
                // The first carries the calls of the client.
                guard connection > 1, connection <= Self.cuts + 1 else { return .good }
                return TestLine.Fate(
                    cutAfter: dice.roll(2500), isReset: dice.roll(2) == 0)
            }
            try await TestLine.run(to: server.port, fate: fate) { line in
                let client = try await server.client(through: line.port)
                defer { client.close() }
                let workflow = try await server.workflow()
                let reader = FeedReader(client.feed(after: 0))
                var made = 0
                while line.cuts < Self.cuts {
                    // What happens goes on while the line is cut.
                    async let one: Void = server.execute(workflow)
                    async let other: Void = server.execute(workflow)
                    _ = try await (one, other)
                    made += 2
                    await reader.until(ended: made)
                }
                let last = await Self.lastID(server, direct)
                await reader.until(event: last)
                #expect(line.cuts == Self.cuts)
                let all = await server.events(upTo: last)
                #expect(all.count > 100)
                #expect(await reader.ids == all.compactMap(\.id))
                #expect(await reader.events == all)
                #expect(await reader.resynchronizations == 0)
            }
        }
    }

    @Test func aSlowLineThatIsCutLosesNothingEither() async throws {
        let dice = Dice(seed: 4)
        try await RunningServer.run(in: try TemporaryFolder()) { server in
            let workflow = try await server.workflow()
            let direct = try await server.client()
            defer { direct.close() }
            let delay = { @Sendable in 50 + dice.roll(450) }
            // Each in the middle of what four executions say, compressed, and an upgrade before it.
            let limits = [2: 600, 3: 450]
            let fate = { @Sendable (connection: Int) in
                TestLine.Fate(
                    cutAfter: limits[connection], isReset: connection == 2, delay: delay)
            }
            try await TestLine.run(to: server.port, fate: fate) { line in
                let client = try await server.client(through: line.port)
                defer { client.close() }
                for _ in 0..<4 { try await server.execute(workflow) }
                let reader = FeedReader(client.feed(after: 0))
                await line.cuts(2)
                for _ in 0..<2 { try await server.execute(workflow) }
                let last = await Self.lastID(server, direct)
                await reader.until(event: last)
                #expect(await reader.events == server.events(upTo: last))
            }
        }
    }

    @Test(.timeLimit(.minutes(30)))
    func aStalledLineIsNotCalledLive() async throws {
        let watch = StepClock()
        let start = EngineClock.system.now()
        var times = ClientTimes.quick(watch: watch) { start.adding(seconds: watch.seconds) }
        // For a connection that is begun while the line stands still.
        times.connect = .seconds(5)
        let settings = times
        try await RunningServer.run(in: try TemporaryFolder()) { server in
            try await TestLine.run(to: server.port) { line in
                let client = try await server.client(through: line.port, times: settings)
                defer { client.close() }
                let reader = FeedReader(client.feed(after: nil))
                #expect(await reader.untilLive())
                line.stall()
                let passing = Task {
                    while !Task.isCancelled { await watch.pass() }
                }
                #expect(
                    await reader.failure()
                        == "127.0.0.1:\(line.port) says nothing any more: the line to it, or it, "
                        + "stands still")
                passing.cancel()
                // What is known is as old as the last sign of the server, not as the notice. How
                // late that can be is `LinePulse`'s: here bytes may still be under way while the
                // clock goes on.
                #expect(try #require(await reader.silence) >= LinePulse.answer)
                line.recover()
                #expect(await reader.untilLive())
                await passing.value
            }
        }
    }

    @Test func aQuietLineThatWorksStaysLive() async throws {
        let watch = StepClock()
        try await RunningServer.run(in: try TemporaryFolder()) { server in
            try await TestLine.run(to: server.port) { line in
                let client = try await server.client(
                    through: line.port, times: .quick(watch: watch))
                defer { client.close() }
                let workflow = try await server.workflow()
                let reader = FeedReader(client.feed(after: nil))
                #expect(await reader.untilLive())
                let connections = line.connections
                // Each time that passes the server is asked and answers.
                for number in 1...20 {
                    await watch.pass()
                    try await server.execute(workflow)
                    await reader.until(ended: number)
                }
                #expect(await reader.state == .live)
                #expect(line.connections == connections)
            }
        }
    }

    @Test func aLineThatIsSilentFromTheBeginningIsTriedAgain() async throws {
        try await RunningServer.run(in: try TemporaryFolder()) { server in
            let fate = { @Sendable (connection: Int) in
                TestLine.Fate(isSilent: connection == 2)
            }
            try await TestLine.run(to: server.port, fate: fate) { line in
                var times = ClientTimes.quick
                // For a connection that is begun while the line stands still.
                times.connect = .seconds(5)
                let client = try await server.client(through: line.port, times: times)
                defer { client.close() }
                let reader = FeedReader(client.feed(after: nil))
                #expect(
                    await reader.failure()
                        == "127.0.0.1:\(line.port) did not answer in time. Look at the server and "
                        + "at the line to it")
                #expect(await reader.untilLive())
            }
        }
    }

    @Test func aDeadLineIsGivenUpInTime() async throws {
        // In tenths of a second, when the last byte comes. Until then every question is answered.
        for last in 0...300 {
            let start = EngineClock.system.now()
            let tenths = Slot(0)
            let pulse = LinePulse { start.adding(seconds: Double(tenths.value) / 10) }
            pulse.reading(true)
            try await pulse.untilSilent { seconds in
                for _ in 0..<Int(seconds * 10) {
                    tenths.value += 1
                    if tenths.value == last { pulse.heard() }
                }
            } ask: {
                if tenths.value < last { pulse.heard() }
            }
            #expect(pulse.isSilent)
            let least = LinePulse.quiet + LinePulse.answer
            #expect((least...LinePulse.patience).contains(pulse.silence), "last byte at \(last)")
        }
    }

    @Test func onlyALineThatSomebodyReadsCanBeSilent() {
        let pulse = LinePulse(now: EngineClock.system.now)
        let idle = pulse.beat
        // Nobody reads, since the queue is full: what comes waits in the line.
        #expect(!pulse.isQuiet(since: idle))
        pulse.reading(true)
        // The time begins with the reading.
        #expect(!pulse.isQuiet(since: idle))
        let reading = pulse.beat
        #expect(pulse.isQuiet(since: reading))
        pulse.heard()
        #expect(!pulse.isQuiet(since: reading))
        let heard = pulse.beat
        pulse.reading(false)
        #expect(!pulse.isQuiet(since: heard))
    }
}
