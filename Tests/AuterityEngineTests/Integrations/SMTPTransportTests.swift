import AuterityAPI
import Testing

@testable import AuterityEngine

private let date = Timestamp(milliseconds: 1_754_649_000_000)

@Suite(.timeLimit(.minutes(30)))
struct SMTPTransportTests {
    private let message = MailMessage(
        to: ["Ann <ann@example.com>, bob@example.com"], cc: ["cy@example.com", "ann@example.com"],
        subject: "Your inquiry", text: "Hello\n.hidden\n..\nBye", idempotencyKey: "run:step:1")

    private func transport(
        _ url: String, timeout: Duration = .seconds(300), requiresTLS: Bool? = nil
    ) throws -> SMTPTransport {
        try SMTPTransport(
            url: url, from: "Desk <desk@dealer.example>", transfers: BlockingTransfers(),
            certificateFile: nil, timeout: timeout, requiresTLS: requiresTLS, now: { date })
    }

    private func failure(_ replies: SMTPTestServer.Replies, user: String = "") async throws
        -> MailError
    {
        let server = try SMTPTestServer(replies)
        let transport = try transport(server.url(user))
        let error = await #expect(throws: MailError.self) { try await transport.send(message) }
        return try #require(error)
    }

    @Test func aMessageArrivesWhole() async throws {
        let server = try SMTPTestServer(SMTPTestServer.Replies())
        let receipt = try await transport(server.url()).send(message)
        #expect(ExecutionID(receipt.emailID) != nil)
        #expect(receipt.transport == "smtp")
        let session = server.session
        #expect(session.commands.contains { $0.hasPrefix("MAIL FROM:<desk@dealer.example>") })
        let recipients = session.commands.filter { $0.hasPrefix("RCPT") }
        #expect(
            recipients == ["ann", "bob", "cy"].map { "RCPT TO:<\($0)@example.com>" })
        #expect(
            session.message == [
                "Date: Fri, 08 Aug 2025 10:30:00 +0000",
                "From: Desk <desk@dealer.example>",
                "To: Ann <ann@example.com>,", " bob@example.com",
                "Cc: cy@example.com,", " ann@example.com",
                "Subject: Your inquiry",
                "Message-ID: <\(receipt.emailID)@dealer.example>",
                "Auto-Submitted: auto-generated",
                "MIME-Version: 1.0",
                "Content-Type: text/plain; charset=utf-8",
                "Content-Transfer-Encoding: quoted-printable",
                "",
                // A dot at the start of a line is doubled on the wire.
                "Hello", "..hidden", "...", "Bye",
            ])
    }

    @Test func aLoginIsMadeWithTheUserOfTheURL() async throws {
        var replies = SMTPTestServer.Replies()
        replies.hello = "250-test\r\n250 AUTH PLAIN"
        let server = try SMTPTestServer(replies)
        _ = try await transport(server.url("desk%40dealer.example:p%3Aw@")).send(message)
        let login = server.session.commands.first { $0.hasPrefix("AUTH") }
        #expect(login == "AUTH PLAIN")
        let expected = base64(Array("\0desk@dealer.example\0p:w".utf8))
        #expect(server.session.commands.contains(expected))
    }

    @Test func aRefusedRecipientIsFinal() async throws {
        var replies = SMTPTestServer.Replies()
        replies.recipient = "550 5.1.1 No such user"
        let error = try await failure(replies)
        #expect(error.kind == .rejected)
        #expect(!error.isRetryable)
        #expect(error.message.contains("SMTP 550 5.1.1 No such user"))
    }

    @Test func aFullMailboxIsWorthAnotherTry() async throws {
        var replies = SMTPTestServer.Replies()
        replies.recipient = "450 4.2.1 Mailbox busy"
        let error = try await failure(replies)
        #expect(error.kind == .unavailable)
        #expect(error.isRetryable)
        #expect(error.message.contains("SMTP 450 4.2.1 Mailbox busy"))
    }

    @Test(arguments: [("451 4.3.0 try later", true), ("554 5.7.1 spam", false)])
    func theReplyToTheMessageItselfDecides(reply: String, isRetryable: Bool) async throws {
        var replies = SMTPTestServer.Replies()
        replies.end = reply
        let error = try await failure(replies)
        #expect(error.isRetryable == isRetryable)
        #expect(error.message.contains("SMTP \(reply)"))
    }

    @Test(arguments: [("421 4.3.2 closing", true), ("554 5.3.2 no", false)])
    func theReplyToTheSenderDecides(reply: String, isRetryable: Bool) async throws {
        var replies = SMTPTestServer.Replies()
        replies.from = reply
        #expect(try await failure(replies).isRetryable == isRetryable)
    }

    @Test func aRefusedLoginNamesTheSettingAndNotThePassword() async throws {
        var replies = SMTPTestServer.Replies()
        replies.hello = "250-test\r\n250 AUTH PLAIN LOGIN"
        replies.login = "535 5.7.8 bad credentials"
        let error = try await failure(replies, user: "ann:hunter2@")
        #expect(error.kind == .unauthorized)
        #expect(!error.isRetryable)
        #expect(error.message.contains("AUTERITY_SMTP_URL"))
        #expect(!error.message.contains("hunter2"))
    }

    @Test func aLostConnectionIsWorthAnotherTry() async throws {
        var replies = SMTPTestServer.Replies()
        replies.end = nil
        let error = try await failure(replies)
        #expect(error.kind == .unavailable)
        #expect(error.isRetryable)
        var closing = SMTPTestServer.Replies()
        closing.greeting = nil
        #expect(try await failure(closing).isRetryable)
    }

    @Test func aPasswordIsNotSentWithoutTLS() async throws {
        var replies = SMTPTestServer.Replies()
        replies.hello = "250-test\r\n250 AUTH PLAIN"
        let server = try SMTPTestServer(replies)
        let transport = try transport(server.url("ann:hunter2@"), requiresTLS: true)
        let error = await #expect(throws: MailError.self) { try await transport.send(message) }
        #expect(error?.message.contains("STARTTLS") == true)
        #expect(!server.session.commands.contains { $0.hasPrefix("AUTH") })
    }

    @Test(arguments: [
        ("smtp://ann:pw@mail.example.com:587", true), ("smtp://ann:pw@10.0.0.1", true),
        ("smtp://ann:pw@127.0.0.1", false), ("smtp://ann:pw@[::1]", false),
        ("smtp://ann:pw@localhost", false), ("smtp://ann:pw@localhost.example.com", true),
        ("smtp://mail.example.com:25", false),
    ])
    func tlsIsRequiredWhereAPasswordLeavesTheMachine(url: String, isRequired: Bool) throws {
        let server = try #require(OutboundURL(url, schemes: ["smtp"]))
        #expect(SMTPTransport.requiresTLS(server) == isRequired)
    }

    @Test func cancellingWithinTheMessageDoesNotEndItAsIfItWereWhole() async throws {
        let begun = Awaited<Bool>()
        let isCancelled = try ServerGate()
        let rest = Awaited<[String]>()
        let server = try LoopbackServer { connection in
            connection.write("220 test\r\n")
            while let line = connection.readLine(), line != "DATA" {
                connection.write("250 ok\r\n")
            }
            connection.write("354 go on\r\n")
            _ = connection.read(count: 1000)
            begun.give(true)
            isCancelled.pass()
            var lines: [String] = []
            while let line = connection.readLine() { lines.append(line) }
            rest.give(lines)
        }
        let transport = try transport("smtp://127.0.0.1:\(server.port)")
        var long = message
        // More than the buffers of both sides hold.
        long.text = String(repeating: "line\n", count: 1_000_000)
        let message = long
        let task = Task { try await transport.send(message) }
        _ = await begun.value()
        task.cancel()
        let error = await #expect(throws: MailError.self) { try await task.value }
        #expect(error?.kind == .cancelled)
        isCancelled.open()
        #expect(await !rest.value().contains("."))
    }

    @Test func cancellingEndsTheWaitForTheLastReply() async throws {
        let sent = Awaited<Bool>()
        let server = try LoopbackServer { connection in
            connection.write("220 test\r\n")
            while let line = connection.readLine(), line != "DATA" {
                connection.write("250 ok\r\n")
            }
            connection.write("354 go on\r\n")
            while let line = connection.readLine(), line != "." {}
            sent.give(true)
            connection.waitForClose()
        }
        let transport = try transport("smtp://127.0.0.1:\(server.port)")
        let message = message
        let task = Task { try await transport.send(message) }
        _ = await sent.value()
        task.cancel()
        let error = await #expect(throws: MailError.self) { try await task.value }
        #expect(error?.kind == .cancelled)
    }

    @Test func aServerThatNeverRepliesRunsOutOfTime() async throws {
        let closed = Awaited<Bool>()
        let server = try LoopbackServer { connection in
            connection.write("220 test\r\n")
            connection.waitForClose()
            closed.give(true)
        }
        let transport = try transport(
            "smtp://127.0.0.1:\(server.port)", timeout: .milliseconds(300))
        let error = await #expect(throws: MailError.self) { try await transport.send(message) }
        #expect(error?.isRetryable == true)
        #expect(await closed.value())
    }

    @Test func closingEndsWhatIsUnderWay() async throws {
        let greeted = Awaited<Bool>()
        let server = try LoopbackServer { connection in
            connection.write("220 test\r\n")
            _ = connection.readLine()
            greeted.give(true)
            connection.waitForClose()
        }
        var settings = IntegrationSettings()
        settings.smtpURL = "smtp://127.0.0.1:\(server.port)"
        settings.mailFrom = "desk@dealer.example"
        let integrations = try Integrations(settings, now: { date })
        let message = message
        let task = Task { try await integrations.mail.send(message) }
        _ = await greeted.value()
        integrations.close()
        await #expect(throws: MailError.self) { try await task.value }
        await #expect(throws: MailError.self) { try await integrations.mail.send(message) }
    }

    @Test func cancellingClosesTheConnection() async throws {
        let greeted = Awaited<Bool>()
        let closed = Awaited<Bool>()
        let server = try LoopbackServer { connection in
            connection.write("220 test\r\n")
            _ = connection.readLine()
            greeted.give(true)
            connection.waitForClose()
            closed.give(true)
        }
        let transport = try transport("smtp://127.0.0.1:\(server.port)")
        let message = message
        let task = Task { try await transport.send(message) }
        _ = await greeted.value()
        task.cancel()
        let error = await #expect(throws: MailError.self) { try await task.value }
        #expect(error?.kind == .cancelled)
        #expect(await closed.value())
    }

    @Test func theProbeSendsNoMessage() async throws {
        let server = try SMTPTestServer(SMTPTestServer.Replies())
        try await transport(server.url()).probe()
        #expect(server.session.commands.contains("NOOP"))
        #expect(!server.session.commands.contains { $0.hasPrefix("MAIL") })
    }

    @Test(arguments: ["", "mail.example.com", "http://mail.example.com", "smtp://"])
    func aBadURLIsNamedByItsSetting(url: String) {
        let error = #expect(throws: IntegrationSettingError.self) { try transport(url) }
        #expect(error?.setting == "AUTERITY_SMTP_URL")
    }
}
