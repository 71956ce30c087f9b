import Foundation
import Testing

/// The console as a person sees it: the real program in a real terminal.
@Suite(.serialized, .timeLimit(.minutes(30))) struct ConsoleTests {
    @Test func theOverviewOpensOnAnEmptyStoreAndQuitsWithoutATrace() throws {
        let console = try ConsoleSession()
        try console.waitFor("Nothing is here yet.")
        let lines = try console.waitFor("Parts Inquiry")
        for title in ["1 Workflows", "2 Executions", "3 Templates", "4 Health"] {
            #expect(lines.contains { $0.contains(title) }, "\(title)")
        }
        try console.terminal.press("?")
        try console.waitFor("Everywhere")
        try console.terminal.press("Escape")
        try console.waitFor("Nothing is here yet.")
        try console.quit()
        try console.waitUntilRestored()
        #expect(try !console.terminal.screen().contains { $0.contains("1 Workflows") })
        let database = console.directory.path + "/auterity.db"
        let attributes = try FileManager.default.attributesOfItem(atPath: database)
        #expect((attributes[.posixPermissions] as? NSNumber)?.intValue == 0o600)
    }

    // MARK: Sizes and terminals

    /// From these on the overview has its four panes beside each other.
    private static let fourPanes = (width: 60, height: 16)

    @Test func everySizeIsDrawnWhole() throws {
        let console = try ConsoleSession()
        try console.waitFor("Nothing is here yet.")
        let sizes = [
            (80, 24), (60, 16), (59, 15), (20, 6), (19, 6), (10, 3), (1, 1), (200, 50), (33, 9),
            (120, 32),
        ]
        for (width, height) in sizes {
            try console.terminal.resize(width: width, height: height)
            let lines = try console.waitUntil("\(width)×\(height) is drawn") { lines in
                Self.isWhole(lines, width, height)
            }
            #expect(lines.allSatisfy { $0.count <= width })
        }
        try console.waitFor("Nothing is here yet.")
        try console.quit()
        try console.waitUntilRestored()
    }

    private static func isWhole(_ lines: [String], _ width: Int, _ height: Int) -> Bool {
        let text = lines.joined(separator: "\n")
        guard width >= 20, height >= 6 else {
            return width < 10 ? !text.contains("╭") : text.contains("needs")
        }
        guard lines.count >= height, lines[0].contains("live"), lines[0].count <= width else {
            return false
        }
        if width >= fourPanes.width, height >= fourPanes.height {
            let titles = ["1 Workflows", "2 Executions", "3 Templates", "4 Health"]
            return titles.allSatisfy(text.contains) && lines[1].count == width
                && lines[height - 1].hasSuffix("q quit")
                && lines[height - 2].last == "╯"
        }
        return text.contains("2 Executions") && text.contains("╯")
    }

    @Test(arguments: ["xterm-256color", "xterm", "linux", "screen-256color", "vt100"])
    func everyKindOfTerminalShowsTheSame(kind: String) throws {
        let console = try ConsoleSession(
            width: 80, height: 24, environment: ["TERM": kind])
        try console.waitUntil("the overview is whole") { Self.isWhole($0, 80, 24) }
        try console.terminal.press("3")
        try console.waitFor("i use")
        try console.terminal.press("Enter")
        try console.waitFor("PARAMETERS")
        try console.quit()
        try console.waitUntilRestored()
        // What comes next does not stand in the rest of a frame.
        let left = try console.waitFor("[exit 0]").first { $0.contains("[exit 0]") }
        #expect(left?.trimmingCharacters(in: .whitespaces) == "[exit 0]")
    }

    @Test func withoutColoursTheRowUnderTheCursorIsReversed() throws {
        let console = try ConsoleSession(
            width: 80, height: 24, environment: ["NO_COLOR": "1"])
        try console.waitUntil("the overview is whole") { Self.isWhole($0, 80, 24) }
        try console.terminal.press("3")
        try console.waitFor("i use")
        let styled = try console.terminal.styledScreen()
        #expect(styled.contains { $0.contains("\u{1B}[7m") || $0.contains(";7m") })
        let colours = styled.joined().matches(of: /\u{1B}\[(?:[0-9]+;)*(?:3[0-8]|4[0-8])[;m]/)
        #expect(colours.isEmpty)
        try console.quit()
    }

    @Test(arguments: ["C", "POSIX"])
    func withoutUTF8EverythingIsASCII(locale: String) throws {
        let console = try ConsoleSession(
            width: 80, height: 24, environment: ["LC_ALL": locale])
        let lines = try console.waitFor("Nothing is here yet.")
        #expect(lines.allSatisfy { $0.allSatisfy(\.isASCII) })
        #expect(lines.contains { $0.contains("+- 1 Workflows -") })
        try console.quit()
    }

    @Test(arguments: ["no-such-terminal", "dumb"])
    func aTerminalThatCannotBeUsedIsOneSentence(kind: String) throws {
        let console = try ConsoleSession(environment: ["TERM": kind])
        let lines = try console.waitFor("[exit 2]")
        #expect(lines.joined().contains("set TERM to what your terminal is"))
        #expect(try console.differences() == [])
    }

    // MARK: Leaving

    @Test func controlZGoesToTheShellAndBack() throws {
        let store = try TemporaryDirectory()
        let terminal = try TmuxSession(
            "sh -i", environment: ConsoleSession.environment(data: store.path))
        try terminal.type("PS1='ready> '")
        try terminal.press("Enter")
        try terminal.waitFor("ready>")
        try terminal.type("'\(Subprocess.auterity)'")
        try terminal.press("Enter")
        for _ in 0..<2 {
            try terminal.waitFor("Nothing is here yet.", seconds: ConsoleSession.patience)
            #expect(try !hasSignalKeys(terminal))
            try terminal.press("C-z")
            try terminal.waitFor("Stopped", seconds: ConsoleSession.patience)
            #expect(try hasSignalKeys(terminal))
            #expect(try terminal.value(of: "cursor_flag") == "1")
            try terminal.type("clear; fg")
            try terminal.press("Enter")
        }
        try terminal.waitFor("Nothing is here yet.", seconds: ConsoleSession.patience)
        try terminal.press("q")
        try terminal.waitUntil("the shell is back", seconds: 30) { lines in
            lines.last { !$0.isEmpty }?.hasPrefix("ready>") == true
        }
        #expect(try hasSignalKeys(terminal))
    }

    /// What a shell needs. The settings as a whole are its own: it edits lines by them.
    private func hasSignalKeys(_ terminal: TmuxSession) throws -> Bool {
        let device = try terminal.value(of: "pane_tty")
        let words = try Subprocess.run("stty", ["-F", device, "-a"]).output
            .split { $0 == " " || $0 == "\n" }
        return words.contains("isig") && words.contains("icrnl")
    }

    @Test(arguments: [
        (SIGTERM, 143), (SIGHUP, 129), (SIGINT, 130), (SIGKILL, 137), (SIGSEGV, 139),
        (SIGABRT, 134),
    ])
    func whateverEndsTheConsoleTheTerminalIsPutBack(signal: Int32, status: Int) throws {
        let console = try ConsoleSession()
        try console.waitFor("Nothing is here yet.")
        #expect(try !console.differences().isEmpty)
        kill(try console.process(), signal)
        try console.waitFor("[exit \(status)]")
        try console.waitUntilRestored()
        // The store is free again, and whole.
        let next = try ConsoleSession(store: console.directory)
        try next.waitFor("Nothing is here yet.")
        try next.quit()
    }

    // MARK: What cannot be opened

    @Test func aSecondConsoleOnTheSameStoreSaysWhoHasIt() throws {
        let first = try ConsoleSession()
        try first.waitFor("Nothing is here yet.")
        let second = try ConsoleSession(store: first.directory, width: 80, height: 24)
        try second.waitFor("belongs to")
        try second.waitFor("try again")
        let once = try Subprocess.run(
            Subprocess.auterity, ["--once"],
            environment: ConsoleSession.environment(data: first.directory.path))
        #expect(once.status == 7)
        #expect(once.errors.contains("belongs to another process"))
        try first.quit()
        try second.terminal.press("Enter")
        try second.waitFor("Nothing is here yet.")
        try second.quit()
        try second.waitUntilRestored()
    }

    @Test(arguments: ["/proc/auterity", "/dev/null/auterity"])
    func aDataDirectoryThatCannotBeWrittenIsASentence(path: String) throws {
        let console = try ConsoleSession(path: path)
        try console.waitFor(path)
        try console.waitFor("--data-dir")
        try console.quit()
        try console.waitUntilRestored()
        let once = try Subprocess.run(
            Subprocess.auterity, ["--once"],
            environment: ConsoleSession.environment(data: path))
        #expect(once.status == 7)
        #expect(once.errors.contains(path))
        #expect(once.output.isEmpty)
    }
}
