import AuterityAPI
import AuterityEngine
import Testing

@testable import AuterityServer

/// The ring alone, with many readers that come, fall behind and catch up at random.
@Suite struct EventRingTests {
    static let admin = StreamReader(
        Caller(id: .none, name: "admin", roles: [.superAdmin]))

    /// Alerts, because they are small.
    static func segment(_ ids: [Int64]) throws -> StreamSegment {
        var builder = StreamSegment.Builder()
        for id in ids { try builder.append(alert(id)) }
        let segment = builder.finish()
        return try #require(segment)
    }

    static func alert(_ id: Int64, owner: UserID? = nil) -> AddressedEvent {
        let now = Timestamp(milliseconds: id)
        let alert = Alert(
            id: .none, severity: .info, source: "test", message: "alert \(id)", raisedAt: now)
        return AddressedEvent(
            event: Event(id: id, payload: .systemAlert(alert), timestamp: now),
            audience: .alert(workflowOwner: owner))
    }

    /// A client's way through the ring.
    private struct Client {
        var cursor: EventRing.Cursor
        /// Everything up to here was told, or given up with a resynchronization.
        var position: Int64
        var resyncs = 0

        /// Reads up to so many segments; answers what was told.
        mutating func read(_ ring: EventRing, segments: Int, bytes: Int) -> [Int64] {
            var told: [Int64] = []
            for _ in 0..<segments {
                switch ring.read(cursor) {
                case .upToDate: return told
                case .lost:
                    resyncs += 1
                    cursor = ring.endCursor
                    position = ring.newest
                case .segment(let segment, let start):
                    let selection = segment.selection(
                        from: start, for: EventRingTests.admin, StreamFilter(), upTo: bytes)
                    told += segment.entries[start..<selection.next].map(\.id)
                    cursor.advance(in: segment, to: selection.next)
                }
            }
            return told
        }
    }

    @Test(arguments: 0..<20)
    func betweenTwoResynchronizationsNothingIsLostOrTwice(_ seed: UInt64) throws {
        var random = Chance(state: seed &* 7919 + 1)
        var limits = EventRing.Limits()
        limits.events = Int.random(in: 1...60, using: &random)
        var ring = EventRing(limits: limits, behind: 0)
        var published: [Int64] = []
        var next: Int64 = 1
        var clients: [Client] = []
        for _ in 0..<600 {
            switch Int.random(in: 0..<10, using: &random) {
            case 0...3:
                var ids: [Int64] = []
                for _ in 0..<Int.random(in: 1...8, using: &random) {
                    next += Int64.random(in: 1...3, using: &random)
                    ids.append(next)
                }
                ring.append(try Self.segment(ids))
                published += ids
                #expect(ring.eventCount <= max(limits.events, ids.count))
            case 4: clients.append(Client(cursor: ring.endCursor, position: ring.newest))
            case 5:
                // One that comes back with an id of its own.
                let id = published.randomElement(using: &random) ?? 0
                guard let cursor = ring.cursor(after: id) else {
                    #expect(id < ring.floor)
                    continue
                }
                clients.append(Client(cursor: cursor, position: id))
            case 6 where Int.random(in: 0..<10, using: &random) == 0:
                next += 5
                ring.lose(upTo: next)
            default:
                guard let index = clients.indices.randomElement(using: &random) else { continue }
                let before = clients[index]
                let told = clients[index].read(
                    ring, segments: Int.random(in: 1...4, using: &random),
                    bytes: Int.random(in: 1...2000, using: &random))
                var expected = before.position
                if clients[index].resyncs > before.resyncs { expected = clients[index].position }
                for id in told {
                    let following = published.first { $0 > expected }
                    #expect(id == following)
                    expected = id
                }
                clients[index].position = max(expected, clients[index].position)
            }
        }
        for index in clients.indices {
            let before = clients[index]
            let told = clients[index].read(ring, segments: 10_000, bytes: 1 << 20)
            guard clients[index].resyncs == before.resyncs else { continue }
            #expect(told == published.filter { $0 > before.position })
        }
    }

    @Test func theBoundOnBytesHolds() throws {
        var limits = EventRing.Limits()
        limits.bytes = 4000
        var ring = EventRing(limits: limits, behind: 0)
        for id in 1...200 { ring.append(try Self.segment([Int64(id)])) }
        #expect(ring.byteCount <= 4000)
        #expect(ring.eventCount > 5)
        #expect(ring.cursor(after: ring.floor - 1) == nil)
        #expect(ring.cursor(after: ring.floor) != nil)
    }

    @Test func anIdAheadOfTheRingWaitsForWhatFollowsIt() throws {
        var ring = EventRing(behind: 10)
        let cursor = try #require(ring.cursor(after: 14))
        ring.append(try Self.segment([12, 14, 15]))
        guard case .segment(let segment, let start) = ring.read(cursor) else {
            Issue.record("nothing to read")
            return
        }
        #expect(segment.entries[start...].map(\.id) == [15])
        #expect(ring.cursor(after: 9) == nil)
    }

    @Test func aLossReachesEveryReader() throws {
        var ring = EventRing(behind: 0)
        ring.append(try Self.segment([1, 2]))
        let upToDate = ring.endCursor
        ring.lose(upTo: 9)
        guard case .lost = ring.read(upToDate) else {
            Issue.record("a reader was not told")
            return
        }
        guard case .upToDate = ring.read(ring.endCursor) else {
            Issue.record("the loss is told twice")
            return
        }
        #expect(ring.cursor(after: 8) == nil)
        #expect(ring.cursor(after: 9) != nil)
    }
}

/// SplitMix64, so that a failing seed fails again.
struct Chance: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var bits = state
        bits = (bits ^ bits >> 30) &* 0xBF58_476D_1CE4_E5B9
        bits = (bits ^ bits >> 27) &* 0x94D0_49BB_1331_11EB
        return bits ^ bits >> 31
    }
}
