import Foundation

/// A program in a real terminal: tmux is the terminal, and its screen is what a person would see.
///
/// Waiting is for output, never for time: everything that the program writes also goes into a
/// pipe, and the screen is looked at again when something has come through it.
final class TmuxSession {
    private let socket: String
    private let fifo: String
    private let output: Int32

    /// Starts `command` (a shell line) in a terminal of that size.
    init(
        _ command: String, width: Int = 120, height: Int = 32, term: String = "screen-256color",
        environment: [String: String] = [:]
    ) throws {
        socket = "auterity-\(UUID().uuidString.prefix(8))"
        fifo = NSTemporaryDirectory() + socket + ".fifo"
        guard mkfifo(fifo, 0o600) == 0 else { throw TerminalTestError("mkfifo \(fifo): \(errno)") }
        // Opened for reading and writing, so that opening does not wait for the other side.
        output = open(fifo, O_RDWR | O_NONBLOCK | O_CLOEXEC)
        guard output >= 0 else { throw TerminalTestError("open \(fifo): \(errno)") }
        // The shell waits for a line, so that not even the first byte is missed.
        let assignments = environment.map { "\($0.key)='\($0.value)'" }.joined(separator: " ")
        let line =
            "read start; env LC_ALL=C.UTF-8 \(assignments) \(command); "
            + "echo \"[exit $?]\"; stty -a | tr '\\n' ' '; read end"
        try tmux([
            "-f", "/dev/null", "set-option", "-g", "default-terminal", term, ";",
            "set-option", "-g", "escape-time", "0", ";",
            "set-option", "-g", "status", "off", ";",
            "new-session", "-d", "-x", "\(width)", "-y", "\(height)", "sh", "-c", line,
        ])
        try tmux(["pipe-pane", "-o", "cat > '\(fifo)'"])
        try tmux(["send-keys", "Enter"])
    }

    deinit {
        _ = try? tmux(["kill-server"])
        close(output)
        unlink(fifo)
    }

    /// Presses keys, by tmux's names (`Enter`, `Escape`, `C-z`) or as they are.
    func press(_ keys: String...) throws {
        for key in keys { try tmux(["send-keys", key]) }
    }

    /// Types text as it is.
    func type(_ text: String) throws {
        try tmux(["send-keys", "-l", "--", text])
    }

    func resize(width: Int, height: Int) throws {
        try tmux(["resize-window", "-x", "\(width)", "-y", "\(height)"])
    }

    /// What is on the screen, a line an element, without the blanks at the ends.
    func screen() throws -> [String] {
        try tmux(["capture-pane", "-p"]).split(separator: "\n", omittingEmptySubsequences: false)
            .map { String($0) }
    }

    /// The same with the sequences for colours and attributes.
    func styledScreen() throws -> [String] {
        try tmux(["capture-pane", "-p", "-e"]).split(separator: "\n").map { String($0) }
    }

    /// What tmux knows of the terminal, by tmux's name for it, such as `cursor_flag`.
    func value(of name: String) throws -> String {
        try tmux(["display-message", "-p", "#{\(name)}"])
            .trimmingCharacters(in: .whitespacesAndNewlines)
    }

    /// The process id of the shell; the program is its child.
    func shellProcess() throws -> Int32 {
        let text = try tmux(["display-message", "-p", "#{pane_pid}"])
        guard let process = Int32(text.trimmingCharacters(in: .whitespacesAndNewlines)) else {
            throw TerminalTestError("no process id: \(text)")
        }
        return process
    }

    /// Waits until the screen shows `text`.
    @discardableResult
    func waitFor(_ text: String, seconds: Double = 30) throws -> [String] {
        try waitUntil("“\(text)” is shown", seconds: seconds) { lines in
            lines.contains { $0.contains(text) }
        }
    }

    /// Waits until the screen is as the condition wants it, looking after each output.
    @discardableResult
    func waitUntil(
        _ what: String, seconds: Double = 30, _ condition: ([String]) throws -> Bool
    ) throws -> [String] {
        let deadline = Date().addingTimeInterval(seconds)
        while true {
            let lines = try screen()
            if try condition(lines) { return lines }
            let left = deadline.timeIntervalSinceNow
            guard left > 0 else {
                throw TerminalTestError(
                    "waited \(seconds) s until \(what); the screen is:\n"
                        + lines.joined(separator: "\n"))
            }
            // Drawn by tmux a moment after it passed through the pipe: hence the second look.
            awaitOutput(milliseconds: Int32(min(left * 1000, 250)))
        }
    }

    private func awaitOutput(milliseconds: Int32) {
        var descriptor = pollfd(fd: output, events: Int16(POLLIN), revents: 0)
        guard poll(&descriptor, 1, milliseconds) > 0 else { return }
        var buffer = [UInt8](repeating: 0, count: 65536)
        while read(output, &buffer, buffer.count) > 0 {}
    }

    @discardableResult
    private func tmux(_ arguments: [String]) throws -> String {
        try Subprocess.run("tmux", ["-L", socket] + arguments).output
    }
}

/// What went wrong in the terminal, with the screen.
struct TerminalTestError: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}
