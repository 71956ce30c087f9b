import ArgumentParser
import AuterityAPI
import AuterityClient
import Foundation
import Glibc
import TerminalUI

/// `auterity workflow create`
struct CreateWorkflowCommand: ConnectedCommand {
    static let configuration = CommandConfiguration(
        commandName: "create", abstract: "Create a workflow from a file.",
        discussion: """
            The file holds a definition (nodes and edges), or a whole workflow as export writes it.

            Example:
              auterity workflow create -f lead.yaml --name "Lead Qualification"
            """)

    @Option(name: .shortAndLong, help: "JSON or YAML; - for standard input.", completion: .file())
    var file: String

    @Option(name: .long, help: "Its name, where the file has none.")
    var name: String?

    @Flag(name: .long, help: "Create it switched off.")
    var inactive = false

    @OptionGroup var output: OutputOptions
    @OptionGroup(title: "Settings") var settings: StoreSettingFlags

    var readsStandardInput: Bool { file == "-" }

    func run(_ session: CommandSession) async throws -> Int32 {
        let document = try WorkflowDocument(FileInput.value(at: file), file: file)
        guard let name = name ?? document.name else {
            throw SettingError("\(file) has no name. Give one with --name")
        }
        let made = try await document.telling(file) { () throws(APIError) in
            try await session.client.send(
                CreateWorkflow(
                    name: name, description: document.description,
                    definition: document.definition,
                    isActive: inactive ? false : document.isActive))
        }
        session.warn(document.naming(made.warnings ?? []))
        try session.printer.item(made, columns: WorkflowCommand.columns)
        return ExitStatus.success
    }
}

/// `auterity workflow edit`
struct EditWorkflowCommand: ConnectedCommand {
    static let configuration = CommandConfiguration(
        commandName: "edit", abstract: "Edit a workflow in $VISUAL or $EDITOR.",
        discussion: "Example:\n  auterity workflow edit \"Lead Qualification\"")

    @Argument(help: "Its id or name.", completion: CompletionNames.workflows.kind)
    var workflow: String

    @OptionGroup var output: OutputOptions
    @OptionGroup(title: "Settings") var settings: StoreSettingFlags

    func run(_ session: CommandSession) async throws -> Int32 {
        let id = try await session.client.workflow(workflow, for: .changing)
        let known = try await session.client.send(GetWorkflow(workflowID: id))
        var text = WorkflowDocument(known).json.prettyJSONText + "\n"
        let original = text
        while true {
            text = try EditorSession.edit(text, environment: session.environment)
            guard text != original else {
                try session.report("Nothing was changed.", JSONValue(encoding: known))
                return ExitStatus.success
            }
            do {
                let value = try JSONValue(parsing: Array(text.utf8))
                let document = try WorkflowDocument(value, file: "the edited text")
                let changed = try await session.client.send(
                    UpdateWorkflow(
                        workflowID: id, name: document.name, description: document.description,
                        definition: document.definition, isActive: document.isActive,
                        ifMatch: "\"\(known.version)\""))
                session.warn(document.naming(changed.warnings ?? []))
                try session.report(
                    SafeText.line("Saved \"\(changed.name)\" as version \(changed.version)."),
                    JSONValue(encoding: changed))
                return ExitStatus.success
            } catch let error as any CustomStringConvertible & Error {
                session.note("\(error.description)")
                guard Confirmation.answer("Edit it again?") else {
                    let path = try EditorSession.keep(text)
                    session.note("Your text is kept in \(path).")
                    return ExitStatus.failure
                }
            }
        }
    }
}

/// `auterity workflow validate`
struct ValidateWorkflowCommand: ConnectedCommand {
    static let configuration = CommandConfiguration(
        commandName: "validate", abstract: "Tell every fault of a definition; save nothing.",
        discussion: "Example:\n  auterity workflow validate -f lead.yaml")

    @Option(name: .shortAndLong, help: "JSON or YAML; - for standard input.", completion: .file())
    var file: String

    @OptionGroup var output: OutputOptions
    @OptionGroup(title: "Settings") var settings: StoreSettingFlags

    var readsStandardInput: Bool { file == "-" }

    func run(_ session: CommandSession) async throws -> Int32 {
        let document = try WorkflowDocument(FileInput.value(at: file), file: file)
        let report = try await Self.report(on: document, session.client)
        if session.isForPeople {
            for fault in document.naming(report.errors) {
                session.printer.write("error: \(session.line(fault))")
            }
            for fault in document.naming(report.warnings) {
                session.printer.write("warning: \(session.line(fault))")
            }
            if report.valid { session.note("\(file) is valid.") }
        } else {
            try session.printer.item(report)
        }
        return report.valid ? ExitStatus.success : ExitStatus.failure
    }

