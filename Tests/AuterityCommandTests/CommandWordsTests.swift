import ArgumentParser
import Testing

@testable import auterity

/// How the words of a command line become a command.
@Suite struct CommandWordsTests {
    @Test func aCommandIsFoundByItsNameAndByItsAliases() throws {
        for words in [["workflow", "list"], ["wf", "ls"], ["workflows", "list"]] {
            let command = try CommandWords.command(words + ["--limit", "3", "-o", "yaml"])
            let list = try #require(command as? ListWorkflowsCommand, "\(words)")
            #expect(list.page.limit == 3)
            #expect(list.output.format == .yaml)
        }
        let shown = try CommandWords.command(["workflow", "show", "list"])
        #expect((shown as? ShowWorkflowCommand)?.workflow == "list")
    }

    /// As kubectl takes them.
    @Test(arguments: [
        ["--profile", "one"], ["--profile=one"], ["--read-only", "--profile", "one"],
        ["--profile", "one", "--timeout", "3"],
    ])
    func theOptionsThatSayWithWhomMayStandBeforeTheCommand(options: [String]) throws {
        let command = try CommandWords.command(options + ["workflow", "list", "--limit", "3"])
        let list = try #require(command as? ListWorkflowsCommand)
        #expect(list.settings.connection.profile == "one")
        #expect(list.page.limit == 3)
        let applied = try CommandWords.command(options + ["workflow", "apply", "-f", "a", "b"])
        let apply = try #require(applied as? ApplyWorkflowCommand)
        #expect(apply.settings.connection.profile == "one")
    }

    /// Only what is known is moved, and only before a command.
    @Test(arguments: [
        (["--profile", "one"], ["--profile", "one"]),
        (["--profile", "workflow", "list"], ["--profile", "workflow", "list"]),
        (["--once", "workflow", "list"], ["--once", "workflow", "list"]),
        (["--profile", "one", "bogus"], ["--profile", "one", "bogus"]),
        (["--profile"], ["--profile"]), (["workflow", "list"], ["workflow", "list"]),
        (
            ["--server", "http://a", "execution", "show", "list"],
            ["execution", "show", "--server", "http://a", "list"]
        ),
        (["--data-dir=a", "serve", "--port", "1"], ["serve", "--data-dir=a", "--port", "1"]),
        (["--profile", "one", "wf"], ["wf", "--profile", "one"]),
        (["--profile", "one", "help", "workflow"], ["--profile", "one", "help", "workflow"]),
    ])
    func nothingElseIsMoved(words: [String], wanted: [String]) {
        #expect(CommandWords.ordered(words) == wanted)
    }

    @Test(arguments: [[], ["--once"], ["console", "--once"]])
    func withoutACommandItIsTheConsole(words: [String]) throws {
        #expect(try CommandWords.command(words) is ConsoleCommand)
    }

    /// The help and the faults are those of the whole tree, with the whole path.
    @Test(arguments: [
        (["workflow", "list", "--help"], "USAGE: auterity workflow list"),
        (["help", "workflow", "list"], "USAGE: auterity workflow list"),
        (["workflow"], "USAGE: auterity workflow <subcommand>"),
        (["workflow", "list", "--bogus"], "Usage: auterity workflow list"),
        (["workflow", "bogus"], "Usage: auterity workflow <subcommand>"),
        (["workflow", "list", "--limit=-1"], "--limit must not be negative"),
        (["workflow", "list", "--version"], "auterity 0."), (["--version"], "auterity 0."),
        (["bogus"], "Usage: auterity"),
        (["--profile", "one", "workflow", "list", "--help"], "USAGE: auterity workflow list"),
        (["--profile", "one", "workflow", "list", "--bogus"], "Usage: auterity workflow list"),
        (["--help"], "may stand before the command"),
    ])
    func whatIsNoCommandIsToldByTheWholeTree(words: [String], wanted: String) throws {
        do {
            let command = try CommandWords.command(words)
            // Help is a command that tells it when it is run.
            var help = command
            try help.run()
            Issue.record("\(words) is \(command)")
        } catch {
            let text = HelpScreen.text(for: error)
            #expect(text.contains(wanted), "\(words): \(text)")
        }
    }
}
