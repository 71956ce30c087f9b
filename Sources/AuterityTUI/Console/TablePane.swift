import AuterityAPI
import TerminalUI

/// A column of a list: how it is drawn, sorted and hidden.
struct PaneColumn: Hashable, Sendable {
    /// What it is known by in the settings, such as `workflow`.
    let id: String
    let column: TableColumn
    /// The key that the server sorts by; `nil` where it cannot.
    let sortKey: String?

    init(_ id: String, _ column: TableColumn, sortKey: String? = nil) {
        self.id = id
        self.column = column
        self.sortKey = sortKey
    }
}

/// What a list holds: the one place that knows how one kind of row is read and shown.
protocol PaneContent: Sendable {
    associatedtype Row: ListRow

    /// What its requests are tagged with.
    static var name: String { get }
    static func columns(isWide: Bool) -> [PaneColumn]
    /// The call for a page. `start` is what `next` gave, or empty for the first page.
    static func call(start: String, filter: Filter, sort: String?, now: Timestamp) -> any Endpoint
    static func page(of reply: Reply) -> Result<Page<Row>, APIError>?
    static func subject(_ row: Row) -> FilterSubject
    /// A cell for each of `columns`.
    static func cells(_ row: Row, isWide: Bool, context: ScreenContext, glyphs: Glyphs)
        -> [TableCell]
    /// Whether some of a filter is only looked for in the pages that are loaded.
    static func isPartial(_ filter: Filter, at now: Timestamp) -> Bool
    /// What an empty list says where an error means that there is nothing to see; `nil` where it
    /// is an error.
    static func nothing(meantBy error: APIError) -> String?
}

extension PaneContent {
    static func nothing(meantBy error: APIError) -> String? { nil }

    /// Where the next page begins, after this one was asked for from `start`.
    static func next(after page: Page<Row>, start: String) -> String? {
        guard case .numbered(let number, let size, let total) = page.position else {
            return page.nextCursor
        }
        return number * size < total ? String(number + 1) : nil
    }
}

/// A list with filter, sorting, columns and marks.
struct TablePane<Content: PaneContent>: Sendable {
    typealias Row = Content.Row

    /// Rows that can be marked at once.
    static var markLimit: Int { 1000 }

    private(set) var rows = PagedList<Row>()
    private(set) var filter = Filter.none
    /// The filter while it is being typed.
    private(set) var filterField: TextField?
    private(set) var sort: (column: String, isAscending: Bool)?
    private(set) var hidden: Set<String> = []
    private(set) var marks: [Row.RowID: Row] = [:]
    /// Whether it shall be read again when the timer comes.
    var isDirty = false

    init(filter: Filter = .none) {
        self.filter = filter
    }

    var isTyping: Bool { filterField != nil }
    var selected: Row? { rows.selected }

    /// The marked rows, or else the one under the cursor.
    var targets: [Row] {
        guard marks.isEmpty else {
            return marks.values.sorted { "\($0.rowID)" < "\($1.rowID)" }
        }
        return selected.map { [$0] } ?? []
    }

    func isPartial(at now: Timestamp) -> Bool { Content.isPartial(filter, at: now) }

    // MARK: Reading

    private var sortKey: String? {
        guard let sort else { return nil }
        let column = Content.columns(isWide: true).first { $0.id == sort.column }
        return column?.sortKey.map { sort.isAscending ? $0 : "-\($0)" }
    }

    /// The requests for the pages that are missing around the cursor.
    mutating func load(height: Int, now: Timestamp) -> [Effect] {
        requests(rows.wanted(height: height, isPartial: isPartial(at: now)), now: now)
    }

    /// Reads the list again from its start; what is shown stays until the answer.
    mutating func reload(now: Timestamp) -> [Effect] {
        isDirty = false
        return requests(rows.startOver(), now: now)
    }

    private func requests(_ pages: [Int], now: Timestamp) -> [Effect] {
        pages.compactMap { page in
            guard let start = rows.start(of: page) else { return nil }
            let call = Content.call(start: start, filter: filter, sort: sortKey, now: now)
            return .request(Request(call, tag: "\(Content.name).\(page)", showsErrors: true))
        }
    }

    /// Reads another list, because filter or order changed.
    private mutating func restart(now: Timestamp) -> [Effect] {
        let abandoned = rows.awaited.sorted().map { Effect.abandon(tag: "\(Content.name).\($0)") }
        rows.reset()
        return abandoned + load(height: 1, now: now)
    }

