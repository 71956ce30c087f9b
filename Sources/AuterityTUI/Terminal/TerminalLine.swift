// The descriptor of the terminal: its settings, its size, and bytes in and out.

import CFileStatus
import CTerminal
import Glibc
import TerminalUI

/// The terminal as a device. It belongs to the terminal's thread.
///
/// Reading and writing go through a file description of our own, opened anew, and only that one is
/// non-blocking. The one inherited from the shell is shared with its other users, where the flag
/// would outlive us; and ncurses never writes here at all, so it cannot spin on it.
final class TerminalLine {
    enum ReadResult {
        case bytes(ArraySlice<UInt8>)
        case nothing
        /// The other end is gone, for good.
        case ended
    }

    /// Larger windows get blank margins; ncurses keeps some 30 bytes a cell, several times over.
    static let largestSize = Size(width: 1000, height: 500)
    static let fallbackSize = Size(width: 80, height: 24)
    /// A driver that still holds this much is not given more: a slow serial line.
    static let unsentLimit = 2048

    /// The inherited terminal, blocking: what a borrowing program gets.
    let inherited: Int32
    /// Our own description of it.
    let descriptor: Int32
    private let found: termios
    private(set) var ours: termios
    private var outputCopy: Int32 = -1
    private var errorCopy: Int32 = -1
    private let logFile: String?
    private var readBuffer = [UInt8](repeating: 0, count: 4096)

