import AuterityAPI
import AuterityEngine
import Glibc
import NIOCore
import Testing
import WebSocketTransport

@testable import AuterityClient

/// What the feed says of a line that does not lead to events.
@Suite struct FeedSentenceTests {
    /// Why a feed of the address was first not live.
    static func reason(
        _ address: ServerAddress, environment: [String: String] = [:],
        times: ClientTimes = .quick
    ) async -> String? {
        let connector = StreamConnector(
            address: address, clientID: "test", tokens: nil,
            proxies: OutboundProxies(environment: environment))
        let queue = FeedQueue()
        let feed = RemoteFeed(connector: connector, queue: queue, times: times)
        let running = Task { await feed.run(after: nil) }
        var reason: String?
        while reason == nil, let item = await queue.next() {
            switch item {
            case .connection(.retrying(_, let text)), .connection(.refused(let text)):
                reason = text
            default: continue
            }
        }
        running.cancel()
        queue.close()
        await running.value
        return reason
    }

    private static func reason(
        _ answer: ScriptedServer.Answer, greeting: String? = nil, times: ClientTimes = .quick
    ) async throws -> (String?, port: Int) {
        try await ScriptedServer.run(greeting: greeting, { _, _ in answer }) { server in
            (await reason(ServerAddress(url: server.url), times: times), server.port)
        }
    }

    @Test func aPageWhereTheEventsShouldBe() async throws {
        let page = ScriptedServer.answer("200 OK", "<html></html>", type: "text/html")
        let (reason, port) = try await Self.reason(.text(page))
        #expect(
            reason == "127.0.0.1:\(port) answered 200 where the events should be. Check that an "
                + "Auterity server answers there, and that a proxy before it lets WebSockets "
                + "through")
    }

    @Test func aPageWithoutEnd() async throws {
        let head = "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"
        let (reason, port) = try await Self.reason(
            .large(head: head + "Content-Length: \(1 << 30)\r\n\r\n", bytes: 1 << 30))
        #expect(reason?.hasPrefix("127.0.0.1:\(port) answered 200 where the events") == true)
    }

    @Test func aServerThatIsFullSaysSoItself() async throws {
        let body = #"{"error":{"code":"SERVICE_UNAVAILABLE","message":"There are enough"}}"#
        let (reason, port) = try await Self.reason(
            .text(ScriptedServer.answer("503 Service Unavailable", body)))
        #expect(reason == "127.0.0.1:\(port): There are enough")
    }

    @Test func noHTTP() async throws {
        let (reason, port) = try await Self.reason(
            .nothing, greeting: "SSH-2.0-OpenSSH_9.2\r\n")
        #expect(
            reason == "127.0.0.1:\(port) answers with something that is no HTTP. Check that "
                + "address and port are those of an Auterity server, and http or https is right")
    }

    @Test func aConnectionThatEndsAtOnce() async throws {
        let (reason, port) = try await Self.reason(.end)
        #expect(
            reason == "127.0.0.1:\(port) closed the connection before the events began. Check that "
                + "address and port are those of an Auterity server, and http or https is right")
    }

    /// Where the events have been once, the address is right.
    @Test(arguments: [
        (
            WebSocketClientError.ended,
            "cannot be reached: the connection ends before the events begin"
        ),
        (.timedOut, "cannot be reached: it does not answer in time"),
        (
            .refused(status: 502, body: Array("<html>".utf8)),
            "cannot be reached: what answers in its place says 502"
        ),
    ])
    func whoWasThereBeforeIsNotSentToLookAtTheAddress(
        error: WebSocketClientError, wanted: String
    ) {
        let connector = Self.connector
        #expect(connector.ending(of: error, wasLive: true) == .failed("a.example \(wanted)"))
        #expect(connector.ending(of: error, wasLive: false) != .failed("a.example \(wanted)"))
    }

    private static var connector: StreamConnector {
        StreamConnector(
            address: ServerAddress(url: "https://a.example"), clientID: "test", tokens: nil,
            proxies: OutboundProxies(environment: [:]))
    }

    @Test func aServerThatWasThereAndRefusesIsToldWithTheCauseAlone() {
        let error = IOError(errnoCode: ECONNREFUSED, reason: "connect")
        #expect(
            Self.connector.ending(of: error, wasLive: true)
                == .failed("a.example cannot be reached (Connection refused)"))
        let full = Array(#"{"error":{"message":"There are enough"}}"#.utf8)
        let busy = WebSocketClientError.refused(status: 503, body: full, retryAfter: 3)
        #expect(
            Self.connector.ending(of: busy, wasLive: true)
                == .failed("a.example: There are enough", retryAfter: 3))
    }

    @Test func noAnswer() async throws {
        var times = ClientTimes.quick
        times.connect = .milliseconds(50)
        let (reason, port) = try await Self.reason(.nothing, times: times)
        #expect(
            reason == "127.0.0.1:\(port) did not answer in time. Look at the server and at the "
                + "line to it")
    }

    @Test func nobodyIsThere() async throws {
        let port = try await ScriptedServer.run({ _, _ in .nothing }) { $0.port }
        #expect(
            await Self.reason(ServerAddress(url: "http://127.0.0.1:\(port)"))
                == "No connection to 127.0.0.1:\(port) (Connection refused). Check that the "
                + "server runs and that host and port are right")
    }

    @Test func nobodyIsAtTheSocket() async throws {
        let path = try TemporaryFolder().path + "/socket"
        #expect(
            await Self.reason(.local(socket: path))
                == "No server answers at the socket \(path). Start it with: auterity serve")
    }

    @Test func aNameWithoutAnAddress() async {
        #expect(
            await Self.reason(ServerAddress(url: "http://nowhere.invalid"))
                == "The name nowhere.invalid has no address. Check its spelling and this "
                + "machine's name service")
    }

    // MARK: - Proxies

    @Test(arguments: [
        ("407 Proxy Authentication Required", "wants a name and a password. Put them into its"),
        ("403 Forbidden", "refused the connection (403). Ask its operator to let CONNECT through"),
    ])
    func aProxyThatRefuses(status: String, text: String) async throws {
        try await ConnectProxy.run(to: 1, refusal: status) { port, proxy in
            let reason = await Self.reason(
                ServerAddress(url: "http://auterity.test"),
                environment: ["http_proxy": "http://127.0.0.1:\(port)"])
            #expect(
                reason?.hasPrefix("The proxy on the way to auterity.test \(text)") == true)
            #expect(proxy.requests == ["CONNECT auterity.test:80 HTTP/1.1"])
        }
    }

    @Test func aProxyThatIsNoneOfHTTP() async {
        let reason = await Self.reason(
            ServerAddress(url: "https://auterity.test"),
            environment: ["all_proxy": "socks5h://ann:secret@127.0.0.1:1080"])
        #expect(
            reason == "The events of auterity.test cannot go through the proxy "
                + "socks5h://127.0.0.1:1080: they need an HTTP proxy, such as "
                + "http://proxy.example.com:3128. Name one in the profile, or except auterity.test "
                + "from proxies by no_proxy")
    }

    @Test func aServerWithoutANameThroughAProxy() async {
        let reason = await Self.reason(
            ServerAddress(url: "https://192.0.2.1"),
            environment: ["https_proxy": "http://127.0.0.1:9"])
        #expect(
            reason == "Through a proxy the certificate of 192.0.2.1 can be held against a name "
                + "only. Name the server by its name, or except it from proxies by no_proxy")
    }
}
