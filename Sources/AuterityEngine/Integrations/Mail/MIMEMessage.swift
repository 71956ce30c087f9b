import AuterityAPI

/// A message as it goes over the wire, with its envelope. Building it checks everything, so that
/// no part of a message can write a header of its own.
struct MIMEMessage: Sendable {
    private static let weekdays = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"]
    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    let sender: MailAddress
    /// All of them, each once.
    let recipients: [MailAddress]
    /// A UUID; the `Message-ID` is this at the sender's domain.
    let id: String
    let bytes: [UInt8]

    /// `defaultFrom` is the configured sender.
    init(
        _ message: MailMessage, defaultFrom: String?, date: Timestamp
    ) throws(MailError) {
        guard let from = message.from ?? defaultFrom, !from.isEmpty else {
            throw MailError(
                .notConfigured,
                "The message has no sender. Set AUTERITY_MAIL_FROM, or 'from' in the step.")
        }
        sender = try MailAddress(from)
        let to = try Self.addresses(message.to)
        let cc = try Self.addresses(message.cc)
        var seen: Set<String> = []
        recipients = (to + cc).filter { seen.insert($0.mailbox).inserted }
        guard !to.isEmpty, recipients.count <= MailMessage.maximumRecipients else {
            throw MailError(
                .invalidMessage,
                "The message goes to \(recipients.count) addresses, \(to.count) of them in 'to'. "
                    + "Name at least one in 'to' and at most \(MailMessage.maximumRecipients).")
        }
        try Self.check(message)
        id = Self.id(of: message.idempotencyKey)
        let body = Self.body(message)
        var lines = [
            "Date: \(Self.dateText(date))",
            "From: \(MIMEEncoding.header(sender))",
            "To: \(to.map(MIMEEncoding.header).joined(separator: ",\r\n "))",
        ]
        if !cc.isEmpty {
            lines.append("Cc: \(cc.map(MIMEEncoding.header).joined(separator: ",\r\n "))")
        }
        lines += [
            "Subject: \(MIMEEncoding.headerText(message.subject))",
            "Message-ID: <\(id)@\(sender.domain)>",
            "Auto-Submitted: auto-generated", "MIME-Version: 1.0",
        ]
        bytes = Array((lines.joined(separator: "\r\n") + "\r\n").utf8) + body
    }

    private static func addresses(_ entries: [String]) throws(MailError) -> [MailAddress] {
        var all: [MailAddress] = []
        for entry in entries { all += try MailAddress.list(entry) }
        return all
    }

    private static func check(_ message: MailMessage) throws(MailError) {
        guard !message.subject.unicodeScalars.contains(where: isControl) else {
            throw MailError(
                .invalidMessage,
                "The subject holds a line end or another control character. Take it out.")
        }
        guard message.subject.utf8.count <= MailMessage.maximumSubjectBytes else {
            throw MailError(
                .invalidMessage,
                "The subject is over \(MailMessage.maximumSubjectBytes) bytes. Shorten it.")
        }
        let size = message.text.utf8.count + (message.html?.utf8.count ?? 0)
        guard size <= MailMessage.maximumBodyBytes else {
            throw MailError(
                .invalidMessage,
                "The body has \(size) bytes; at most \(MailMessage.maximumBodyBytes) are sent. "
                    + "Shorten it, or send a link.")
        }
    }

    /// A UUID of version 8 (RFC 9562, section 5.8): the beginning of the key's SHA-256.
    private static func id(of key: String) -> String {
        var bytes = Array(Digest.sha256(Array(key.utf8)).bytes.prefix(16))
        bytes[6] = bytes[6] & 0x0F | 0x80
        bytes[8] = bytes[8] & 0x3F | 0x80
        let digits = Digest(bytes: bytes).hexadecimal
        var rest = Substring(digits)
        return [8, 4, 4, 4, 12].map { count in
            defer { rest = rest.dropFirst(count) }
            return String(rest.prefix(count))
        }.joined(separator: "-")
    }

    private static func body(_ message: MailMessage) -> [UInt8] {
        guard let html = message.html else {
            return part("text/plain", message.text)
        }
        // "=_" can stand in neither encoding, so no part can hold the boundary.
        let boundary = "=_auterity_alternative"
        let head = "Content-Type: multipart/alternative; boundary=\"\(boundary)\"\r\n\r\n"
        let line = Array("--\(boundary)\r\n".utf8)
        return Array(head.utf8) + line + part("text/plain", message.text) + line
            + part("text/html", html) + Array("--\(boundary)--\r\n".utf8)
    }

    private static func part(_ type: String, _ text: String) -> [UInt8] {
        let (encoding, lines) = MIMEEncoding.body(text)
        let head =
            "Content-Type: \(type); charset=utf-8\r\n"
            + "Content-Transfer-Encoding: \(encoding)\r\n\r\n"
        return Array(head.utf8) + lines
    }

    /// `Fri, 08 Aug 2025 10:30:00 +0000`.
    static func dateText(_ date: Timestamp) -> String {
        let time = CalendarTime(date)
        let day = Int((Double(date.milliseconds) / 86_400_000).rounded(.down))
        let weekday = weekdays[((day % 7) + 7) % 7]
        func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
        let clock = [time.hour, time.minute, time.second].map(two).joined(separator: ":")
        return "\(weekday), \(two(time.day)) \(months[time.month - 1]) \(time.year) \(clock) +0000"
    }
}
