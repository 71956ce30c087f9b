import AuterityAPI
import AuterityServer
import Foundation
import Testing

@testable import AuterityEngine

/// Requests that two servers could read differently: each is refused, and what comes behind is
/// never taken for a request of its own.
@Suite(.timeLimit(.minutes(30)))
struct SmugglingTests {
    private static let hidden = "GET /health/live HTTP/1.1\r\nHost: hidden\r\n\r\n"

    private static let shapes: [(String, String)] = [
        (
            "both lengths",
            "Content-Length: \(hidden.utf8.count + 5)\r\nTransfer-Encoding: chunked\r\n\r\n"
                + "0\r\n\r\n"
        ),
        (
            "chunked after length",
            "Transfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n0\r\n\r\n"
        ),
        ("two lengths", "Content-Length: 2\r\nContent-Length: 40\r\n\r\n{}"),
        ("two equal lengths in one", "Content-Length: 2, 40\r\n\r\n{}"),
        ("a negative length", "Content-Length: -1\r\n\r\n{}"),
        ("a signed length", "Content-Length: +2\r\n\r\n{}"),
        ("a length in words", "Content-Length: two\r\n\r\n{}"),
        ("a huge length", "Content-Length: 99999999999999999999\r\n\r\n{}"),
        ("a length in hexadecimal", "Content-Length: 0x2\r\n\r\n{}"),
        ("an odd encoding", "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n"),
        ("chunked twice", "Transfer-Encoding: chunked, chunked\r\n\r\n0\r\n\r\n"),
        ("a bad chunk size", "Transfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n0\r\n\r\n"),
        ("a negative chunk", "Transfer-Encoding: chunked\r\n\r\n-2\r\n{}\r\n0\r\n\r\n"),
        ("a huge chunk", "Transfer-Encoding: chunked\r\n\r\nffffffffffffffffff\r\n{}\r\n0\r\n\r\n"),
        ("a space before the colon", "Content-Length : 2\r\n\r\n{}"),
        ("a folded header", "X-A: b\r\n c\r\nContent-Length: 2\r\n\r\n{}"),
        ("a NUL", "X-A: b\u{0}c\r\nContent-Length: 2\r\n\r\n{}"),
        ("a header without a name", ": x\r\nContent-Length: 2\r\n\r\n{}"),
    ]

    @Test(arguments: shapes)
    func anAmbiguousRequestIsRefused(what: String, tail: String) async throws {
        try await ContractServer.run { server in
            let bytes = try await server.wire.exchange(
                "POST /api/auth/login HTTP/1.1\r\nHost: a\r\n"
                    + "Content-Type: application/json\r\n\(tail)\(Self.hidden)")
            let answer = try #require(Answer(bytes), "\(what)")
            #expect(answer.status == 400, "\(what)")
            Self.expectError(answer, what)
            #expect(!String(decoding: bytes, as: UTF8.self).contains("live"), "\(what)")
        }
    }

    /// The body of an error, with the id that its header has.
    private static func expectError(_ answer: Answer, _ what: String) {
        #expect(answer.code == "BAD_REQUEST", "\(what)")
        #expect(answer["content-type"] == "application/json", "\(what)")
        #expect(answer["x-content-type-options"] == "nosniff", "\(what)")
        let error = answer.json["error"]
        #expect(error?["message"]?.stringValue?.isEmpty == false, "\(what)")
        let id = error?["request_id"]?.stringValue
        #expect(id != nil && id == answer["x-request-id"], "\(what)")
        #expect(answer.rest.isEmpty, "\(what)")
    }

    @Test(arguments: [
        (
            "GET /health/live HTTP/1.1\r\nHost: a\r\nHost: b\r\nConnection: close\r\n\r\n",
            "two hosts"
        ),
        ("GET /health/live HTTP/1.1\r\nConnection: close\r\n\r\n", "no host"),
        ("GET /health/live HTTP/1.1\r\nHost:\r\nConnection: close\r\n\r\n", "no host"),
        ("GET /health/live HTTP/9.9\r\nHost: a\r\n\r\n", "version"),
        ("GET /health/live\r\n\r\n", "request"),
        ("\u{16}\u{3}\u{1}\u{2}\u{0}\r\n\r\n", "method"), ("BREW /pot HTTP/1.1\r\n\r\n", "method"),
        ("GET /a b HTTP/1.1\r\nHost: a\r\n\r\n", "request"),
        ("GET / HTTP/1.1\r\nHost a\r\n\r\n", "header"),
        (
            "POST /api/auth/login HTTP/1.1\r\nHost: a\r\nConnection: close\r\n"
                + "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", "Transfer-Encoding"
        ),
    ])
    func whatIsNoRequestIsRefused(text: String, reason: String) async throws {
        try await ContractServer.run { server in
            let answer = try #require(Answer(try await server.wire.exchange(text)))
            #expect(answer.status == 400)
            Self.expectError(answer, text)
            #expect(answer.json["error"]?["message"]?.stringValue?.contains(reason) == true)
        }
    }

