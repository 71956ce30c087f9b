import ArgumentParser
import AuterityAPI
import AuterityClient
import TerminalUI

/// `auterity execution cancel`
struct CancelExecutionCommand: ConnectedCommand {
    static let configuration = CommandConfiguration(
        commandName: "cancel", abstract: "Cancel executions: running steps are told to stop.",
        discussion: """
            Examples:
              auterity execution cancel last
              auterity execution list --status waiting -q | auterity execution cancel - --yes
            """)

    @Argument(
        help: "Their ids; last for the newest; - reads ids from standard input.",
        completion: CompletionNames.executions.kind)
    var executions: [String]

    @OptionGroup var confirmation: ConfirmationOptions
    @OptionGroup var output: OutputOptions
    @OptionGroup(title: "Settings") var settings: StoreSettingFlags

    var readsStandardInput: Bool { executions == ["-"] }

    func run(_ session: CommandSession) async throws -> Int32 {
        let names = try readsStandardInput ? Self.lines() : executions
        if names.isEmpty { session.note("Standard input names no execution.") }
        if names.count > 1 { try confirmation.ask("Cancel \(names.count) executions?") }
        var status = ExitStatus.success
        var cancelled: [JSONValue] = []
        for name in names {
            do {
                let id = try await session.client.execution(name, for: .changing)
                let execution = try await session.client.send(CancelExecution(executionID: id))
                cancelled.append(try JSONValue(encoding: execution))
                if session.isForPeople {
                    session.note(
                        SafeText.line("Cancelling \(execution.id) (\(execution.workflowName))."))
                }
            } catch let error as APIError where names.count > 1 {
                // One that has ended already must not keep the others from being cancelled.
                session.note(SafeText.line("\(name): \(error.description)"))
                status = ExitStatus.failure
            }
        }
        if !session.isForPeople {
            try session.printer.values(cancelled, columns: ExecutionCommand.columns)
        }
        return status
    }

    private static func lines() throws -> [String] {
        try FileInput.text(try FileInput.bytes(at: "-"), of: "Standard input")
            .split(whereSeparator: \.isWhitespace).map(String.init)
    }
}

/// `auterity execution retry`
struct RetryExecutionCommand: ConnectedCommand {
    static let configuration = CommandConfiguration(
        commandName: "retry", abstract: "Run an execution again from what failed.",
        discussion: """
            What completed is taken over, with other input too; the old execution stays as it was.
            To run steps again that completed, name the first with --from.

            Example:
              auterity execution retry last --from send_email --watch
            """)

    @Argument(
        help: "Its id, or last for the newest.", completion: CompletionNames.executions.kind)
    var execution: String

    @Option(name: .long, help: "The step to begin with, instead of those that failed.")
    var from: String?

    @OptionGroup var values: ValueOptions

    @Flag(name: .shortAndLong, help: "Show the progress and wait for the end.")
    var watch = false

    @OptionGroup var output: OutputOptions
    @OptionGroup(title: "Settings") var settings: StoreSettingFlags

    var readsStandardInput: Bool { values.inputFile == "-" }

    func run(_ session: CommandSession) async throws -> Int32 {
        let id = try await session.client.execution(execution, for: .changing)
        let input = try values.values()
        let accepted = try await session.client.send(
            RetryExecution(
                executionID: id, fromStep: from.map { StepID($0) },
                inputData: input.isEmpty ? nil : input))
        return try await ExecutionCommand.report(accepted, watching: watch, session)
    }
}

/// `auterity execution approve`
struct ApproveExecutionCommand: ConnectedCommand {
    static let configuration = CommandConfiguration(
        commandName: "approve", abstract: "Decide an approval that an execution waits for.",
        discussion: """
            Examples:
              auterity execution approve last --comment "checked with Ann"
              auterity execution approve last --reject
            """)

    @Argument(
        help: "Its id, or last for the newest.", completion: CompletionNames.executions.kind)
    var execution: String

    @Flag(name: .long, help: "Reject instead.")
    var reject = false

    @Option(name: .long, help: "Why, for the history.")
    var comment: String?

    @Option(name: .long, help: "The step, where several wait.")
    var step: String?

    @OptionGroup var output: OutputOptions
    @OptionGroup(title: "Settings") var settings: StoreSettingFlags

    func run(_ session: CommandSession) async throws -> Int32 {
        let id = try await session.client.execution(execution, for: .changing)
        let decided = try await session.client.send(
            ApproveExecution(
                executionID: id, approved: !reject, comment: comment,
                stepID: step.map { StepID($0) }))
        try session.printer.item(decided, columns: ExecutionCommand.columns)
        return ExitStatus.success
    }
}

/// `auterity execution logs`
struct ExecutionLogsCommand: ConnectedCommand {
    static let configuration = CommandConfiguration(
        commandName: "logs", abstract: "Show the log lines of an execution.",
        discussion: """
            With -f each line is printed as it comes: a JSON value a line with -o json.

            Examples:
              auterity execution logs last --level warning
              auterity execution logs last -f
            """)

    @Argument(
        help: "Its id, or last for the newest.", completion: CompletionNames.executions.kind)
    var execution: String

    @Flag(name: .shortAndLong, help: "Go on with new lines until it ends.")
    var follow = false

    @Option(name: .long, help: "At least this level: debug, info, warning or error.")
    var level: LogLevel?

    @OptionGroup var output: OutputOptions
    @OptionGroup(title: "Settings") var settings: StoreSettingFlags

    func run(_ session: CommandSession) async throws -> Int32 {
        let id = try await session.client.execution(execution)
        var lines = LogLines(session: session)
        let (level, client) = (level, session.client)
        let fetch = { (cursor: String, size: Int) in
            try await client.send(
                ListExecutionLogs(
                    executionID: id, level: level, pageSize: size, cursor: cursor,
                    sort: "timestamp"))
        }
        guard follow else {
            try await lines.printAll(fetch)
            return ExitStatus.success
        }
        try await lines.print(fetch)
        var link = LinkNotice(.lines, secondsEastOfUTC: LinkNotice.localOffset)
        for await item in session.client.feed(after: nil) {
            if case .connection(let state) = item { session.tell(&link, state) }
            switch item {
            case .connection(.live), .resynchronize, .replayed, .silence, .accountChanged: break
            case .event(let event):
                guard case .executionUpdate(let update) = event.payload, update.executionID == id
                else { continue }
            case .connection(.refused(let reason)): throw APIError(.unauthorized, reason)
            case .connection: continue
            }
            let state = try await session.client.send(GetExecution(executionID: id)).status
            try await lines.print(fetch)
            if state.isFinished { break }
        }
        return ExitStatus.success
    }
}
