import Foundation
import Testing

/// What a shell offers after Tab.
@Suite(.timeLimit(.minutes(30))) struct CompletionTests {
    /// The words that bash offers for a line, by the script that the program prints.
    private func offered(_ words: [String], in directory: TemporaryDirectory) throws -> [String] {
        let quoted = words.map { "'" + $0.replacing("'", with: "'\\''") + "'" }
        let script = """
            source <("$0" completion bash)
            COMP_WORDS=("$0" \(quoted.joined(separator: " ")))
            COMP_LINE="${COMP_WORDS[*]}"
            COMP_LINE="${COMP_LINE// : /:}" COMP_LINE="${COMP_LINE// = /=}"
            COMP_POINT=${#COMP_LINE}
            COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
            __auterity_line "$0" "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD - 1]}"
            printf '%s\\n' "${COMPREPLY[@]}"
            """
        let result = try Subprocess.run(
            "bash", ["--norc", "-c", script, Subprocess.auterity],
            environment: ConsoleSession.environment(data: directory.path))
        #expect(result.errors.isEmpty, "\(result.errors)")
        return result.output.split(separator: "\n").map(String.init)
    }

    @Test func commandsOptionsAndValuesAreOffered() throws {
        let directory = try TemporaryDirectory()
        #expect(try offered(["workfl"], in: directory) == ["workflow"])
        #expect(try offered(["execution", "re"], in: directory) == ["retry"])
        #expect(try offered(["health", "-o", "y"], in: directory) == ["yaml"])
        #expect(try offered(["workflow", "run", "--idem"], in: directory) == ["--idempotency-key"])
    }

    @Test func namesAreOfferedAndNothingInThemIsExecuted() throws {
        let directory = try TemporaryDirectory()
        let mark = directory.path + "/mark"
        let environment = ConsoleSession.environment(data: directory.path)
        let definition = #"{"nodes": [{"id": "s", "type": "start"}], "edges": []}"#
        for name in ["Lead Qualification", "$(touch \(mark))", "`touch \(mark)`", "two\nlines"] {
            let made = try Subprocess.run(
                Subprocess.auterity, ["workflow", "create", "-f", "-", "--name", name],
                environment: environment, input: definition)
            #expect(made.status == 0, "\(made.errors)")
        }
        let words = try offered(["workflow", "run", ""], in: directory)
        #expect(words.contains("Lead\\ Qualification"))
        #expect(words.contains { $0.hasPrefix("\\$\\(touch") })
        #expect(words.count == 3)
        #expect(!FileManager.default.fileExists(atPath: mark))
        #expect(
            try offered(["workflow", "run", "Lead"], in: directory) == ["Lead\\ Qualification"])
    }

    @Test(arguments: [
        ["workflow", "run", "--server", "http://127.0.0.1:9", ""],
        ["workflow", "run", "--profile", "absent", ""],
        ["workflow", "run", "--data-dir", "/nowhere", ""],
        ["execution", "show", "--config", "/nowhere/config.yaml", ""],
    ])
    func whatIsInTheWayOffersNothingAndSaysNothing(words: [String]) throws {
        let directory = try TemporaryDirectory()
        #expect(try offered(words, in: directory).allSatisfy { $0.hasPrefix("-") })
    }

    /// What a person types, as readline parts it: at blanks, and at `:` and `=`.
    @Test(arguments: [
        (["--profile", ""], "production"), (["--profile", "=", "pro"], "production"),
        (["--profi"], "--profile"), (["--scree"], "--screen"),
        (["workflow", "list", "--profile", ""], "production"),
        (["workflow", "list", "--profile", "=", "pro"], "production"),
        (["workflow", "list", "--confirm", ""], "production"),
        (["health", "--output", "=", "nd"], "ndjson"),
        (["health", "--server", "http", ":", "//127.0.0.1", ":", "9", "--prof"], "--profile"),
        (["event", "tail", "--type", "sys"], "system_alert"),
        (["log", "--level", "w"], "warning"), (["execution", "list", "--status", "w"], "waiting"),
        (["user", "create", "--role", "op"], "operator"), (["help", "workf"], "workflow"),
        // The other names of commands.
        (["wf", "valid"], "validate"), (["wf", "ls", "--sear"], "--search"),
        (["runs", "ls", "--status", "w"], "waiting"), (["execution", "get", "--fie"], "--fields"),
        // The names that are somewhere.
        (["--theme", "midn"], "midnight"), (["--theme", "=", "midn"], "midnight"),
        (["profile", "add", "x", "--theme", "midn"], "midnight"), (["--screen", "hea"], "health"),
        (["templates", "ls", "--category", "mark"], "marketing"),
    ])
    func aLineAsReadlinePartsItIsUnderstood(words: [String], wanted: String) throws {
        let directory = try TemporaryDirectory()
        let environment = ConsoleSession.environment(data: directory.path)
        let added = try Subprocess.run(
            Subprocess.auterity,
            ["profile", "add", "production", "--url", "https://auterity.example.com"],
            environment: environment)
        #expect(added.status == 0, "\(added.errors)")
        // Makes the store, with the templates that it begins with.
        let listed = try Subprocess.run(
            Subprocess.auterity, ["template", "list"], environment: environment)
        #expect(listed.status == 0, "\(listed.errors)")
        #expect(try offered(words, in: directory) == [wanted])
    }

    /// A real readline, which a person's Tab goes through.
    @Test func tabInARealBashCompletesAProfile() throws {
        let directory = try TemporaryDirectory()
        let environment = ConsoleSession.environment(data: directory.path)
        let line = """
            "$A" profile add production --url https://auterity.example.com -q
            mkdir bin; ln -s "$A" bin/auterity; export PATH="$PWD/bin:$PATH"
            printf '%s' "source <(auterity completion bash); PS1=
            auterity --profile pro\t--once --size 20x5 --server=http://a:1 --confi\tx; exit
            " | script -qec 'bash --norc --noprofile -i' /dev/null
            """
        var variables = environment
        variables["A"] = Subprocess.auterity
        let result = try Subprocess.run(
            "bash", ["-c", "cd '\(directory.path)'; " + line.replacing("\\t", with: "\t")],
            environment: variables)
        #expect(result.output.contains("--profile production"), "\(result.output)")
        #expect(result.output.contains("--config x"), "\(result.output)")
    }

    @Test(arguments: ["bash", "zsh", "fish"])
    func theScriptIsOneThatTheShellReads(shell: String) throws {
        let directory = try TemporaryDirectory()
        let printed = try Subprocess.run(
            Subprocess.auterity, ["completion", shell],
            environment: ConsoleSession.environment(data: directory.path))
        #expect(printed.status == 0)
        #expect(printed.output.contains("auterity"))
        let path = directory.path + "/script"
        try printed.output.write(toFile: path, atomically: true, encoding: .utf8)
        // A machine need not have every shell.
        guard try Subprocess.run("sh", ["-c", "command -v \(shell)"]).status == 0 else { return }
        let read = try Subprocess.run(shell, ["-n", path])
        #expect(read.status == 0, "\(read.errors)")
    }
}
