import Testing

@testable import AuterityEngine

/// Which error a failure becomes, and what it says.
@Suite(.timeLimit(.minutes(30)))
struct OutboundFailureTests {
    private func failure(_ request: OutboundRequest) async throws -> OutboundError? {
        let client = try loopbackClient()
        return await #expect(throws: OutboundError.self) { try await client.send(request) }
    }

    @Test func aClosedPortIsNoConnection() async throws {
        let server = try LoopbackServer { _ in }
        let port = server.port
        _ = consume server
        let error = try await failure(
            OutboundRequest(url: "http://127.0.0.1:\(port)/", timeout: .seconds(5)))
        #expect(error?.kind == .notConnected)
        #expect(error?.isRetryable == true)
        #expect(error?.message.contains("127.0.0.1 port \(port)") == true)
    }

    @Test func aNameWithoutAddressIsNotResolved() async throws {
        let error = try await failure(OutboundRequest(url: "http://nowhere.invalid/"))
        #expect(error?.kind == .notResolved)
        #expect(error?.isRetryable == true)
        #expect(error?.message.contains("nowhere.invalid") == true)
    }

    @Test func httpsToAPlainServerIsAFailedHandshake() async throws {
        let server = try LoopbackServer { connection in
            connection.write("HTTP/1.1 400 Bad Request\r\n\r\n")
            connection.waitForClose()
        }
        let error = try await failure(OutboundRequest(url: "https://127.0.0.1:\(server.port)/"))
        #expect(error?.kind == .handshakeFailed)
    }

    @Test func aConnectionClosedWithoutAnswerIsLost() async throws {
        let server = try LoopbackServer { _ = SeenRequest($0) }
        let error = try await failure(OutboundRequest(url: server.url()))
        #expect(error?.kind == .connectionLost)
        #expect(error?.isRetryable == true)
    }

    @Test func aBodyCutShortIsLost() async throws {
        let server = try LoopbackServer { connection in
            _ = SeenRequest(connection)
            connection.write("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nshort")
        }
        let error = try await failure(OutboundRequest(url: server.url()))
        #expect(error?.kind == .connectionLost)
    }

    @Test func nonsenseInsteadOfHTTPIsABadResponse() async throws {
        let server = try LoopbackServer { connection in
            _ = SeenRequest(connection)
            connection.write("SSH-2.0-OpenSSH_9.2\r\n\r\n")
        }
        let error = try await failure(OutboundRequest(url: server.url()))
        #expect(error?.kind == .badResponse)
        #expect(error?.isRetryable == false)
    }

    @Test(arguments: [
        "", "not a url", "ftp://example.com/", "file:///etc/passwd", "http://", "/relative",
        "gopher://example.com/", "http://example.com:99999/", "javascript:alert(1)",
        "http://exa\nmple.com/", "http://" + String(repeating: "a", count: 9000),
    ])
    func whatIsNoHTTPAddressIsRefused(url: String) async throws {
        let error = try await failure(OutboundRequest(url: url))
        #expect(error?.kind == .invalidRequest)
        #expect(error?.isRetryable == false)
    }

    @Test(arguments: [
        HTTPField("X-A", "one\r\nX-B: two"), HTTPField("X-A\r\nX-B", "two"), HTTPField("", "a"),
        HTTPField("X A", "a"), HTTPField("X-A", "nul\u{0}"), HTTPField("Host", "other.example"),
        HTTPField("content-length", "5"), HTTPField("Transfer-Encoding", "chunked"),
        HTTPField("X-ü", "a"), HTTPField("X:", "a"),
    ])
    func aHeaderCannotWriteAnother(field: HTTPField) async throws {
        let server = try HTTPTestServer { _ in answer("200 OK") }
        let error = try await failure(OutboundRequest(url: server.url(), fields: [field]))
        #expect(error?.kind == .invalidRequest)
        #expect(server.requests.isEmpty)
        #expect(error?.message.contains { $0.isNewline } == false)
    }

    @Test(arguments: ["get", "CONNECT", "TRACE", "GET / HTTP/1.1\r\nX: y", ""])
    func aMethodThatIsNotKnownIsRefused(method: String) async throws {
        let error = try await failure(
            OutboundRequest(method: method, url: "http://127.0.0.1:1/"))
        #expect(error?.kind == .invalidRequest)
    }

    @Test func secretsOfTheURLAreInNoMessage() async throws {
        let server = try LoopbackServer { _ = SeenRequest($0) }
        let url = "http://ann:hunter2@127.0.0.1:\(server.port)/path?key=s3cret#frag"
        let lost = try await failure(OutboundRequest(url: url))
        let strict = OutboundHTTP(addressGuard: .strict)
        let refused = await #expect(throws: OutboundError.self) {
            try await strict.send(OutboundRequest(url: url))
        }
        for message in [lost?.message, refused?.message] {
            let text = try #require(message)
            #expect(text.contains("127.0.0.1"))
            for secret in ["ann", "hunter2", "s3cret", "frag"] { #expect(!text.contains(secret)) }
        }
    }

    @Test func everyKindHasItsOwnCode() {
        #expect(Set(OutboundError.Kind.allCases.map(\.rawValue)).count == 14)
        #expect(OutboundError(.timedOut, "late").description == "TIMED_OUT: late")
    }
}
