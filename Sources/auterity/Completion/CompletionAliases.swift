import ArgumentParser

/// What makes the shells understand the other names of commands, as in `wf ls`: the functions that
/// ArgumentParser writes know the first name of each.
enum CompletionAliases {
    /// A command's other names, behind the names of those above it.
    struct Entry {
        /// Such as `workflow ls`.
        let lines: [String]
        /// Such as `list`.
        let name: String
    }

    static let all = entries(of: Auterity.self, path: "")

    private static func entries(of command: any ParsableCommand.Type, path: String) -> [Entry] {
        command.configuration.subcommands.flatMap { below -> [Entry] in
            let name = below.configuration.commandName ?? ""
            let aliases = below.configuration.aliases
            let own = aliases.isEmpty ? [] : [Entry(lines: aliases.map { path + $0 }, name: name)]
            return own + entries(of: below, path: path + name + " ")
        }
    }

    private static func cases(_ line: (Entry) -> String) -> String {
        all.map(line).joined(separator: "\n")
    }

    /// Gives the commands in `COMP_WORDS`, up to the word that is typed, their first names.
    static var bash: String {
        """
        __auterity_name_commands() {
            local typed=''
            local -i index
            for ((index = 1; index < COMP_CWORD; index++)); do
                case "${typed}${COMP_WORDS[index]}" in
        \(cases { entry in
            "        \(entry.lines.map { "'\($0)'" }.joined(separator: "|"))) "
                + "COMP_WORDS[index]='\(entry.name)' ;;"
        })
                esac
                typed+="${COMP_WORDS[index]} "
            done
        }
        """
    }

    /// The same in `words` of zsh, which begins with the program.
    static var zsh: String {
        """
            local typed=''
            local -i place
            for ((place = 2; place < CURRENT; place++)); do
                case "${typed}${words[place]}" in
        \(cases { entry in
            "        (\(entry.lines.map { "'\($0)'" }.joined(separator: "|"))) "
                + "words[place]='\(entry.name)' ;;"
        })
                esac
                typed+="${words[place]} "
            done

        """
    }

    /// The same in `unparsed_tokens` of fish.
    static var fish: String {
        """
            set -l typed
            for place in (seq (count $unparsed_tokens))
                test $place -gt 1; or continue
                switch "$typed$unparsed_tokens[$place]"
        \(cases { entry in
            "        case \(entry.lines.map { "'\($0)'" }.joined(separator: " "))\n"
                + "            set unparsed_tokens[$place] '\(entry.name)'"
        })
                end
                set typed "$typed$unparsed_tokens[$place] "
            end

        """
    }
}
