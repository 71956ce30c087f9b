import AuterityAPI
import AuterityEngine
import HTTPTypes
import NIOCore
import Testing

@testable import AuterityServer

@Suite struct StreamFilterTests {
    private static let owner = UserID("00000000-0000-7000-8000-000000000001") ?? .none
    private static let other = UserID("00000000-0000-7000-8000-000000000002") ?? .none

    static let audiences: [Audience] = [
        .execution(owner: owner, starter: owner), .execution(owner: owner, starter: other),
        .execution(owner: other, starter: owner), .execution(owner: other, starter: other),
        .alert(workflowOwner: nil), .alert(workflowOwner: owner), .alert(workflowOwner: other),
        .figures,
    ]

    @Test(arguments: [[], [.user], [.viewer], [.operator], [.admin], [.superAdmin]] as [Set<Role>])
    func theQuickAnswerIsTheEnginesAnswer(_ roles: Set<Role>) {
        let caller = Caller(id: Self.owner, name: "a", roles: roles)
        let reader = StreamReader(caller)
        for audience in Self.audiences {
            #expect(reader.admits(audience) == audience.admits(caller), "\(audience)")
        }
        let topics: [(StreamTopics, [Audience])] = [
            ([.executions, .errors], Array(Self.audiences[0...3])),
            (.alerts, Array(Self.audiences[4...6])), (.metrics, [.figures]),
        ]
        for (topic, audiences) in topics where reader.admitsAll(of: topic) {
            #expect(audiences.allSatisfy { $0.admits(caller) })
        }
    }

    @Test func whatIsPickedIsWhatTheFilterLetsThrough() throws {
        var builder = StreamSegment.Builder()
        for id in 1...40 {
            try builder.append(
                EventRingTests.alert(Int64(id), owner: id % 3 == 0 ? Self.owner : Self.other))
        }
        let finished = builder.finish()
        let segment = try #require(finished)
        let reader = StreamReader(Caller(id: Self.owner, name: "a", roles: [.user]))
        for room in [1, 500, 100_000] {
            var next = 0
            var told: [Int64] = []
            while next < segment.entries.count {
                let selection = segment.selection(
                    from: next, for: reader, StreamFilter(), upTo: room)
                #expect(selection.next > next)
                #expect(selection.bytes == selection.pieces.reduce(0) { $0 + $1.readableBytes })
                let ids = try selection.pieces.flatMap(Self.ids)
                #expect(ids.count == selection.events)
                told += ids
                next = selection.next
            }
            #expect(told == (1...40).filter { $0 % 3 == 0 })
        }
        let nothing = segment.selection(
            from: 0, for: reader, StreamFilter(topics: .executions), upTo: 100_000)
        #expect(nothing.pieces.isEmpty)
    }

    /// The ids of the frames in a buffer.
    private static func ids(_ buffer: ByteBuffer) throws -> [Int64] {
        var buffer = buffer
        var ids: [Int64] = []
        while buffer.readableBytes > 0 {
            #expect(buffer.readInteger(as: UInt8.self) == 0x81)
            var length = Int(buffer.readInteger(as: UInt8.self) ?? 0)
            if length == 126 { length = Int(buffer.readInteger(as: UInt16.self) ?? 0) }
            let json = try JSONValue(parsing: buffer.readBytes(length: length) ?? [])
            ids.append(try #require(json["id"]?.intValue))
        }
        return ids
    }

    @Test func theAddressIsRead() throws {
        let plain = try #require(StreamTarget(path: "/ws/console-1"))
        #expect(plain.clientID == "console-1")
        #expect(plain.token == nil)
        #expect(plain.start == .now)
        let full = try #require(
            StreamTarget(path: "/ws/a%20b?token=x.y%2Dz&last_event_id=42&more"))
        #expect(full.clientID == "a b")
        #expect(full.token == "x.y-z")
        #expect(full.start == .after(42))
        for text in ["", "-1", "+1", "1.5", "x", "99999999999999999999"] {
            #expect(StreamTarget(path: "/ws/a?last_event_id=\(text)")?.start == .malformed)
        }
        for path in ["/ws", "/ws/", "/ws/?token=a", "/ws/a/b", "/wsx/a", "/ws/%zz", "/ws/%ff"] {
            #expect(StreamTarget(path: path) == nil, "\(path)")
        }
        #expect(StreamTarget(path: "/ws/" + String(repeating: "a", count: 129)) == nil)
    }

    @Test(
        arguments: [
            (nil, true), ("http://api.example.com", true), ("https://api.example.com", true),
            ("http://api.example.com:80", true), ("http://API.example.com", true),
            ("http://api.example.com:8080", false), ("http://evil.example.com", false),
            ("https://console.example.com", true), ("http://console.example.com", false),
            ("null", false), ("", false), ("http://api.example.com.evil.com", false),
            ("http://api.example.com/", false),
        ] as [(String?, Bool)])
    func onlyListedOriginsAndTheServersOwnMayConnect(_ origin: String?, _ isAdmitted: Bool) {
        var request = HTTPRequest(
            method: .get, scheme: "http", authority: "api.example.com", path: "/ws/a")
        request.headerFields[.origin] = origin
        let origins = StreamOrigins(allowed: ["https://console.example.com"])
        #expect(origins.admit(request) == isAdmitted)
        #expect(StreamOrigins(allowed: ["*"]).admit(request))
    }

    @Test func clientsAreWokenAtOnceWhenItIsQuietAndSeldomWhenItIsBusy() {
        #expect(PublishingPace.interval(clients: 0) == 5_000_000)
        #expect(PublishingPace.interval(clients: 1000) == 30_000_000)
        #expect(PublishingPace.interval(clients: 1_000_000) == 100_000_000)
        var pace = PublishingPace()
        #expect(pace.delay(at: 1_000_000_000, clients: 1000) == 0)
        pace.woke(at: 1_000_000_000)
        #expect(pace.delay(at: 1_010_000_000, clients: 1000) == 20_000_000)
        #expect(pace.delay(at: 1_030_000_000, clients: 1000) == 0)
    }
}
