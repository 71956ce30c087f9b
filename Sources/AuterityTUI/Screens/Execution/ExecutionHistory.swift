import AuterityAPI

/// The journal of an execution as far as it was read, and the execution as of any entry of it.
struct ExecutionHistory: Sendable {
    /// The execution after a number of entries.
    struct Fold: Sendable {
        var state: ExecutionState
        var tracks: StepTracks
        /// Entries that are in it.
        var count = 0

        init(_ layout: StepLayout) {
            state = ExecutionState(layout)
            tracks = StepTracks(layout)
        }

        mutating func apply(_ entry: JournalEntry) {
            state.apply(entry)
            tracks.apply(entry)
            count += 1
        }
    }

    private(set) var entries: [JournalEntry] = []
    /// Whether there was no more when it was last read.
    private(set) var isComplete = false
    /// After all entries; `nil` without a definition.
    private(set) var latest: Fold?
    /// After each `checkpointDistance` entries, so that no step in time folds more than that.
    private var checkpoints: [Fold] = []
    private var layout: StepLayout?

    static let checkpointDistance = 2048
    /// Entries read without being asked for.
    static let eagerCount = 5000
    /// Entries kept; what comes behind is told, not shown.
    static let maximumCount = 200_000

    /// Where the next page begins.
    var lastSeq: Int64? { entries.last?.seq }
    var isFull: Bool { entries.count >= ExecutionHistory.maximumCount }

    mutating func begin(with definition: Definition) {
        let layout = StepLayout(definition)
        self.layout = layout
        checkpoints = []
        var fold = Fold(layout)
        for entry in entries { advance(&fold, entry) }
        latest = fold
    }

    private mutating func advance(_ fold: inout Fold, _ entry: JournalEntry) {
        fold.apply(entry)
        if fold.count % ExecutionHistory.checkpointDistance == 0 { checkpoints.append(fold) }
    }

    /// Takes a page that was asked for behind `after`; one that does not follow is left out.
    mutating func append(_ page: Page<JournalEntry>, after: Int64?, limit: Int) {
        guard after == lastSeq else { return }
        isComplete = page.items.count < limit
        let room = ExecutionHistory.maximumCount - entries.count
        var fold = latest
        latest = nil
        for entry in page.items.prefix(max(0, room)) where entry.seq > lastSeq ?? .min {
            entries.append(entry)
            if fold != nil { advanceOptional(&fold, entry) }
        }
        latest = fold
    }

    private mutating func advanceOptional(_ fold: inout Fold?, _ entry: JournalEntry) {
        guard var current = fold else { return }
        fold = nil
        advance(&current, entry)
        fold = current
    }

    /// There may be more now.
    mutating func outdate() { isComplete = false }

    /// The execution after the first `count` entries.
    func fold(count: Int) -> Fold? {
        if let latest, latest.count == count { return latest }
        guard let layout, (0...entries.count).contains(count) else { return nil }
        let index = count / ExecutionHistory.checkpointDistance - 1
        var fold = checkpoints.indices.contains(index) ? checkpoints[index] : Fold(layout)
        for entry in entries[fold.count..<count] { fold.apply(entry) }
        return fold
    }
}
