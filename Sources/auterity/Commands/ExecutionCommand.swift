import ArgumentParser
import AuterityAPI
import AuterityClient
import TerminalUI

/// `auterity execution`: what runs and what ran.
struct ExecutionCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "execution", abstract: "Work with executions.",
        subcommands: [
            ListExecutionsCommand.self, ShowExecutionCommand.self, WatchExecutionCommand.self,
            ExecutionLogsCommand.self, CancelExecutionCommand.self, RetryExecutionCommand.self,
            ApproveExecutionCommand.self, WhyExecutionCommand.self,
        ],
        aliases: ["executions", "run", "runs"])

    static let columns = [
        Column("ID", "id", .id), Column("STATUS", "status", .status),
        Column("WORKFLOW", "workflow_name", flexible: true),
        Column("STEP", "current_step", flexible: true, spare: 2),
        Column("PROGRESS", "progress", .percent, spare: 1),
        Column("AGE", "started_at", .age, spare: 4),
        Column("TIME", "duration", .duration, spare: 3),
        Column("ERROR", "error.message", wide: true, flexible: true),
        Column("WORKFLOW ID", "workflow_id", wide: true),
    ]

    static let stepColumns = [
        Column("STEP", "step_id", flexible: true), Column("TYPE", "type", spare: 2),
        Column("STATUS", "status", .status), Column("TIME", "duration", .duration, spare: 3),
        Column("TRIES", "attempt", .count, spare: 1),
        Column("ERROR", "error.message", flexible: true),
    ]

    /// Prints what was accepted, or watches it to its end.
    static func report(
        _ accepted: ExecutionAccepted, watching: Bool, _ session: CommandSession
    ) async throws -> Int32 {
        guard watching else { return try await print(accepted, session) }
        let execution = try await ExecutionWatch(session, accepted.executionID).run()
        return try print(execution, session)
    }

    private static let acceptedColumns = [
        Column("ID", "execution_id", .id), Column("STATUS", "status", .status),
        Column("WORKFLOW", "workflow_name", flexible: true),
        Column("WORKFLOW ID", "workflow_id", wide: true),
    ]

    /// Prints what was accepted: people are shown the name, and what goes on from there.
    private static func print(
        _ accepted: ExecutionAccepted, _ session: CommandSession
    ) async throws -> Int32 {
        guard session.isForPeople else {
            try session.printer.item(accepted)
            return ExitStatus.success
        }
        var members = try JSONValue(encoding: accepted).objectValue ?? JSONObject()
        // It has begun, whether its name can be had or not.
        let begun = try? await session.client.send(
            GetExecution(executionID: accepted.executionID))
        members["workflow_name"] = begun.map { .string($0.workflowName) } ?? .null
        try session.printer.item(JSONValue.object(members), columns: acceptedColumns)
        session.suggest("See it go on", "execution watch \(accepted.executionID)")
        return ExitStatus.success
    }

    /// Prints an execution with its steps; its status is the exit status.
    static func print(_ execution: Execution, _ session: CommandSession) throws -> Int32 {
        if session.isForPeople {
            try session.printer.item(execution, columns: columns)
            if !execution.steps.isEmpty {
                session.printer.write("")
                try session.printer.rows(execution.steps, columns: stepColumns)
            }
            if let error = execution.error {
                session.printer.write("")
                session.printer.write("error: \(session.line(error))")
            } else if let output = execution.outputData, !output.isNull {
                session.printer.write("")
                session.printer.write("output:")
                session.printer.write(YAMLText.text(output))
            }
        } else {
            try session.printer.item(execution)
        }
        return ExitStatus.of(execution.status)
    }
}