    /// What it answers comes back only once the connection has ended.
    @Test(arguments: [
        "HTTP/1.0\r\n\r\n", "HTTP/1.1\r\nHost: a\r\nConnection: Close\r\n\r\n",
        "HTTP/1.1\r\nHost: a\r\nConnection: TE, close\r\n\r\n",
    ])
    func theConnectionEndsBehindARequestThatSaysSo(tail: String) async throws {
        try await ContractServer.run(server: { $0.connections.idleTimeout = 3600 }) { server in
            let bytes = try await server.wire.exchange("GET /health/live \(tail)")
            #expect(Answer(bytes)?.status == 200)
        }
    }

    /// The answer to what came before stands, and there is one for each request.
    @Test func aBrokenBodyBehindAnAnswerGetsNoSecondOne() async throws {
        try await ContractServer.run { server in
            let head = "Host: a\r\nTransfer-Encoding: chunked\r\n\r\n"
            let unread = try await server.wire.exchange(
                "GET /health/live HTTP/1.1\r\n\(head)2\r\n{}\r\nzz\r\n")
            #expect(Self.answers(unread) <= 1)
            let good = "GET /health/live HTTP/1.1\r\nHost: a\r\n\r\n"
            let behind = try await server.wire.exchange(good + good + "NONSENSE\r\n\r\n")
            #expect(Self.answers(behind) == 3)
            #expect(String(decoding: behind, as: UTF8.self).contains("BAD_REQUEST"))
        }
    }

    private static func answers(_ bytes: [UInt8]) -> Int {
        String(decoding: bytes, as: UTF8.self).components(separatedBy: "HTTP/1.1 ").count - 1
    }

    @Test func whoNeverStopsSendingIsCutOff() async throws {
        try await ContractServer.run(server: { $0.connections.discardedBytes = 100_000 }) {
            server in
            let chunk = "1000\r\n" + String(repeating: "x", count: 4096) + "\r\n"
            // Without an end: it comes back only when the server ends the connection.
            let bytes = try await server.wire.exchange(
                "POST /api/users HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
                    + "Transfer-Encoding: chunked\r\n\r\n"
                    + String(repeating: chunk, count: 600))
            if let answer = Answer(bytes) { #expect(answer.status == 401) }
            #expect(try await server.send("GET", "/health/live").status == 200)
        }
    }

    @Test func headersOfBoundlessSizeAreRefused() async throws {
        try await ContractServer.run { server in
            let large = "X-Large: " + String(repeating: "x", count: 200_000) + "\r\n"
            let many = (0..<5000).map { "X-\($0): y\r\n" }.joined()
            let target = "/health/live?" + String(repeating: "q", count: 200_000)
            for text in [
                "GET /health/live HTTP/1.1\r\nHost: a\r\n\(large)\r\n",
                "GET /health/live HTTP/1.1\r\nHost: a\r\n\(many)\r\n",
                "GET \(target) HTTP/1.1\r\nHost: a\r\n\r\n",
            ] {
                // Closing on what is still being sent may take the answer away.
                if let answer = Answer(try await server.wire.exchange(text)) {
                    #expect(answer.status == 431)
                    Self.expectError(answer, "large")
                }
            }
            let long = "/health/live?" + String(repeating: "q", count: 9000)
            let answer = try await server.send("GET", long)
            #expect(answer.status == 414)
            Self.expectError(answer, "a long address")
            #expect(try await server.send("GET", "/health/live").status == 200)
        }
    }

    @Test func nothingThatIsGivenBecomesAHeader() async throws {
        try await ContractServer.run { server in
            let injected = "x%0d%0aSet-Cookie:%20a=b"
            for path in [
                "/api/workflows/\(injected)", "/\(injected)", "/api/workflows?search=\(injected)",
                "/api/workflows?sort=\(injected)",
            ] {
                let answer = try await server.send("GET", path, as: .user)
                #expect(answer["set-cookie"] == nil, "\(path)")
                #expect(answer.rest.isEmpty)
            }
            let bytes = try await server.wire.exchange(
                "GET /health/live HTTP/1.1\r\nHost: a\r\nX-Request-ID: a\rSet-Cookie: b=c\r\n"
                    + "Connection: close\r\n\r\n")
            #expect(!String(decoding: bytes, as: UTF8.self).lowercased().contains("\nset-cookie"))
        }
    }
}
