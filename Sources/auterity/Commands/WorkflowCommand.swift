import ArgumentParser
import AuterityAPI
import AuterityClient
import TerminalUI

/// `auterity workflow`: what there is, and what can be done with it.
struct WorkflowCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "workflow", abstract: "Work with workflows.",
        subcommands: [
            ListWorkflowsCommand.self, ShowWorkflowCommand.self, CreateWorkflowCommand.self,
            EditWorkflowCommand.self, ApplyWorkflowCommand.self, ValidateWorkflowCommand.self,
            RunWorkflowCommand.self, DeleteWorkflowCommand.self, ExportWorkflowCommand.self,
            WorkflowVersionsCommand.self, WorkflowDiffCommand.self,
        ],
        aliases: ["workflows", "wf"])

    static let columns = [
        Column("ID", "id", .id), Column("NAME", "name", flexible: true),
        Column("ACTIVE", "is_active", .yesNo, spare: 3),
        Column("VERSION", "version", .count, spare: 1),
        Column("RUNS", "execution_count", .count, spare: 2),
        Column("LAST RUN", "last_execution", .ago, spare: 4),
        Column("DESCRIPTION", "description", wide: true, flexible: true),
        Column("CREATED", "created_at", wide: true),
    ]
}

/// `auterity workflow list`
struct ListWorkflowsCommand: ConnectedCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List workflows, the newest first.",
        discussion: "Example:\n  auterity workflow list --search lead -o json", aliases: ["ls"])

    @Option(name: .long, help: "Only those with this in name or description.")
    var search: String?

    @Flag(name: .long, help: "Only those that are active.")
    var active = false

    @OptionGroup var page: PageOptions
    @OptionGroup var output: OutputOptions
    @OptionGroup(title: "Settings") var settings: StoreSettingFlags

    func run(_ session: CommandSession) async throws -> Int32 {
        let items = try await page.items { cursor, size in
            try await session.client.send(
                ListWorkflows(
                    pageSize: size, cursor: cursor, isActive: active ? true : nil,
                    search: search))
        }
        let hint =
            "Make one of a file: " + session.settings.commandLine("workflow create -f FILE")
            + ", or of a template: " + session.settings.commandLine("template list")
        try session.printer.list(
            items, columns: WorkflowCommand.columns,
            hint: search == nil && !active ? hint : nil)
        return ExitStatus.success
    }
}

/// `auterity workflow show`
struct ShowWorkflowCommand: ConnectedCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Show a workflow with its definition.",
        discussion: "Example:\n  auterity workflow show \"Lead Qualification\" -o yaml",
        aliases: ["get"])

    @Argument(help: "Its id or name.", completion: CompletionNames.workflows.kind)
    var workflow: String

    @OptionGroup var output: OutputOptions
    @OptionGroup(title: "Settings") var settings: StoreSettingFlags

    func run(_ session: CommandSession) async throws -> Int32 {
        let id = try await session.client.workflow(workflow)
        try session.printer.item(try await session.client.send(GetWorkflow(workflowID: id)))
        return ExitStatus.success
    }
}

/// `auterity workflow delete`
struct DeleteWorkflowCommand: ConnectedCommand {
    static let configuration = CommandConfiguration(
        commandName: "delete", abstract: "Delete a workflow; its executions stay.",
        discussion: "Example:\n  auterity workflow delete \"Old survey\" --yes", aliases: ["rm"])

    @Argument(help: "Its id or name.", completion: CompletionNames.workflows.kind)
    var workflow: String

    @OptionGroup var confirmation: ConfirmationOptions
    @OptionGroup var output: OutputOptions
    @OptionGroup(title: "Settings") var settings: StoreSettingFlags

    func run(_ session: CommandSession) async throws -> Int32 {
        let id = try await session.client.workflow(workflow, for: .changing)
        let found = try await session.client.send(GetWorkflow(workflowID: id))
        try confirmation.ask("Delete the workflow \"\(SafeText.line(found.name))\" (\(id))?")
        _ = try await session.client.send(DeleteWorkflow(workflowID: id))
        try session.report(
            "Deleted \"\(SafeText.line(found.name))\".",
            ["id": .string(id.description), "name": .string(found.name)])
        return ExitStatus.success
    }
}

/// `auterity workflow versions`
struct WorkflowVersionsCommand: ConnectedCommand {
    static let configuration = CommandConfiguration(
        commandName: "versions", abstract: "List the versions of a workflow.",
        discussion: "Example:\n  auterity workflow versions \"Lead Qualification\"")

    @Argument(help: "Its id or name.", completion: CompletionNames.workflows.kind)
    var workflow: String

    @OptionGroup var output: OutputOptions
    @OptionGroup(title: "Settings") var settings: StoreSettingFlags

    func run(_ session: CommandSession) async throws -> Int32 {
        let id = try await session.client.workflow(workflow)
        var versions: [WorkflowVersion] = []
        var number = 1
        while true {
            let page = try await session.client.send(
                ListWorkflowVersions(
                    workflowID: id, page: number, pageSize: PageLimits.maximumSize))
            versions += page.items
            if page.items.count < PageLimits.maximumSize { break }
            number += 1
        }
        try session.printer.list(
            versions,
            columns: [
                Column("VERSION", "version", .count), Column("NAME", "name", flexible: true),
                Column("CREATED", "created_at"), Column("BY", "created_by", wide: true),
            ])
        return ExitStatus.success
    }
}