/// `auterity execution list`
struct ListExecutionsCommand: ConnectedCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List executions, the newest first.",
        discussion: "Example:\n  auterity execution list --status failed --since 2h",
        aliases: ["ls"])

    @Option(
        name: .long, parsing: .singleValue,
        help: "Only with this status; may be given again for another.")
    var status: [ExecutionStatus] = []

    @Option(
        name: .long, help: "Only of this workflow: its id or name.",
        completion: CompletionNames.workflows.kind)
    var workflow: String?

    @Option(name: .long, help: "Only with this in workflow name, id or error.")
    var search: String?

    @Option(name: .long, help: "Only started since: 30m, 2h, 1d or a time (RFC 3339).")
    var since: Moment?

    @OptionGroup var page: PageOptions
    @OptionGroup var output: OutputOptions
    @OptionGroup(title: "Settings") var settings: StoreSettingFlags

    func run(_ session: CommandSession) async throws -> Int32 {
        var id: WorkflowID?
        if let workflow { id = try await session.client.workflow(workflow) }
        let (workflowID, after) = (id, since?.time(before: session.printer.now))
        let items = try await page.items { cursor, size in
            try await session.client.send(
                ListExecutions(
                    pageSize: size, cursor: cursor, status: status.isEmpty ? nil : status,
                    workflowID: workflowID, search: search, since: after))
        }
        let isWhole = status.isEmpty && workflow == nil && search == nil && since == nil
        try session.printer.list(
            items, columns: ExecutionCommand.columns,
            hint: isWhole
                ? "Start one: " + session.settings.commandLine("workflow run NAME --watch") : nil)
        return ExitStatus.success
    }
}

/// `auterity execution show`
struct ShowExecutionCommand: ConnectedCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Show an execution with its steps.",
        discussion: "Example:\n  auterity execution show last", aliases: ["get"])

    @Argument(
        help: "Its id, or last for the newest.", completion: CompletionNames.executions.kind)
    var execution: String

    @OptionGroup var output: OutputOptions
    @OptionGroup(title: "Settings") var settings: StoreSettingFlags

    func run(_ session: CommandSession) async throws -> Int32 {
        let id = try await session.client.execution(execution)
        let found = try await session.client.send(GetExecution(executionID: id))
        _ = try ExecutionCommand.print(found, session)
        return ExitStatus.success
    }
}

/// `auterity execution watch`
struct WatchExecutionCommand: ConnectedCommand {
    static let configuration = CommandConfiguration(
        commandName: "watch", abstract: "Show the progress of an execution until it ends.",
        discussion: """
            Ends with the execution's status: 0 completed, 3 failed, 4 cancelled.

            Example:
              auterity execution watch last
            """)

    @Argument(
        help: "Its id, or last for the newest.", completion: CompletionNames.executions.kind)
    var execution: String

    @OptionGroup var output: OutputOptions
    @OptionGroup(title: "Settings") var settings: StoreSettingFlags

    func run(_ session: CommandSession) async throws -> Int32 {
        let id = try await session.client.execution(execution)
        return try ExecutionCommand.print(try await ExecutionWatch(session, id).run(), session)
    }
}

/// `auterity execution why`
struct WhyExecutionCommand: ConnectedCommand {
    static let configuration = CommandConfiguration(
        commandName: "why",
        abstract: "Say why an execution stands where it stands, and what to do.",
        discussion: """
            What it waits for or why it failed, since when, and the commands that go on from there.

            Example:
              auterity execution why last
            """)

    @Argument(
        help: "Its id, or last for the newest.", completion: CompletionNames.executions.kind)
    var execution: String

    @OptionGroup var output: OutputOptions
    @OptionGroup(title: "Settings") var settings: StoreSettingFlags

    func run(_ session: CommandSession) async throws -> Int32 {
        let id = try await session.client.execution(execution)
        let found = try await session.client.send(GetExecution(executionID: id))
        let reason = ExecutionReason(
            found, now: session.printer.now, flags: session.settings.placeWords)
        guard session.isForPeople else {
            try session.printer.item(reason.json)
            return ExitStatus.success
        }
        reason.lines.forEach(session.printer.write)
        return ExitStatus.success
    }
}
