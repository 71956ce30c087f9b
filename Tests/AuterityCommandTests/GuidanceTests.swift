import ArgumentParser
import AuterityAPI
import Testing

@testable import auterity

/// What somebody is told who does not know the program yet.
@Suite struct GuidanceTests {
    @Test(arguments: [
        (["--server", "https://a.example"], "auterity login --server https://a.example"),
        (["--profile", "far"], "auterity login --profile far"), ([], "auterity login"),
        (
            ["--profile", "far off's", "--config", "/dev/null"],
            "auterity login --profile 'far off'\\''s' --config /dev/null"
        ),
    ])
    func theLoginThatIsNamedGoesToTheSameServer(flags: [String], wanted: String) async throws {
        let settings = try await Settings(
            flags: try StoreSettingFlags.parse(flags),
            environment: ["HOME": "/nowhere", "AUTERITY_CONFIG": "/dev/null"])
        let error = APIError(.unauthorized, "Nobody is logged in. Log in with: auterity login")
        let told = LoginHint.naming(settings, in: error)
        #expect(told.message.hasSuffix(": " + wanted), "\(told.message)")
        let other = APIError(.serviceUnavailable, "Not there")
        #expect(LoginHint.naming(settings, in: other) == other)
    }

    @Test func aRunWhoseAnswerWasLostNamesTheKeyThatMakesItOne() {
        let lost = APIError(.serviceUnavailable, "It is unknown", idempotencyKey: "k-1")
        let told = RunWorkflowCommand.told(lost)
        #expect(
            told.message
                == "It is unknown. Again means: the same command with --idempotency-key k-1")
        #expect(told.code == lost.code)
        let refused = APIError(.workflowInactive, "It is off")
        #expect(RunWorkflowCommand.told(refused) == refused)
    }

    /// What is told to be copied goes to where it was told.
    @Test(arguments: [
        ([], ""), (["--data-dir", "a b;c"], " --data-dir 'a b;c'"),
        (
            ["--server", "http://a:80", "--ca-file", "x.pem"],
            " --server http://a:80 --ca-file x.pem"
        ),
        (["--unix-socket", "$(s)"], " --unix-socket '$(s)'"), (["--timeout", "3"], ""),
    ])
    func aCommandThatIsSuggestedNamesTheSamePlace(flags: [String], wanted: String) async throws {
        let settings = try await Settings(
            flags: try StoreSettingFlags.parse(flags),
            environment: [
                "HOME": "/nowhere", "AUTERITY_CONFIG": "/dev/null", "AUTERITY_PROFILE": "other",
            ])
        #expect(settings.commandLine("execution list") == "auterity execution list" + wanted)
        // It speaks to nobody, and has no options that say to whom.
        #expect(settings.profileCommandLine("list") == "auterity profile list")
        let error = ReferenceError("There is none", see: "auterity workflow list")
        #expect(
            "\(settings.naming(in: error))"
                == "There is none. See: auterity workflow list" + wanted)
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
