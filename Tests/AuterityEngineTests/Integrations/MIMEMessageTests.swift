import AuterityAPI
import Testing

@testable import AuterityEngine

private let date = Timestamp(milliseconds: 0)

@Suite
struct MIMEMessageTests {
    private func build(
        from: String? = nil, to: [String] = ["ann@example.com"], cc: [String] = [],
        subject: String = "Hello", text: String = "Hi", html: String? = nil, key: String = "k"
    ) throws -> MIMEMessage {
        try MIMEMessage(
            MailMessage(
                from: from, to: to, cc: cc, subject: subject, text: text, html: html,
                idempotencyKey: key),
            defaultFrom: "desk@dealer.example", date: date)
    }

    private func lines(_ message: MIMEMessage) -> [String] {
        String(decoding: message.bytes, as: UTF8.self)
            .split(separator: "\r\n", omittingEmptySubsequences: false).map(String.init)
    }

    @Test(arguments: [
        "a@b.c\r\nBcc: evil@x.y", "Ann\r\nBcc: e@x.y <a@b.c>", "a@b.c\n", "a@b.c\u{0}",
        "Ann\u{2028}X <a@b.c>", "a@b.c\u{85}",
    ])
    func anAddressCannotWriteAHeader(address: String) {
        let to = #expect(throws: MailError.self) { try build(to: [address]) }
        #expect(to?.kind == .invalidMessage)
        let from = #expect(throws: MailError.self) { try build(from: address) }
        #expect(from?.kind == .invalidMessage)
    }

    @Test(arguments: ["Hi\r\nBcc: evil@x.y", "Hi\n", "Hi\r", "Hi\u{0}", "Hi\u{1B}[0m", "\u{2029}"])
    func aSubjectCannotWriteAHeader(subject: String) {
        let error = #expect(throws: MailError.self) { try build(subject: subject) }
        #expect(error?.kind == .invalidMessage)
        #expect(error?.isRetryable == false)
    }

    @Test(arguments: [
        "", "plain", "@example.com", "ann@", "a@@b.c", "a b@c.d", "ann@exa mple.com", "a@b..c",
        ".a@b.c", "a.@b.c", "a..b@c.d", "ann@-x.com", "<ann@example.com", "ann@exämple.com",
        "änn@example.com", "a@[127.0.0.1]", "\"a b\"@c.d", "a@b.c>", "Ann <a@b.c> x",
        "a@b.c;d@e.f",
    ])
    func whatIsNoAddressIsRefused(address: String) {
        #expect(throws: MailError.self) { try MailAddress(address) }
    }

    @Test(
        arguments: [
            ("ann@example.com", nil, "ann@example.com"),
            (" Ann Example <ann@example.com> ", "Ann Example", "ann@example.com"),
            ("\"Example, Ann\" <ann@example.com>", "Example, Ann", "ann@example.com"),
            ("<ann@example.com>", nil, "ann@example.com"),
            ("o'neil+x=1@sub.example.co.uk", nil, "o'neil+x=1@sub.example.co.uk"),
            ("root@localhost", nil, "root@localhost"),
        ] as [(String, String?, String)])
    func anAddressIsRead(text: String, name: String?, mailbox: String) throws {
        let address = try MailAddress(text)
        #expect(address.name == name)
        #expect(address.mailbox == mailbox)
    }

    @Test func aListIsTakenApartAtItsCommas() throws {
        let list = try MailAddress.list("\"A, B\" <a@x.y>, c@x.y,, ")
        #expect(list.map(\.mailbox) == ["a@x.y", "c@x.y"])
    }

    @Test func recipientsAreNeededAndBounded() throws {
        #expect(throws: MailError.self) { try build(to: []) }
        #expect(throws: MailError.self) { try build(to: [" , "], cc: ["a@b.c"]) }
        let many = (0..<100).map { "a\($0)@b.c" }
        #expect(try build(to: many).recipients.count == 100)
        #expect(throws: MailError.self) { try build(to: many, cc: ["z@b.c"]) }
    }

