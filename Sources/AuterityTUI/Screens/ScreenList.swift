import AuterityAPI

/// The list of all screens: which one shows a destination.
enum ScreenList {
    static func screen(for destination: Destination) -> any Screen {
        switch destination {
        case .overview: OverviewScreen()
        case .execution(let id): ExecutionScreen(executionID: id)
        case .workflow(let id): WorkflowScreen(workflowID: id)
        case .template(let id): TemplateScreen(templateID: id)
        case .wizard(let template): WizardScreen(template: template)
        case .runForm(let subject): RunFormScreen(subject: subject)
        case .health: HealthScreen()
        case .alerts: AlertsScreen()
        case .logs(let filter): LogsScreen(filter: filter)
        case .messages: MessagesScreen()
        case .performance: PerformanceScreen()
        case .help: HelpScreen()
        case .about: AboutScreen()
        }
    }
}
