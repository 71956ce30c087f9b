import ArgumentParser
import AuterityAPI
import AuterityClient
import TerminalUI

/// `auterity template`: patterns that workflows are made of.
struct TemplateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "template", abstract: "Work with templates.",
        subcommands: [
            ListTemplatesCommand.self, ShowTemplateCommand.self, InstantiateTemplateCommand.self,
            PreviewTemplateCommand.self, CreateTemplateCommand.self, DeleteTemplateCommand.self,
        ],
        aliases: ["templates"])

    static let columns = [
        Column("ID", "id", .id), Column("CATEGORY", "category", spare: 3),
        Column("NAME", "name", flexible: true),
        Column("PARAMETERS", "parameter_count", .count, spare: 1),
        Column("USED", "usage_count", .count, spare: 2),
        Column("DESCRIPTION", "description", wide: true, flexible: true),
    ]
}

/// `auterity template list`
struct ListTemplatesCommand: ConnectedCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List templates.",
        discussion: "Example:\n  auterity template list --category sales", aliases: ["ls"])

    @Option(
        name: .long, help: "Only of this category: sales, service, marketing, …",
        completion: CompletionNames.categories.kind)
    var category: String?

    @Option(name: .long, help: "Only those with this in name or description.")
    var search: String?

    @OptionGroup var page: PageOptions
    @OptionGroup var output: OutputOptions
    @OptionGroup(title: "Settings") var settings: StoreSettingFlags

    func run(_ session: CommandSession) async throws -> Int32 {
        let items = try await page.items { cursor, size in
            try await session.client.send(
                ListTemplates(
                    category: category, pageSize: size, cursor: cursor, search: search))
        }
        try session.printer.list(items, columns: TemplateCommand.columns)
        return ExitStatus.success
    }
}

/// `auterity template show`
struct ShowTemplateCommand: ConnectedCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Show a template with its parameters.",
        discussion: "Example:\n  auterity template show \"Sales Lead Qualification\"",
        aliases: ["get"])

    @Argument(help: "Its id or name.", completion: CompletionNames.templates.kind)
    var template: String

    @OptionGroup var output: OutputOptions
    @OptionGroup(title: "Settings") var settings: StoreSettingFlags

    func run(_ session: CommandSession) async throws -> Int32 {
        let id = try await session.client.template(template)
        let found = try await session.client.send(GetTemplate(templateID: id))
        guard session.isForPeople else {
            try session.printer.item(found)
            return ExitStatus.success
        }
        session.printer.write(
            SafeText.line("\(found.name) [\(found.category)] \(found.id)"))
        session.printer.write(SafeText.line(found.description, limit: .max))
        session.printer.write("")
        guard !found.parameters.isEmpty else {
            session.printer.write("It has no parameters.")
            return ExitStatus.success
        }
        try session.printer.rows(
            found.parameters,
            columns: [
                Column("PARAMETER", "name"), Column("TYPE", "parameter_type"),
                Column("REQUIRED", "is_required", .yesNo), Column("DEFAULT", "default_value"),
                Column("DESCRIPTION", "description", flexible: true),
            ])
        return ExitStatus.success
    }
}

/// `auterity template instantiate`
struct InstantiateTemplateCommand: ConnectedCommand {
    static let configuration = CommandConfiguration(
        commandName: "instantiate", abstract: "Make a workflow of a template.",
        discussion: """
            Example:
              auterity template instantiate "Sales Lead Qualification" --name "Leads, spring" \\
                -i dealership_name="Miller Cars" -i sales_email=sales@example.com
            """)

    @Argument(help: "Its id or name.", completion: CompletionNames.templates.kind)
    var template: String

    @Option(name: .long, help: "The name of the workflow; the template's when absent.")
    var name: String?

    @Option(name: .long, help: "What the workflow is for.")
    var description: String?

