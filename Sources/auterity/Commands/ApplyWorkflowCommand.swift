import ArgumentParser
import AuterityAPI
import AuterityClient
import TerminalUI

/// `auterity workflow apply`
struct ApplyWorkflowCommand: ConnectedCommand {
    static let configuration = CommandConfiguration(
        commandName: "apply", abstract: "Make workflows as files say: create or change them.",
        discussion: """
            A workflow is found by its id in the file; where the server does not know that, or the \
            file has none, by its name. What is the same already is left as it is. A folder stands \
            for its files *.yaml, *.yml and *.json in the order of their names, and a YAML file \
            may have several documents. All is read and judged before anything is changed.

            Examples:
              auterity workflow apply -f lead.yaml -f survey.json
              auterity workflow apply -f workflows/ --dry-run
            """)

    @Option(
        name: .shortAndLong, parsing: .upToNextOption,
        help: "JSON or YAML files, or folders of them; - for standard input.",
        completion: .file())
    var file: [String]

    @Flag(name: .long, help: "Say what would be done, and do nothing.")
    var dryRun = false

    @OptionGroup var output: OutputOptions
    @OptionGroup(title: "Settings") var settings: StoreSettingFlags

    var readsStandardInput: Bool { file.contains("-") }

    func run(_ session: CommandSession) async throws -> Int32 {
        let files = try WorkflowFile.read(file)
        let plans = try await plans(files, session.client)
        var applied: [JSONValue] = []
        for plan in plans {
            let result = try await plan.file.document.telling(plan.file.name) {
                try await apply(plan, session.client)
            }
            applied.append(result.json(file: plan.file.path))
            // What was done before another fails has been said.
            if session.isForPeople { session.note(result.sentence) }
        }
        if !session.isForPeople { try session.printer.values(applied, columns: []) }
        return ExitStatus.success
    }

    // MARK: - What is to be done

    /// A file, and what it is to change.
    private struct Plan {
        let file: WorkflowFile
        /// `nil`: there is none yet.
        let known: Workflow?
    }

    private func plans(_ files: [WorkflowFile], _ client: any Client) async throws -> [Plan] {
        var plans: [Plan] = []
        for file in files {
            let known = try await existing(file, client)
            if known == nil, file.document.name == nil { throw Self.nameless(file) }
            if let twin = plans.first(where: { Self.isSame($0, file, known) }) {
                throw SettingError(
                    "\(file.name) and \(twin.file.name) are the same workflow, "
                        + "\"\(known?.name ?? file.document.name ?? "")\". Leave one out")
            }
            plans.append(Plan(file: file, known: known))
        }
        // One alone is judged where it is saved.
        guard plans.count > 1 || dryRun else { return plans }
        for plan in plans { try await judge(plan, client) }
        return plans
    }

    private static func isSame(
        _ plan: Plan, _ file: WorkflowFile, _ known: Workflow?
    ) -> Bool {
        guard let known else {
            return plan.known == nil && plan.file.document.name == file.document.name
        }
        return plan.known?.id == known.id
    }

    private static func nameless(_ file: WorkflowFile) -> any Error {
        guard let id = file.document.id else {
            return SettingError("\(file.name) has neither an id nor a name")
        }
        return ReferenceError(
            "\(file.name): there is no workflow \(id), and no name to find it by or to make it "
                + "under. Put a name into it")
    }

    /// The workflow that a file is about. An id of another server is none here.
    private func existing(_ file: WorkflowFile, _ client: any Client) async throws -> Workflow? {
        if let id = file.document.id, let known = try await Self.workflow(id, client) {
            return known
        }
        guard let name = file.document.name else { return nil }
        let page = try await client.send(ListWorkflows(pageSize: 100, cursor: "", search: name))
        let named = page.items.filter { $0.name == name }
        guard named.count <= 1 else {
            throw ReferenceError(
                "\(file.name): several workflows are named \"\(name)\". Put the id of one into "
                    + "the file as id")
        }
        guard let found = named.first else { return nil }
        return try await client.send(GetWorkflow(workflowID: found.id))
    }

    /// `nil` where there is none, or none that the caller may see.
    private static func workflow(
        _ id: WorkflowID, _ client: any Client
    ) async throws(APIError) -> Workflow? {
        do {
            return try await client.send(GetWorkflow(workflowID: id))
        } catch {
            guard error.code.status == 404 else { throw error }
            return nil
        }
    }

    /// - Throws: the faults of a definition that would be refused.
    private func judge(_ plan: Plan, _ client: any Client) async throws {
        let document = plan.file.document
        let report = try await Self.report(
            on: document, as: plan.known?.id, client)
        guard let report, !report.valid else { return }
        throw APIError(
            .validationError, "\(plan.file.name) is not right",
            details: document.naming(report.errors))
    }

    /// `nil` for who may change but not create: they cannot have it judged before.
    private static func report(
        on document: WorkflowDocument, as id: WorkflowID?, _ client: any Client
    ) async throws(APIError) -> ValidationReport? {
        do {
            return try await client.send(
                ValidateDefinition(definition: document.definition, workflowID: id))
        } catch {
            guard error.code.status == 403 else { throw error }
            return nil
        }
    }

    // MARK: - Doing it

    /// What was done, or would be.
    private struct Applied {
        let action: String
        let name: String
        var id: WorkflowID?
        var version: Int?

        init(_ action: String, _ workflow: Workflow) {
            self.action = action
            name = workflow.name
            id = workflow.id
            version = workflow.version
        }

        init(_ action: String, name: String) {
            self.action = action
            self.name = name
        }

        var sentence: String {
            let place = id.map { " \($0)" } ?? ""
            let state = version.map { action == "changed" ? ", now version \($0)" : "" } ?? ""
            return SafeText.line("\(action) \"\(name)\"\(place)\(state)")
        }

        func json(file: String) -> JSONValue {
            [
                "id": id.map { .string($0.description) } ?? .null, "name": .string(name),
                "version": version.map { .int(Int64($0)) } ?? .null, "action": .string(action),
                "file": .string(file),
            ]
        }
    }

    private func apply(_ plan: Plan, _ client: any Client) async throws -> Applied {
        let document = plan.file.document
        guard let known = plan.known else {
            let name = document.name ?? ""
            if dryRun { return Applied("would create", name: name) }
            let made = try await client.send(
                CreateWorkflow(
                    name: name, description: document.description,
                    definition: document.definition, isActive: document.isActive))
            return Applied("created", made)
        }
        guard document.differs(from: known) else { return Applied("unchanged", known) }
        if dryRun { return Applied("would change", known) }
        let changed = try await client.send(
            UpdateWorkflow(
                workflowID: known.id, name: document.name, description: document.description,
                definition: document.definition, isActive: document.isActive,
                ifMatch: "\"\(known.version)\""))
        return Applied("changed", changed)
    }
}
