import AuterityAPI

/// Where one can go, as plain data: the trail, the history, commands and links are made of it.
enum Destination: Hashable, Sendable {
    case overview
    case execution(ExecutionID)
    case workflow(WorkflowID)
    case template(TemplateID)
    case wizard(Template)
    case runForm(RunFormSubject)
    case health
    case alerts
    case logs(LogsFilter)
    case messages
    case performance
    case help
    case about
}

/// What the screen of all logs begins with.
struct LogsFilter: Hashable, Sendable {
    /// A filter as it is typed.
    var text = ""
}

/// What a run form makes an execution of.
enum RunFormSubject: Hashable, Sendable {
    /// A workflow that is loaded, with answers to begin with.
    case workflow(Workflow, input: JSONObject)
    /// A workflow that the form loads itself.
    case workflowID(WorkflowID, input: JSONObject)
    /// An execution that runs again with other input.
    case again(Execution)
}
