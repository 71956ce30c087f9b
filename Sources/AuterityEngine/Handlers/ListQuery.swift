import AuterityAPI

/// A list that is filtered, sorted and paged, by number or behind a cursor.
struct ListQuery<Item: Listed>: Sendable {
    /// What a list can be sorted by. `expression` gives no null, so that cursors can compare.
    struct Order: Sendable {
        let key: String
        let expression: SQLText
    }

    let fields: SQLText
    let source: SQLText
    /// The key of the rows, which breaks ties and is the order when none is asked for.
    let row: SQLText
    let orders: [Order]
    private(set) var conditions: [SQLText] = []
    private(set) var values: [SQLValue] = []
    let decode: @Sendable (any StoreRow) throws -> Item

    init(
        fields: SQLText, source: SQLText, row: SQLText, orders: [Order] = [],
        decode: @escaping @Sendable (any StoreRow) throws -> Item
    ) {
        self.fields = fields
        self.source = source
        self.row = row
        self.orders = orders
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

    /// Any of these texts contains the words, whatever the case of Latin letters.
    mutating func search(_ words: String?, in texts: [SQLText]) {
        guard let words, !words.isEmpty else { return }
        let escaped = words.replacing("\\", with: "\\\\").replacing("%", with: "\\%")
            .replacing("_", with: "\\_")
        let place = bind(.text("%\(escaped)%"))
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
        let order: Order?
        let isRising: Bool
        let behind: Cursor?
    }

    func plan(_ wish: Wish) throws(APIError) -> Plan {
        let sort = wish.sort ?? ""
        let isRising = !sort.isEmpty && !sort.hasPrefix("-")
        let key = sort.hasPrefix("-") ? String(sort.dropFirst()) : sort
        let order = orders.first { $0.key == key }
        if !sort.isEmpty, order == nil {
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

extension ListQuery.Plan {
    /// - Parameter total: answers how many there are without counting, where that is known.
    func run(
        in connection: any StoreConnection, total: (() throws -> Int?)? = nil
    ) throws -> Page<Item> {
        if let numbered {
            let items = try connection.all(statement(limit: true), numberedValues) {
                try query.decode(OffsetRow(row: $0, offset: 2))
            }
            let count = try total?() ?? countRows(connection)
            return numbered.page(of: items, total: count)
        }
        var rows: [(item: Item, key: SQLValue, row: Int64)] = []
        try connection.query(statement(limit: false), cursorValues) { row in
            rows.append((try query.decode(OffsetRow(row: row, offset: 2)), row.key(0), row.int(1)))
            return true
        }
        let hasMore = rows.count > size
        if hasMore { rows.removeLast() }
        let next = rows.last.map {
            Cursor(key: $0.key, row: $0.row, sort: wish.sort ?? "").text(key: wish.cursorKey)
        }
        return Page(items: rows.map(\.item), position: .cursor(next: hasMore ? next : nil))
    }

    /// Rows that are counted; a list with more says so many.
    private static var countLimit: Int { 100_000 }

    private func countRows(_ connection: any StoreConnection) throws -> Int {
        let text: SQLText =
            "SELECT count(*) FROM (SELECT 1 FROM " + query.source + filter + " LIMIT "
            + SQLParameter.text(query.values.count + 1) + ") AS counted"
        return Int(try connection.number(text, query.values + [.int(Self.countLimit)]))
    }

    private var filter: SQLText {
        query.conditions.isEmpty ? "" : " WHERE " + query.conditions.joined(" AND ")
    }

    private var keyExpression: SQLText { order?.expression ?? query.row }

    private func statement(limit isNumbered: Bool) -> SQLText {
        var conditions = query.conditions
        let next = query.values.count + 1
        if behind != nil {
            let sign: SQLText = isRising ? " > " : " < "
            conditions.append(
                "(" + keyExpression + ", " + query.row + ")" + sign + "("
                    + SQLParameter.text(next) + ", " + SQLParameter.text(next + 1) + ")")
        }
        let direction: SQLText = isRising ? " ASC" : " DESC"
        let first = behind == nil ? next : next + 2
        let head: SQLText =
            "SELECT " + keyExpression + ", " + query.row + ", " + query.fields + " FROM "
            + query.source
        let sorted: SQLText =
            order == nil
            ? " ORDER BY " + query.row + direction
            : " ORDER BY " + keyExpression + direction + ", " + query.row + direction
        let tail: SQLText = isNumbered ? " OFFSET " + SQLParameter.text(first + 1) : ""
        return head + (conditions.isEmpty ? "" : " WHERE " + conditions.joined(" AND ")) + sorted
            + " LIMIT " + SQLParameter.text(first) + tail
    }

    private var numberedValues: [SQLValue] {
        query.values + [.int(size), .int(numbered?.offset ?? 0)]
    }

    private var cursorValues: [SQLValue] {
        // One more than asked for tells whether there are more.
        query.values + (behind.map { [$0.key, .int($0.row)] } ?? []) + [.int(size + 1)]
    }
}

/// A row seen from a later column on.
private struct OffsetRow: StoreRow {
    let row: any StoreRow
    let offset: Int

    func int(_ column: Int) -> Int64 { row.int(column + offset) }
    func double(_ column: Int) -> Double { row.double(column + offset) }
    func text(_ column: Int) -> String { row.text(column + offset) }
    func bytes(_ column: Int) -> [UInt8] { row.bytes(column + offset) }
    func isNull(_ column: Int) -> Bool { row.isNull(column + offset) }
    func key(_ column: Int) -> SQLValue { row.key(column + offset) }
}
