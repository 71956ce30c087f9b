import AuterityAPI

/// What each step did when: its attempts and waits, folded from the journal.
struct StepTracks: Sendable {
    struct Span: Hashable, Sendable {
        enum Kind: Hashable, Sendable {
            case working, waiting, failed
        }

        var kind: Kind
        /// Counted from 1.
        let attempt: Int
        let start: Timestamp
        /// `nil` while it goes on.
        var end: Timestamp?
        var error: ExecutionError?
    }

    private let layout: StepLayout
    /// By step, in the order of the definition.
    private(set) var spans: [[Span]]

    /// Spans kept of one step; of more the oldest go.
    static let maximumSpans = 200

    init(_ layout: StepLayout) {
        self.layout = layout
        spans = Array(repeating: [], count: layout.count)
    }

    mutating func apply(_ entry: JournalEntry) {
        switch entry.kind {
        case .executionCompleted, .executionFailed, .executionCancelled:
            for step in spans.indices { close(step, at: entry.at) }
            return
        default: break
        }
        guard let step = entry.stepID.flatMap({ layout.index(of: $0) }) else { return }
        let attempt = entry.attempt ?? spans[step].last?.attempt ?? 1
        switch entry.kind {
        case .stepStarted: open(.working, step, attempt, at: entry.at)
        case .stepWaiting: open(.waiting, step, attempt, at: entry.at)
        case .stepRetrying:
            fail(step, attempt, entry)
            open(.waiting, step, attempt, at: entry.at)
        case .stepFailed: fail(step, attempt, entry)
        case .stepCompleted:
            if spans[step].last?.end != nil || spans[step].isEmpty {
                open(.working, step, attempt, at: entry.at)
            }
            close(step, at: entry.at)
        default: break
        }
    }

    private mutating func open(_ kind: Span.Kind, _ step: Int, _ attempt: Int, at: Timestamp) {
        close(step, at: at)
        spans[step].append(Span(kind: kind, attempt: attempt, start: at, end: nil))
        if spans[step].count > StepTracks.maximumSpans { spans[step].removeFirst() }
    }

    private mutating func close(_ step: Int, at: Timestamp) {
        guard let last = spans[step].indices.last, spans[step][last].end == nil else { return }
        spans[step][last].end = at
    }

    private mutating func fail(_ step: Int, _ attempt: Int, _ entry: JournalEntry) {
        if spans[step].last?.end != nil || spans[step].isEmpty {
            open(.working, step, attempt, at: entry.at)
        }
        close(step, at: entry.at)
        guard let last = spans[step].indices.last else { return }
        if spans[step][last].kind == .working { spans[step][last].kind = .failed }
        guard let content = JournalContent(kind: entry.kind, data: entry.data) else { return }
        switch content {
        case .stepFailed(let fault): spans[step][last].error = fault.error
        case .stepRetrying(let error, _): spans[step][last].error = error
        default: break
        }
    }
}
