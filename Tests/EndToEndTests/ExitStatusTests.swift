import Foundation
import Testing

/// Every exit status that the manual promises, by a real case: a status that is documented and has
/// no case here fails.
@Suite(.timeLimit(.minutes(30))) struct ExitStatusTests {
    /// Lines for a shell in which `auterity` is the program, by the status that they end with.
    private static let cases: [String: [String]] = [
        "0": [
            "auterity --version", "auterity help workflow run", "auterity workflow list",
            "auterity workflow run Fine --watch", "auterity doctor --fast",
            "auterity help wf ls",
        ],
        "1": [
            "auterity --version > /dev/full", "auterity help > /dev/full",
            "auterity workflow run --help > /dev/full", "auterity completion bash > /dev/full",
            "auterity workflow list > /dev/full", "auterity event tail --after 0 > /dev/full",
            "auterity console --once > /dev/full", "auterity workflow list --config absent.yaml",
            "auterity workflow create -f absent.yaml --name a", "auterity eval '1 / 0'",
            "auterity execution cancel \"$FAILED\"",
        ],
        "2": ["auterity < /dev/null", "TERM=nonsense script -qec auterity /dev/null"],
        "3": ["auterity workflow run Failing --watch", "auterity execution watch \"$FAILED\""],
        "4": ["auterity execution watch \"$CANCELLED\""],
        "5": [
            "auterity workflow run Fine --read-only", "auterity workflow delete Fine",
            "auterity workflow run Fine --confirm wrong",
            "auterity workflow run Fine --profile guarded --confirm wrong",
            "auterity workflow list --profile guarded",
            "AUTERITY_TOKEN=nonsense auterity workflow list --profile guarded",
            "auterity demo --count 0 --config read-only.yaml",
            "echo wrong password | auterity login --profile guarded --email a@example.com",
        ],
        "6": [
            "auterity workflow show absent", "auterity execution why absent",
            "auterity workflow list --profile absent", "auterity profile use absent",
            "auterity profile show absent", "auterity profile remove absent",
            "auterity user show absent@example.com", "auterity alert acknowledge absent",
            "auterity workflow show 00000000-0000-4000-8000-000000000001",
        ],
        "7": [
            "auterity workflow list --server http://127.0.0.1:9",
            "auterity workflow list --data-dir /dev/null/store",
        ],
        "64": [
            "auterity bogus", "auterity help bogus", "auterity help workflow bogus",
            "auterity workflow list --bogus", "auterity workflow list -o bogus",
            "auterity workflow list --fields bogus",
            "auterity workflow list --fields bogus -o json",
            "auterity execution list --fields bogus --search absent -o name",
            "auterity health --fields status,bogus", "auterity event tail --type bogus",
            "auterity eval n -i n=$'\\xff'", "auterity workflow show $'\\xff'",
            "AUTERITY_DATA_DIR=$'\\xff' auterity workflow list",
        ],
        "128+N": [
            "auterity event tail & kill -TERM $! && wait $!"
        ],
    ]

    @Test func everyDocumentedStatusHasACase() throws {
        let docs = URL(filePath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent().appending(path: "docs")
        let text = try String(contentsOf: docs.appending(path: "cli.md"), encoding: .utf8)
        let section = try #require(text.components(separatedBy: "## Exit status\n").last)
        let list = try #require(section.components(separatedBy: "\n\n").first)
        let numbers = list.replacing("\n", with: " ").components(separatedBy: " · ").map {
            part in
            String(part.drop { $0 == " " }.prefix { $0 != " " })
        }
        #expect(Set(numbers) == Set(Self.cases.keys))
        let manual = try String(
            contentsOf: docs.appending(path: "man/auterity.1"), encoding: .utf8)
        for number in numbers { #expect(manual.contains("\n.B \(number)\n"), "\(number)") }
    }

    @Test func everyCaseEndsWithItsStatus() throws {
        let server = try ServerProcess()
        let place = try StatusPlace(server.url)
        for (status, lines) in Self.cases.sorted(by: { $0.key < $1.key }) {
            for line in lines {
                let result = try place.shell(line)
                let isRight =
                    status == "128+N" ? result.status > 128 : "\(result.status)" == status
                #expect(isRight, "\(line): \(result.status), not \(status): \(result.errors)")
                if status != "0", status != "128+N" {
                    let said = result.errors + result.output
                    #expect(!said.isEmpty, "\(line) says nothing")
                }
            }
        }
    }

    @Test(arguments: ["--version", "help", "completion bash", "workflow list", "eval 1"])
    func aClosedPipeEndsItAsSignal13DoesAndSilently(words: String) throws {
        let place = try StatusPlace("http://127.0.0.1:9")
        // The reader has gone before the first word: waited for, so that it is sure.
        let result = try place.shell(
            "mkfifo pipe; sleep 600 < pipe & exec 3> pipe; kill $!; wait $!; "
                + "auterity \(words) >&3")
        #expect(result.status == 128 + SIGPIPE, "\(words): \(result.errors)")
        let ours = result.errors.split(separator: "\n").filter { !$0.contains("Terminated") }
        #expect(ours.isEmpty, "\(result.errors)")
    }
}

/// A store with executions that have ended each in their way, and profiles.
private final class StatusPlace {
    private let directory: TemporaryDirectory
    private var variables = ""

    init(_ url: String) throws {
        directory = try TemporaryDirectory()
        try FileManager.default.createDirectory(
            atPath: directory.path + "/bin", withIntermediateDirectories: true)
        let program = directory.path + "/bin/auterity"
        try FileManager.default.createSymbolicLink(
            atPath: program, withDestinationPath: Subprocess.auterity)
        let made = try shell(
            """
            auterity profile add guarded --url \(url) --confirm
            echo 'read_only: true' > read-only.yaml
            \(Self.workflow("Fine", #"{"id": "n", "type": "log", "data": {"message": "m"}}"#))
            \(Self.workflow("Failing", #"{"id": "n", "type": "validate", "data": {"schema": {"required": ["a"]}}}"#))
            \(Self.workflow("Asking", #"{"id": "n", "type": "approval", "data": {"message": "m"}}"#))
            auterity workflow run Failing --watch > /dev/null
            auterity execution list --status failed -q > failed
            auterity workflow run Asking > /dev/null && auterity execution cancel last -q > cancelled
            """)
        guard made.status == 0 else { throw TerminalTestError(made.errors) }
        variables = "FAILED=$(cat failed) CANCELLED=$(cat cancelled); "
    }

    func shell(_ line: String) throws -> Subprocess.Result {
        try Subprocess.run(
            "bash", ["-c", "cd '\(directory.path)'; " + variables + line],
            environment: [
                "PATH": directory.path + "/bin:"
                    + (ProcessInfo.processInfo.environment["PATH"] ?? ""),
                "HOME": directory.path, "XDG_CONFIG_HOME": directory.path + "/configuration",
                "XDG_DATA_HOME": directory.path + "/data", "LANG": "C.UTF-8",
            ])
    }

    private static func workflow(_ name: String, _ node: String) -> String {
        """
        echo '{"nodes": [{"id": "s", "type": "start"}, \(node), {"id": "e", "type": "end"}], \
        "edges": [{"id": "1", "source": "s", "target": "n"}, \
        {"id": "2", "source": "n", "target": "e"}]}' |
            auterity workflow create -f - --name \(name) -q > /dev/null
        """
    }
}
