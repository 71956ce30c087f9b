import AuterityAPI
import Glibc

/// Writes each message as an `.eml` file into a directory instead of sending it, for trying out and
/// for tests. The same message written again replaces its file.
package struct OutboxTransport: MailTransport {
    private static let setting = "AUTERITY_MAIL_OUTBOX"
    /// The sender where none is configured: nothing is sent, so nobody needs to be real.
    static let standInSender = "Auterity outbox <outbox@auterity.invalid>"

    package let name = "outbox"
    private let directory: String
    private let from: String
    private let now: @Sendable () -> Timestamp

    init(directory: String, from: String?, now: @escaping @Sendable () -> Timestamp) {
        self.directory = directory
        self.from = from.flatMap { $0.isEmpty ? nil : $0 } ?? Self.standInSender
        self.now = now
    }

    package func send(_ message: MailMessage) async throws(MailError) -> MailReceipt {
        let mime = try MIMEMessage(message, defaultFrom: from, date: now())
        try makeDirectory()
        // A UUID is a safe file name.
        let path = "\(directory)/\(mime.id).eml"
        let partial = "\(directory)/.\(mime.id).partial"
        try write(mime.bytes, to: partial)
        guard rename(partial, path) == 0 else { throw failure("renamed") }
        return MailReceipt(emailID: mime.id, transport: name)
    }

    package func probe() async throws(MailError) {
        try makeDirectory()
        let descriptor = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw failure("opened") }
        close(descriptor)
        guard access(directory, W_OK) == 0 else { throw failure("written to") }
    }

    private func makeDirectory() throws(MailError) {
        guard mkdir(directory, 0o700) == 0 || errno == EEXIST else { throw failure("made") }
    }

    private func write(_ bytes: [UInt8], to path: String) throws(MailError) {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw failure("written to") }
        defer { close(descriptor) }
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw failure("written to") }
            rest = rest.dropFirst(count)
        }
        guard fsync(descriptor) == 0 else { throw failure("written to") }
    }

    private func failure(_ verb: String) -> MailError {
        MailError(
            .unavailable,
            "The outbox \(directory) cannot be \(verb): \(String(cString: strerror(errno))). Check "
                + "the directory of \(Self.setting).")
    }
}