    /// - Parameter logFile: Where stray output goes while the terminal is ours; nil discards it.
    init(logFile: String?) throws(TerminalError) {
        guard isatty(STDIN_FILENO) == 1, isatty(STDOUT_FILENO) == 1 else {
            let name = isatty(STDIN_FILENO) == 1 ? "output" : "input"
            throw TerminalError(
                "The console needs a terminal, but the standard \(name) is none: "
                    + "start it without a pipe or redirection, or with `ssh -t`.")
        }
        var found = termios()
        inherited = fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 3)
        guard inherited >= 0, tcgetattr(inherited, &found) == 0 else {
            throw TerminalError(
                "The terminal's settings cannot be read (\(String(cString: strerror(errno)))): "
                    + "open another terminal.")
        }
        self.found = found
        ours = TerminalLine.raw(found)
        descriptor = TerminalLine.openAgain(inherited)
        self.logFile = logFile
    }

    private static func openAgain(_ inherited: Int32) -> Int32 {
        let flags = O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC
        for path in ["/proc/self/fd/\(inherited)", "/dev/tty"] {
            let descriptor = open(path, flags)
            guard descriptor >= 0 else { continue }
            let isOurs =
                path == "/dev/tty" || cfile_is_same_device(inherited, descriptor) == 1
            if isOurs, isatty(descriptor) == 1 { return descriptor }
            close(descriptor)
        }
        // After `su`, say, the device belongs to somebody else: then writing may block for the
        // length of a frame, which is better than the flag on a description that is not ours.
        return inherited
    }

    /// Every byte as it comes and as it is sent. Not even CR LF is made of LF: ncurses reckons
    /// with a terminal that does only what is written in terminfo.
    private static func raw(_ found: termios) -> termios {
        var raw = found
        raw.c_iflag &= ~tcflag_t(
            IGNBRK | BRKINT | PARMRK | ISTRIP | INLCR | IGNCR | ICRNL | IXON | INPCK)
        raw.c_oflag &= ~tcflag_t(OPOST)
        raw.c_lflag &= ~tcflag_t(ECHO | ECHONL | ICANON | ISIG | IEXTEN)
        raw.c_cflag &= ~tcflag_t(CSIZE | PARENB)
        raw.c_cflag |= tcflag_t(CS8)
        withUnsafeMutableBytes(of: &raw.c_cc) { characters in
            characters[Int(VMIN)] = 1
            characters[Int(VTIME)] = 0
        }
        return raw
    }

    // MARK: Taking and giving back

    /// Switches to raw mode and turns stray output away. False when the terminal is gone.
    func take() -> Bool {
        guard setAttributes(ours, TCSADRAIN) else { return false }
        // The driver may round what it was told; the watcher compares with what it made of it.
        _ = tcgetattr(descriptor, &ours)
        redirectStrayOutput()
        return true
    }

    /// Puts the settings back, and the standard output and error.
    func giveBack() {
        // Flushing throws away answers still to be read: a shell would take them for typing.
        _ = setAttributes(found, TCSAFLUSH)
        ct_flush_output()
        if outputCopy >= 0 { dup2(outputCopy, STDOUT_FILENO) }
        if errorCopy >= 0 { dup2(errorCopy, STDERR_FILENO) }
    }

    private func setAttributes(_ settings: termios, _ when: Int32) -> Bool {
        var settings = settings
        while tcsetattr(descriptor, when, &settings) != 0 {
            guard errno == EINTR else { return false }
        }
        return true
    }

    private func redirectStrayOutput() {
        ct_flush_output()
        if outputCopy < 0 { outputCopy = fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 3) }
        if errorCopy < 0 { errorCopy = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 3) }
        var log: Int32 = -1
        if let logFile { log = open(logFile, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600) }
        if log < 0 { log = open("/dev/null", O_WRONLY | O_CLOEXEC) }
        guard log >= 0 else { return }
        dup2(log, STDOUT_FILENO)
        // Somebody who sends the messages elsewhere already knows where they want them.
        if isatty(errorCopy) == 1 { dup2(log, STDERR_FILENO) }
        close(log)
    }

    /// Prepares the handlers that put the terminal back when the program crashes or is killed.
    func arm(_ bytes: [UInt8], supervisor: Supervisor) {
        var restoration = ct_restoration()
        restoration.found = found
        restoration.ours = ours
        restoration.count = min(bytes.count, Int(CT_RESTORE_LIMIT))
        withUnsafeMutableBytes(of: &restoration.bytes) { target in
            target.copyBytes(from: bytes.prefix(restoration.count))
        }
        ct_restore_arm(descriptor, &restoration, outputCopy, errorCopy, supervisor.channel)
        supervisor.terminalTaken(restoration)
    }

    // MARK: Size, input and output

    /// The window's size, within sensible bounds; nil when the terminal does not know it.
    func size() -> Size? {
        var columns: Int32 = 0
        var rows: Int32 = 0
        guard ct_window_size(descriptor, &columns, &rows) == 0 else { return nil }
        return Size(
            width: min(Int(columns), TerminalLine.largestSize.width),
            height: min(Int(rows), TerminalLine.largestSize.height))
    }

    /// To be called when `poll` says that there is something.
    func read() -> ReadResult {
        let count = Glibc.read(descriptor, &readBuffer, readBuffer.count)
        if count > 0 { return .bytes(readBuffer[0..<count]) }
        if count < 0, errno == EINTR || errno == EAGAIN { return .nothing }
        return .ended
    }

    /// Writes what the line takes, by one call. Nil when the line is gone.
    func write(_ bytes: ArraySlice<UInt8>) -> Int? {
        let count = bytes.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
        if count >= 0 { return count }
        return errno == EINTR || errno == EAGAIN ? 0 : nil
    }

    /// Whether the line takes a frame now.
    var isReady: Bool { ready(within: 0) && !isDriverFull }

    /// Whether the driver has still so much to send that a frame should wait. Pseudo-terminals
    /// never say so.
    var isDriverFull: Bool {
        ct_unsent_bytes(descriptor) >= Int32(TerminalLine.unsentLimit)
    }

    /// Waits until the line takes something, up to a number of milliseconds.
    func ready(within milliseconds: Int32) -> Bool {
        var entry = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        return poll(&entry, 1, milliseconds) == 1 && entry.revents & Int16(POLLOUT) != 0
            && entry.revents & Int16(POLLHUP | POLLERR) == 0
    }

    /// Writes everything, for the last bytes before the terminal is given back. False when the
    /// line takes nothing for `patience` milliseconds.
    func writeAll(_ bytes: [UInt8], patience: Int32) -> Bool {
        var rest = bytes[...]
        while !rest.isEmpty {
            guard ready(within: patience), let count = write(rest) else { return false }
            rest = rest.dropFirst(count)
        }
        return true
    }

    /// Closes the descriptors. The standard ones stay.
    func close() {
        if descriptor != inherited { Glibc.close(descriptor) }
        Glibc.close(inherited)
        if outputCopy >= 0 { Glibc.close(outputCopy) }
        if errorCopy >= 0 { Glibc.close(errorCopy) }
    }

    private func close(_ descriptor: Int32) { Glibc.close(descriptor) }
    private static func close(_ descriptor: Int32) { Glibc.close(descriptor) }
}
