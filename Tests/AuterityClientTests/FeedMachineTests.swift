import AuterityAPI
import Testing

@testable import AuterityClient

@Suite struct FeedMachineTests {
    private func machine(after id: Int64? = nil) -> FeedMachine {
        FeedMachine(after: id, server: "a.example") { 0.5 }
    }

    private func event(_ id: Int64) throws -> String {
        let alert = Alert(
            id: .none, severity: .info, source: "test", message: "\(id)", value: nil, limit: nil,
            raisedAt: Timestamp(milliseconds: 0))
        return try JSONValue(
            encoding: Event(
                id: id, payload: .systemAlert(alert), timestamp: Timestamp(milliseconds: 0))
        ).jsonText
    }

    private func ids(_ actions: [FeedMachine.Action]) -> [Int64?] {
        actions.compactMap { action in
            if case .deliver(.event(let event)) = action { event.id } else { nil }
        }
    }

    @Test func aFeedThatBeginsNowAsksWhereTheServerStandsBeforeItIsLive() {
        var feed = machine()
        #expect(
            feed.take(.begin) == [
                .deliver(.connection(.connecting)), .connect(after: nil, renewing: false),
            ])
        #expect(feed.take(.opened) == [.ping])
        #expect(
            feed.take(.message(#"{"type":"pong","last_event_id":41}"#)) == [
                .deliver(.connection(.live))
            ])
        // What came while nobody was connected begins behind what the server named.
        #expect(feed.lastID == 41)
    }

    @Test func aServerThatWantsToBeAskedLaterIs() {
        var feed = machine()
        _ = feed.take(.begin)
        #expect(
            feed.take(.ended(.failed("busy", retryAfter: 20))).last == .pause(seconds: 22))
        // At once is no pause, and a year is none either.
        #expect(feed.take(.ended(.failed("busy", retryAfter: 0))).last == .pause(seconds: 0.5))
        #expect(
            feed.take(.ended(.failed("busy", retryAfter: 31_000_000))).last
                == .pause(seconds: FeedMachine.longestWantedPause * 1.1))
        #expect(feed.take(.ended(.failed("busy", retryAfter: -5))).last == .pause(seconds: 1.5))
    }

    @Test func aLineThatWasSilentSaysForHowLong() {
        var feed = machine()
        _ = feed.take(.begin)
        // Nothing is shown yet that could be old.
        #expect(feed.take(.ended(.silent("mute", seconds: 9))).count == 2)
        _ = feed.take(.pauseOver)
        _ = feed.take(.opened)
        _ = feed.take(.message(#"{"type":"pong","last_event_id":10}"#))
        #expect(
            feed.take(.ended(.silent("mute", seconds: 9))) == [
                .deliver(.silence(seconds: 9)),
                .deliver(.connection(.retrying(inSeconds: 0.25, reason: "mute"))),
                .pause(seconds: 0.25),
            ])
    }

    @Test func aCutConnectionGoesOnBehindTheLastEventAndSaysHowManyWereMissed() throws {
        var feed = machine(after: 10)
        _ = feed.take(.begin)
        _ = feed.take(.opened)
        _ = feed.take(.message(#"{"type":"pong","last_event_id":10}"#))
        #expect(ids(feed.take(.message(try event(12)))) == [12])

        let retry = feed.take(.ended(.failed("cut")))
        #expect(
            retry == [
                .deliver(.connection(.retrying(inSeconds: 0.25, reason: "cut"))),
                .pause(seconds: 0.25),
            ])
        #expect(
            feed.take(.pauseOver).last == .connect(after: 12, renewing: false))
        #expect(feed.take(.opened) == [.deliver(.connection(.resynchronizing)), .ping])
        #expect(ids(feed.take(.message(try event(14)))) == [14])
        #expect(ids(feed.take(.message(try event(16)))) == [16])
        #expect(
            feed.take(.message(#"{"type":"pong","last_event_id":16}"#)) == [
                .deliver(.replayed(2)), .deliver(.connection(.live)),
            ])
    }

    @Test func anAccountThatIsAnotherNowIsToldOf() {
        var feed = machine(after: 10)
        _ = feed.take(.begin)
        _ = feed.take(.opened)
        #expect(
            feed.take(.message(#"{"type":"authenticated","expires_at":null}"#)) == [
                .deliver(.accountChanged)
            ])
    }

    @Test func anEventThatCameBeforeIsNotHandedOnAgain() throws {
        var feed = machine(after: 10)
        _ = feed.take(.begin)
        _ = feed.take(.opened)
        #expect(ids(feed.take(.message(try event(10)))) == [])
        #expect(ids(feed.take(.message(try event(12)))) == [12])
        #expect(ids(feed.take(.message(try event(12)))) == [])
    }

    @Test func pausesGrowToTheirBoundAndBeginAnewAfterALiveConnection() {
        var feed = machine()
        _ = feed.take(.begin)
        var pauses: [Double] = []
        for _ in 0..<9 {
            for case .pause(let seconds) in feed.take(.ended(.failed("no"))) {
                pauses.append(seconds)
            }
            _ = feed.take(.pauseOver)
        }
        #expect(pauses == [0.25, 0.5, 1, 1.5, 1.5, 1.5, 1.5, 1.5, 1.5])
        _ = feed.take(.opened)
        _ = feed.take(.message(#"{"type":"pong","last_event_id":1}"#))
        #expect(feed.take(.ended(.failed("no"))).last == .pause(seconds: 0.25))
    }

    @Test(arguments: ["the token has ended", "the token has ended. Log in again"])
    func aTokenThatEndedIsRenewedOnceAndThenAskedFor(reason: String) {
        var feed = machine()
        _ = feed.take(.begin)
        let ended = FeedMachine.Input.ended(.closed(code: 4401, reason: reason))
        #expect(feed.take(ended).last == .connect(after: nil, renewing: true))
        #expect(
            feed.take(ended) == [
                .deliver(
                    .connection(
                        .refused(
                            reason: "a.example refused the session: the token has ended. Log in "
                                + "again: auterity login"))), .awaitLogin,
            ])
        #expect(feed.take(.loggedIn).last == .connect(after: nil, renewing: false))
    }

    @Test(arguments: [
        "", "no json", "[]", "{}", #"{"type":7}"#, #"{"type":"unheard_of","data":{}}"#,
        #"{"type":"system_alert"}"#, #"{"type":"subscribed","topics":[]}"#,
    ])
    func whatIsNoEventChangesNothing(text: String) {
        var feed = machine(after: 3)
        _ = feed.take(.begin)
        _ = feed.take(.opened)
        #expect(feed.take(.message(text)) == [])
        #expect(feed.lastID == 3)
    }

    @Test func aGapThatCannotBeFilledIsSaidAndTheNewPlaceAskedFor() throws {
        var feed = machine(after: 300)
        _ = feed.take(.begin)
        _ = feed.take(.opened)
        #expect(
            feed.take(.message(#"{"type":"resync_required","message":"x"}"#))
                == [.deliver(.resynchronize), .ping])
        // Another store, whose ids begin below what was known: its events are none of the old.
        #expect(ids(feed.take(.message(try event(12)))) == [12])
        #expect(
            feed.take(.message(#"{"type":"pong","last_event_id":12}"#)) == [
                .deliver(.connection(.live))
            ])
        #expect(feed.lastID == 12)
    }

    @Test func whatIsCutBeforeItsPlaceIsKnownIsReadAfresh() throws {
        var feed = machine(after: 300)
        _ = feed.take(.begin)
        _ = feed.take(.opened)
        _ = feed.take(.message(#"{"type":"pong","last_event_id":300}"#))
        _ = feed.take(.message(#"{"type":"resync_required","message":"x"}"#))
        _ = feed.take(.ended(.failed("cut")))
        #expect(feed.take(.pauseOver).last == .connect(after: nil, renewing: false))
        #expect(
            feed.take(.opened) == [
                .deliver(.connection(.resynchronizing)), .deliver(.resynchronize), .ping,
            ])
    }

    @Test func aLineWithoutAServerIsTriedAgainWithinTwoSeconds() {
        var feed = FeedMachine(after: nil, server: "a.example") { 0.999_999 }
        _ = feed.take(.begin)
        for _ in 0..<600 {
            for case .pause(let seconds) in feed.take(.ended(.failed("no"))) {
                #expect(seconds < 2)
            }
            _ = feed.take(.pauseOver)
        }
    }

    @Test func anEventOfANewerServerIsPassedButNotAskedForAgain() {
        var feed = machine(after: 3)
        _ = feed.take(.begin)
        _ = feed.take(.opened)
        #expect(feed.take(.message(#"{"type":"moon_phase","id":4,"data":{}}"#)) == [])
        #expect(feed.lastID == 4)
    }
}

@Suite struct FeedQueueTests {
    @Test func aFullQueueHoldsTheWriterBackAndKeepsTheOrder() async {
        let queue = FeedQueue()
        let count = FeedQueue.limit * 3
        async let written = write(count, to: queue)
        var read: [FeedItem] = []
        while read.count < count, let item = await queue.next() { read.append(item) }
        #expect(await written == count)
        #expect(read == (0..<count).map { .replayed($0) })
    }

    @Test func closingEndsBothSides() async {
        let queue = FeedQueue()
        async let written = write(.max, to: queue)
        _ = await queue.next()
        queue.close()
        #expect(await queue.next() == nil)
        #expect(await written <= FeedQueue.limit + 1)
    }

    /// Answers how many were taken before nobody read any more.
    private func write(_ count: Int, bytes: Int = 0, to queue: FeedQueue) async -> Int {
        var number = 0
        while number < count, await queue.put(.replayed(number), bytes: bytes) { number += 1 }
        return number
    }

    @Test func aReaderThatIsAlwaysBehindLetsNothingGrow() async {
        let queue = FeedQueue()
        _ = await queue.put(.replayed(-1))
        for number in 0..<(FeedQueue.limit * 8) {
            _ = await queue.put(.replayed(number))
            #expect(await queue.next() == .replayed(number - 1))
        }
        #expect(queue.places < FeedQueue.limit)
    }

    @Test func largeItemsFillTheQueueByTheirBytes() async {
        let queue = FeedQueue()
        let size = FeedQueue.byteLimit / 4
        async let written = write(.max, bytes: size, to: queue)
        _ = await queue.next()
        _ = await queue.next()
        #expect(queue.places <= 8)
        queue.close()
        #expect(await written <= 6)
    }

    @Test func anItemBeyondAllBoundsComesThroughAlone() async {
        let queue = FeedQueue()
        #expect(await queue.put(.replayed(1), bytes: FeedQueue.byteLimit * 2))
        #expect(await queue.next() == .replayed(1))
    }

    @Test func whatWasSaidBeforeTheEndIsStillRead() async {
        let queue = FeedQueue()
        _ = await queue.put(.replayed(1))
        queue.finish()
        #expect(await queue.next() == .replayed(1))
        #expect(await queue.next() == nil)
    }
}
