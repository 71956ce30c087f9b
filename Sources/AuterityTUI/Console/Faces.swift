import AuterityAPI

extension Destination {
    /// The call that reads what the screen shows.
    private var call: (any Endpoint)? {
        switch self {
        case .overview: ListExecutions(pageSize: PageLimits.maximumSize, cursor: "")
        case .execution(let id): GetExecution(executionID: id)
        case .workflow(let id): GetWorkflow(workflowID: id)
        case .template(let id): GetTemplate(templateID: id)
        case .wizard(let template): GetTemplate(templateID: template.id)
        case .runForm(.workflow(let workflow, _)): GetWorkflow(workflowID: workflow.id)
        case .runForm(.workflowID(let id, _)): GetWorkflow(workflowID: id)
        case .runForm(.again(let execution)): GetExecution(executionID: execution.id)
        case .health: GetHealth()
        case .alerts: ListAlerts(cursor: "")
        case .logs(let filter):
            LogsContent.call(
                start: "", filter: Filter(filter.text), sort: nil,
                now: Timestamp(milliseconds: 0))
        case .messages, .performance, .help, .about: nil
        }
    }

    /// The command that comes here, behind `:` and after `--screen`.
    private var command: String? {
        switch self {
        case .overview: "overview"
        case .execution(let id): "execution \(id)"
        case .workflow(let id): "workflow \(id)"
        case .template(let id): "template \(id)"
        case .health: "health"
        case .alerts: "alerts"
        case .logs(let filter): filter.text.isEmpty ? "logs" : "logs \(filter.text)"
        case .messages: "messages"
        case .performance: "perf"
        case .about: "about"
        case .help, .wizard, .runForm: nil
        }
    }

    /// This view as a command line, as a command of the console and as a REST call.
    var faces: [CopyOffer] {
        var offers: [CopyOffer] = []
        if let command {
            let quoted = command.replacing("'", with: "'\\''")
            offers.append(CopyOffer("command line", "auterity --once --screen '\(quoted)'"))
            offers.append(CopyOffer("console command", ":" + command))
        }
        if let call, let request = Destination.request(call) {
            let query = request.query.map { "\($0.name)=\($0.value)" }.joined(separator: "&")
            let path = query.isEmpty ? request.path : "\(request.path)?\(query)"
            offers.append(CopyOffer("REST call", "\(request.method.rawValue) \(path)"))
        }
        return offers
    }

    private static func request(_ call: some Endpoint) -> WireRequest? {
        try? WireRequest(call)
    }
}
