import AuterityAPI
import Glibc
import Testing

@testable import AuterityEngine

private let date = Timestamp(milliseconds: 0)

@Suite(.timeLimit(.minutes(30)))
struct MailDeliveryTests {
    private let message = MailMessage(
        to: ["ann@example.com"], subject: "Hello", text: "Hi there", idempotencyKey: "run:a/b:1")

    @Test func theOutboxTakesAMessageAsAFileAndTheSameMessageOnce() async throws {
        let directory = try IntegrationDirectory()
        let outbox = OutboxTransport(
            directory: directory.path, from: "desk@dealer.example", now: { date })
        let first = try await outbox.send(message)
        let second = try await outbox.send(message)
        #expect(first == second)
        #expect(first.transport == "outbox")
        #expect(directory.names == ["\(first.emailID).eml"])
        let bytes = try readSettingFile("\(directory.path)/\(first.emailID).eml", setting: "test")
        let text = String(decoding: bytes, as: UTF8.self)
        #expect(text.contains("Message-ID: <\(first.emailID)@dealer.example>\r\n"))
        #expect(text.hasSuffix("\r\n\r\nHi there\r\n"))
        var status = stat()
        #expect(stat("\(directory.path)/\(first.emailID).eml", &status) == 0)
        #expect(status.st_mode & 0o777 == 0o600)
    }

    @Test(arguments: [nil, ""] as [String?])
    func theOutboxNeedsNoConfiguredSender(from: String?) async throws {
        let directory = try IntegrationDirectory()
        let outbox = OutboxTransport(directory: directory.path, from: from, now: { date })
        let receipt = try await outbox.send(message)
        let path = "\(directory.path)/\(receipt.emailID).eml"
        let bytes = try readSettingFile(path, setting: "test")
        let text = String(decoding: bytes, as: UTF8.self)
        #expect(text.contains("From: Auterity outbox <outbox@auterity.invalid>\r\n"))
    }

    @Test func anOutboxThatCannotBeWrittenSaysWhichAndWhy() async throws {
        let directory = try IntegrationDirectory()
        let file = try directory.write("", to: "file")
        let outbox = OutboxTransport(directory: file, from: "desk@dealer.example", now: { date })
        let error = await #expect(throws: MailError.self) { try await outbox.send(message) }
        #expect(error?.message.contains(file) == true)
        #expect(error?.message.contains("AUTERITY_MAIL_OUTBOX") == true)
        await #expect(throws: MailError.self) { try await outbox.probe() }
    }

    @Test func whereNothingIsConfiguredItSaysWhatToSet() async throws {
        let integrations = try Integrations(IntegrationSettings(), now: { date })
        let error = await #expect(throws: MailError.self) {
            try await integrations.mail.send(message)
        }
        #expect(error?.kind == .notConfigured)
        #expect(error?.code == "NOT_CONFIGURED")
        #expect(error?.message.contains("AUTERITY_SMTP_URL") == true)
        #expect(!integrations.mail.isConfigured)
    }

    @Test func serverAndOutboxTogetherAreRefused() {
        var settings = IntegrationSettings()
        settings.smtpURL = "smtp://localhost"
        settings.mailOutbox = "outbox"
        let error = #expect(throws: IntegrationSettingError.self) {
            try Integrations(settings, now: { date })
        }
        #expect(error?.setting == "AUTERITY_MAIL_OUTBOX")
    }

    @Test func healthTellsOfRealCallsOnly() async throws {
        var replies = SMTPTestServer.Replies()
        replies.recipient = "450 later"
        let server = try SMTPTestServer(replies)
        var settings = IntegrationSettings()
        settings.smtpURL = server.url("ann:hunter2@")
        settings.mailFrom = "desk@dealer.example"
        let integrations = try Integrations(settings, now: { Timestamp(milliseconds: 42) })
        let before = integrations.mail.health()
        #expect(before.isConfigured)
        #expect(before.lastResponseSeconds == nil)
        #expect(before.lastCallAt == nil)
        _ = await #expect(throws: MailError.self) { try await integrations.mail.send(message) }
        let failed = integrations.mail.health()
        #expect(failed.lastError?.contains("450") == true)
        #expect(try #require(failed.lastResponseSeconds) > 0)
        #expect(failed.lastCallAt == Timestamp(milliseconds: 42))
        await integrations.mail.probe()
        #expect(integrations.mail.health().lastError == nil)
        #expect(integrations.secretValues == ["hunter2"])
    }
}
