import AuterityAPI

/// A list that is filtered, sorted and paged, by number or behind a cursor.
struct ListQuery<Item: Listed>: Sendable {
    /// What a list can be sorted by. Expressions give no null, so that cursors can compare.
    struct Order: Sendable {
        /// A part of the rows, which an index of its own may hold in this order.
        struct Part: Sendable {
            let expression: SQLText
            /// Which rows they are; all when `nil`.
            let condition: SQLText?
        }

        let key: String
        let parts: [Part]
        /// What the expressions need, in place of the rows alone: read in this order, and sorted.
        var joined: Joined?

        struct Joined: Sendable {
            let inOrder: SQLText
            let sorted: SQLText
        }

        init(key: String, parts: [Part]) {
            self.key = key
            self.parts = parts
        }

        init(key: String, expression: SQLText, joined: Joined? = nil) {
            self.init(key: key, parts: [Part(expression: expression, condition: nil)])
            self.joined = joined
        }
    }

    /// One of several conditions of which a row must meet any. Each is read for itself, in the
    /// order of the list and no further than the page, and then they are merged.
    struct Alternative: Sendable {
        let condition: SQLText
        /// Whether the few rows that meet it are found first, and sorted then.
        var isSorted = false
    }

    let fields: SQLText
    let source: SQLText
    /// The rows without what only `fields` need: conditions and orders speak of these.
    let rows: SQLText
    /// The key of the rows, which breaks ties and is the order when none is asked for.
    let row: SQLText
    let orders: [Order]
    /// The order when none is asked for.
    let standard: Order
    private(set) var conditions: [SQLText] = []
    private(set) var alternatives: [[Alternative]] = []
    private(set) var values: [SQLValue] = []
    /// Whether the conditions leave few rows, which are found first and sorted then.
    var isSorted = false
    /// Rows that are counted at most; a list with more says so many.
    var countLimit = PageLimits.maximumCount
    /// Whether rows are looked through for words.
    private(set) var isSearched = false
    let decode: @Sendable (any StoreRow) throws -> Item

    init(
        fields: SQLText, source: SQLText, rows: SQLText? = nil, row: SQLText,
        orders: [Order] = [], standard: SQLText? = nil,
        decode: @escaping @Sendable (any StoreRow) throws -> Item
    ) {
        self.fields = fields
        self.source = source
        self.rows = rows ?? source
        self.row = row
        self.orders = orders
        self.standard = Order(key: "", expression: standard ?? row)
        self.decode = decode
    }

    /// Binds a value and answers its place in the text.
    mutating func bind(_ value: SQLValue) -> SQLText {
        values.append(value)
        return SQLParameter.text(values.count)
    }

    mutating func require(_ condition: SQLText) { conditions.append(condition) }

    mutating func require(_ left: SQLText, _ value: SQLValue?, _ right: SQLText = "") {
        guard let value else { return }
        let place = bind(value)
        conditions.append(left + place + right)
    }

    /// A row must meet one of these.
    mutating func require(anyOf group: [Alternative]) { alternatives.append(group) }

    /// Any of these texts contains the words, whatever the case of letters.
    mutating func search(_ words: String?, in texts: [SQLText]) {
        guard let words, !words.isEmpty else { return }
        isSearched = true
        let place = bind(.text(FoldedText.folded(words)))
        conditions.append("(" + texts.map { $0.holds(place) }.joined(" OR ") + ")")
    }

    // MARK: - Pages

    /// A page, checked before the store is asked.
    struct Plan: Sendable {
        let query: ListQuery
        let wish: PageWish
        let numbered: NumberedPage?
        let size: Int
        let order: Order
        let isRising: Bool
        let behind: Cursor?
    }

    /// - Throws: 422 with everything that is wrong with the wish.
    func plan(_ wish: PageWish) throws(APIError) -> Plan {
        var faults = Faults(besides: wish.knownFaults)
        let sort = wish.sort ?? ""
        let isRising = !sort.isEmpty && !sort.hasPrefix("-")
        let key = sort.hasPrefix("-") ? String(sort.dropFirst()) : sort
        let order = sort.isEmpty ? standard : orders.first { $0.key == key }
        if order == nil {
            let keys = orders.map(\.key).joined(separator: ", ")
            faults.note("sort", "must be one of \(keys), with - for falling order")
        }
        let numbered = NumberedPage(page: wish.page, pageSize: wish.pageSize, &faults)
        var behind: Cursor?
        if let text = wish.cursor {
            if wish.page != nil { faults.note("cursor", "excludes page; give one of them") }
            behind = Cursor(text, sort: sort, list: Item.listKey, key: wish.cursorKey)
            // In which order a list is that cannot be sorted so, no cursor says.
            if !text.isEmpty, behind == nil, order != nil {
                faults.note(
                    "cursor", "is not one that this list answered; begin with an empty one")
            }
        }
        try faults.check()
        return Plan(
            query: self, wish: wish, numbered: wish.cursor == nil ? numbered : nil,
            size: numbered.size, order: order ?? standard, isRising: isRising, behind: behind)
    }
}