    @OptionGroup var values: ValueOptions
    @OptionGroup var output: OutputOptions
    @OptionGroup(title: "Settings") var settings: StoreSettingFlags

    var readsStandardInput: Bool { values.inputFile == "-" }

    func run(_ session: CommandSession) async throws -> Int32 {
        let id = try await session.client.template(template)
        var title = name
        if title == nil {
            title = try await session.client.send(GetTemplate(templateID: id)).name
        }
        let made = try await session.client.send(
            InstantiateTemplate(
                templateID: id, name: title ?? "", description: description,
                parameterValues: try values.values()))
        session.warn(made.warnings ?? [])
        try session.printer.item(made, columns: WorkflowCommand.columns)
        return ExitStatus.success
    }
}

/// `auterity template preview`
struct PreviewTemplateCommand: ConnectedCommand {
    static let configuration = CommandConfiguration(
        commandName: "preview", abstract: "Show what instantiate would make; save nothing.",
        discussion: """
            Example:
              auterity template preview "Sales Lead Qualification" \\
                -i dealership_name="Miller Cars" -i sales_email=sales@example.com
            """)

    @Argument(help: "Its id or name.", completion: CompletionNames.templates.kind)
    var template: String

    @OptionGroup var values: ValueOptions
    @OptionGroup var output: OutputOptions
    @OptionGroup(title: "Settings") var settings: StoreSettingFlags

    var readsStandardInput: Bool { values.inputFile == "-" }

    func run(_ session: CommandSession) async throws -> Int32 {
        let id = try await session.client.template(template)
        let preview = try await session.client.send(
            PreviewTemplate(templateID: id, parameterValues: try values.values()))
        session.warn(preview.warnings)
        try session.printer.item(preview)
        return ExitStatus.success
    }
}

/// `auterity template create`
struct CreateTemplateCommand: ConnectedCommand {
    static let configuration = CommandConfiguration(
        commandName: "create", abstract: "Create a template from a file.",
        discussion: """
            The file holds name, description, category, definition and parameters.

            Example:
              auterity template create -f follow-up.yaml
            """)

    @Option(name: .shortAndLong, help: "JSON or YAML; - for standard input.", completion: .file())
    var file: String

    @OptionGroup var output: OutputOptions
    @OptionGroup(title: "Settings") var settings: StoreSettingFlags

    var readsStandardInput: Bool { file == "-" }

    func run(_ session: CommandSession) async throws -> Int32 {
        let call: CreateTemplate
        do {
            call = try FileInput.value(at: file).decoded(as: CreateTemplate.self)
        } catch let error as DecodingError {
            let fault = error.fault
            throw SettingError("\(file): \(fault.field): \(fault.message)")
        }
        let made = try await session.client.send(call)
        try session.printer.item(made, columns: TemplateCommand.columns)
        return ExitStatus.success
    }
}

/// `auterity template delete`
struct DeleteTemplateCommand: ConnectedCommand {
    static let configuration = CommandConfiguration(
        commandName: "delete", abstract: "Delete a template; its workflows stay.",
        discussion: "Example:\n  auterity template delete \"Old follow-up\" --yes",
        aliases: ["rm"])

    @Argument(help: "Its id or name.", completion: CompletionNames.templates.kind)
    var template: String

    @OptionGroup var confirmation: ConfirmationOptions
    @OptionGroup var output: OutputOptions
    @OptionGroup(title: "Settings") var settings: StoreSettingFlags

    func run(_ session: CommandSession) async throws -> Int32 {
        let id = try await session.client.template(template, for: .changing)
        let found = try await session.client.send(GetTemplate(templateID: id))
        try confirmation.ask("Delete the template \"\(SafeText.line(found.name))\" (\(id))?")
        _ = try await session.client.send(DeleteTemplate(templateID: id))
        try session.report(
            "Deleted \"\(SafeText.line(found.name))\".",
            ["id": .string(id.description), "name": .string(found.name)])
        return ExitStatus.success
    }
}
