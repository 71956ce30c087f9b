import AuterityAPI
import Foundation
import Testing

@testable import auterity

/// Every example of the help, which is every example of the manual, does what it says: it is run
/// in a shell against a server that owns a store, in the order of the manual.
@Suite(.timeLimit(.minutes(30))) struct ManualExampleTests {
    /// What is made ready for an example, in the same shell and before it.
    private static let preparations: [String: String] = [
        "auterity workflow apply -f workflows/ --dry-run":
            "mkdir -p workflows && cp lead.yaml survey.json workflows/",
        "auterity workflow delete \"Old survey\" --yes":
            "auterity workflow create -f survey.json --name 'Old survey'",
        "auterity workflow diff \"Lead Qualification\" -f lead.yaml":
            "sed -i s/Hello/Goodbye/ lead.yaml",
        "auterity template delete \"Old follow-up\" --yes":
            "sed 's/^name:.*/name: Old follow-up/' follow-up.yaml > old.yaml; "
            + "auterity template create -f old.yaml",
        "auterity execution cancel last": "auterity workflow run Asking",
        "auterity execution list --status waiting -q | auterity execution cancel - --yes":
            "auterity workflow run Asking",
        "auterity execution retry last --from send_email --watch":
            "auterity workflow run Failing --watch || true",
        "auterity execution approve last --comment \"checked with Ann\"":
            "auterity workflow run Asking",
        "auterity execution approve last --reject": "auterity workflow run Asking",
        "auterity execution logs last --level warning": "auterity workflow run Logging -w",
        "auterity log --level warning --since 1h --search smtp": "auterity workflow run Logging -w",
        "auterity alert list --open": "auterity workflow run Telling -w",
        "auterity login --server https://auterity.example.com --email ann@example.com":
            "auterity user update ann@example.com --activate",
        // The example before it has logged out.
        "auterity whoami --profile production":
            "auterity login --profile production --email ann@example.com",
        "auterity demo --remove": "auterity demo --count 0",
    ]

    /// What ends with another status than 0.
    private static let statuses: [String: Int32] = [
        "auterity workflow diff \"Lead Qualification\" --from 2 --to 3": ExitStatus.failure,
        "auterity workflow diff \"Lead Qualification\" -f lead.yaml": ExitStatus.failure,
        // What failed there fails again.
        "auterity execution retry last --from send_email --watch": ExitStatus.executionFailed,
    ]

    /// What takes something away again that would make names ambiguous.
    private static let cleaning: [String: String] = [
        "auterity workflow create -f lead.yaml --name \"Lead Qualification\"":
            "auterity workflow delete \"$(auterity workflow list --limit 1 -q)\" --yes"
    ]

    @Test func everyExampleOfTheManualWorks() throws {
        let place = try ExamplePlace()
        for command in try CommandDescription.root().leaves {
            for example in command.examples {
                // The server of this test is that example, on a port of its own.
                if example == "auterity serve --port 8000" { continue }
                try run(example, place)
            }
        }
    }

    private func run(_ example: String, _ place: ExamplePlace) throws {
        let what = Comment(rawValue: example)
        if let lines = Self.preparations[example] {
            let made = try place.shell(lines)
            #expect(made.status == 0, "\(example): \(made.errors)")
        }
        let result = try place.shell(
            example.replacing("https://auterity.example.com", with: place.url))
        #expect(
            result.status == Self.statuses[example] ?? 0, "\(example): \(result.errors)")
        var said = result.output + result.errors
        if let match = example.wholeMatch(of: /.* > ([a-z.]+)/) {
            let file = match.1
            said = try place.shell("cat \(file)").output
        }
        #expect(!said.isEmpty, what)
        if let lines = Self.cleaning[example] { _ = try place.shell(lines) }
    }
}

/// A directory with the files that the examples name, and a server with what they name.
private final class ExamplePlace {
    let server: ServerProcess
    private let directory: TemporaryDirectory
    var url: String { server.url }

