import Testing

@testable import AuterityEngine

@Suite(.timeLimit(.minutes(30)))
struct OutboundRedirectTests {
    @Test(arguments: ["301", "302", "303", "307", "308"])
    func aRedirectIsFollowedWithEverythingOnTheSameServer(status: String) async throws {
        let server = try HTTPTestServer { request in
            request.target == "/new/place?b=2"
                ? answer("200 OK", body: "here") : answer(status, ["Location: new/place?b=2"])
        }
        let response = try await loopbackClient().send(
            OutboundRequest(url: server.url("/old"), fields: [HTTPField("Authorization", "x")]))
        #expect(response.body == Array("here".utf8))
        #expect(response.address == server.url("/new/place"))
        #expect(server.requests.last?.field("authorization") == "x")
    }

    @Test func credentialsDoNotFollowToAnotherServer() async throws {
        let other = try HTTPTestServer { _ in answer("200 OK") }
        let target = other.url("/in")
        let server = try HTTPTestServer { _ in answer("302 Found", ["Location: \(target)"]) }
        let fields = [
            HTTPField("Authorization", "Bearer t"), HTTPField("X-Api-Key", "k"),
            HTTPField("Cookie", "c=1"), HTTPField("Accept", "text/html"),
        ]
        let start = "http://ann:pw@127.0.0.1:\(server.port)/"
        _ = try await loopbackClient().send(
            OutboundRequest(url: start, fields: fields, idempotencyKey: "key"))
        let first = try #require(server.requests.first)
        #expect(first.field("x-api-key") == "k")
        let seen = try #require(other.requests.first)
        for name in ["authorization", "x-api-key", "cookie", "idempotency-key"] {
            #expect(seen.field(name) == nil)
        }
        #expect(seen.field("accept") == "text/html")
    }

    @Test func userAndPasswordOfTheURLAreSentAndKeptOutOfTheAddress() async throws {
        let server = try HTTPTestServer { _ in answer("200 OK") }
        let response = try await loopbackClient().send(
            OutboundRequest(url: "http://ann:p%40w@127.0.0.1:\(server.port)/"))
        #expect(server.requests.first?.field("authorization") == "Basic YW5uOnBAdw==")
        #expect(response.address == server.url("/"))
    }

    @Test(arguments: [
        "http://10.0.0.1/", "http://169.254.169.254/latest/meta-data/", "//[::1]/",
        "http://[::ffff:10.0.0.1]/", "http://3232235777/", "http://0xA9FEA9FE/",
    ])
    func aRedirectToABlockedAddressIsRefused(location: String) async throws {
        let server = try HTTPTestServer { _ in answer("302 Found", ["Location: \(location)"]) }
        let client = try loopbackClient()
        let error = await #expect(throws: OutboundError.self) {
            try await client.send(OutboundRequest(url: server.url()))
        }
        #expect(error?.kind == .refused)
        #expect(error?.message.contains("AUTERITY_ALLOWED_HOSTS") == true)
    }

    @Test(arguments: ["file:///etc/passwd", "gopher://127.0.0.1/", "dict://127.0.0.1:1/"])
    func aRedirectOutOfHTTPIsRefused(location: String) async throws {
        let server = try HTTPTestServer { _ in answer("302 Found", ["Location: \(location)"]) }
        let client = try loopbackClient()
        let error = await #expect(throws: OutboundError.self) {
            try await client.send(OutboundRequest(url: server.url()))
        }
        #expect(error?.kind == .badResponse)
    }

    @Test func fiveRedirectsAreFollowedAndNoSixth() async throws {
        let server = try HTTPTestServer { request in
            let left = Int(request.target.dropFirst()) ?? 0
            return left == 0
                ? answer("200 OK", body: "end") : answer("302 Found", ["Location: /\(left - 1)"])
        }
        let client = try loopbackClient()
        let response = try await client.send(OutboundRequest(url: server.url("/5")))
        #expect(response.body == Array("end".utf8))
        let error = await #expect(throws: OutboundError.self) {
            try await client.send(OutboundRequest(url: server.url("/6")))
        }
        #expect(error?.kind == .tooManyRedirects)
    }

    @Test func onlyGetAndHeadAreRedirected() async throws {
        let server = try HTTPTestServer { _ in answer("302 Found", ["Location: /other"]) }
        let client = try loopbackClient()
        let post = try await client.send(
            OutboundRequest(method: "POST", url: server.url(), body: [1]))
        #expect(post.status == 302)
        var request = OutboundRequest(url: server.url())
        request.followsRedirects = false
        #expect(try await client.send(request).status == 302)
        #expect(server.requests.count == 2)
    }
}
