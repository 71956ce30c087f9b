import ArgumentParser
import AuterityAPI
import AuterityClient

/// `auterity workflow run`
struct RunWorkflowCommand: ConnectedCommand {
    static let configuration = CommandConfiguration(
        commandName: "run", abstract: "Start an execution of a workflow.",
        discussion: """
            With --watch it shows the progress and ends with the execution's status: 0 completed, \
            3 failed, 4 cancelled.

            Examples:
              auterity workflow run "Lead Qualification" -i email=ann@example.com --watch
              auterity workflow run "Lead Qualification" --input-file lead.json -o name
            """)

    @Argument(help: "Its id or name.", completion: CompletionNames.workflows.kind)
    var workflow: String

    @OptionGroup var values: ValueOptions

    @Flag(name: .shortAndLong, help: "Show the progress and wait for the end.")
    var watch = false

    @Option(name: .long, help: "Call this address when it has ended.")
    var webhook: String?

    @Option(name: .long, help: "The same key and input start it once only, within 24 hours.")
    var idempotencyKey: String?

    @OptionGroup var output: OutputOptions
    @OptionGroup(title: "Settings") var settings: StoreSettingFlags

    var readsStandardInput: Bool { values.inputFile == "-" }

    func run(_ session: CommandSession) async throws -> Int32 {
        let id = try await session.client.workflow(workflow, for: .changing)
        let call = ExecuteWorkflow(
            workflowID: id, inputData: try values.values(), executionMode: .async,
            webhookURL: webhook, idempotencyKey: idempotencyKey)
        switch try await start(call, session) {
        case .accepted(let accepted):
            return try await ExecutionCommand.report(accepted, watching: watch, session)
        // The key was used before, and that execution has ended.
        case .finished(let execution), .finishedBefore(let execution):
            return try ExecutionCommand.print(execution, session)
        }
    }

    private func start(
        _ call: ExecuteWorkflow, _ session: CommandSession
    ) async throws(APIError) -> ExecuteWorkflow.Response {
        do {
            return try await session.client.send(call)
        } catch {
            throw Self.told(error)
        }
    }

    /// With the key, when it is not known whether it has started: the next command is another
    /// process, which knows of none.
    static func told(_ error: APIError) -> APIError {
        guard let key = error.idempotencyKey else { return error }
        return APIError(
            error.code,
            error.message + ". Again means: the same command with --idempotency-key \(key)",
            idempotencyKey: key)
    }
}
