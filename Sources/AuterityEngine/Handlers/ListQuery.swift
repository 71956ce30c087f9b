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

    /// Any of these texts contains the words, whatever the case of Latin letters.
    mutating func search(_ words: String?, in texts: [SQLText]) {
        guard let words, !words.isEmpty else { return }
        isSearched = true
        let place = bind(.text(SearchWords.pattern(words)))
        let parts = texts.map { "lower(" + $0 + ") LIKE lower(" + place + ") ESCAPE '\\'" }
        conditions.append("(" + parts.joined(" OR ") + ")")
    }

    // MARK: - Pages

    /// How a page was asked for.
    struct Wish: Sendable {
        var page: Int?
        var pageSize: Int?
        var cursor: String?
        var sort: String?
        let cursorKey: [UInt8]
    }

    /// A page, checked before the store is asked.
    struct Plan: Sendable {
        let query: ListQuery
        let wish: Wish
        let numbered: NumberedPage?
        let size: Int
        let order: Order
        let isRising: Bool
        let behind: Cursor?
    }

    func plan(_ wish: Wish) throws(APIError) -> Plan {
        let sort = wish.sort ?? ""
        let isRising = !sort.isEmpty && !sort.hasPrefix("-")
        let key = sort.hasPrefix("-") ? String(sort.dropFirst()) : sort
        guard let order = sort.isEmpty ? standard : orders.first(where: { $0.key == key }) else {
            let keys = orders.map(\.key).joined(separator: ", ")
            throw .validation([
                FieldFault(
                    field: "sort", message: "must be one of \(keys), with - for falling order")
            ])
        }
        let checked = try NumberedPage(page: wish.page, pageSize: wish.pageSize)
        guard let text = wish.cursor else {
            return Plan(
                query: self, wish: wish, numbered: checked, size: checked.size, order: order,
                isRising: isRising, behind: nil)
        }
        if wish.page != nil {
            throw .validation([
                FieldFault(field: "cursor", message: "excludes page; give one of them")
            ])
        }
        return Plan(
            query: self, wish: wish, numbered: nil, size: checked.size, order: order,
            isRising: isRising,
            behind: text.isEmpty ? nil : try Cursor(text, sort: sort, key: wish.cursorKey))
    }
}
