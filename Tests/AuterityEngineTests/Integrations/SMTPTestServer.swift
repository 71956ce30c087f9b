import Synchronization

@testable import AuterityEngine

/// A mail server of one reply for each command; what it is sent is kept.
final class SMTPTestServer: Sendable {
    /// What the server says; a reply of `nil` closes the connection instead.
    struct Replies: Sendable {
        var greeting: String? = "220 test ESMTP"
        var hello = "250-test\r\n250-SIZE 1000000\r\n250 8BITMIME"
        var login = "235 ok"
        var from = "250 ok"
        var recipient: String? = "250 ok"
        var data = "354 go on"
        var end: String? = "250 2.0.0 queued"
    }

    struct Session: Sendable {
        var commands: [String] = []
        /// The lines of the message as they stood on the wire.
        var message: [String] = []
    }

    private final class Kept: Sendable {
        let session = Mutex(Session())
    }

    private let server: LoopbackServer
    private let kept = Kept()

    init(_ replies: Replies) throws {
        let kept = kept
        server = try LoopbackServer { connection in
            Self.serve(connection, replies, kept)
        }
    }

    var session: Session { kept.session.withLock { $0 } }
    var port: Int { server.port }

    func url(_ user: String = "") -> String { "smtp://\(user)127.0.0.1:\(server.port)" }

    private static func serve(
        _ connection: LoopbackConnection, _ replies: Replies, _ kept: Kept
    ) {
        guard let greeting = replies.greeting else { return }
        connection.write(greeting + "\r\n")
        while let line = connection.readLine() {
            kept.session.withLock { $0.commands.append(line) }
            guard let reply = reply(to: line, replies) else { return }
            if line == "AUTH PLAIN" {
                connection.write("334 \r\n")
                guard let proof = connection.readLine() else { return }
                kept.session.withLock { $0.commands.append(proof) }
            }
            connection.write(reply + "\r\n")
            if line.hasPrefix("DATA"), reply.hasPrefix("354") {
                while let text = connection.readLine(), text != "." {
                    kept.session.withLock { $0.message.append(text) }
                }
                guard let end = replies.end else { return }
                connection.write(end + "\r\n")
            }
        }
    }

    private static func reply(to line: String, _ replies: Replies) -> String? {
        switch line.prefix(4).uppercased() {
        case "EHLO", "HELO": replies.hello
        case "AUTH": replies.login
        case "MAIL": replies.from
        case "RCPT": replies.recipient
        case "DATA": replies.data
        case "QUIT": "221 bye"
        case "NOOP": "250 ok"
        default: "502 unknown"
        }
    }
}
