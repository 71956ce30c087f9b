import AuterityAPI
import Testing

@testable import AuterityEngine

/// Requests that two servers could read differently: each is refused, and what comes behind is
/// never taken for a request of its own.
@Suite(.timeLimit(.minutes(10)))
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
            #expect([400, 413, 431, 501].contains(answer.status), "\(what): \(answer.status)")
            #expect(!String(decoding: bytes, as: UTF8.self).contains("live"), "\(what)")
        }
    }

    @Test(arguments: [
        "GET /health/live HTTP/1.1\r\nHost: a\r\nHost: b\r\nConnection: close\r\n\r\n",
        "GET /health/live HTTP/9.9\r\nHost: a\r\n\r\n", "GET /health/live\r\n\r\n",
        "\u{16}\u{3}\u{1}\u{2}\u{0}\r\n\r\n", "PRI * HTTP/2.0\r\n\r\n",
    ])
    func whatIsNoRequestIsRefused(text: String) async throws {
        try await ContractServer.run { server in
            let bytes = try await server.wire.exchange(text)
            guard let answer = Answer(bytes) else { return }
            #expect((400...599).contains(answer.status), "\(answer.status)")
            #expect(!answer.text.contains("live"))
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
                let bytes = try await server.wire.exchange(text)
                if let answer = Answer(bytes) {
                    #expect([400, 413, 414, 431].contains(answer.status), "\(answer.status)")
                }
            }
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