    @Test func aMissingSenderSaysWhatToSet() {
        let message = MailMessage(to: ["a@b.c"], subject: "", text: "", idempotencyKey: "k")
        let error = #expect(throws: MailError.self) {
            try MIMEMessage(message, defaultFrom: nil, date: date)
        }
        #expect(error?.kind == .notConfigured)
        #expect(error?.message.contains("AUTERITY_MAIL_FROM") == true)
    }

    @Test func lettersBeyondASCIIAreEncodedInHeaders() throws {
        let message = try build(
            to: ["Jürgen Groß <jg@example.com>", "\"A \\\"B\\\" C\" <abc@example.com>"],
            subject: "Grüße aus Köln")
        let lines = lines(message)
        #expect(lines.contains("Subject: =?UTF-8?B?R3LDvMOfZSBhdXMgS8O2bG4=?="))
        #expect(lines.contains("To: =?UTF-8?B?SsO8cmdlbiBHcm/Dnw==?="))
        #expect(lines.contains(" \"A \\\"B\\\" C\" <abc@example.com>"))
        #expect(message.bytes.prefix { $0 != 0 }.allSatisfy { $0 < 0x80 })
    }

    @Test func noHeaderLineIsLongAndNoLetterIsCut() throws {
        let subject = String(repeating: "€", count: 200)
        let lines = lines(try build(subject: subject))
        let start = try #require(lines.firstIndex { $0.hasPrefix("Subject:") })
        let words =
            [String(lines[start].dropFirst(9))]
            + lines[(start + 1)...].prefix { $0.hasPrefix(" ") }.map { String($0.dropFirst()) }
        #expect(words.count > 10)
        for word in words {
            #expect(word.count <= 75)
            #expect(word.hasPrefix("=?UTF-8?B?") && word.hasSuffix("?="))
            // 45 bytes are fifteen euro signs, so that every word but the last decodes alone.
            #expect((word.count - 12) % 4 == 0)
        }
        #expect(words.dropLast().allSatisfy { $0.count == 72 })
    }

    @Test func whatLooksLikeAnEncodedWordIsEncoded() throws {
        let subject = lines(try build(subject: "=?UTF-8?Q?x?=")).first { $0.hasPrefix("Subject") }
        #expect(subject == "Subject: =?UTF-8?B?PT9VVEYtOD9RP3g/PQ==?=")
    }

    @Test(arguments: [
        ("a=b", "a=3Db\r\n"), ("é", "=C3=A9\r\n"), ("end \nnext\t\n", "end=20\r\nnext=09\r\n\r\n"),
        ("a\rb\r\nc\nd", "a\r\nb\r\nc\r\nd\r\n"), ("nul\u{0}", "nul=00\r\n"),
        (
            String(repeating: "x", count: 80),
            String(repeating: "x", count: 75) + "=\r\nxxxxx\r\n"
        ),
    ])
    func quotedPrintableIsAsTheStandardHasIt(text: String, expected: String) throws {
        let text = try build(text: text + (text.contains("é") ? "abcdefgh" : ""))
        let body = String(decoding: text.bytes, as: UTF8.self)
        let wanted = expected.contains("=C3") ? "=C3=A9abcdefgh\r\n" : expected
        #expect(body.hasSuffix("quoted-printable\r\n\r\n" + wanted))
    }

    @Test func aForeignTextIsSentInBase64() throws {
        let message = try build(text: String(repeating: "日本語", count: 30))
        let all = lines(message)
        #expect(all.contains("Content-Transfer-Encoding: base64"))
        #expect(all.allSatisfy { $0.utf8.count <= 78 })
        #expect(all.contains { $0.hasPrefix("5pel5pys6Kqe5pel5pys6Kqe") })
    }

    @Test func anHTMLAlternativeStandsBesideTheText() throws {
        let lines = lines(try build(text: "plain", html: "<p>rich</p>"))
        let boundary = "--=_auterity_alternative"
        #expect(lines.filter { $0 == boundary }.count == 2)
        #expect(lines.contains("\(boundary)--"))
        let plain = try #require(lines.firstIndex(of: "plain"))
        let rich = try #require(lines.firstIndex(of: "<p>rich</p>"))
        #expect(plain < rich)
        #expect(lines.contains("Content-Type: text/html; charset=utf-8"))
    }

    @Test func aBodyCannotEndAPart() throws {
        let lines = lines(try build(text: "--=_auterity_alternative--", html: "x"))
        #expect(lines.filter { $0 == "--=_auterity_alternative--" }.count == 1)
    }

    @Test func theMessageIDIsAUUIDThatComesFromTheKeyAlone() throws {
        let keys = ["a:b/../c", "a>\r\nX: y", "", String(repeating: "k", count: 500)]
        let ids = try keys.map { try build(key: $0).id }
        #expect(ids == (try keys.map { try build(key: $0).id }))
        #expect(Set(ids).count == keys.count)
        for (key, id) in zip(keys, ids) {
            #expect(ExecutionID(id)?.description == id)
            #expect(lines(try build(key: key)).contains("Message-ID: <\(id)@dealer.example>"))
        }
    }

    @Test(
        arguments: [
            (0, "Thu, 01 Jan 1970 00:00:00 +0000"),
            (1_754_649_000_123, "Fri, 08 Aug 2025 10:30:00 +0000"),
            (951_782_399_000, "Mon, 28 Feb 2000 23:59:59 +0000"),
            (-1000, "Wed, 31 Dec 1969 23:59:59 +0000"),
        ] as [(Int64, String)])
    func datesAreWrittenAsMailHasThem(milliseconds: Int64, expected: String) {
        #expect(MIMEMessage.dateText(Timestamp(milliseconds: milliseconds)) == expected)
    }

    @Test func aBodyOverTheLimitIsRefused() {
        let text = String(repeating: "x", count: MailMessage.maximumBodyBytes + 1)
        #expect(throws: MailError.self) { try build(text: text) }
        #expect(throws: MailError.self) { try build(subject: String(repeating: "x", count: 2001)) }
    }
}
