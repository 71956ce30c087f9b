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
        .br
        .B auterity serve
        [\\fIoptions\\fR]
        .br
        .B auterity user create
        \\fIEMAIL\\fR [\\fB\\-\\-admin\\fR | \\fB\\-\\-role\\fR \\fIROLE\\fR] [\\fIoptions\\fR]
        .br
        .B auterity user list
        [\\fIoptions\\fR]
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
        .PP
        .B auterity serve
        serves the API over HTTP and WebSocket, and for its own user on a Unix socket in the data
        directory. It runs until SIGINT or SIGTERM: then it accepts nothing new, requests under way
        finish, and executions go on at the next start. A second signal ends it at once. SIGHUP
        reads the certificate again.
        .PP
        .B auterity user create
        makes an account, through the server that has the store open or in the store itself. It
        asks for the password without showing it; when standard input is no terminal, its first
        line is the password.
        .B auterity user list
        lists the accounts.
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
        .B \\-\\-admin
        With user create: the role super_admin, which may do everything.
        .TP
        .B \\-\\-role \\fIROLE\\fR
        With user create: super_admin, admin, operator, user or viewer; may be repeated (default:
        user).
        .TP
        .B \\-\\-first\\-name\\fR, \\fB\\-\\-last\\-name\\fR, \\fB\\-\\-company \\fITEXT\\fR
        With user create: who it is.
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
        Ended by signal N.

        """
    }

    private static var options: String {
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
