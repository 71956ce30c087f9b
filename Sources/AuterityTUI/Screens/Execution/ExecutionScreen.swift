import AuterityAPI
import TerminalUI

/// One execution: how it stands, how it came there, and how it stood at any moment before.
struct ExecutionScreen: Screen {
    enum Tab: Int, CaseIterable, Sendable {
        case graph, timeline, steps, logs, data, journal

        var title: String {
            switch self {
            case .graph: "Graph"
            case .timeline: "Timeline"
            case .steps: "Steps"
            case .logs: "Logs"
            case .data: "Input/Output"
            case .journal: "Journal"
            }
        }

        var canSearch: Bool { self == .steps || self == .logs || self == .data }
    }

    let executionID: ExecutionID
    var tabs = Tabs(Tab.allCases.map(\.title))

    // What was read.
    var execution: Execution?
    var definition: Definition?
    var history = ExecutionHistory()
    var loadError: APIError?
    var definitionError: APIError?
    var logsError: APIError?
    var journalError: APIError?
    var readAt: Timestamp?

    // What goes on.
    /// Something happened since it was read last.
    var isStale = false
    var isReadingJournal = false
    /// The end of the journal was asked for (`G`), however far it is.
    var wantsJournalEnd = false
    /// Entries of the journal that are shown; `nil` for now.
    var travel: Int?
    /// The text to look for while it is typed.
    var searchField: TextField?

    // What is shown.
    var moment: ExecutionMoment?
    var graph = GraphTab()
    var timeline = TimelineTab()
    var steps = StepsTab()
    var logs = LogsTab()
    var data = DataTab()
    var journal = JournalTab()

    init(executionID: ExecutionID) {
        self.executionID = executionID
    }

    var tab: Tab { Tab(rawValue: tabs.selected) ?? .graph }
    var destination: Destination { .execution(executionID) }
    var title: String { execution?.workflowName ?? executionID.short }
    var capturesText: Bool { searchField != nil }

    var freshness: Freshness? {
        if let readAt { return .read(at: readAt) }
        return loadError == nil ? .loading : nil
    }

    var isLoaded: Bool {
        guard execution != nil else { return loadError != nil }
        let hasGraph = definition != nil || definitionError != nil
        let hasJournal = !history.entries.isEmpty || journalError != nil
        return hasGraph && hasJournal && (logs.hasRead || logsError != nil)
    }

    func places(_ context: ScreenContext) -> ExecutionPlaces {
        ExecutionPlaces(
            context.area, isTravelling: travel != nil, isSearching: searchField != nil,
            reasonRows: reasonRows(width: context.area.width, height: context.area.height))
    }

    // MARK: Update

    mutating func update(_ message: ScreenMessage, in context: ScreenContext) -> [Effect] {
        switch message {
        case .appeared: return appear(in: context)
        case .action(let action): return perform(action, in: context)
        case .key(let key): return take(key, in: context)
        case .reply(let reply): return take(reply, in: context)
        case .events(let events): return take(events, in: context)
        case .resynchronize:
            history.outdate()
            return refresh()
        case .timer(let name): return timer(name, in: context)
        case .answered(let tag, let text): return answered(tag, text)
        case .command, .edited: return []
        }
    }

    /// Goes to a step, when one comes here for it.
    mutating func show(in context: ScreenContext) {
        guard let execution else { return }
        let glyphs = Glyphs.of(context.charset)
        if let travel, let fold = history.fold(count: travel),
            history.entries.indices.contains(travel - 1)
        {
            moment = ExecutionMoment(fold, at: history.entries[travel - 1].at)
        } else {
            travel = nil
            moment = ExecutionMoment(execution, fold: history.latest)
        }
        guard let moment else { return }
        let area = places(context).content
        if let definition { graph.show(moment, of: definition, glyphs: glyphs) }
        timeline.show(moment, of: execution, definition, glyphs: glyphs, now: context.now)
        steps.show(moment, in: area)
        data.show(moment)
        journal.show(history, travel: travel, in: area)
    }

    // MARK: Copying

    func copies(in context: ScreenContext) -> [CopyOffer] {
        var offers: [CopyOffer] = []
        switch tab {
        case .steps:
            if let detail = steps.detail {
                offers.append(CopyOffer("value", detail.selectedText))
                offers.append(CopyOffer("path", detail.path))
            }
        case .data:
            offers.append(CopyOffer("value", data.focused.selectedText))
            offers.append(CopyOffer("path", data.focused.path))
        case .logs where !logs.selectedText.isEmpty:
            offers.append(CopyOffer("log line", logs.selectedText))
        case .journal:
            if let detail = journal.detail {
                offers.append(CopyOffer("journal entry", detail.value.treeText))
            }
        case .graph, .timeline, .logs: break
        }
        offers.append(CopyOffer("execution id", executionID.description))
        if let error = moment?.error { offers.append(CopyOffer("error", error.message)) }
        if let output = moment?.output {
            offers.append(CopyOffer("output", output.prettyJSONText))
        }
        if let execution {
            let input = JSONValue.object(execution.inputData)
            offers.append(CopyOffer("input", input.prettyJSONText))
            if let key = execution.idempotencyKey {
                offers.append(CopyOffer("idempotency key", key))
            }
        }
        return offers
    }
}
