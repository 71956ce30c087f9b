import Synchronization
import Testing

@testable import AuterityEngine

@Suite(.timeLimit(.minutes(30)))
struct OutboundHTTPTests {
    @Test func aConnectionIsUsedAgain() async throws {
        let server = try HTTPTestServer { answer("200 OK", body: "you asked \($0.target)") }
        let client = try loopbackClient()
        for index in 0..<3 {
            let response = try await client.send(OutboundRequest(url: server.url("/\(index)")))
            #expect(response.status == 200)
            #expect(response.body == Array("you asked /\(index)".utf8))
        }
        #expect(server.connectionCount == 1)
    }

    @Test func whatIsSentArrives() async throws {
        let server = try HTTPTestServer { _ in answer("201 Created", ["X-One: a", "x-one: b"]) }
        let client = try loopbackClient()
        let response = try await client.send(
            OutboundRequest(
                method: "POST", url: server.url("/orders?x=1"),
                fields: [HTTPField("X-Empty", ""), HTTPField("Content-Type", "text/plain")],
                body: Array("grüße".utf8), idempotencyKey: "run:step:1"))
        #expect(response.status == 201)
        #expect(response.field("X-ONE") == "a, b")
        let seen = try #require(server.requests.first)
        #expect(seen.method == "POST")
        #expect(seen.target == "/orders?x=1")
        #expect(seen.body == Array("grüße".utf8))
        #expect(seen.field("idempotency-key") == "run:step:1")
        #expect(seen.field("content-type") == "text/plain")
        #expect(seen.field("x-empty") == "")
        #expect(seen.field("user-agent") == "Auterity")
        #expect(seen.field("expect") == nil)
    }

    @Test(arguments: ["GET", "HEAD", "PUT", "PATCH", "DELETE", "OPTIONS"])
    func everyMethodGoesOutAsItself(method: String) async throws {
        let server = try HTTPTestServer { request in
            request.method == "HEAD"
                ? "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n" : answer("200 OK", body: "hello")
        }
        let client = try loopbackClient()
        for _ in 0..<2 {
            let response = try await client.send(OutboundRequest(method: method, url: server.url()))
            #expect(response.body.count == (method == "HEAD" ? 0 : 5))
        }
        #expect(server.requests.map(\.method) == [method, method])
    }

    @Test func aChunkedBodyIsPutTogether() async throws {
        let server = try HTTPTestServer { _ in
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
                + "5\r\nhello\r\n6\r\n world\r\n0\r\n\r\n"
        }
        let response = try await loopbackClient().send(OutboundRequest(url: server.url()))
        #expect(response.body == Array("hello world".utf8))
    }

    @Test func aBadStatusIsAnAnswerAndSaysWhenToComeBack() async throws {
        let server = try HTTPTestServer { _ in
            answer("503 Busy", ["Retry-After: 7"], body: "later")
        }
        let response = try await loopbackClient().send(OutboundRequest(url: server.url()))
        #expect(response.status == 503)
        #expect(response.retryAfter == 7)
        #expect(OutboundResponse.isRetryable(status: response.status))
    }

    @Test(arguments: [408, 425, 429, 500, 502, 503, 504, 529, 599])
    func theseStatusesAreWorthAnotherTry(status: Int) {
        #expect(OutboundResponse.isRetryable(status: status))
    }

    @Test(arguments: [200, 301, 400, 401, 403, 404, 409, 422, 600])
    func theseStatusesAreNot(status: Int) {
        #expect(!OutboundResponse.isRetryable(status: status))
    }

    @Test func severalRequestsRunAtOnce() async throws {
        let arrived = Mutex(0)
        let all = try ServerGate()
        let server = try LoopbackServer { connection in
            guard SeenRequest(connection) != nil else { return }
            let count = arrived.withLock { count in
                count += 1
                return count
            }
            if count == 8 { all.open() }
            // Nobody is answered before everybody is here.
            all.pass()
            connection.write(answer("200 OK", body: "ok"))
        }
        let client = try loopbackClient()
        let url = server.url()
        let statuses = try await withThrowingTaskGroup(of: Int.self) { group in
            for _ in 0..<8 {
                group.addTask { try await client.send(OutboundRequest(url: url)).status }
            }
            return try await group.reduce(into: [Int]()) { $0.append($1) }
        }
        #expect(statuses == Array(repeating: 200, count: 8))
    }
}
