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
