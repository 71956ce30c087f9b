import AuterityAPI
import TerminalUI

/// One workflow: its definition as graph and text, its versions, and how its executions went.
struct WorkflowScreen: Screen {
    enum Tab: Int, CaseIterable, Sendable {
        case graph, definition, versions, executions

        var title: String {
            switch self {
            case .graph: "Graph"
            case .definition: "Definition"
            case .versions: "Versions"
            case .executions: "Executions"
            }
        }
    }

    let workflowID: WorkflowID
    var tabs = Tabs(Tab.allCases.map(\.title))

    var workflow: Workflow?
    var definition: Definition?
    var loadError: APIError?
    var readAt: Timestamp?
    /// Executions of it changed since they were read.
    var isStale = false
    /// What was edited and is not saved.
    var draft: DefinitionDraft?
    /// What validating the saved definition found; `nil` before it was asked for.
    var faults: [DefinitionDraft.Fault]?
    var searchField: TextField?

    var graph = GraphTab()
    var text = DefinitionTab()
    var versions = VersionsTab()
    var runs = RunsTab()

    init(workflowID: WorkflowID) {
        self.workflowID = workflowID
    }

    var tab: Tab { Tab(rawValue: tabs.selected) ?? .graph }
    var destination: Destination { .workflow(workflowID) }
    var title: String { workflow?.name ?? workflowID.short }
    var capturesText: Bool { searchField != nil }

    var unsaved: String? {
        draft == nil ? nil : "The changes to the definition of “\(title)” are not saved"
    }

    var freshness: Freshness? {
        if let readAt { return .read(at: readAt) }
        return loadError == nil ? .loading : nil
    }

    var isLoaded: Bool {
        workflow == nil ? loadError != nil : runs.hasRead || runs.error != nil
    }

    func places(_ context: ScreenContext) -> ExecutionPlaces {
        ExecutionPlaces(
            context.area, isTravelling: draft != nil, isSearching: searchField != nil)
    }

    mutating func update(_ message: ScreenMessage, in context: ScreenContext) -> [Effect] {
        switch message {
        case .appeared, .resynchronize: return read()
        case .action(let action): return perform(action, in: context)
        case .key(let key): return take(key, in: context)
        case .reply(let reply): return take(reply, in: context)
        case .events(let events): return take(events)
        case .timer(let name): return name == "refresh" && isStale ? refresh() : []
        case .edited(_, let result): return edited(result)
        case .answered, .command: return []
        }
    }

    func subscriptions(in context: ScreenContext) -> [Subscription] {
        isStale ? [.timer("refresh", every: ExecutionScreen.refreshInterval)] : []
    }

    /// Takes over what was read or edited into the tabs.
    mutating func show() {
        guard let workflow else { return }
        let read = Definition.read(workflow.definition).definition
        if definition != read {
            definition = read
            graph.begin(with: read)
        }
        text.show(
            draft?.text ?? workflow.definition.prettyJSONText,
            faults: draft?.faults ?? faults ?? [])
    }

    func copies(in context: ScreenContext) -> [CopyOffer] {
        var offers: [CopyOffer] = []
        if tab == .executions, let run = runs.selected {
            offers.append(CopyOffer("execution id", run.id.description))
        }
        if let draft { offers.append(CopyOffer("edited definition", draft.text)) }
        if let workflow {
            offers.append(CopyOffer("definition", workflow.definition.prettyJSONText))
        }
        offers.append(CopyOffer("workflow id", workflowID.description))
        return offers
    }
}
