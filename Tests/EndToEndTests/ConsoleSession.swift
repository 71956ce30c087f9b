import Foundation

/// The console in a terminal of its own, on a store of its own unless one is given.
final class ConsoleSession {
    let directory: TemporaryDirectory
    let terminal: TmuxSession
    private let notes: TemporaryDirectory

    /// How long anything may take: the machine may be busy with other tests.
    static let patience: Double = 90

    /// - Parameters:
    ///   - store: The data directory; one of its own when `nil`.
    ///   - environment: Goes before what the session sets.
    init(
        _ arguments: String = "", store: TemporaryDirectory? = nil, path: String? = nil,
        width: Int = 120, height: Int = 32, environment: [String: String] = [:]
    ) throws {
        directory = try store ?? TemporaryDirectory()
        notes = try TemporaryDirectory()
        var variables = Self.environment(data: path ?? directory.path)
        variables["AUTERITY_NOTES"] = notes.path
        // What an editor could not take back is left there.
        variables["TMPDIR"] = notes.path
        variables.merge(environment) { $1 }
        let script = notes.path + "/run.sh"
        try Self.script(arguments).write(toFile: script, atomically: true, encoding: .utf8)
        terminal = try TmuxSession(
            "sh '\(script)'", width: width, height: height, environment: variables)
    }

    static func environment(data: String) -> [String: String] {
        ["AUTERITY_DATA_DIR": data, "XDG_CONFIG_HOME": "/nowhere"]
    }

    /// Notes how the terminal was found and which process the console is.
    private static func script(_ arguments: String) -> String {
        """
        stty -g > "$AUTERITY_NOTES/found"
        sh -c 'echo $$ > "$AUTERITY_NOTES/process"; exec "$@"' sh \
        '\(Subprocess.auterity)' \(arguments)
        """
    }

    @discardableResult
    func waitFor(_ text: String) throws -> [String] {
        try terminal.waitFor(text, seconds: Self.patience)
    }

    @discardableResult
    func waitUntil(_ what: String, _ condition: ([String]) throws -> Bool) throws -> [String] {
        try terminal.waitUntil(what, seconds: Self.patience, condition)
    }

    func waitUntilGone(_ text: String) throws {
        try waitUntil("“\(text)” is gone") { lines in !lines.contains { $0.contains(text) } }
    }

    /// Ends the console by its key and waits until it has.
    func quit() throws {
        try terminal.press("q")
        try waitFor("[exit 0]")
    }

    /// The console's own process.
    func process() throws -> Int32 {
        let text = try String(contentsOfFile: notes.path + "/process", encoding: .utf8)
        guard let process = Int32(text.trimmingCharacters(in: .whitespacesAndNewlines)) else {
            throw TerminalTestError("no process id: \(text)")
        }
        return process
    }

    /// What is not as it was before the console began; empty when all is.
    func differences() throws -> [String] {
        var found: [String] = []
        let device = try terminal.value(of: "pane_tty")
        let settings = try Subprocess.run("stty", ["-F", device, "-g"]).output
        let before = try String(contentsOfFile: notes.path + "/found", encoding: .utf8)
        if settings != before { found.append("settings \(settings)instead of \(before)") }
        let flags = [
            "cursor_flag": "1", "alternate_on": "0", "mouse_any_flag": "0",
            "keypad_cursor_flag": "0",
        ]
        for (flag, wanted) in flags.sorted(by: { $0.key < $1.key }) {
            let value = try terminal.value(of: flag)
            if value != wanted { found.append("\(flag) is \(value)") }
        }
        return found
    }

    /// Waits until the terminal is as it was before the console began.
    func waitUntilRestored() throws {
        var left: [String] = []
        do {
            try waitUntil("the terminal is as it was found") { _ in
                left = try differences()
                return left.isEmpty
            }
        } catch {
            throw TerminalTestError("\(error)\nnot restored: \(left.joined(separator: "; "))")
        }
    }
}