    /// Takes an answer; `nil` when it is not this pane's.
    mutating func take(_ reply: Reply, height: Int, now: Timestamp) -> [Effect]? {
        let prefix = "\(Content.name)."
        guard let tag = reply.request.tag, tag.hasPrefix(prefix),
            let index = Int(tag.dropFirst(prefix.count)), let result = Content.page(of: reply)
        else { return nil }
        switch result {
        case .failure(let error):
            rows.take(error, at: index, height: height, filter: sieve(at: now))
            return []
        case .success(let page):
            let next = Content.next(after: page, start: rows.start(of: index) ?? "")
            rows.take(
                page, at: index, next: next, now: now, height: height, filter: sieve(at: now))
            return load(height: height, now: now)
        }
    }

    /// Shows what passes the filter, and the row under the cursor, which never slips away.
    func sieve(at now: Timestamp) -> (([Row]) -> [Row])? {
        guard !filter.isEmpty else { return nil }
        let kept = rows.isFollowing ? nil : selected?.rowID
        let filter = filter
        return { rows in
            let matching = Set(filter.matches(in: rows, at: now, subject: Content.subject))
            return rows.indices.filter { matching.contains($0) || rows[$0].rowID == kept }
                .map { rows[$0] }
        }
    }

    /// Applies live changes; answers whether the list should be read again.
    @discardableResult
    mutating func change(updates: [Row], new: [Row], height: Int, now: Timestamp) -> Bool {
        for row in updates where marks[row.rowID] != nil { marks[row.rowID] = row }
        let takesNew = sort == nil
        let grown = rows.change(
            height: height, filter: sieve(at: now), updates: updates, new: takesNew ? new : [])
        return grown || (!takesNew && !new.isEmpty)
    }

    // MARK: Keys

    /// Movement, marks and the mouse; `nil` when the key means nothing here.
    mutating func handle(_ key: Key, height: Int, now: Timestamp) -> [Effect]? {
        guard rows.handle(key, height: height) else { return nil }
        return load(height: height, now: now)
    }

    mutating func move(to position: Int, height: Int, now: Timestamp) -> [Effect] {
        rows.move(to: position, height: height)
        return load(height: height, now: now)
    }

    mutating func follow(height: Int, now: Timestamp) -> [Effect] {
        let missed = rows.missedRows > 0 || rows[0] == nil
        rows.follow(height: height)
        return missed ? restart(now: now) : load(height: height, now: now)
    }

    mutating func mark(height: Int, now: Timestamp) -> [Effect] {
        guard let row = selected else { return [] }
        if marks.removeValue(forKey: row.rowID) == nil, marks.count < Self.markLimit {
            marks[row.rowID] = row
        }
        return handle(.down, height: height, now: now) ?? []
    }

    /// Marks what the filter shows of the loaded rows, or takes all marks away.
    mutating func markAll() {
        guard marks.isEmpty else { return unmark() }
        for row in rows.shown.prefix(Self.markLimit) { marks[row.rowID] = row }
    }

    mutating func unmark() { marks = [:] }

    // MARK: Filter

    mutating func beginFilter() {
        let text = filter.isEmpty ? filter.text : filter.text + " "
        filterField = TextField(text, maximumLength: Filter.maximumLength)
    }

    mutating func setFilter(_ text: String, now: Timestamp) -> [Effect] {
        filterField = nil
        return apply(Filter(text), now: now)
    }

    private mutating func apply(_ new: Filter, now: Timestamp) -> [Effect] {
        guard new.terms != filter.terms || new.fault != filter.fault else { return [] }
        filter = new
        return restart(now: now)
    }

    /// A key while the filter is typed: it works as one types, Enter keeps it, Esc clears it.
    mutating func type(_ key: Key, height: Int, now: Timestamp) -> [Effect] {
        switch key {
        case .enter:
            filterField = nil
            return []
        case .escape:
            filterField = nil
            return apply(.none, now: now)
        case .up, .down, .pageUp, .pageDown:
            return handle(key, height: height, now: now) ?? []
        default:
            guard var field = filterField else { return [] }
            _ = field.handle(key)
            filterField = field
            return apply(Filter(field.text), now: now)
        }
    }

    // MARK: Order and columns

    /// Goes to the next column that can be sorted by, and behind the last to no order.
    mutating func sortByNext(now: Timestamp) -> [Effect] {
        let keys = Content.columns(isWide: true).filter { $0.sortKey != nil }.map(\.id)
        guard !keys.isEmpty else { return [] }
        let current = sort.flatMap { keys.firstIndex(of: $0.column) }
        let next = current.map { $0 + 1 } ?? 0
        sort = next < keys.count ? (keys[next], true) : nil
        return restart(now: now)
    }

    mutating func reverseSort(now: Timestamp) -> [Effect] {
        guard let sort else { return sortByNext(now: now) }
        self.sort = (sort.column, !sort.isAscending)
        return restart(now: now)
    }

    mutating func toggleColumn(_ id: String) {
        if hidden.remove(id) == nil { hidden.insert(id) }
    }

