import AuterityAPI
import AuterityServer
import Testing

@testable import AuterityClient

/// Calls and events through the proxies that the environment names.
@Suite(.timeLimit(.minutes(30))) struct ProxyTests {
    /// What nobody but the proxy knows an address of.
    private static let name = "auterity.test"

    private static func withServer(
        _ body: @escaping @Sendable (RunningServer, ServerAddress) async throws -> Void
    ) async throws {
        let folder = try TemporaryFolder()
        let certificate = try Certificate(["DNS:\(name)"], in: folder)
        try await RunningServer.run(in: folder) { settings in
            settings.server.tls = .init(
                certificate: certificate.file, key: certificate.key)
        } _: { server in
            try await body(
                server,
                ServerAddress(
                    url: "https://\(name):\(server.port)", certificateFile: certificate.file))
        }
    }

    private static func client(
        _ address: ServerAddress, _ environment: [String: String]
    ) async throws -> RemoteClient {
        let store = MemoryCredentials()
        try await RemoteClient.login(
            address, email: RunningServer.email, password: RunningServer.password,
            credentials: store, environment: environment, version: "test")
        return try await RemoteClient.connect(
            address, as: .session(store), environment: environment, version: "test",
            times: .quick)
    }

    @Test(arguments: ["https_proxy", "all_proxy", "HTTPS_PROXY"])
    func everythingGoesThroughTheProxyOfTheEnvironment(variable: String) async throws {
        try await Self.withServer { server, address in
            try await ConnectProxy.run(to: server.port) { port, proxy in
                let client = try await Self.client(
                    address, [variable: "http://127.0.0.1:\(port)"])
                defer { client.close() }
                let reader = FeedReader(client.feed(after: nil))
                #expect(await reader.untilLive())
                let line = "CONNECT \(Self.name):\(server.port) HTTP/1.1"
                // One for the login, one for the calls, one for the events.
                #expect(proxy.requests.count >= 3)
                #expect(Set(proxy.requests) == [line])
            }
        }
    }

    @Test func aNameAndAPasswordAreShownToTheProxy() async throws {
        try await Self.withServer { server, address in
            // The base64 of "ann:pass word".
            let known = "YW5uOnBhc3Mgd29yZA=="
            try await ConnectProxy.run(to: server.port, authorization: known) { port, _ in
                let client = try await Self.client(
                    address, ["https_proxy": "http://ann:pass%20word@127.0.0.1:\(port)"])
                defer { client.close() }
                let reader = FeedReader(client.feed(after: nil))
                #expect(await reader.untilLive())
            }
        }
    }

    @Test func theProxyOfTheAddressGoesBeforeThatOfTheEnvironment() async throws {
        try await Self.withServer { server, address in
            try await ConnectProxy.run(to: server.port) { port, proxy in
                var address = address
                address.proxy = "http://127.0.0.1:\(port)"
                let client = try await Self.client(
                    address, ["https_proxy": "http://127.0.0.1:9"])
                defer { client.close() }
                let reader = FeedReader(client.feed(after: nil))
                #expect(await reader.untilLive())
                #expect(proxy.requests.count >= 3)
            }
        }
    }

    @Test func whatIsExceptedGoesStraight() async throws {
        try await RunningServer.run(in: try TemporaryFolder()) { server in
            try await ConnectProxy.run(to: server.port) { port, proxy in
                let client = try await Self.client(
                    ServerAddress(url: server.url),
                    [
                        "http_proxy": "http://127.0.0.1:\(port)",
                        "no_proxy": "example.com, 127.0.0.1",
                    ])
                defer { client.close() }
                let reader = FeedReader(client.feed(after: nil))
                #expect(await reader.untilLive())
                #expect(proxy.requests.isEmpty)
            }
        }
    }

    @Test func aProxyThatRefusesIsNamed() async throws {
        try await ConnectProxy.run(to: 1, refusal: "407 Proxy Authentication Required") { port, _ in
            let fault = await #expect(throws: APIError.self) {
                try await Self.client(
                    ServerAddress(url: "https://\(Self.name)"),
                    ["https_proxy": "http://127.0.0.1:\(port)"])
            }
            #expect(
                fault?.message == "The proxy on the way to \(Self.name) wants a name and a "
                    + "password. Put them into its address: "
                    + "http://NAME:PASSWORD@proxy.example.com:3128")
        }
    }
}
