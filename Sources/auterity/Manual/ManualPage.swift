/// The manual page auterity(1), in roff, made from the list of settings.
enum ManualPage {
    static var text: String {
        """
        .TH AUTERITY 1 "" "Auterity \(Product.version)" "User Commands"
        .SH NAME
        auterity \\- operations console for workflow automation
        .SH SYNOPSIS
        .B auterity
        [\\fIoptions\\fR]
        .br
        .B auterity
        .B \\-\\-once
        [\\fB\\-\\-size\\fR \\fIWxH\\fR] [\\fB\\-\\-screen\\fR \\fINAME\\fR]
        .br
        .B auterity demo
        [\\fB\\-\\-remove\\fR | \\fB\\-\\-count\\fR \\fINUMBER\\fR] [\\fIoptions\\fR]
        .SH DESCRIPTION
        .B auterity
        opens the console on the embedded engine: workflows, templates, live executions and health
        in one terminal. Press
        .B ?
        for the keys that work where you are, and
        .B :
        for every command.
        .PP
        .B auterity \\-\\-once
        prints one frame as text and ends, for scripts and for a look without a terminal. The store
        must not be open in another process.
        .PP
        .B auterity demo
        makes sample workflows and keeps a gentle, bounded stream of executions going until
        Ctrl-C;
        .B \\-\\-remove
        takes all of it away again.
        .SH OPTIONS
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
        .B \\-\\-remove
        With demo: take the demo away, with all its executions.
        .TP
        .B \\-\\-count \\fINUMBER\\fR
        With demo: stop after so many executions.
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
        underscores, as in AUTERITY_DATA_DIR. AUTERITY_CONFIG names the configuration file.
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
        open, and secrets.key, which its secrets are encrypted with.
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
        .B 64
        The command line is wrong.
        .TP
        .B 128+N
        Ended by signal N.

        """
    }

    private static var options: String {
        Setting.all.map { setting in
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
        case .text, .toggle: "TEXT"
        }
    }
}