    /// The choice of columns, for `C`.
    func columnChoice(isWide: Bool) -> Choice {
        let options = Content.columns(isWide: isWide).map { column in
            Choice.Option(
                column.id, column.column.title.lowercased(),
                detail: hidden.contains(column.id) ? "hidden" : "shown")
        }
        return Choice(tag: "\(Content.name).columns", title: "Columns", options: options)
    }

    // MARK: Drawing

    private func table(isWide: Bool, isFocused: Bool, empty: String) -> (Table, [Int]) {
        let all = Content.columns(isWide: isWide)
        let visible = all.indices.filter { !hidden.contains(all[$0].id) }
        let kept = visible.isEmpty ? Array(all.indices) : visible
        var table = Table(columns: kept.map { all[$0].column }, isFocused: isFocused)
        table.showsHeader = all.contains { !$0.column.title.isEmpty }
        table.emptyText = empty
        if let sort, !rows.isRemembered,
            let index = kept.firstIndex(where: { all[$0].id == sort.column })
        {
            table.sort = TableSort(column: index, isAscending: sort.isAscending)
        }
        for term in filter.terms {
            if case .word(let word) = term.test, !term.isNegated {
                table.pattern = SearchPattern(word)
                break
            }
        }
        return (table, kept)
    }

    /// Rows that `area` shows, below the filter's line and the column titles.
    func height(in area: Rect, isWide: Bool) -> Int {
        let (table, _) = table(isWide: isWide, isFocused: true, empty: "")
        return table.pageHeight(in: tableArea(in: area))
    }

    private func tableArea(in area: Rect) -> Rect {
        var area = area
        if isTyping { _ = area.takeTop(1) }
        return area
    }

    func draw(
        into frame: inout Frame, in area: Rect, isWide: Bool, isFocused: Bool, empty: String,
        context: ScreenContext
    ) {
        if let filterField { draw(filterField, into: &frame, in: area.row(0), context) }
        let area = tableArea(in: area)
        let (table, kept) = table(
            isWide: isWide, isFocused: isFocused && !isTyping, empty: emptyText(empty, context))
        let glyphs = frame.glyphs
        table.draw(
            into: &frame, in: area, theme: context.theme, list: rows.list, count: rows.count
        ) { position in
            guard let row = rows[position] else { return nil }
            let cells = Content.cells(row, isWide: isWide, context: context, glyphs: glyphs)
            return TableRow(kept.map { cells[$0] }, isMarked: marks[row.rowID] != nil)
        }
    }

    private func emptyText(_ empty: String, _ context: ScreenContext) -> String {
        if let error = rows.error {
            return Content.nothing(meantBy: error) ?? error.description
        }
        guard rows.readAt != nil else { return context.loading }
        return filter.isEmpty ? empty : "nothing matches"
    }

    private func draw(
        _ field: TextField, into frame: inout Frame, in line: Rect, _ context: ScreenContext
    ) {
        let theme = context.theme
        frame.fill(line, style: theme[.inputFocused])
        frame.put("/", at: Point(x: line.x, y: line.y), style: theme[.key], in: line)
        var rest = line
        _ = rest.takeLeft(1)
        if let fault = filter.fault {
            let width = min(TextWidth.columns(of: fault) + 2, rest.width / 2)
            frame.putLine(fault, in: rest.takeRight(width), style: theme[.error])
        }
        field.draw(
            into: &frame, in: rest, theme: theme, style: theme[.inputFocused], isFocused: true,
            hint: "words  status:failed  age:<1h  !not  ~regex")
    }

    /// The row under a point.
    func row(at point: Point, in area: Rect, isWide: Bool) -> Int? {
        let (table, _) = table(isWide: isWide, isFocused: true, empty: "")
        return table.row(
            at: point, in: tableArea(in: area), list: rows.list, count: rows.count)
    }

    /// What the title says of the list: filter, order, marks, and what is not looked through.
    func detail(base: String, context: ScreenContext) -> String {
        var parts: [String] = []
        if !marks.isEmpty { parts.append("\(marks.count) marked") }
        if rows.missedRows > 0 { parts.append("\(rows.missedRows) new above") }
        if filter.fault != nil { parts.append("faulty filter") }
        if !filter.isEmpty {
            parts.append("/" + SafeText.line(filter.text, charset: context.charset, limit: 24))
            if rows.isRemembered {
                parts.append("of \(rows.loadedRows) seen")
            } else if isPartial(at: context.now), !rows.isComplete {
                parts.append("of the newest \(rows.loadedRows)")
            }
        } else if !base.isEmpty {
            parts.append(base)
        }
        let separator = " \(Glyphs.of(context.charset).separator) "
        return parts.joined(separator: separator)
    }

    /// How old the list is, for the lower border, where the line is not live.
    func status(_ context: ScreenContext) -> String {
        rows.readAt.map { context.lastSeen($0) } ?? ""
    }
}
