import Testing

@testable import AuterityEngine

/// The guard at work on real connections.
@Suite(.timeLimit(.minutes(30)))
struct OutboundGuardTests {
    @Test(arguments: [
        "127.0.0.1", "localhost", "2130706433", "0x7f000001", "0177.0.0.1", "127.1",
        "[::ffff:127.0.0.1]", "[::1]", "0.0.0.0", "127.0.0.1.", "[::]", "[::ffff:7f00:1]",
    ])
    func noFormOfThisMachineIsReached(host: String) async throws {
        let server = try HTTPTestServer { _ in answer("200 OK") }
        let client = OutboundHTTP(addressGuard: .strict)
        let error = await #expect(throws: OutboundError.self) {
            try await client.send(OutboundRequest(url: "http://\(host):\(server.port)/"))
        }
        #expect(error?.kind == .refused)
        #expect(error?.isRetryable == false)
        #expect(server.connectionCount == 0)
        let refusal = await client.refusal(ofURL: "http://\(host):\(server.port)/")
        #expect(refusal?.kind == .refused)
    }

    @Test func aHostThatIsAllowedByNameIsReached() async throws {
        let server = try HTTPTestServer { _ in answer("200 OK") }
        let client = OutboundHTTP(addressGuard: try AddressGuard(allowedHosts: "LocalHost"))
        let url = "http://localhost:\(server.port)/"
        #expect(try await client.send(OutboundRequest(url: url)).status == 200)
        #expect(await client.refusal(ofURL: url) == nil)
        let error = await #expect(throws: OutboundError.self) {
            try await client.send(OutboundRequest(url: server.url()))
        }
        #expect(error?.kind == .refused)
    }

    @Test func aConnectionThatTheOperatorOpenedIsNotTakenOverByADefinition() async throws {
        let server = try HTTPTestServer { _ in answer("200 OK") }
        let client = OutboundHTTP(addressGuard: .strict)
        // By name, so that only the address of the open connection can tell.
        let url = "http://localhost:\(server.port)/"
        let first = try await client.send(OutboundRequest(url: url, origin: .configured))
        #expect(first.status == 200)
        let error = await #expect(throws: OutboundError.self) {
            try await client.send(OutboundRequest(url: url))
        }
        #expect(error?.kind == .refused)
        #expect(server.requests.count == 1)
        let again = try await client.send(OutboundRequest(url: url, origin: .configured))
        #expect(again.status == 200)
    }

    @Test func aBadURLIsRefusedAtOnce() async throws {
        let client = OutboundHTTP(addressGuard: .strict)
        #expect(await client.refusal(ofURL: "nonsense")?.kind == .invalidRequest)
        #expect(await client.refusal(ofURL: "http://nowhere.invalid/") == nil)
        #expect(await client.refusal(ofURL: "https://93.184.215.14/") == nil)
    }

    @Test func aProxyIsUsedAndTheGuardLooksAtTheHostItself() async throws {
        let proxy = try HTTPTestServer { answer("200 OK", body: $0.target) }
        let proxies = OutboundProxies(
            http: "http://127.0.0.1:\(proxy.port)", https: nil, except: ["direct.example"])
        let client = OutboundHTTP(
            addressGuard: try AddressGuard(allowedHosts: "crm.invalid"), proxies: proxies)
        let response = try await client.send(OutboundRequest(url: "http://crm.invalid/a"))
        #expect(response.body == Array("http://crm.invalid/a".utf8))
        let literal = try await client.send(OutboundRequest(url: "http://93.184.215.14/b"))
        #expect(literal.body == Array("http://93.184.215.14/b".utf8))
        for blocked in ["http://10.0.0.1/", "http://localhost/"] {
            let error = await #expect(throws: OutboundError.self) {
                try await client.send(OutboundRequest(url: blocked))
            }
            #expect(error?.kind == .refused)
        }
        #expect(proxy.requests.count == 2)
    }

    @Test func proxiesAreReadFromTheEnvironmentAsCurlDoes() {
        let proxies = OutboundProxies(environment: [
            "http_proxy": "http://p:1", "HTTP_PROXY": "http://evil:1", "ALL_PROXY": "http://all:2",
            "no_proxy": "example.com, .internal,10.0.0.5",
        ])
        #expect(proxies.proxy(scheme: "http", host: "a.test") == "http://p:1")
        #expect(proxies.proxy(scheme: "https", host: "a.test") == "http://all:2")
        #expect(proxies.proxy(scheme: "http", host: "example.com") == nil)
        #expect(proxies.proxy(scheme: "http", host: "www.Example.com") == nil)
        #expect(proxies.proxy(scheme: "http", host: "badexample.com") == "http://p:1")
        #expect(proxies.proxy(scheme: "http", host: "crm.internal") == nil)
        #expect(proxies.proxy(scheme: "http", host: "10.0.0.5") == nil)
        let capitals = OutboundProxies(environment: ["HTTP_PROXY": "http://evil:1"])
        #expect(capitals.proxy(scheme: "http", host: "a.test") == nil)
        let all = OutboundProxies(environment: ["all_proxy": "http://p:1", "no_proxy": "*"])
        #expect(all.proxy(scheme: "http", host: "a.test") == nil)
    }
}
