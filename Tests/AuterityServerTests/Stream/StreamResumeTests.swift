import AuterityAPI
import AuterityEngine
import NIOCore
import Synchronization
import Testing
import WebSocketTransport

@testable import AuterityServer

/// Nothing is lost and nothing is twice, however often a connection is cut.
@Suite struct StreamResumeTests {
    private final class Work: Sendable {
        let isDone = Atomic(false)
    }

    /// What the engine itself tells, as the yardstick.
    private static func everything(
        _ engine: Engine, upTo last: Int64, as caller: Caller
    ) async -> [Int64] {
        var ids: [Int64] = []
        for await delivery in engine.events(after: 0, as: caller) {
            guard case .event(let event) = delivery, let id = event.id else { continue }
            ids.append(id)
            if id >= last { break }
        }
        return ids
    }

    @Test func twoHundredCutConnectionsMissNothing() async throws {
        try await StreamServer.run {
            // So small that clients are now within it and now behind it.
            $0.ring.events = 40
        } _: { server in
            let caller = try await server.caller()
            let token = try await server.token()
            let workflow = try await server.workflow(as: caller)
            let work = Work()
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask {
                    while !work.isDone.load(ordering: .relaxed) {
                        try await server.execute(workflow, as: caller)
                    }
                }
                var random = Chance(state: 7)
                var seen: [Int64] = []
                for _ in 0..<200 {
                    let after = seen.last ?? 0
                    let count = Int.random(in: 0...12, using: &random)
                    let endpoint = server.endpoint("?last_event_id=\(after)", token: token)
                    seen += try await WebSocketClient.withConnection(to: endpoint) { connection in
                        var client = StreamReading(connection)
                        var ids: [Int64] = []
                        while ids.count < count, let event = try await client.next() {
                            if let id = event["id"]?.intValue { ids.append(id) }
                            #expect(event["type"] != "resync_required")
                        }
                        connection.cut()
                        return ids
                    }
                }
                work.isDone.store(true, ordering: .relaxed)
                try await group.waitForAll()
                #expect(seen.count > 200)
                let last = try #require(seen.last)
                let all = await Self.everything(server.engine, upTo: last, as: caller)
                #expect(seen == all)
            }
        }
    }

    /// The ring gives way whenever the server turns to the client late; what it has given up is
    /// read back, for the client has taken all it was given.
    @Test func aReaderThatTakesAllMissesNothingOfASmallRing() async throws {
        try await StreamServer.run {
            $0.ring.events = 1
        } _: { server in
            let caller = try await server.caller()
            let token = try await server.token()
            let workflow = try await server.workflow(as: caller)
            let endpoint = server.endpoint(token: token)
            try await WebSocketClient.withConnection(to: endpoint) { connection in
                var client = StreamReading(connection)
                try await client.settle()
                let ids = try await withThrowingTaskGroup(of: Void.self) { group in
                    let work = Work()
                    for _ in 0..<4 {
                        group.addTask {
                            while !work.isDone.load(ordering: .relaxed) {
                                try await server.execute(workflow, as: caller)
                            }
                        }
                    }
                    var ids: [Int64] = []
                    while ids.count < 1500 { ids.append(try #require(try await client.nextID())) }
                    work.isDone.store(true, ordering: .relaxed)
                    try await group.waitForAll()
                    return ids
                }
                let first = try #require(ids.first)
                let last = try #require(ids.last)
                let all = await Self.everything(server.engine, upTo: last, as: caller)
                #expect(ids == all.filter { $0 >= first })
                #expect(server.stream.figures.resynchronizations == 0)
            }
        }
    }

    @Test func aResumeByMessageComesBeforeWhatIsNew() async throws {
        try await StreamServer.run { server in
            let caller = try await server.caller()
            let workflow = try await server.workflow(as: caller)
            for _ in 0..<30 { try await server.execute(workflow, as: caller) }
            let endpoint = server.endpoint(token: try await server.token())
            try await WebSocketClient.withConnection(to: endpoint) { connection in
                try await connection.send(text: #"{"type":"resume","last_event_id":0}"#)
                var client = StreamReading(connection)
                // The message is a request of its own: what happens before the server has read
                // it is told as it happens. The first event of old says that it has.
                let first = try #require(try await client.nextID())
                let last = try await server.execute(workflow, as: caller)
                let ids =
                    [first]
                    + (try await client.until(ended: last.id).compactMap { $0["id"]?.intValue })
                let end = try #require(ids.last)
                let all = await Self.everything(server.engine, upTo: end, as: caller)
                #expect(ids == all)
            }
        }
    }

    @Test func theSecondEventOfARowIsNotLost() async throws {
        try await StreamServer.run { server in
            let caller = try await server.caller()
            let definition: JSONValue = [
                "nodes": [
                    ["id": "start", "type": "start", "data": [:]],
                    ["id": "fail", "type": "transform", "data": ["set": ["x": "1 / 0"]]],
                ],
                "edges": [["id": "a", "source": "start", "target": "fail"]],
            ]
            let workflow = try await server.engine.send(
                CreateWorkflow(name: "fails", definition: definition), as: caller
            ).id
            try await server.execute(workflow, as: caller)
            let token = try await server.token()
            let all = await Self.kept(server.engine)
            #expect(all.contains { $0 % 2 == 1 })
            for (index, id) in all.enumerated() where index + 1 < all.count {
                let endpoint = server.endpoint("?last_event_id=\(id)", token: token)
                try await WebSocketClient.withConnection(to: endpoint) { connection in
                    var client = StreamReading(connection)
                    let told = try await client.nextID()
                    #expect(told == all[index + 1])
                }
            }
        }
    }

    private static func kept(_ engine: Engine) async -> [Int64] {
        var history = engine.history(after: 0)
        var ids: [Int64] = []
        while let page = try? await history.next() {
            ids += page.events.compactMap(\.event.id)
            if page.isLast { break }
        }
        return ids
    }

    @Test func aReaderThatFallsBehindIsToldSoAndHarmsNobody() async throws {
        // However long all of it takes: a client that answers no ping would be closed.
        let now = StreamSession.Moment.current()
        let settings: (inout StreamSettings) -> Void = {
            $0.ring.events = 50
            $0.now = { now }
        }
        try await StreamServer.run(settings, sendBuffer: 8192) { server in
            let caller = try await server.caller()
            let workflow = try await server.workflow(as: caller)
            let token = try await server.token()
            try await RawClient.connect(to: server.port, receiveBuffer: 4096) { slow in
                try await slow.handshake("/ws/slow?token=\(token)")
                _ = try await slow.head()
                try await slow.send(clientFrame(1, Array(#"{"type":"ping"}"#.utf8)))
                _ = try await slow.frame()
                // It reads no more for now. The other one is told everything.
                try await WebSocketClient.withConnection(
                    to: server.endpoint(token: token)
                ) { connection in
                    var client = StreamReading(connection)
                    try await client.settle()
                    var ids: [Int64] = []
                    for _ in 0..<400 {
                        let execution = try await server.execute(workflow, as: caller)
                        ids += try await client.until(ended: execution.id)
                            .compactMap { $0["id"]?.intValue }
                    }
                    #expect(ids.count > 1000)
                    #expect(ids == ids.sorted() && Set(ids).count == ids.count)
                    let told = try await Self.drain(&slow, upTo: try #require(ids.last), ids)
                    #expect(told < ids.count)
                    #expect(server.stream.figures.resynchronizations == 1)
                }
            }
        }
    }

    /// Reads until `resync_required`: what comes before it has no gap. Answers how many events
    /// came.
    private static func drain(
        _ slow: inout RawClient, upTo last: Int64, _ all: [Int64]
    ) async throws -> Int {
        var position = try #require(all.first)
        var count = 0
        var isFirst = true
        while position < last, let frame = try await slow.frame() {
            let message = try JSONValue(parsing: frame.payload)
            if message["type"] == "resync_required" { return count }
            guard let id = message["id"]?.intValue else { continue }
            count += 1
            if !isFirst { #expect(id == all.first { $0 > position }) }
            isFirst = false
            position = id
        }
        Issue.record("the reader was not told that it had missed something")
        return count
    }
}
