import AuterityAPI
import TerminalUI

extension ExecutionScreen {
    /// Changes that come in one burst are read once, this long after the first.
    static let refreshInterval = Duration.milliseconds(250)
    /// How often what runs is drawn with its new duration.
    static let tickInterval = Duration.seconds(1)

    // MARK: Asking

    func appear(in context: ScreenContext) -> [Effect] {
        [.request(executionRequest), .request(logs.request(executionID))]
            + (isReadingJournal ? [] : [.request(journalRequest)])
    }

    private var executionRequest: Request {
        Request(GetExecution(executionID: executionID), tag: "execution", showsErrors: true)
    }

    private var journalRequest: Request {
        Request(
            ListJournal(
                executionID: executionID, after: history.lastSeq, limit: ListJournal.maximumLimit),
            tag: "journal", showsErrors: true)
    }

    mutating func refresh() -> [Effect] {
        isStale = false
        var effects: [Effect] = [.request(executionRequest), .request(logs.request(executionID))]
        if history.entries.isEmpty || hasReadJournalToEnd { effects += readJournal() }
        return effects
    }

    private var hasReadJournalToEnd: Bool {
        history.isComplete || history.entries.count < ExecutionHistory.eagerCount
    }

    /// The next page of the journal, unless it is on its way.
    mutating func readJournal() -> [Effect] {
        guard !isReadingJournal, !history.isFull else { return [] }
        isReadingJournal = true
        return [.request(journalRequest)]
    }

    func subscriptions(in context: ScreenContext) -> [Subscription] {
        var all: [Subscription] = []
        if isStale { all.append(.timer("refresh", every: ExecutionScreen.refreshInterval)) }
        if travel == nil, execution?.status == .running {
            all.append(.timer("tick", every: ExecutionScreen.tickInterval))
        }
        return all
    }

    mutating func timer(_ name: String, in context: ScreenContext) -> [Effect] {
        switch name {
        case "refresh" where isStale: return refresh()
        case "tick":
            if tab == .timeline { show(in: context) }
            return []
        default: return []
        }
    }

    // MARK: Events

    mutating func take(_ events: [Event], in context: ScreenContext) -> [Effect] {
        for event in events {
            switch event.payload {
            case .executionUpdate(let update) where update.executionID == executionID:
                isStale = true
            case .errorNotification(let error) where error.executionID == executionID:
                isStale = true
            default: break
            }
        }
        return []
    }

    // MARK: Answers

    mutating func take(_ reply: Reply, in context: ScreenContext) -> [Effect] {
        if let answer = reply.to(GetExecution.self) { return take(answer, in: context) }
        if let answer = reply.to(GetWorkflowVersion.self) { return take(answer, in: context) }
        if let answer = reply.to(ListJournal.self) { return take(answer, in: context) }
        if let answer = reply.to(ListExecutionLogs.self) { return take(answer) }
        if let answer = reply.to(RetryExecution.self) {
            guard let accepted = answer.response else { return [] }
            return [.open(.execution(accepted.executionID))]
        }
        for updated in [
            reply.to(CancelExecution.self)?.response, reply.to(ApproveExecution.self)?.response,
        ] {
            guard let updated else { continue }
            execution = updated
            history.outdate()
            show(in: context)
            return refresh()
        }
        return []
    }

    private mutating func take(
        _ answer: Answer<GetExecution>, in context: ScreenContext
    ) -> [Effect] {
        switch answer.result {
        case .failure(let error):
            loadError = error
            if error.code.status == 404 { execution = nil }
            return []
        case .success(let new):
            loadError = nil
            readAt = context.now
            let isFirst = execution == nil
            execution = new
            show(in: context)
            guard isFirst || (definition == nil && definitionError == nil) else { return [] }
            let call = GetWorkflowVersion(
                workflowID: new.workflowID, version: new.workflowVersion)
            return [.request(Request(call, tag: "definition", showsErrors: true))]
        }
    }

    private mutating func take(
        _ answer: Answer<GetWorkflowVersion>, in context: ScreenContext
    ) -> [Effect] {
        switch answer.result {
        case .failure(let error): definitionError = error
        case .success(let version):
            let read = Definition.read(version.definition ?? .null).definition
            definition = read
            history.begin(with: read)
            graph.begin(with: read)
            show(in: context)
        }
        return []
    }

    private mutating func take(
        _ answer: Answer<ListJournal>, in context: ScreenContext
    ) -> [Effect] {
        isReadingJournal = false
        switch answer.result {
        case .failure(let error):
            journalError = error
            return []
        case .success(let page):
            journalError = nil
            let limit = answer.call.limit ?? ListJournal.maximumLimit
            history.append(page, after: answer.call.after, limit: limit)
            show(in: context)
            if history.isComplete { wantsJournalEnd = false }
            let isWanted = wantsJournalEnd || history.entries.count < ExecutionHistory.eagerCount
            return history.isComplete || !isWanted ? [] : readJournal()
        }
    }

    private mutating func take(_ answer: Answer<ListExecutionLogs>) -> [Effect] {
        switch answer.result {
        case .failure(let error): logsError = error
        case .success(let page):
            logsError = nil
            logs.take(page, call: answer.call)
        }
        return []
    }
}
