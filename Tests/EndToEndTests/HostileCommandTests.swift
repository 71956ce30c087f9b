import AuterityAPI
import Foundation
import Testing

/// Commands under what a shell, a file system and other people can do to them.
@Suite(.timeLimit(.minutes(30))) struct HostileCommandTests {
    private static let definition = #"{"nodes": [{"id": "s", "type": "start"}], "edges": []}"#

    private func shell(
        _ line: String, in directory: TemporaryDirectory, _ more: [String: String] = [:],
        input: String = ""
    ) throws -> Subprocess.Result {
        var environment = ConsoleSession.environment(data: directory.path + "/store")
        environment["A"] = Subprocess.auterity
        environment["D"] = directory.path
        environment.merge(more) { $1 }
        return try Subprocess.run("bash", ["-c", line], environment: environment, input: input)
    }

    private func named(_ name: String, in directory: TemporaryDirectory) throws {
        let made = try shell(
            "\"$A\" workflow create -f - --name \"$N\" -q", in: directory, ["N": name],
            input: Self.definition)
        #expect(made.status == 0, "\(made.errors)")
    }

    @Test func aNameCannotReachTheTerminal() throws {
        let directory = try TemporaryDirectory()
        try named("\u{1B}]2;owned\u{7}\u{1B}[31mred\u{202E}\u{9B}1m", in: directory)
        for line in [
            "workflow list", "workflow list -o wide", "workflow list -o yaml",
            "workflow delete \"$(\"$A\" workflow list -q)\" --yes",
        ] {
            let result = try shell("\"$A\" \(line)", in: directory)
            #expect(result.status == 0, "\(result.errors)")
            let scalars = (result.output + result.errors).unicodeScalars
            #expect(!scalars.contains { $0.value == 0x1B || $0.value == 7 }, "\(line)")
            #expect(!scalars.contains { $0.value == 0x9B || $0.value == 0x202E }, "\(line)")
        }
    }

    /// Both open the store, and what writes needs it before what reads.
    @Test func aPipeBetweenTwoCommandsIsNoQuarrelAboutTheStore() throws {
        let directory = try TemporaryDirectory()
        try named("one", in: directory)
        for _ in 0..<3 {
            let same = try shell(
                "set -o pipefail; \"$A\" workflow export one | \"$A\" workflow diff one -f -",
                in: directory)
            #expect(same.status == 0, "\(same.errors)")
            let none = try shell(
                "set -o pipefail; \"$A\" execution list --status waiting -o name "
                    + "| \"$A\" execution cancel - --yes", in: directory)
            #expect(none.status == 0, "\(none.errors)")
            #expect(none.errors.contains("Standard input names no execution."))
        }
    }

    @Test(arguments: [
        // Nobody reads on: no word about it, whatever the pipe's end was.
        ("\"$A\" eval 1 | true", Int32(0), ""),
        ("\"$A\" eval 1 > /dev/full", 1, "cannot be written"),
        ("\"$A\" workflow list -o json > /dev/full", 1, "cannot be written"),
        ("\"$A\" profile list > /dev/full", 1, "cannot be written"),
        ("\"$A\" workflow apply -f \"$D/absent.yaml\"", 1, "No such file"),
        ("\"$A\" workflow create -f \"$D\" --name a", 1, "cannot be read"),
        ("\"$A\" workflow create -f /dev/null --name a", 1, "is empty"),
        ("\"$A\" workflow create -f /dev/zero --name a", 1, "larger than 16 MiB"),
        ("\"$A\" workflow show nothing", 6, "There is no workflow"),
        ("\"$A\" execution show last", 6, "There is no execution"),
        ("\"$A\" eval --conformance \"$D/absent\"", 1, "no case files"),
        ("env -u HOME -u AUTERITY_DATA_DIR \"$A\" eval '1 + 1'", 0, ""),
        ("COLUMNS=1 \"$A\" workflow list", 0, "No workflows found"),
        ("\"$A\" workflow show $'\\xff\\xfe'", 64, "is not UTF-8"),
        ("printf 'name: \\xff' | \"$A\" workflow apply -f -", 1, "line 1, is not UTF-8"),
        ("\"$A\" backup \"$D/copy\"; true", 0, "There is no store"),
        ("AUTERITY_SERVER=https://far.example.com \"$A\" backup \"$D/copy\"", 5, "far.example.com"),
        ("\"$A\" workflow list -o json >&-", 1, "cannot be written"),
        ("\"$A\" workflow apply -f - <&-", 1, "cannot be read"),
        ("\"$A\" workflow list -o json 2>&-", 0, ""),
        ("\"$A\" whoami --config \"$D\"", 1, "Name a file with --config"),
        ("echo theme > \"$D/c\"; \"$A\" whoami --config \"$D/c\"", 1, "holds no settings"),
        (
            "echo ':::' > \"$D/c\"; \"$A\" whoami --config \"$D/c\"", 1,
            "line 1: there is no setting"
        ),
        ("\"$A\" profile add new", 64, "Give its address"),
        ("\"$A\" profile add - --url http://h", 64, "no - at its start"),
        ("\"$A\" restore \"$D/absent\" --data-dir \"$D/r\"", 1, "is no backup"),
    ])
    func whatGoesWrongIsASentenceAndAStatus(line: String, status: Int32, text: String) throws {
        let directory = try TemporaryDirectory()
        let result = try shell(line, in: directory)
        #expect(result.status == status, "\(line): \(result.errors)")
        #expect(
            text.isEmpty ? result.errors.isEmpty : result.errors.contains(text),
            "\(line): \(result.errors)")
        #expect(!result.errors.contains("Fatal"), "\(line)")
    }

    @Test func aPartOfANameDoesForReadingAlone() throws {
        let directory = try TemporaryDirectory()
        try named("Failing survey", in: directory)
        #expect(try shell("\"$A\" workflow show fail", in: directory).status == 0)
        for words in ["delete fail --yes", "run fail", "edit fail"] {
            let refused = try shell("\"$A\" workflow \(words)", in: directory)
            #expect(refused.status == 6, "\(words): \(refused.errors)")
            #expect(refused.errors.contains("Failing survey"), "\(words): \(refused.errors)")
        }
        let execution = "$(\"$A\" workflow run 'failing SURVEY' -q)"
        #expect(try shell("\"$A\" execution show \(execution)", in: directory).status == 0)
        let refused = try shell("\"$A\" execution retry survey", in: directory)
        #expect(refused.status == 6)
        #expect(refused.errors.contains("needs the execution's id"), "\(refused.errors)")
        #expect(
            try shell("\"$A\" workflow delete 'failing SURVEY' --yes", in: directory).status == 0)
    }

    @Test func aFileIsJudgedAsTheWorkflowThatItNames() throws {
        let directory = try TemporaryDirectory()
        let made = try shell(
            """
            "$A" template instantiate "Parts Inquiry and Availability" -q \
                -i dealership_name=Ridge -i inventory_url=https://stock.example.com \
                -i inventory_key=secret-key -i parts_email=parts@example.com > "$D/id"
            "$A" workflow export "$(cat "$D/id")" -o yaml > "$D/file.yaml"
            """, in: directory)
        #expect(made.status == 0, "\(made.errors)")
        let judged = try shell("\"$A\" workflow validate -f \"$D/file.yaml\"", in: directory)
        #expect(judged.status == 0, "\(judged.errors)")
        #expect(!judged.output.contains("no parameter"), "\(judged.output)")
        // Elsewhere there is no such workflow, and nothing has parameters.
        let far = try shell(
            "\"$A\" workflow validate -f \"$D/file.yaml\" --data-dir \"$D/far\"", in: directory)
        #expect(far.status == 0, "\(far.errors)")
        #expect(far.output.contains("no parameter"), "\(far.output)")
    }

    @Test func theFaultOfAFileNamesTheFileAndTheNode() throws {
        let directory = try TemporaryDirectory()
        let refused = try shell(
            "\"$A\" workflow create -f - --name a", in: directory,
            input: """
                {"nodes": [{"id": "start", "type": "start"},
                    {"id": "price", "type": "transform", "data": {}}],
                 "edges": [{"source": "start", "target": "price"}]}
                """)
        #expect(refused.status == 1)
        #expect(refused.errors.contains("- is not right"), "\(refused.errors)")
        #expect(refused.errors.contains("(node \"price\")"), "\(refused.errors)")
    }

    @Test func aMegabyteOfInputIsTakenOrRefusedInWords() throws {
        let directory = try TemporaryDirectory()
        try named("big", in: directory)
        let size = 1 << 20
        let large = #"{"text": ""# + String(repeating: "x", count: size) + #""}"#
        let result = try shell(
            "\"$A\" workflow run big --input-file -", in: directory, input: large)
        #expect(result.status == 1)
        #expect(result.errors.contains("input"), "\(result.errors)")
        let small = #"{"text": ""# + String(repeating: "x", count: size / 2) + #""}"#
        let taken = try shell(
            "\"$A\" workflow run big --input-file - --watch -o json", in: directory, input: small)
        #expect(taken.status == 0, "\(taken.errors)")
    }

    @Test func aBackupIsTakenWhileAServerWrites() throws {
        let server = try ServerProcess()
        let directory = try TemporaryDirectory()
        let environment = ConsoleSession.environment(data: server.directory.path)
        func run(_ words: [String]) throws -> Subprocess.Result {
            try Subprocess.run(Subprocess.auterity, words, environment: environment)
        }
        let file = directory.path + "/w.json"
        try Self.definition.write(toFile: file, atomically: true, encoding: .utf8)
        for number in 1...3 {
            #expect(
                try run(["workflow", "create", "-f", file, "--name", "w\(number)"]).status == 0)
            #expect(try run(["workflow", "run", "w\(number)", "--watch"]).status == 0)
            let copy = directory.path + "/copy\(number)"
            let made = try run(["backup", copy, "-o", "json"])
            #expect(made.status == 0, "\(made.errors)")
            #expect(made.output.contains("\"workflows\": \(number)"), "\(made.output)")
            #expect(try run(["backup", "--verify", copy]).status == 0)
            #expect(try run(["backup", copy]).errors.contains("is there already"))
        }
        let restored = directory.path + "/restored"
        let back = try run(["restore", directory.path + "/copy2", "--data-dir", restored])
        #expect(back.status == 0, "\(back.errors)")
        let list = try run(["workflow", "list", "--data-dir", restored, "-o", "json"])
        #expect(list.output.contains("\"w2\"") && !list.output.contains("\"w3\""))
        let again = try run(["restore", directory.path + "/copy2", "--data-dir", restored])
        #expect(again.errors.contains("There is a store"))
        let examined = try run(["doctor", "-o", "ndjson"])
        #expect(examined.status == 0, "\(examined.output)")
        #expect(examined.output.contains("process "), "the owner is named")
    }

    @Test func aChangedBackupIsFoundOut() throws {
        let directory = try TemporaryDirectory()
        try named("kept", in: directory)
        let made = try shell("\"$A\" backup \"$D/copy\"", in: directory)
        #expect(made.status == 0, "\(made.errors)")
        let spoilt = try shell(
            """
            printf x | dd of="$D/copy/auterity.db" bs=1 seek=9000 conv=notrunc 2>/dev/null
            "$A" backup --verify "$D/copy"
            """, in: directory)
        #expect(spoilt.status == 1)
        #expect(spoilt.errors.contains("is not what was backed up"), "\(spoilt.errors)")
    }

    @Test func whatTheDoctorFindsEndsWith1() throws {
        let directory = try TemporaryDirectory()
        try named("kept", in: directory)
        let opened = try shell(
            "chmod 644 \"$D/store/secrets.key\"; \"$A\" doctor", in: directory)
        #expect(opened.status == 1)
        #expect(opened.output.contains("secrets.key has mode 0644"), "\(opened.output)")
        let unreadable = try shell(
            "echo 'nonsense: 1' > \"$D/c.yaml\"; \"$A\" doctor --config \"$D/c.yaml\"",
            in: directory)
        #expect(unreadable.status == 1)
        #expect(unreadable.output.contains("there is no setting nonsense"))
        let secret = try shell(
            "\"$A\" doctor -o json", in: directory,
            [
                "AUTERITY_OPENAI_API_KEY": "sk-hidden-away",
                "AUTERITY_SMTP_URL": "smtp://me:hidden-away@mail.example.com:587",
            ])
        #expect(secret.output.contains("mail.example.com"))
        #expect(!secret.output.contains("hidden-away"))
    }
}