    init() throws {
        directory = try TemporaryDirectory()
        let outbox = directory.path + "/outbox"
        try FileManager.default.createDirectory(
            atPath: outbox, withIntermediateDirectories: true)
        server = try ServerProcess(environment: [
            "AUTERITY_MAIL_OUTBOX": outbox, "AUTERITY_MAIL_FROM": "auterity@example.com",
            "AUTERITY_RATE_LIMITS": "off",
        ])
        try write(
            "bin/auterity", "#!/bin/sh\nexec '\(Subprocess.auterity)' \"$@\"\n", mode: 0o755)
        try write(
            "configuration/auterity/config.yaml",
            """
            profiles:
              production:
                url: \(server.url)
              staging:
                url: \(server.url)
            """)
        for (name, text) in Self.files { try write(name, text) }
        let made = try shell(
            """
            auterity workflow create -f lead.yaml
            sed s/Hello/Hi/ lead.yaml > next.yaml && auterity workflow apply -f next.yaml
            auterity workflow apply -f lead.yaml
            auterity workflow create -f asking.yaml && auterity workflow create -f failing.yaml
            auterity workflow create -f telling.yaml && auterity workflow create -f logging.yaml
            auterity user create --admin root@example.com
            """)
        guard made.status == 0 else { throw TerminalTestError(made.errors) }
    }

    /// Runs lines with the password of the accounts as standard input.
    func shell(_ lines: String) throws -> Subprocess.Result {
        var lines = lines
        let secret = "correct horse battery\n"
        // That one also asks for the email.
        let input =
            lines == "auterity login --profile production" ? "ann@example.com\n" + secret : secret
        // One store has one owner: the demo is embedded, and gets its own.
        if lines.hasPrefix("auterity demo") {
            lines = "AUTERITY_DATA_DIR='\(directory.path)/demo' " + lines
        }
        return try Subprocess.run(
            "sh", ["-c", "cd '\(directory.path)' || exit 99\n" + lines],
            environment: [
                "PATH": directory.path + "/bin:"
                    + (ProcessInfo.processInfo.environment["PATH"] ?? ""),
                "HOME": directory.path, "XDG_CONFIG_HOME": directory.path + "/configuration",
                "AUTERITY_DATA_DIR": server.directory.path,
                "VISUAL": "sed -i s/Hello/Hello,/",
            ], input: input)
    }

    private func write(_ name: String, _ text: String, mode: Int = 0o600) throws {
        let path = directory.path + "/" + name
        try FileManager.default.createDirectory(
            atPath: URL(filePath: path).deletingLastPathComponent().path,
            withIntermediateDirectories: true)
        try text.write(toFile: path, atomically: true, encoding: .utf8)
        try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
    }

    private static func workflow(_ name: String, _ node: String) -> String {
        """
        name: \(name)
        definition:
          nodes:
            - {id: start, type: start}
            - \(node)
            - {id: end, type: end, data: {output: {said: "'Hello'"}}}
          edges:
            - {id: e1, source: start, target: send_email}
            - {id: e2, source: send_email, target: end}
        """
    }

    private static let files = [
        "lead.yaml": workflow(
            "Lead Qualification",
            "{id: send_email, type: email, data: {to: ann@example.com, subject: s, body: b}}"),
        "survey.json": #"{"name": "Survey", "definition": {"nodes": [{"id": "start", "#
            + #""type": "start"}, {"id": "end", "type": "end"}], "edges": [{"id": "e", "#
            + #""source": "start", "target": "end"}]}}"#,
        "asking.yaml": workflow(
            "Asking", "{id: send_email, type: approval, data: {message: Well?}}"),
        "failing.yaml": workflow(
            "Failing",
            "{id: send_email, type: validate, data: {schema: {type: object, required: [missing]}}}"),
        "telling.yaml": workflow(
            "Telling", "{id: send_email, type: notify, data: {severity: warning, message: smtp}}"),
        "logging.yaml": workflow(
            "Logging", "{id: send_email, type: log, data: {level: warning, message: smtp}}"),
        "lead.json": #"{"email": "ann@example.com"}"#,
        "order.json": #"{"amount": 21}"#,
        "cases/sums.json":
            #"[{"section": "sums", "name": "one", "expr": "1 + 1", "value": {"int": "2"}}]"#,
        "follow-up.yaml": """
        name: Follow-up
        category: sales
        definition:
          nodes:
            - {id: start, type: start}
            - {id: end, type: end}
          edges:
            - {id: e1, source: start, target: end}
        """,
    ]
}
