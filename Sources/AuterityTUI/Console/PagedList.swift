import AuterityAPI
import TerminalUI

/// Something that lists hold and that can be told from the others.
protocol ListRow: Listed {
    associatedtype RowID: Hashable & Sendable
    var rowID: RowID { get }
}

/// A window of pages around what is shown of a long list: never the whole list.
///
/// Rows have positions in the whole list. Pages in front of the window are forgotten, but where
/// they begin is remembered, so that going back reads them again. Whatever comes and goes, the
/// row under the cursor stays the row under the cursor.
struct PagedList<Row: ListRow>: Sendable {
    /// Rows a page.
    static var pageSize: Int { PageLimits.maximumSize }
    /// Pages kept at once.
    static var pageLimit: Int { 5 }
    /// Rows from the edge of the window at which the next page is asked for.
    static var margin: Int { 40 }
    /// New rows that the first page may take before it is read afresh.
    static var growthLimit: Int { 200 }
    /// Pages looked through on their own for a filter that only we can answer.
    static var scanLimit: Int { 10 }

    private struct LoadedPage: Sendable {
        let index: Int
        var rows: [Row]
    }

    private var pages: [LoadedPage] = []
    /// Where each page begins, as far as it is known.
    private var starts: [String] = [""]
    /// Whether the last known page is the end of the list.
    private(set) var isComplete = false
    private(set) var list = ListState()
    /// The rows that are shown: those of the window that pass the filter.
    private(set) var shown: [Row] = []
    private(set) var total: Int?
    /// When the newest page came.
    private(set) var readAt: Timestamp?
    private(set) var error: APIError?
    /// Whether the cursor stays on the first row as new ones come.
    private(set) var isFollowing = true
    /// Rows that came in front of the window and are not in it.
    private(set) var missedRows = 0
    /// The pages that were asked for.
    private(set) var awaited: Set<Int> = []
    /// Whether the pages of the next answer replace all there are.
    private var isStartingOver = false
    /// Pages to be read again, one after the other: each says where the next begins.
    private var stale: Set<Int> = []
    private var scanned = 0
    /// The rows of the list before this one, and when they came.
    private var remembered: [Row] = []
    private var rememberedAt: Timestamp?
    /// Whether what is shown are rows of the list before this one, in its order.
    private(set) var isRemembered = false

    // MARK: Reading

    var isLoaded: Bool { readAt != nil || error != nil }

    /// The position of the first row in the window.
    private var base: Int { (pages.first?.index ?? 0) * Self.pageSize }

    /// The rows from the start of the list to the end of the window.
    var count: Int { base + shown.count }

    /// The row at a position, if it is in the window.
    subscript(position: Int) -> Row? {
        let index = position - base
        return shown.indices.contains(index) ? shown[index] : nil
    }

    /// The row under the cursor.
    var selected: Row? { self[min(list.cursor, count - 1)] }

    /// All rows in the window, also those that the filter hides.
    var loadedRows: Int { pages.reduce(0) { $0 + $1.rows.count } }

    // MARK: Moving

    /// True when the key moved the cursor, which ends following.
    mutating func handle(_ key: Key, height: Int) -> Bool {
        var moved = list
        guard moved.handle(key, count: count, height: height) else { return false }
        if case .mouse = key {} else { isFollowing = false }
        if moved != list { isFollowing = false }
        list = moved
        return true
    }

    mutating func move(to position: Int, height: Int) {
        isFollowing = false
        list.move(to: position, count: count, height: height)
    }

    mutating func follow(height: Int) {
        isFollowing = true
        missedRows = 0
        list.move(to: 0, count: count, height: height)
    }

    // MARK: Asking

    /// Where a page begins; `nil` when that is not known.
    func start(of page: Int) -> String? {
        starts.indices.contains(page) ? starts[page] : nil
    }

    /// The pages to ask for now; they count as asked for.
    mutating func wanted(height: Int, isPartial: Bool) -> [Int] {
        if pages.isEmpty {
            guard error == nil || readAt == nil else { return [] }
            return ask(for: 0)
        }
        let window = list.window(count: count, height: height)
        var wanted: [Int] = []
        if let next = stale.min() { wanted += ask(for: next) }
        if let first = pages.first?.index, first > 0, window.lowerBound < base + Self.margin {
            wanted += ask(for: first - 1)
        }
        if let last = pages.last?.index, last + 1 < starts.count {
            let isNear = window.upperBound + Self.margin > count
            let isScan = isPartial && shown.count < height
            if isScan ? scanned < Self.scanLimit : isNear {
                if isScan { scanned += 1 }
                wanted += ask(for: last + 1)
            }
        }
        return wanted
    }

    private mutating func ask(for page: Int) -> [Int] {
        awaited.insert(page).inserted ? [page] : []
    }

    /// Asks for what is shown again, from the first page on; it stays until the answers come.
    mutating func startOver() -> [Int] {
        scanned = 0
        awaited = []
        if let first = pages.first?.index, first > 0 {
            stale = Set(pages.map(\.index))
            return ask(for: first)
        }
        isStartingOver = true
        return ask(for: 0)
    }

    /// Begins another list. What was seen of the one before is remembered for as long as the new
    /// one cannot be read.
    mutating func reset() {
        var next = PagedList()
        next.isFollowing = isFollowing
        next.remembered = pages.isEmpty ? remembered : pages.flatMap(\.rows)
        next.rememberedAt = readAt ?? rememberedAt
        self = next
    }

