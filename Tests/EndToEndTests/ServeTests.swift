import Foundation
import Testing

/// `auterity serve` as an operator meets it: the real program, real sockets, real signals.
@Suite(.serialized, .timeLimit(.minutes(30))) struct ServeTests {
    private func refusal(
        _ arguments: [String], store: TemporaryDirectory? = nil,
        environment: [String: String] = [:]
    ) throws -> String {
        let directory = try store ?? TemporaryDirectory()
        let variables = ConsoleSession.environment(data: directory.path)
            .merging(environment) { $1 }
        let result = try Subprocess.run(
            Subprocess.auterity, ["serve"] + arguments, environment: variables)
        #expect(result.status == 1)
        #expect(result.output.isEmpty)
        #expect(result.errors.split(separator: "\n").count == 1, "\(result.errors)")
        return result.errors
    }

    // MARK: Beginning

    @Test func itSaysWhereItListensAndHowToMakeAnAdministrator() throws {
        let server = try ServerProcess()
        #expect(server.url.hasPrefix("http://127.0.0.1:"))
        let text = server.greeting.joined(separator: "\n")
        #expect(text.contains("\(server.url)/docs"))
        #expect(text.contains(server.directory.path))
        #expect(text.contains("auterity user create --admin EMAIL"))
        #expect(text.contains("AUTERITY_ADMIN_EMAIL"))
        let answer = try server.curl(["-i", server.url + "/api/monitoring/health"])
        #expect(answer.output.hasPrefix("HTTP/1.1 200"))
        #expect(answer.output.contains("Date: "))
        server.signal(SIGTERM)
        #expect(server.waitForExit() == 0)
        #expect(!FileManager.default.fileExists(atPath: server.socket))
    }

    @Test func theFirstAdministratorComesFromTheEnvironment() throws {
        let variables = [
            "AUTERITY_ADMIN_EMAIL": "root@example.com",
            "AUTERITY_ADMIN_PASSWORD": "correct horse battery",
        ]
        let server = try ServerProcess(environment: variables)
        #expect(!server.greeting.joined().contains("no administrator"))
        let answer = try server.curl(
            [server.url + "/api/auth/login"], "POST",
            "{\"email\": \"root@example.com\", \"password\": \"correct horse battery\"}")
        #expect(answer.output.contains("access_token"))
        #expect(!server.log.contains("correct horse"))
    }

    // MARK: Refusing

    @Test func aPortInUseIsNamed() throws {
        let server = try ServerProcess()
        let message = try refusal(["--port", "\(server.port)"])
        #expect(message.contains("Port \(server.port) on 127.0.0.1 is in use"))
        #expect(message.contains("--port"))
    }

    @Test func aStoreHasOneServer() throws {
        let server = try ServerProcess()
        let message = try refusal(["--port", "0"], store: server.directory)
        #expect(message.contains("belongs to another process"))
        let answer = try server.asAdministrator("GET", "/health/ready")
        #expect(answer.output.contains("ready"))
    }

    @Test(arguments: [
        (["--host", "0.0.0.0", "--environment", "production"], "--behind-tls-proxy"),
        (["--tls-cert", "/nowhere.pem", "--tls-key", "/nowhere.key"], "/nowhere.pem"),
        (["--tls-cert", "/nowhere.pem"], "tls_key"),
        (["--host", "no.such.host.invalid"], "no.such.host.invalid"),
        (["--host", "192.0.2.1"], "192.0.2.1"),
        (["--unix-socket", "/" + String(repeating: "x", count: 120)], "--unix-socket"),
    ])
    func whatCannotBeServedIsOneSentence(arguments: [String], text: String) throws {
        #expect(try refusal(["--port", "0"] + arguments).contains(text))
    }

    @Test func whatThisBuildDoesNotHaveIsRefused() throws {
        let message = try refusal([], environment: ["AUTERITY_REDIS_URL": "redis://localhost"])
        #expect(message.contains("Redis is not in this build"))
    }

    // MARK: The Unix socket

    @Test func theSocketIsForItsOwnerWhoIsTheAdministrator() throws {
        let directory = try TemporaryDirectory()
        // What a killed server leaves is replaced.
        let killed = try ServerProcess(store: directory)
        killed.signal(SIGKILL)
        _ = killed.waitForExit()
        #expect(FileManager.default.fileExists(atPath: killed.socket))
        let server = try ServerProcess(store: directory)
        let attributes = try FileManager.default.attributesOfItem(atPath: server.socket)
        #expect((attributes[.posixPermissions] as? NSNumber)?.intValue == 0o600)
        let me = try server.asAdministrator("GET", "/api/auth/me")
        #expect(me.output.contains("super_admin"))
        let anonymous = try server.curl(["-i", server.url + "/api/auth/me"])
        #expect(anonymous.output.hasPrefix("HTTP/1.1 401"))
    }

    @Test func whatIsNoSocketIsLeftAlone() throws {
        let directory = try TemporaryDirectory()
        let path = directory.path + "/precious"
        try "kept".write(toFile: path, atomically: true, encoding: .utf8)
        #expect(try refusal(["--port", "0", "--unix-socket", path]).contains("is no socket"))
        #expect(try String(contentsOfFile: path, encoding: .utf8) == "kept")
    }

    // MARK: Accounts

    @Test func accountsAreMadeWithAndWithoutAServer() throws {
        let directory = try TemporaryDirectory()
        func user(_ arguments: [String], _ input: String = "") throws -> Subprocess.Result {
            try Subprocess.run(
                Subprocess.auterity, ["user"] + arguments,
                environment: ConsoleSession.environment(data: directory.path), input: input)
        }
        let first = try user(["create", "--admin", "a@example.com"], "correct horse battery\n")
        #expect(first.status == 0, "\(first.errors)")
        #expect((first.output + first.errors).contains("Created a@example.com (super_admin)."))
        let server = try ServerProcess(store: directory)
        #expect(!server.greeting.joined().contains("no administrator"))
        let second = try user(
            ["create", "b@example.com", "--role", "viewer", "--first-name", "Bea"],
            "another horse battery\n")
        #expect(second.status == 0, "\(second.errors)")
        #expect((second.output + second.errors).contains("Created b@example.com (viewer)."))
        let list = try user(["list"]).output
        #expect(list.contains("a@example.com") && list.contains("b@example.com"))
        let again = try user(["create", "B@example.com"], "another horse battery\n")
        #expect(again.status != 0 && again.errors.contains("already"), "\(again.errors)")
        let short = try user(["create", "c@example.com"], "short\n")
        #expect(short.status != 0 && short.errors.contains("password"), "\(short.errors)")
        let none = try user(["create", "d@example.com"])
        #expect(none.status != 0 && none.errors.contains("Standard input"), "\(none.errors)")
        #expect(!server.log.contains("horse"))
    }

    // MARK: TLS

    private func certificate(in directory: TemporaryDirectory) throws -> (String, String) {
        let (certificate, key) = (directory.path + "/cert.pem", directory.path + "/key.pem")
        let made = try Subprocess.run(
            "openssl",
            [
                "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
                "-keyout", key, "-out", certificate, "-days", "2", "-subj", "/CN=localhost",
                "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1",
            ])
        try #require(made.status == 0, "\(made.errors)")
        return (certificate, key)
    }

    @Test func httpsIsServedAndTheCertificateReadAgain() throws {
        let directory = try TemporaryDirectory()
        let (first, key) = try certificate(in: directory)
        let server = try ServerProcess(["--tls-cert", first, "--tls-key", key])
        #expect(server.url.hasPrefix("https://"))
        let trusted = ["--cacert", first, "-i", server.url + "/health/live"]
        let answer = try server.curl(trusted)
        #expect(answer.output.contains("200"), "\(answer.errors)")
        #expect(answer.output.lowercased().contains("strict-transport-security"))
        let old = try server.curl(["--tls-max", "1.1"] + trusted)
        #expect(old.status != 0)
        let plain = try server.curl(["http://127.0.0.1:\(server.port)/health/live"])
        #expect(!plain.output.contains("live"))

        // Another certificate at the same place: clients that trust the old one no longer do.
        let before = try String(contentsOfFile: first, encoding: .utf8)
        _ = try certificate(in: directory)
        let saved = directory.path + "/old.pem"
        try before.write(toFile: saved, atomically: true, encoding: .utf8)
        server.signal(SIGHUP)
        let deadline = Date().addingTimeInterval(ConsoleSession.patience)
        while !server.log.contains("Read the certificate again"), Date() < deadline {}
        #expect(try server.curl(trusted).output.contains("200"))
        #expect(try server.curl(["--cacert", saved, server.url + "/health/live"]).status != 0)
    }

    @Test func aKeyOfAnotherCertificateIsRefused() throws {
        let (one, other) = (try TemporaryDirectory(), try TemporaryDirectory())
        let (certificate, _) = try certificate(in: one)
        let (_, key) = try self.certificate(in: other)
        let message = try refusal(["--port", "0", "--tls-cert", certificate, "--tls-key", key])
        #expect(message.contains("do not go together"))
    }

    // MARK: Slow clients

    @Test func slowClientsAreClosedAndKeepNobodyOut() throws {
        let server = try ServerProcess(
            ["--header-timeout", "1", "--body-timeout", "1", "--max-connections", "4"])
        let slow = try (0..<8).map { _ in try RawConnection(port: server.port) }
        for connection in slow { connection.send("GET / HTTP/1.1\r\nHost: x\r\nX-") }
        // All places are taken by who never asks for anything.
        #expect(try server.curl([server.url + "/health/live"]).output.contains("live"))
        for connection in slow {
            let answer = connection.readToEnd()
            #expect(answer.isEmpty || answer.hasPrefix("HTTP/1.1 408"))
        }
        let body = try RawConnection(port: server.port)
        body.send(
            "POST /api/auth/login HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
                + "Content-Length: 100\r\n\r\n{")
        #expect(!body.readToEnd().contains("access_token"))
        let large = try RawConnection(port: server.port)
        let field = "X-Large: " + String(repeating: "x", count: 40 << 10)
        large.send("GET /health/live HTTP/1.1\r\nHost: x\r\n\(field)\r\n\r\n")
        #expect(!large.readToEnd().hasPrefix("HTTP/1.1 200"))
        #expect(try server.curl([server.url + "/health/live"]).output.contains("live"))
    }
}
