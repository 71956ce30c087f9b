import Glibc

/// Asks for a password, which is never an argument: other users of the machine see those.
struct PasswordPrompt {
    /// Where it is read from.
    var input = STDIN_FILENO

    /// Bytes; a longer line is no password.
    private static let limit = 4096

    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    /// A new password, asked for twice.
    ///
    /// - Throws: A `Failure` that says what is wrong.
    func new(for email: String) throws(Failure) -> String {
        guard isatty(input) == 1 else { return try piped() }
        let first = try hidden("Password for \(PlainText.escaped(email)): ")
        let second = try hidden("The same again: ")
        guard first == second else {
            throw Failure(description: "The two passwords differ. Nothing has been made; try again")
        }
        return first
    }

    /// The password of an account that is there, asked for once.
    ///
    /// - Throws: A `Failure` that says what is wrong.
    func known(for email: String) throws(Failure) -> String {
        guard isatty(input) == 1 else { return try piped() }
        return try hidden("Password for \(PlainText.escaped(email)): ")
    }

    /// A line that may be seen.
    ///
    /// - Throws: A `Failure` that says what is wrong.
    func visible(_ prompt: String) throws(Failure) -> String {
        if isatty(input) == 1 { Self.tell(prompt) }
        guard let line = try line(), !line.isEmpty else {
            throw Failure(description: "Nothing was entered")
        }
        return line
    }

    private func piped() throws(Failure) -> String {
        guard let line = try line(), !line.isEmpty else {
            throw Failure(
                description: "Standard input has no password. Write it as the first line, or "
                    + "start this in a terminal")
        }
        return line
    }

    private func hidden(_ prompt: String) throws(Failure) -> String {
        var settings = termios()
        guard tcgetattr(input, &settings) == 0 else {
            throw Failure(description: "The terminal does not let its echo be switched off")
        }
        let before = settings
        // Without signals, so that Ctrl-C cannot leave the terminal without its echo.
        settings.c_lflag &= ~tcflag_t(ECHO | ISIG)
        tcsetattr(input, TCSAFLUSH, &settings)
        defer {
            var before = before
            tcsetattr(input, TCSANOW, &before)
            Self.tell("\n")
        }
        Self.tell(prompt)
        guard let line = try line(), !line.contains("\u{3}") else {
            throw Failure(description: "Nothing has been made")
        }
        return line
    }

    private static func tell(_ text: String) {
        let bytes = Array(text.utf8)
        _ = write(STDERR_FILENO, bytes, bytes.count)
    }

    /// One line of standard input, read no further than its end; `nil` when there is none.
    private func line() throws(Failure) -> String? {
        var bytes: [UInt8] = []
        var byte: UInt8 = 0
        while bytes.count < Self.limit {
            let count = Glibc.read(input, &byte, 1)
            if count < 0, errno == EINTR { continue }
            if count <= 0 { return bytes.isEmpty ? nil : try Self.text(bytes) }
            if byte == UInt8(ascii: "\n") { break }
            if byte == 3 { return "\u{3}" }
            bytes.append(byte)
        }
        if bytes.last == UInt8(ascii: "\r") { bytes.removeLast() }
        return try Self.text(bytes)
    }

    private static func text(_ bytes: [UInt8]) throws(Failure) -> String {
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw Failure(description: "What was entered is not UTF-8. Nothing has been made")
        }
        return text
    }
}
