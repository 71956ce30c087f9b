import AuterityAPI
import AuterityEngine
import AuterityServer
import FoundationEssentials
import Testing

@testable import AuterityClient

/// Whatever goes wrong on the way to a server is said in a sentence: what, where, and what to do.
@Suite struct SentenceTests {
    private static func failure(
        _ address: ServerAddress, times: ClientTimes = .quick
    ) async -> APIError? {
        do throws(APIError) {
            let client = try await RemoteClient.connect(
                address, as: .token("t", origin: "AUTERITY_TOKEN"), version: "test", times: times)
            client.close()
            return nil
        } catch {
            return error
        }
    }

    private static func failure(
        _ answer: ScriptedServer.Answer, greeting: String? = nil, times: ClientTimes = .quick
    ) async throws -> (message: String?, port: Int, sent: Int) {
        try await ScriptedServer.run(greeting: greeting, { _, _ in answer }) { server in
            let fault = await failure(ServerAddress(url: server.url), times: times)
            #expect(fault?.code == .serviceUnavailable)
            return (fault?.message, server.port, server.sent)
        }
    }

    // MARK: - What answers is no server of ours

    @Test func aLoginPageOfANetwork() async throws {
        let page = ScriptedServer.answer("200 OK", "<html>Hello</html>", type: "text/html")
        let (message, port, _) = try await Self.failure(.text(page))
        #expect(
            message == "127.0.0.1:\(port) answered 200 with something that is no JSON (text/html). "
                + "Check that an Auterity server answers there, and not a proxy or the login page "
                + "of a network in its stead")
    }

    @Test func aRedirectToALoginPage() async throws {
        let page = ScriptedServer.answer(
            "302 Found", "", type: "text/html", "Location: http://login.example/start?to=x")
        let (message, port, _) = try await Self.failure(.text(page))
        #expect(
            message == "127.0.0.1:\(port) sends one on to http://login.example/start. If the "
                + "server is there, name that address; else log in to the network that is in "
                + "between")
    }

    @Test(arguments: ["502 Bad Gateway", "503 Service Unavailable", "504 Gateway Timeout"])
    func theErrorPageOfAProxy(status: String) async throws {
        let page = ScriptedServer.answer(status, "<html>nginx</html>", type: "text/html")
        let (message, port, _) = try await Self.failure(.text(page))
        #expect(
            message == "A proxy before 127.0.0.1:\(port) answered \(status.prefix(3)): the server "
                + "behind it cannot be reached. Look at the server, and try again")
    }

    @Test func jsonOfAnotherProgram() async throws {
        let (message, port, _) = try await Self.failure(
            .text(ScriptedServer.answer("200 OK", #"{"hello":"world"}"#)))
        #expect(
            message == "127.0.0.1:\(port) answered 200 with JSON that this version does not "
                + "understand. Bring this program and the server to the same version, and check "
                + "that the server is one of Auterity")
    }

    @Test func anErrorOfANewerServer() async throws {
        let body = #"{"error":{"code":"MOON_FULL","message":"The moon is full","details":{}}}"#
        let answer = ScriptedServer.answer(
            "409 Conflict", body, type: "application/json", "X-Request-ID: r-1")
        try await ScriptedServer.run { _, _ in
            .text(answer)
        } _: { server in
            let fault = await Self.failure(ServerAddress(url: server.url))
            #expect(fault?.code == .conflict)
            #expect(fault?.message == "The moon is full")
            #expect(fault?.requestID == "r-1")
        }
    }

    @Test func rolesOfANewerServerAreLeftOut() async throws {
        let me = ScriptedServer.me.replacing(
            #""super_admin""#, with: #""moon_guest""#
        ).replacing("workflow:read\"", with: "workflow:read\",\"moon:see\"")
        let body = me.split(separator: "\r\n\r\n")[1]
        try await ScriptedServer.run { _, _ in
            .text(ScriptedServer.answer("200 OK", String(body)))
        } _: { server in
            let client = try await RemoteClient.connect(
                ServerAddress(url: server.url), as: .token("t", origin: "x"), version: "test",
                times: .quick)
            defer { client.close() }
            #expect(client.identity.permissions == [.workflowRead])
        }
    }

    @Test func aServerThatSpeaksNoHTTP() async throws {
        let (message, port, _) = try await Self.failure(
            .nothing, greeting: "SSH-2.0-OpenSSH_9.2\r\n")
        #expect(
            message == "127.0.0.1 port \(port) answers with something that is no HTTP. Check that "
                + "host and port are those of the right service, and http or https is right")
    }

    @Test func anAnswerOfAGigabyte() async throws {
        let size = 1 << 30
        let head =
            "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: \(size)\r\n\r\n"
        let (message, port, sent) = try await Self.failure(.large(head: head, bytes: size))
        #expect(
            message == "The answer of 127.0.0.1:\(port) is over 64 MiB and was not read. Check "
                + "that an Auterity server answers there; if it does, ask for less (a page, a "
                + "filter)")
        // It was not read to its end: beyond the limit there is what buffers on the way take.
        #expect(sent < size / 2)
    }

    // MARK: - Nobody answers

    @Test func nobodyIsThere() async throws {
        let port = try await ScriptedServer.run({ _, _ in .nothing }) { $0.port }
        let pauses = RecordedPauses()
        let fault = await Self.failure(
            ServerAddress(url: "http://127.0.0.1:\(port)"), times: .quick(pauses: pauses))
        #expect(
            fault?.message == "No connection to 127.0.0.1 port \(port) (Connection refused). "
                + "Check that the server runs and that host and port are right")
        #expect(pauses.seconds.count == RemoteHTTP.maximumTries - 1)
    }

    @Test func nobodyIsAtTheSocket() async throws {
        let path = try TemporaryFolder().path + "/socket"
        let fault = await Self.failure(.local(socket: path))
        #expect(
            fault?.message == "No server answers at the socket \(path). Start it with: auterity "
                + "serve")
    }

    @Test func aNameWithoutAnAddress() async {
        let fault = await Self.failure(ServerAddress(url: "http://nowhere.invalid"))
        #expect(
            fault?.message == "The name nowhere.invalid has no address. Check its spelling and "
                + "this machine's name service")
    }

    @Test func aServerThatDoesNotAnswer() async throws {
        var times = ClientTimes.quick
        times.silence = .seconds(1)
        let (message, port, _) = try await Self.failure(.nothing, times: times)
        #expect(
            message == "127.0.0.1:\(port) did not answer within 1 s. Look at the server and at "
                + "the line to it")
    }

    // MARK: - TLS

    private static func withTLS(
        _ names: [String],
        _ body: @escaping @Sendable (RunningServer, Certificate) async throws -> Void
    ) async throws {
        let folder = try TemporaryFolder()
        let certificate = try Certificate(names, in: folder)
        try await RunningServer.run(in: folder) { settings in
            settings.server.tls = .init(
                certificate: certificate.file, key: certificate.key)
        } _: { server in
            try await body(server, certificate)
        }
    }

    /// What the calls and the events of a client fail with that trusts a certificate.
    private static func failures(
        _ server: RunningServer, host: String, trusting file: String?
    ) async throws -> (call: String?, feed: String?) {
        let address = ServerAddress(
            url: "https://\(host):\(server.port)", certificateFile: file)
        let fault = await failure(address)
        let reason = await FeedSentenceTests.reason(address)
        return (fault?.message, reason)
    }

    @Test func aCertificateThatNobodyKnows() async throws {
        try await Self.withTLS(["DNS:localhost"]) { server, _ in
            let failures = try await Self.failures(server, host: "localhost", trusting: nil)
            let port = server.port
            #expect(
                failures.call == "The certificate of localhost port \(port) is not trusted: it is "
                    + "from an unknown issuer. Have the server's mended, or name its issuer by "
                    + "--ca-file (AUTERITY_CA_FILE)")
            #expect(
                failures.feed == "The certificate of localhost:\(port) is not trusted: it is "
                    + "expired, or from an unknown issuer. Have the server's mended, or name its "
                    + "issuer by --ca-file (AUTERITY_CA_FILE)")
        }
    }

    @Test(arguments: ["localhost", "127.0.0.1"])
    func aCertificateForAnotherName(host: String) async throws {
        try await Self.withTLS(["DNS:auterity.test"]) { server, certificate in
            let failures = try await Self.failures(
                server, host: host, trusting: certificate.file)
            let port = server.port
            #expect(
                failures.call == "The certificate of \(host) port \(port) is for another name. "
                    + "Use the name that it is for, or have the server's mended")
            #expect(
                failures.feed == "The certificate of \(host):\(port) is for another name. Use the "
                    + "name that it is for, or have the server's mended")
        }
    }

    @Test func httpsWhereThereIsOnlyHTTP() async throws {
        try await RunningServer.run(in: try TemporaryFolder()) { server in
            let failures = try await Self.failures(server, host: "127.0.0.1", trusting: nil)
            #expect(
                failures.call == "No TLS connection to 127.0.0.1 port \(server.port): the "
                    + "handshake failed. Check that the server speaks https (TLS 1.2 or later) on "
                    + "this port")
            #expect(
                failures.feed == "No TLS connection to 127.0.0.1:\(server.port): the handshake "
                    + "failed. Check that the server speaks https (TLS 1.2 or later) on this port")
        }
    }

    @Test func aFileOfIssuersThatIsNoneIsNamedAndWhatNamesIt() async throws {
        let folder = try TemporaryFolder()
        let (absent, other) = (folder.path + "/none.pem", folder.path + "/other.pem")
        try "no certificate".write(toFile: other, atomically: true, encoding: .utf8)
        for (file, reason) in [
            (absent, "No such file or directory"), (other, "there is no certificate in it"),
            (folder.path, "Is a directory"),
        ] {
            var address = ServerAddress(url: "https://localhost:1", certificateFile: file)
            address.certificateOrigin = "the flag --ca-file"
            let fault = await Self.failure(address)
            #expect(
                fault?.message == "\(file), from the flag --ca-file, cannot be read as "
                    + "certificates: \(reason). Name a readable PEM file")
            #expect(fault?.status == 400)
        }
    }

    @Test func aCertificateThatIsTrustedLetsCallsAndEventsThrough() async throws {
        try await Self.withTLS(["DNS:localhost", "IP:127.0.0.1"]) { server, certificate in
            let store = MemoryCredentials()
            let address = ServerAddress(
                url: "https://127.0.0.1:\(server.port)", certificateFile: certificate.file)
            try await RemoteClient.login(
                address, email: RunningServer.email, password: RunningServer.password,
                credentials: store, environment: [:], version: "test")
            let client = try await RemoteClient.connect(
                address, as: .session(store), version: "test", times: .quick)
            defer { client.close() }
            let reader = FeedReader(client.feed(after: nil))
            #expect(await reader.untilLive())
        }
    }
}
