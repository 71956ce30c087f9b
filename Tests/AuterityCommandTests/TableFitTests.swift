import AuterityAPI
import TerminalUI
import Testing

@testable import auterity

/// Tables on a terminal: they never wrap, and a name is worth more than the rest of an id.
@Suite struct TableFitTests {
    private static let now = Timestamp(milliseconds: 1_754_649_000_000)
    private static let ids = [
        "01988c0e-4f6a-7c31-9a5e-b2261f114d56", "01988c0e-4f6a-7c31-9a5f-b2261f114d57",
        "01988c0e-5a00-7000-8000-000000000003",
    ]

    private func lines(
        _ items: [JSONValue], _ columns: [Column], width: Int?, fields: String? = nil
    ) throws -> [String] {
        var options = OutputOptions()
        options.output = .table
        options.fields = fields
        options.quiet = false
        var lines: [String] = []
        try Printer(
            options: options, terminalWidth: width, hasColor: false, now: Self.now,
            write: { lines.append($0) }
        ).values(items, columns: columns)
        return lines
    }

    private static func executions(_ ids: [String]) -> [JSONValue] {
        ids.map { id in
            [
                "id": .string(id), "status": "completed",
                "workflow_name": "Lead Qualification, spring",
                "current_step": "send_the_confirmation", "progress": 100,
                "started_at": "2025-08-08T10:28:00Z", "duration": 17.25,
            ]
        }
    }

    private static let all: [(String, [Column], JSONValue)] = [
        ("executions", ExecutionCommand.columns, executions(ids)[0]),
        (
            "workflows", WorkflowCommand.columns,
            [
                "id": .string(ids[0]), "name": "Lead Qualification, spring", "is_active": true,
                "version": 112, "execution_count": 104_200,
                "last_execution": "2025-08-08T10:28:00Z",
            ]
        ),
        (
            "templates", TemplateCommand.columns,
            [
                "id": .string(ids[0]), "category": "human_resources",
                "name": "Lead Qualification, spring", "parameter_count": 12, "usage_count": 1234,
            ]
        ),
        (
            "alerts", AlertCommand.columns,
            [
                "id": .string(ids[0]), "severity": "critical", "source": "integrations.openai",
                "message": "Lead Qualification, spring", "raised_at": "2025-08-08T10:28:00Z",
                "cleared_at": "2025-08-08T10:28:00Z", "acknowledged_by": "someone@example.com",
            ]
        ),
        (
            "accounts", UserCommand.columns,
            [
                "id": .string(ids[0]), "email": "lead.qualification@example.com",
                "roles": ["administrator", "operator"], "is_active": true,
                "created_at": "2025-08-08T10:28:00Z",
            ]
        ),
        (
            "steps", ExecutionCommand.stepColumns,
            [
                "step_id": "send_the_confirmation_to_all_of_them_once_more", "type": "condition",
                "status": "completed", "duration": 17.25, "attempt": 3,
                "error": ["message": "Lead Qualification, spring, and what went wrong in it"],
            ]
        ),
    ]

    @Test(arguments: [60, 66, 72, 80, 100, 132])
    func aTableFitsEveryTerminalAndGivesNamesTheirRoom(width: Int) throws {
        for (name, columns, item) in Self.all {
            let lines = try lines([item], columns, width: width)
            #expect(lines.count == 2)
            for line in lines {
                #expect(TextWidth.columns(of: line) <= width, "\(name) at \(width): \(line)")
            }
            // Those of accounts and steps are other words.
            guard name != "accounts", name != "steps" else { continue }
            #expect(lines[1].contains("Lead Qualification"), "\(name) at \(width): \(lines[1])")
        }
    }

    @Test func atEightyColumnsEveryColumnOfAnExecutionIsThere() throws {
        let lines = try lines(
            Self.executions([Self.ids[2]]), ExecutionCommand.columns, width: 80)
        #expect(
            lines == [
                "ID              STATUS     WORKFLOW              STEP       PROGRESS  AGE   TIME",
                "01988c0e-5a00…  completed  Lead Qualification,…  send_the…      100%   2m  17.3s",
            ])
    }

    /// What is cut of an id is room for the names.
    @Test func anIdThatCannotBeWholeIsAsShortAsItCanBe() throws {
        let lines = try lines([Self.all[1].2], WorkflowCommand.columns, width: 80)
        #expect(
            lines[1].hasPrefix("01988c0e-4f6a…  Lead Qualification, spring  yes"), "\(lines[1])")
    }

    @Test func whatIsLessImportantGoesBeforeTheTableWraps() throws {
        let lines = try lines(
            Self.executions([Self.ids[2]]), ExecutionCommand.columns, width: 60)
        #expect(!lines[0].contains("PROGRESS"), "\(lines[0])")
        #expect(lines[0].hasPrefix("ID"), "\(lines[0])")
        #expect(lines[0].contains("STATUS") && lines[0].contains("WORKFLOW"), "\(lines[0])")
    }

    /// What is shown of an id names one row alone.
    @Test func whatIsLeftOfAnIdIsStillOfOneRow() throws {
        let lines = try lines(
            Self.executions(Self.ids), ExecutionCommand.columns, width: 80)
        let shown = lines.dropFirst().map { String($0.prefix { $0 != " " && $0 != "…" }) }
        for (part, id) in zip(shown, Self.ids) {
            #expect(part.count >= 13)
            #expect(Self.ids.filter { $0.hasPrefix(part) } == [id], "\(part)")
        }
    }

    @Test func withRoomOrWithoutATerminalAnIdIsWhole() throws {
        for width in [nil, 200] {
            let lines = try lines(Self.executions(Self.ids), ExecutionCommand.columns, width: width)
            for (line, id) in zip(lines.dropFirst(), Self.ids) { #expect(line.hasPrefix(id + " ")) }
        }
    }
}
