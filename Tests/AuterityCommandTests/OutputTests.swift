import ArgumentParser
import AuterityAPI
import Testing
import Yams

@testable import auterity

@Suite struct OutputTests {
    private static let now = Timestamp(milliseconds: 1_754_649_000_000)

    private func printed(
        _ format: OutputFormat, fields: String? = nil, width: Int? = nil,
        _ body: (Printer) throws -> Void
    ) rethrows -> [String] {
        var options = OutputOptions()
        options.output = format
        options.fields = fields
        options.quiet = false
        var lines: [String] = []
        let printer = Printer(
            options: options, terminalWidth: width, hasColor: false, now: Self.now,
            write: { lines.append($0) })
        try body(printer)
        return lines
    }

    private static let items: [JSONValue] = [
        [
            "id": "a1", "name": "Lead Qualification, spring campaign", "is_active": true,
            "execution_count": 42, "last_execution": "2025-08-08T10:28:00Z",
        ],
        [
            "id": "b2", "name": "日本語 \u{1B}[31mred\u{202E}", "is_active": false,
            "execution_count": 0, "last_execution": nil,
        ],
    ]

    private static let columns = [
        Column("ID", "id"), Column("NAME", "name", flexible: true),
        Column("ACTIVE", "is_active", .yesNo), Column("RUNS", "execution_count", .count),
        Column("LAST RUN", "last_execution", .age),
    ]

    @Test func aTableFitsTheTerminalAndShowsNothingThatControlsIt() {
        let lines = printed(.table, width: 50) {
            try? $0.values(Self.items, columns: Self.columns)
        }
        #expect(lines.count == 3)
        #expect(lines[0] == "ID  NAME                    ACTIVE  RUNS  LAST RUN")
        #expect(lines[1] == "a1  Lead Qualification, s…  yes       42        2m")
        #expect(lines.allSatisfy { !$0.unicodeScalars.contains { $0.value == 0x1B } })
        #expect(lines.allSatisfy { !$0.contains("\u{202E}") })
    }

    @Test func withoutATerminalNothingIsCut() {
        let lines = printed(.table) { try? $0.values(Self.items, columns: Self.columns) }
        #expect(lines[1].contains("Lead Qualification, spring campaign"))
    }

    @Test func jsonIsOneValueAndNDJSONOneALine() throws {
        let json = try printed(.json) { try $0.values(Self.items, columns: Self.columns) }
        #expect(
            try JSONValue(parsing: Array(json.joined(separator: "\n").utf8)) == .array(Self.items))
        let lines = try printed(.ndjson) { try $0.values(Self.items, columns: Self.columns) }
        #expect(try lines.map { try JSONValue(parsing: Array($0.utf8)) } == Self.items)
    }

    @Test func namesAreIdsOneALine() throws {
        #expect(
            try printed(.name) { try $0.values(Self.items, columns: Self.columns) } == ["a1", "b2"])
    }

    @Test func fieldsPickKeys() throws {
        let lines = try printed(.json, fields: "id, execution_count") {
            try $0.values([Self.items[0]], columns: Self.columns)
        }
        #expect(
            try JSONValue(parsing: Array(lines.joined(separator: "\n").utf8))
                == [["id": "a1", "execution_count": 42]])
    }

    /// A wrong command line says that nothing was done, and who reads that does it again.
    @Test func aKeyThatIsNotThereIsNoErrorOfAChange() async throws {
        try await CommandWorld.with(remote: true) { world in
            let workflow = try await world.workflow()
            let run = try await world.run(
                ["workflow", "run", workflow.name, "--fields", "nope,status", "-o", "json"])
            #expect(run.status == 0)
            #expect(run.text.contains("\"status\""), "\(run.text)")
            await #expect(throws: SettingError.self) {
                try await world.run(["workflow", "list", "--fields", "nope"])
            }
        }
    }

    @Test(arguments: ["", ",", " , "])
    func fieldsThatNameNoKeyAreAWrongCommandLine(text: String) {
        #expect {
            try OutputOptions.parse(["--fields", text])
        } throws: {
            OutputOptions.exitCode(for: $0) == .validationFailure
                && OutputOptions.message(for: $0).contains("such as id,name")
        }
    }

    @Test(arguments: [
        (["VISUAL": "", "EDITOR": "nano -w"], ["nano", "-w"]), (["EDITOR": " "], ["vi"]),
        (["VISUAL": "code --wait", "EDITOR": "nano"], ["code", "--wait"]), ([:], ["vi"]),
    ])
    func anEmptyVariableChoosesNoEditor(variables: [String: String], words: [String]) {
        #expect(EditorSession.editor(variables) == words)
    }

    @Test(arguments: [
        #"{"a":1,"b":[1,2,{"c":null}],"d":{},"e":[]}"#, #""plain text""#, #""yes""#, #""1.5""#,
        #"{"key with: colon":"- dash","n":"null","t":"true","x":"0x1F","s":" lead"}"#,
        ##"["line\nbreak","tab\t","quote\"","\u0000","日本語 ","#comment","a #b","&x","*y"]"##,
        #"{"":"","~":"~","2024-01-01":"12:30:00","e":"1e3","o":"0o7","i":".inf"}"#,
        #"[[1,[2,[]]],[{"a":[{"b":"c"}]}]]"#, "[1.0,-0.5,9007199254740993,true,false,null]",
        #"{"text":"a: b","dash":"-","q":"?","percent":"%a","at":"@a","brace":"{a}"}"#,
    ])
    func yamlIsReadBackAsTheSameJSON(text: String) throws {
        let value = try JSONValue(parsing: Array(text.utf8))
        let yaml = YAMLText.text(value)
        let node = try #require(try Yams.compose(yaml: yaml), "\(yaml)")
        #expect(try FileInput.json(node) == value, "\(yaml)")
    }

    @Test func aLongTextIsWrittenAtOnce() throws {
        // By an expression that tries every way to part the words this would take for ever.
        let text = String(repeating: "What it does (and why) is said in words ", count: 500) + ","
        let yaml = YAMLText.text(.string(text))
        let node = try #require(try Yams.compose(yaml: yaml))
        #expect(try FileInput.json(node) == .string(text))
    }

    @Test func aDiffShowsWhatChangedAndALittleAround() {
        let old = (1...20).map { "line \($0)" }
        var new = old
        new[9] = "changed"
        #expect(
            LineDiff.lines(old, new) == [
                "…", "  line 7", "  line 8", "  line 9", "- line 10", "+ changed", "  line 11",
                "  line 12", "  line 13", "…",
            ])
        #expect(LineDiff.lines(old, old) == [])
    }

    @Test(arguments: [
        (0.0, "0ms"), (0.85, "850ms"), (2.34, "2.3s"), (61, "1m"), (7200, "2h"), (200_000, "2d"),
    ])
    func spansAreShort(seconds: Double, text: String) {
        #expect(Column.span(seconds) == text)
    }

    @Test(arguments: [
        ("30m", 1800.0), ("2h", 7200), ("1d", 86_400), ("1.5h", 5400), ("0s", 0),
    ])
    func momentsCountBack(text: String, seconds: Double) throws {
        let moment = try #require(Moment(argument: text))
        #expect(moment.time(before: Self.now) == Self.now.adding(seconds: -seconds))
    }

    @Test(arguments: ["", "m", "-5m", "5x", "yesterday", "nans"])
    func whatIsNoMomentIsRefused(text: String) {
        #expect(Moment(argument: text) == nil)
    }
}
