import ArgumentParser
import Glibc
import TerminalUI

/// The words of the command line, before they are parsed.
enum CommandWords {
    /// - Throws: `ValidationError` for a word that is no UTF-8, and for help on what is not there:
    ///   ArgumentParser takes both, the one repaired, the other as a wish for all of the help.
    static func check() throws {
        try checkText(count: CommandLine.argc, CommandLine.unsafeArgv)
        try checkHelp(Array(CommandLine.arguments.dropFirst()))
        try checkVariables()
    }

    // MARK: - Text

    private static func checkText(
        count: Int32, _ words: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>
    ) throws {
        for index in 1..<max(1, Int(count)) {
            guard let word = words[index], String(validatingCString: word) == nil else { continue }
            throw ValidationError(
                "Argument \(index) (\"\(shown(word))\") is not UTF-8. Write it in UTF-8, or rename "
                    + "the file that it names")
        }
    }

    /// The variables that are settings, and those that say where files are.
    private static func checkVariables() throws {
        let known = ["HOME=", "XDG_", "VISUAL=", "EDITOR=", "AUTERITY_"]
        var next = environ
        while let entry = next.pointee {
            defer { next += 1 }
            guard String(validatingCString: entry) == nil else { continue }
            let repaired = String(cString: entry)
            guard known.contains(where: repaired.hasPrefix) else { continue }
            // Its value may be a secret.
            let name = repaired.prefix { $0 != "=" }
            throw ValidationError(
                "The variable \(SafeText.line(String(name))) is not UTF-8. Write it in UTF-8")
        }
    }

    private static func shown(_ word: UnsafeMutablePointer<CChar>) -> String {
        SafeText.line(String(cString: word), limit: 80)
    }

    // MARK: - Commands

    /// The command of a command line.
    ///
    /// ArgumentParser, asked for the whole tree, makes the options of the console anew for every
    /// word, because that is the default; so the command is looked up by its words first. What is
    /// wrong, and what asks for help, is told by the whole tree.
    static func command(_ words: [String]) throws -> any ParsableCommand {
        let words = ordered(words)
        // For `--help` it answers another command, which would show the last word as the whole.
        if let (command, rest) = named(words), let parsed = try? command.parseAsRoot(rest),
            type(of: parsed) == command
        {
            return parsed
        }
        return try Auterity.parseAsRoot(words)
    }

    /// Options of connected commands that may stand before the command, as kubectl has it.
    private static let movable: Set<String> = [
        "--server", "--profile", "--data-dir", "--unix-socket", "--timeout", "--ca-file",
        "--config", "--environment", "--log-level", "--log-format", "--confirm",
    ]
    private static let movableFlags: Set<String> = ["--read-only"]

    /// The words with the options that say whom one speaks to behind the command, where they stood
    /// before it. Nothing is moved unless a command follows them, and nothing else than they stands
    /// before it: without a command they are those of the console.
    static func ordered(_ words: [String]) -> [String] {
        var end = 0
        while end < words.count, words[end].hasPrefix("-") {
            let option = String(words[end].prefix { $0 != "=" })
            if movable.contains(option) {
                end += option == words[end] ? 2 : 1
            } else if movableFlags.contains(words[end]) {
                end += 1
            } else {
                return words
            }
        }
        guard end > 0, end < words.count else { return words }
        let path = path(words[end...])
        guard !path.isEmpty else { return words }
        return path + words[..<end] + words[(end + path.count)...]
    }

    /// The words of those that name a command, from the first on.
    private static func path(_ words: ArraySlice<String>) -> [String] {
        var place: any ParsableCommand.Type = Auterity.self
        var path: [String] = []
        for word in words {
            guard
                let next = place.configuration.subcommands.first(where: {
                    names($0).contains(word)
                })
            else { break }
            place = next
            path.append(word)
        }
        return path
    }

    /// The command that the first words name, and the words behind them; `nil` when they name none,
    /// or one that has commands of its own.
    private static func named(
        _ words: [String]
    ) -> (command: any ParsableCommand.Type, rest: [String])? {
        var place: any ParsableCommand.Type = Auterity.self
        for (index, word) in words.enumerated() {
            let commands = place.configuration.subcommands
            guard !word.hasPrefix("-"),
                let next = commands.first(where: { names($0).contains(word) })
            else { return nil }
            place = next
            if next.configuration.subcommands.isEmpty {
                return (next, Array(words[(index + 1)...]))
            }
        }
        return nil
    }

    // MARK: - Help

    /// `help WORD …`: the words must name a command.
    static func checkHelp(_ words: [String]) throws {
        guard words.first == "help" else { return }
        var place: any ParsableCommand.Type = Auterity.self
        var path = "auterity"
        for word in words.dropFirst() where !word.hasPrefix("-") {
            let commands = place.configuration.subcommands
            guard let next = commands.first(where: { names($0).contains(word) }) else {
                let there = commands.compactMap { names($0).first }.joined(separator: ", ")
                throw ValidationError(
                    "There is no command \"\(path) \(SafeText.line(word, limit: 80))\""
                        + (there.isEmpty ? "" : "; there are: \(there)"))
            }
            place = next
            path += " " + (names(next).first ?? word)
        }
    }

    private static func names(_ command: any ParsableCommand.Type) -> [String] {
        [command.configuration.commandName ?? ""] + command.configuration.aliases
    }
}
