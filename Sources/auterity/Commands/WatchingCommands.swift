import ArgumentParser
import AuterityAPI
import AuterityClient
import TerminalUI

/// `auterity event`
struct EventCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "event", abstract: "Follow what happens.",
        subcommands: [TailEventsCommand.self], aliases: ["events"])
}

/// `auterity event tail`
struct TailEventsCommand: ConnectedCommand {
    static let configuration = CommandConfiguration(
        commandName: "tail", abstract: "Print every event as it comes, until Ctrl-C.",
        discussion: """
            With -o ndjson each line is the event as the WebSocket sends it.

            Example:
              auterity event tail --type workflow_execution_update --after 0 --count 3 -o ndjson
            """)

    @Option(
        name: .long, parsing: .singleValue,
        help: "Only of this type; may be given again for another.")
    var type: [EventType] = []

    @Option(name: .long, help: "Begin behind the event with this id.")
    var after: Int64?

    @Option(name: .long, help: "End after so many.")
    var count: Int?

    @OptionGroup var output: OutputOptions
    @OptionGroup(title: "Settings") var settings: StoreSettingFlags

    func run(_ session: CommandSession) async throws -> Int32 {
        var left = count ?? .max
        guard left > 0 else { return ExitStatus.success }
        var link = LinkNotice(.lines, secondsEastOfUTC: LinkNotice.localOffset)
        for await item in session.client.feed(after: after) {
            if case .connection(let state) = item { session.tell(&link, state) }
            switch item {
            case .event(let event):
                guard type.isEmpty || type.contains(EventType(event)) else { continue }
                try session.printer.entry(event, keys: EventType.keys) {
                    "\(event.timestamp) \(Self.sentence(event))"
                }
                left -= 1
                if left <= 0 { return ExitStatus.success }
            case .resynchronize: session.note("Events were lost; what follows is new.")
            case .connection(.refused(let reason)): throw APIError(.unauthorized, reason)
            case .connection, .replayed, .silence, .accountChanged: continue
            }
        }
        return ExitStatus.success
    }

    private static func sentence(_ event: Event) -> String {
        let text =
            switch event.payload {
            case .executionUpdate(let update):
                "\(update.executionID) \(update.workflowName): \(update.status.rawValue) "
                    + "\(update.progress)% \(update.currentStep?.rawValue ?? "")"
            case .systemAlert(let alert):
                "\(alert.severity.rawValue) \(alert.source): \(alert.message)"
            case .errorNotification(let error):
                "\(error.executionID) \(error.code): \(error.message)"
            case .metricsUpdate(let metrics):
                "metrics: \(metrics.workflows.executionsLastHour) executions in the last hour"
            }
        return SafeText.line(text)
    }
}

/// The types of events, as the wire has them.
enum EventType: String, CaseIterable, ExpressibleByArgument {
    case workflowExecutionUpdate = "workflow_execution_update"
    case systemAlert = "system_alert"
    case errorNotification = "error_notification"
    case metricsUpdate = "metrics_update"

    /// The keys of an event; not each has all.
    static let keys = ["type", "data", "timestamp", "id"]

    init(_ event: Event) {
        self =
            switch event.payload {
            case .executionUpdate: .workflowExecutionUpdate
            case .systemAlert: .systemAlert
            case .errorNotification: .errorNotification
            case .metricsUpdate: .metricsUpdate
            }
    }
}

/// `auterity log`
struct LogCommand: ConnectedCommand {
    static let configuration = CommandConfiguration(
        commandName: "log", abstract: "Show log lines of executions, the newest last.",
        discussion: "Example:\n  auterity log --level warning --since 1h --search smtp",
        aliases: ["logs"])

    @Option(name: .long, help: "At least this level: debug, info, warning or error.")
    var level: LogLevel?

    @Option(name: .long, help: "Only with this in the message.")
    var search: String?

    @Option(name: .long, help: "Only since: 30m, 2h, 1d or a time (RFC 3339).")
    var since: Moment?

    @Option(
        name: .long, help: "Only of this workflow: its id or name.",
        completion: CompletionNames.workflows.kind)
    var workflow: String?

    @OptionGroup var page: PageOptions
    @OptionGroup var output: OutputOptions
    @OptionGroup(title: "Settings") var settings: StoreSettingFlags

    func run(_ session: CommandSession) async throws -> Int32 {
        var id: WorkflowID?
        if let workflow { id = try await session.client.workflow(workflow) }
        let (workflowID, after) = (id, since?.time(before: session.printer.now))
        let items = try await page.items { cursor, size in
            try await session.client.send(
                ListLogs(
                    workflowID: workflowID, level: level, search: search, since: after,
                    pageSize: size, cursor: cursor))
        }
        if session.isForPeople {
            if items.isEmpty { session.printer.nothing("log lines") }
            let lines = LogLines(session: session)
            for item in items.reversed() { try lines.print(item) }
        } else {
            try session.printer.list(items.reversed(), columns: [])
        }
        return ExitStatus.success
    }
}

/// `auterity alert`
struct AlertCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "alert", abstract: "Work with alerts.",
        subcommands: [ListAlertsCommand.self, AcknowledgeAlertCommand.self], aliases: ["alerts"])

    static let columns = [
        Column("ID", "id", .id), Column("SEVERITY", "severity", .status),
        Column("SOURCE", "source", flexible: true, spare: 4),
        Column("MESSAGE", "message", flexible: true), Column("RAISED", "raised_at", .ago, spare: 3),
        Column("CLEARED", "cleared_at", .ago, spare: 2),
        Column("ACKNOWLEDGED BY", "acknowledged_by", flexible: true, spare: 1),
    ]
}

/// `auterity alert list`
struct ListAlertsCommand: ConnectedCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List alerts, the newest first.",
        discussion: "Example:\n  auterity alert list --open", aliases: ["ls"])

    @Flag(name: .long, help: "Only those that are neither cleared nor acknowledged.")
    var open = false

    @OptionGroup var page: PageOptions
    @OptionGroup var output: OutputOptions
    @OptionGroup(title: "Settings") var settings: StoreSettingFlags

    func run(_ session: CommandSession) async throws -> Int32 {
        let items = try await page.items { cursor, size in
            try await session.client.send(
                ListAlerts(isOpen: open ? true : nil, pageSize: size, cursor: cursor))
        }
        try session.printer.list(items, columns: AlertCommand.columns)
        return ExitStatus.success
    }
}

/// `auterity alert acknowledge`
struct AcknowledgeAlertCommand: ConnectedCommand {
    static let configuration = CommandConfiguration(
        commandName: "acknowledge", abstract: "Mark an alert as seen.",
        discussion: """
            Example:
              auterity alert acknowledge "$(auterity alert list --open --limit 1 -q)"
            """,
        aliases: ["ack"])

    @Argument(help: "Its id, or its beginning.", completion: CompletionNames.alerts.kind)
    var alert: String

    @OptionGroup var output: OutputOptions
    @OptionGroup(title: "Settings") var settings: StoreSettingFlags

    func run(_ session: CommandSession) async throws -> Int32 {
        let id = try await session.client.alert(alert)
        let seen = try await session.client.send(AcknowledgeAlert(alertID: id))
        try session.printer.item(seen, columns: AlertCommand.columns)
        return ExitStatus.success
    }
}
