import Foundation
import Testing

/// `--once`, and what a command line can get wrong.
@Suite(.serialized, .timeLimit(.minutes(30))) struct OnceTests {
    private func run(
        _ arguments: [String], in directory: TemporaryDirectory
    ) throws -> Subprocess.Result {
        var environment = ConsoleSession.environment(data: directory.path)
        environment["LC_ALL"] = "C.UTF-8"
        return try Subprocess.run(Subprocess.auterity, arguments, environment: environment)
    }

    @Test(arguments: [
        ("120x32", 120, 32), ("80x24", 80, 24), ("60x16", 60, 16), ("20x6", 20, 6),
    ])
    func printsOneFrameOfThatSize(size: String, width: Int, height: Int) throws {
        let directory = try TemporaryDirectory()
        let result = try run(["--once", "--size", size], in: directory)
        #expect(result.status == 0, "\(result.errors)")
        #expect(result.errors.isEmpty)
        let lines = result.output.split(separator: "\n", omittingEmptySubsequences: false)
        #expect(lines.count == height + 1)
        #expect(lines.allSatisfy { $0.count <= width })
        #expect(result.output.contains("2 Executions"))
        #expect(!result.output.contains("\u{1B}"))
    }

    @Test(arguments: [
        ("health", "Services"), ("alerts", "SEVERITY"), ("logs", "LEVEL"), ("help", "Everywhere"),
        ("about", "Permissions"), ("templates sales", "Sales Lead Qualif"),
    ])
    func printsTheScreenThatIsNamed(screen: String, text: String) throws {
        let directory = try TemporaryDirectory()
        let result = try run(["--once", "--screen", screen], in: directory)
        #expect(result.status == 0, "\(result.errors)")
        #expect(result.output.contains(text), "\(result.output)")
    }

    @Test(arguments: [
        (["--once", "--screen", "nope"], "There is no screen “nope”"),
        (["--once", "--size", "0x0"], "'0x0' is invalid"), (["--bogus"], "--bogus"),
        (["frobnicate"], "frobnicate"), (["demo", "--count", "-1"], "--count"),
    ])
    func whatIsWrittenWrongIsToldWithStatus64(arguments: [String], text: String) throws {
        let directory = try TemporaryDirectory()
        let result = try run(arguments, in: directory)
        #expect(result.status == 64)
        #expect(result.errors.contains(text), "\(result.errors)")
        #expect(result.output.isEmpty)
    }

    @Test func withoutATerminalTheConsoleSaysSo() throws {
        let directory = try TemporaryDirectory()
        let result = try run([], in: directory)
        #expect(result.status == 2)
        #expect(result.errors.contains("The console needs a terminal"))
    }

    @Test func anUnknownThemeNamesThoseThereAre() throws {
        let directory = try TemporaryDirectory()
        let result = try run(["--once", "--theme", "nope"], in: directory)
        #expect(result.status == 1)
        #expect(result.errors.contains("midnight"))
    }

    @Test func theDemoIsMadeSeenAndTakenAway() throws {
        let directory = try TemporaryDirectory()
        let made = try run(["demo", "--count", "3"], in: directory)
        #expect(made.status == 0, "\(made.errors)")
        #expect(made.output.contains("6 sample workflows"))
        let seen = try run(["--once", "--screen", "workflows"], in: directory)
        #expect(seen.output.contains("Demo: "))
        let gone = try run(["demo", "--remove"], in: directory)
        #expect(gone.output.contains("Removed 6 workflows and 3 executions."))
        let empty = try run(["--once"], in: directory)
        #expect(empty.output.contains("Nothing is here yet."))
    }
}
