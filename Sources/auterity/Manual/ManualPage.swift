/// The manual page auterity(1), in roff, made from the commands and the list of settings.
struct ManualPage {
    /// The tree of the commands.
    let root: CommandDescription

    var text: String {
        """
        .TH AUTERITY 1 "" "Auterity \(Product.version)" "User Commands"
        .SH NAME
        auterity \\- operations console for workflow automation
        .SH SYNOPSIS
        .B auterity
        [\\fIoptions\\fR]
        .br
        .B auterity
        \\fICOMMAND\\fR [\\fIarguments\\fR] [\\fIoptions\\fR]
        .SH DESCRIPTION
        .B auterity
        opens the console on the embedded engine: workflows, templates, live executions and health
        in one terminal. Press
        .B ?
        for the keys that work where you are, and
        .B :
        for every command of the console. Where a server owns the store, it goes there.
        .PP
        The commands below speak to the same engine without a screen, each with a page of its own.
        Things are named by their id or by their name; an execution also as
        .BR last ,
        which is the newest.
        .SH COMMANDS
        \(commands)
        .SH OUTPUT
        What was asked for goes to standard output, what is said to people to standard error.
        .TP
        .B \\-o\\fR, \\fB\\-\\-output \\fIFORMAT\\fR
        How to print: table (the default, fitted to the terminal), wide (every column), json, yaml,
        ndjson (a JSON value a line: a line for each item of a list) or name (ids, for other
        commands; a status where there is none).
        .TP
        .B \\-\\-fields \\fIKEY,KEY\\fR
        Only these keys; one that is not there is refused with those that are.
        .TP
        .B \\-q\\fR, \\fB\\-\\-quiet
        The same as \\-o name.
        .SH OPTIONS
        Those of the console, and the settings: each command takes those that it uses.
        .TP
        .B \\-\\-once
        Print one frame as text and end.
        .TP
        .B \\-\\-size \\fIWxH\\fR
        The size of that frame, columns and rows (default: 120x32).
        .TP
        .B \\-\\-screen \\fINAME\\fR
        The screen to begin with, as it is typed behind : in the console: health, logs,
        \"workflow Lead Qualification\" (default: overview).
        .TP
        .B \\-\\-config \\fIFILE\\fR
        The configuration file to read (default: $XDG_CONFIG_HOME/auterity/config.yaml).
        \(options)
        .TP
        .B \\-\\-version
        Print the version.
        .TP
        .B \\-\\-help
        Print the help.
        .SH ENVIRONMENT
        Every setting has an environment variable: AUTERITY_ and its name in capitals, with
        underscores, as in AUTERITY_DATA_DIR. AUTERITY_TOKEN has no option: a token to use instead
        of those that auterity login keeps. AUTERITY_CONFIG names the configuration file.
        A secret, such as AUTERITY_JWT_SECRET, is also read from the file jwt_secret in
        $CREDENTIALS_DIRECTORY, where systemd puts what LoadCredential= names.
        NO_COLOR, when it is set, takes the colours away. VISUAL, else EDITOR, else vi is the
        editor.
        .SH FILES
        .TP
        .I ~/.config/auterity/config.yaml
        Settings: the options' names with underscores as keys, as in data_dir.
        .TP
        .I ~/.config/auterity/themes/*.yaml
        Your own themes.
        .TP
        .I ~/.local/share/auterity/auterity.db
        The database of the embedded engine. Beside it lie auterity.lock, which holds who has it
        open, secrets.key, which its secrets are encrypted with, and jwt.key, which access tokens
        are signed with.
        .TP
        .I ~/.local/share/auterity/auterity.sock
        The Unix socket of the server while it runs. Only its own user can connect, and is the
        administrator there.
        .TP
        .I ~/.local/state/auterity/auterity.log
        What the program had to say while the screen was taken.
        .SH EXIT STATUS
        .TP
        .B 0
        All went well.
        .TP
        .B 1
        What was asked for failed, or a setting cannot be used; standard error says why.
        .TP
        .B 2
        The terminal cannot be used: none there, or one of an unknown kind.
        .TP
        .B 3
        The execution that was waited for failed.
        .TP
        .B 4
        The execution that was waited for was cancelled.
        .TP
        .B 5
        Nobody is logged in, the permission is missing, or the profile is read-only or its name was
        not confirmed.
        .TP
        .B 6
        There is no such thing.
        .TP
        .B 7
        The store or the server cannot be reached.
        .TP
        .B 64
        The command line is wrong.
        .TP
        .B 128+N
        Ended by signal N; by SIGPIPE, without a word, where the reader of a pipe has gone.
        .SH SEE ALSO
        \(root.subcommands.map { ".BR \(Roff.text($0.path.joined(separator: "-"))) (1)" }
            .joined(separator: ",\n"))

        """
    }

    private var commands: String {
        root.subcommands.map { command in
            let words = command.subcommands.map(\.word).joined(separator: ", ")
            let more = words.isEmpty ? "" : "\nCommands: \(Roff.text(words))."
            return """
                .TP
                .BR \(Roff.text(command.path.joined(separator: "-"))) (1)
                \(Roff.text(command.abstract))\(more)
                """
        }.joined(separator: "\n")
    }

    private var options: String {
        Setting.all.filter(\.hasFlag).map { setting in
            let value =
                if case .toggle = setting.kind { "" } else { " \\fI\(setting.valueName)\\fR" }
            return """
                .TP
                .B \(setting.flag.replacing("-", with: "\\-"))\(value)
                \(setting.summary.replacing("-", with: "\\-")) (default: \(setting.defaultText)).
                """
        }.joined(separator: "\n")
    }
}

extension Setting {
    fileprivate var valueName: String {
        switch kind {
        case .path: "PATH"
        case .number: "NUMBER"
        case .choice: "WORD"
        case .rate: "NUMBER/SECONDS"
        case .text, .toggle: "TEXT"
        }
    }
}