    // MARK: Taking answers

    mutating func take(
        _ page: Page<Row>, at index: Int, next: String?, now: Timestamp, height: Int,
        filter: (([Row]) -> [Row])?
    ) {
        guard awaited.remove(index) != nil else { return }
        error = nil
        readAt = now
        isRemembered = false
        total = page.total ?? total
        keepingCursor(height: height, filter: filter) { list in
            if index == 0, list.isStartingOver || list.pages.isEmpty {
                list.startOver(with: page.items, next: next)
            } else {
                list.insert(page.items, at: index, next: next)
            }
        }
    }

    mutating func take(
        _ failure: APIError, at index: Int, height: Int, filter: (([Row]) -> [Row])?
    ) {
        guard awaited.remove(index) != nil else { return }
        error = failure
        isStartingOver = false
        // Nobody says what the other list holds: what was seen may hold some of it.
        guard failure.code == .serviceUnavailable, pages.isEmpty, !remembered.isEmpty else {
            return
        }
        isRemembered = true
        readAt = rememberedAt
        keepingCursor(height: height, filter: filter) { list in
            list.pages = [LoadedPage(index: 0, rows: list.remembered)]
        }
    }

    private mutating func startOver(with rows: [Row], next: String?) {
        isStartingOver = false
        missedRows = 0
        let fresh = Set(rows.map(\.rowID))
        let isAmongThem = selected.map { fresh.contains($0.rowID) } ?? true
        guard !isFollowing, !isAmongThem, pages.first?.index == 0 else {
            pages = [LoadedPage(index: 0, rows: rows)]
            starts = next.map { ["", $0] } ?? [""]
            isComplete = next == nil
            stale = []
            return
        }
        // The cursor is further down: those pages stay in view until each is read again.
        stale = Set(pages.dropFirst().map(\.index))
        replace(at: 0, with: rows, index: 0, next: next)
    }

    private mutating func insert(_ rows: [Row], at index: Int, next: String?) {
        stale.remove(index)
        if let at = pages.firstIndex(where: { $0.index == index }) {
            replace(at: at, with: rows, index: index, next: next)
            return
        }
        let known = Set(pages.flatMap { $0.rows.map(\.rowID) })
        let page = LoadedPage(index: index, rows: rows.filter { !known.contains($0.rowID) })
        if let last = pages.last, index == last.index + 1 {
            pages.append(page)
            if pages.count > Self.pageLimit { pages.removeFirst() }
        } else if let first = pages.first, index == first.index - 1 {
            pages.insert(page, at: 0)
            if pages.count > Self.pageLimit { pages.removeLast() }
        } else {
            return
        }
        if starts.count == index + 1 {
            if let next { starts.append(next) } else { isComplete = true }
        }
    }

    /// A page was read again: what it holds now is taken out of the pages behind it, and they
    /// begin where it ends.
    private mutating func replace(at place: Int, with rows: [Row], index: Int, next: String?) {
        let fresh = Set(rows.map(\.rowID))
        for other in pages.indices where other != place {
            pages[other].rows.removeAll { fresh.contains($0.rowID) }
        }
        pages[place] = LoadedPage(index: index, rows: rows)
        guard let next else {
            starts = Array(starts.prefix(index + 1))
            pages.removeLast(pages.count - place - 1)
            stale = []
            isComplete = true
            return
        }
        if starts.count > index + 1 { starts[index + 1] = next } else { starts.append(next) }
    }

    private func place(of id: Row.RowID) -> (page: Int, row: Int)? {
        for (page, loaded) in pages.enumerated() {
            if let row = loaded.rows.firstIndex(where: { $0.rowID == id }) { return (page, row) }
        }
        return nil
    }

    // MARK: Live changes

    /// The rows in the window, for finding what an event is about.
    func row(_ id: Row.RowID) -> Row? {
        place(of: id).map { pages[$0.page].rows[$0.row] }
    }

    /// Changes rows in place, and puts new ones in front when the window shows the start.
    /// Answers whether the first page has grown so far that it is to be read afresh.
    @discardableResult
    mutating func change(
        height: Int, filter: (([Row]) -> [Row])?, updates: [Row], new: [Row]
    ) -> Bool {
        keepingCursor(height: height, filter: filter) { list in
            for row in updates {
                guard let at = list.place(of: row.rowID) else { continue }
                list.pages[at.page].rows[at.row] = row
            }
            guard !new.isEmpty else { return }
            guard list.pages.first?.index == 0 else {
                list.missedRows += new.count
                return
            }
            list.pages[0].rows.insert(contentsOf: new, at: 0)
            if list.total != nil { list.total? += new.count }
        }
        return (pages.first?.rows.count ?? 0) > Self.pageSize + Self.growthLimit
    }

    /// Sifts the window again.
    mutating func sift(height: Int, filter: (([Row]) -> [Row])?) {
        keepingCursor(height: height, filter: filter) { _ in }
    }

    private mutating func keepingCursor(
        height: Int, filter: (([Row]) -> [Row])?, _ change: (inout PagedList) -> Void
    ) {
        let before = selected?.rowID
        change(&self)
        let rows = pages.flatMap(\.rows)
        shown = filter?(rows) ?? rows
        if isFollowing {
            list.move(to: 0, count: count, height: height)
        } else if let before, let index = shown.firstIndex(where: { $0.rowID == before }) {
            list.follow(to: base + index, count: count, height: height)
        } else {
            list.settle(count: count, height: height)
        }
    }
}