    /// As the definition of the workflow that the file names, whose parameters are in reach then;
    /// that may be one of another server.
    private static func report(
        on document: WorkflowDocument, _ client: any Client
    ) async throws(APIError) -> ValidationReport {
        do {
            return try await client.send(
                ValidateDefinition(definition: document.definition, workflowID: document.id))
        } catch  where error.details.map(\.field) == ["workflow_id"] {
            return try await client.send(ValidateDefinition(definition: document.definition))
        }
    }
}

/// `auterity workflow export`
struct ExportWorkflowCommand: ConnectedCommand {
    static let configuration = CommandConfiguration(
        commandName: "export", abstract: "Write a workflow as a file that apply reads.",
        discussion:
            "Example:\n  auterity workflow export \"Lead Qualification\" -o yaml > lead.yaml")

    @Argument(help: "Its id or name.", completion: CompletionNames.workflows.kind)
    var workflow: String

    @Option(name: .long, help: "An older version instead of the newest.")
    var version: Int?

    @OptionGroup var output: OutputOptions
    @OptionGroup(title: "Settings") var settings: StoreSettingFlags

    func run(_ session: CommandSession) async throws -> Int32 {
        let id = try await session.client.workflow(workflow)
        var document = WorkflowDocument(
            try await session.client.send(GetWorkflow(workflowID: id)))
        if let version {
            let old = try await session.client.send(
                GetWorkflowVersion(workflowID: id, version: version))
            document.definition = old.definition ?? .null
        }
        if session.isForPeople {
            session.printer.write(document.json.prettyJSONText.harmlessData)
        } else {
            try session.printer.item(document.json)
        }
        return ExitStatus.success
    }
}

/// `auterity workflow diff`
struct WorkflowDiffCommand: ConnectedCommand {
    static let configuration = CommandConfiguration(
        commandName: "diff", abstract: "Compare versions of a workflow, or one with a file.",
        discussion: """
            Ends with 1 when they differ.

            Examples:
              auterity workflow diff "Lead Qualification" --from 2 --to 3
              auterity workflow diff "Lead Qualification" -f lead.yaml
            """)

    @Argument(help: "Its id or name.", completion: CompletionNames.workflows.kind)
    var workflow: String

    @Option(name: .long, help: "The older version; the one before the newest when absent.")
    var from: Int?

    @Option(name: .long, help: "The newer version; the newest when absent.")
    var to: Int?

    @Option(name: .shortAndLong, help: "Compare the newest with this file.", completion: .file())
    var file: String?

    @OptionGroup var output: OutputOptions
    @OptionGroup(title: "Settings") var settings: StoreSettingFlags

    var readsStandardInput: Bool { file == "-" }

    func run(_ session: CommandSession) async throws -> Int32 {
        let id = try await session.client.workflow(workflow)
        let newest = try await session.client.send(GetWorkflow(workflowID: id))
        let (old, new): (JSONValue, JSONValue)
        if let file {
            old = newest.definition
            new = try WorkflowDocument(FileInput.value(at: file), file: file).definition
        } else {
            old = try await definition(id, from ?? max(1, newest.version - 1), session.client)
            new = try await definition(id, to ?? newest.version, session.client)
        }
        let lines = LineDiff.lines(
            YAMLText.text(old).split(separator: "\n").map(String.init),
            YAMLText.text(new).split(separator: "\n").map(String.init))
        if session.isForPeople {
            if lines.isEmpty {
                session.note(
                    newest.version == 1 && file == nil
                        ? "It has one version alone: there is nothing to compare."
                        : "There is no difference.")
            }
            lines.forEach { session.printer.write(SafeText.line($0, limit: .max)) }
        } else {
            try session.printer.item(
                [
                    "id": .string(id.description), "differs": .bool(!lines.isEmpty),
                    "lines": .array(lines.map { .string($0) }),
                ] as JSONValue)
        }
        return lines.isEmpty ? ExitStatus.success : ExitStatus.failure
    }

    private func definition(
        _ id: WorkflowID, _ version: Int, _ client: any Client
    ) async throws -> JSONValue {
        try await client.send(GetWorkflowVersion(workflowID: id, version: version)).definition
            ?? .null
    }
}
