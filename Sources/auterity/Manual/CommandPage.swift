/// The manual page of one command with all that stands below it, such as auterity-workflow(1).
struct CommandPage {
    let command: CommandDescription

    /// Such as `auterity-workflow`.
    var name: String { command.path.joined(separator: "-") }

    var text: String {
        let body = command.leaves.flatMap(section)
        return """
            .TH \(name.uppercased()) 1 "" "Auterity \(Product.version)" "User Commands"
            .SH NAME
            \(Roff.text(name)) \\- \(Roff.text(summary))
            .SH SYNOPSIS
            \(command.leaves.map(synopsis).joined(separator: "\n.br\n"))
            \(description)
            \(body.joined(separator: "\n"))
            .SH SEE ALSO
            .BR auterity (1),
            which has the options that all commands take, the files and the exit status.

            """
    }

    private var summary: String {
        let text =
            command.abstract.hasSuffix(".") ? String(command.abstract.dropLast()) : command.abstract
        return text.prefix(1).lowercased() + text.dropFirst()
    }

    private var description: String {
        guard !command.subcommands.isEmpty, !command.discussion.isEmpty else {
            return ".SH DESCRIPTION"
        }
        return ".SH DESCRIPTION\n" + Roff.paragraphs(command.discussion)
    }

    private func synopsis(_ leaf: CommandDescription) -> String {
        var words = [Roff.bold(leaf.name)]
        for argument in leaf.arguments where argument.kind == .positional {
            let name = Roff.italic(argument.valueName.uppercased())
            let word = argument.isRepeating ? "\(name)..." : name
            words.append(argument.isOptional ? "[\(word)]" : word)
        }
        let required = leaf.arguments.filter {
            $0.kind == .option && !$0.isOptional && $0.section == nil
        }
        for argument in required { words.append(usage(argument)) }
        words.append("[\\fIoptions\\fR]")
        return words.joined(separator: " ")
    }

    private func section(_ leaf: CommandDescription) -> [String] {
        var lines: [String] = []
        if leaf.path.count > command.path.count { lines.append(".SS \(Roff.text(leaf.name))") }
        lines.append(Roff.text(leaf.abstract))
        if !leaf.discussion.isEmpty { lines.append(".PP\n" + Roff.paragraphs(leaf.discussion)) }
        if !leaf.aliases.isEmpty {
            lines.append(".PP\nAlso: \(leaf.aliases.map(Roff.bold).joined(separator: ", ")).")
        }
        for argument in leaf.arguments
        where argument.section == nil && !argument.isForOutput && !argument.isForHelp {
            lines.append(".TP\n\(usage(argument))\n\(Roff.text(explanation(argument)))")
        }
        if leaf.arguments.contains(where: \.isForOutput) {
            lines.append(".PP\nIt takes the options of output.")
        }
        lines.append(".PP\n\(leaf.examples.count == 1 ? "Example:" : "Examples:")\n.PP\n.RS\n.nf")
        lines += leaf.examples.map(Roff.text)
        lines.append(".fi\n.RE")
        return lines
    }

    private func usage(_ argument: ArgumentDescription) -> String {
        switch argument.kind {
        case .positional: Roff.italic(argument.valueName.uppercased())
        case .flag: argument.names.map(Roff.bold).joined(separator: ", ")
        case .option:
            argument.names.map(Roff.bold).joined(separator: ", ")
                + " " + Roff.italic(argument.valueName.uppercased())
        }
    }

    private func explanation(_ argument: ArgumentDescription) -> String {
        guard let value = argument.defaultValue, argument.kind != .flag else {
            return argument.abstract
        }
        return "\(argument.abstract) (default: \(value))"
    }
}

/// The pages of the manual.
enum Manual {
    /// Texts by the names of their files.
    ///
    /// - Throws: when the declarations cannot be read.
    static func pages() throws -> [String: String] {
        let root = try CommandDescription.root()
        var pages = ["auterity.1": Roff.plain(ManualPage(root: root).text)]
        for command in root.subcommands {
            let page = CommandPage(command: command)
            pages["\(page.name).1"] = Roff.plain(page.text)
        }
        return pages
    }

    /// Every command with a sentence, as a table in Markdown for docs/cli.md.
    ///
    /// - Throws: when the declarations cannot be read.
    static func commandTable() throws -> String {
        let rows = try CommandDescription.root().subcommands.map { command -> String in
            let words = command.subcommands.map(\.word).joined(separator: ", ")
            let what = command.abstract + (words.isEmpty ? "" : " \(words)")
            return "| `\(command.word)` | \(what) |"
        }
        return (["| command | what it does |", "| --- | --- |"] + rows).joined(separator: "\n")
    }
}
