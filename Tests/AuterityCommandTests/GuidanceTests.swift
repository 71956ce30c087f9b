import ArgumentParser
import AuterityAPI
import Testing

@testable import auterity

/// What somebody is told who does not know the program yet.
@Suite struct GuidanceTests {
    @Test(arguments: [
        (["--server", "https://a.example"], "auterity login --server https://a.example"),
        (["--profile", "far"], "auterity login --profile far"), ([], "auterity login"),
    ])
    func theLoginThatIsNamedGoesToTheSameServer(flags: [String], wanted: String) async throws {
        let settings = try await Settings(
            flags: try StoreSettingFlags.parse(flags + ["--config", "/dev/null"]),
            environment: ["HOME": "/nowhere"])
        let error = APIError(.unauthorized, "Nobody is logged in. Log in with: auterity login")
        let told = LoginHint.naming(settings, in: error)
        #expect(told.message.hasSuffix(": " + wanted), "\(told.message)")
        let other = APIError(.serviceUnavailable, "Not there")
        #expect(LoginHint.naming(settings, in: other) == other)
    }

    /// The settings, which many commands have, come behind what is the command's own.
    @Test(arguments: [["workflow", "create"], ["serve"], ["profile", "add"]])
    func theHelpShowsTheOptionsOfTheCommandFirst(words: [String]) throws {
        do {
            var help = try CommandWords.command(words + ["--help"])
            try help.run()
            Issue.record("\(words) has no help")
        } catch {
            let text = HelpScreen.text(for: error)
            let options = try #require(text.firstRange(of: "\nOPTIONS:\n"), "\(text)")
            let settings = try #require(text.firstRange(of: "\nSETTINGS:\n"), "\(text)")
            #expect(options.lowerBound < settings.lowerBound)
            #expect(!text.contains("\n\n\n"))
            #expect(text.contains("--help"))
        }
    }

    @Test func nothingOfAHelpIsLost() {
        let help = "OVERVIEW: a\n\nUSAGE: b\n\nSETTINGS:\n  --c\n\nOPTIONS:\n  -h\n"
        #expect(
            HelpScreen.withSettingsLast(help)
                == "OVERVIEW: a\n\nUSAGE: b\n\nOPTIONS:\n  -h\n\nSETTINGS:\n  --c\n")
        let other = "OVERVIEW: a\n\nOPTIONS:\n  -h\n\nSUBCOMMANDS:\n  b\n"
        #expect(HelpScreen.withSettingsLast(other) == other)
    }
}
