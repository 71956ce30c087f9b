import AuterityAPI

extension ListQuery.Plan {
    /// - Parameter total: answers how many there are without counting, where that is known.
    func run(
        in connection: any StoreConnection, total: (() throws -> Int?)? = nil
    ) throws -> Page<Item> {
        if let numbered {
            let items = try connection.all(statement, values) {
                try query.decode($0.from(2))
            }
            let count = try total?() ?? countRows(connection)
            return numbered.page(of: items, total: count)
        }
        var rows: [(item: Item, key: SQLValue, row: Int64)] = []
        try connection.query(statement, values) { row in
            rows.append((try query.decode(row.from(2)), row.key(0), row.int(1)))
            return true
        }
        let hasMore = rows.count > size
        if hasMore { rows.removeLast() }
        let next = rows.last.map {
            Cursor(key: $0.key, row: $0.row, sort: wish.sort ?? "", list: Item.listKey)
                .text(key: wish.cursorKey)
        }
        return Page(items: rows.map(\.item), position: .cursor(next: hasMore ? next : nil))
    }

    /// Whether an index finds the page, and not far from its beginning.
    var isBrief: Bool {
        !query.isSearched && (numbered?.offset ?? 0) <= Self.briefOffset
    }

    /// Rows that may be passed over in a read that is over at once.
    static var briefOffset: Int { 2000 }

    // MARK: - Values

    /// What the statement's places stand for, no more of them than it has.
    var values: [SQLValue] {
        let offset = numbered?.offset ?? 0
        // Behind a cursor, one more than asked for tells whether there are more.
        let limit = numbered == nil ? size + 1 : size
        return query.values + [.int(limit), .int(offset)]
            + (behind.map { [$0.key, .int($0.row)] } ?? [])
            + (arms.count > 1 ? [.int(limit + offset)] : [])
    }

    private func place(_ number: Int) -> SQLText {
        SQLParameter.text(query.values.count + number)
    }

    private var limit: SQLText { " LIMIT " + place(1) + " OFFSET " + place(2) }
    /// Rows of one arm: as many as the page and those before it.
    private var armLimit: SQLText { " LIMIT " + place(behind == nil ? 3 : 5) }

    // MARK: - The statement

    /// Finds the keys of the rows first, and reads the fields of those alone.
    var statement: SQLText {
        "SELECT found.k, found.r, " + query.fields + " FROM (" + found + ") AS found CROSS JOIN "
            + query.source + " WHERE " + query.row + " = found.r ORDER BY found.k" + direction
            + ", found.r" + direction
    }

    private var found: SQLText {
        let arms = arms
        if arms.count == 1 { return keys(arms[0]) + limit }
        let parts = arms.map { "SELECT k, r FROM (" + keys($0) + armLimit + ") AS arm" }
        return "SELECT k, r FROM (" + parts.joined(" UNION ") + ") AS arms ORDER BY k" + direction
            + ", r" + direction + limit
    }

    private var direction: SQLText { isRising ? " ASC" : " DESC" }

    /// One part of the rows, read in the order of the list.
    private struct Arm {
        var part: ListQuery.Order.Part
        var conditions: [SQLText]
        var isSorted: Bool
    }

    /// Every part of the order with one alternative of every group.
    private var arms: [Arm] {
        var arms = order.parts.map { part in
            Arm(
                part: part, conditions: query.conditions + [part.condition].compactMap(\.self),
                isSorted: query.isSorted)
        }
        for group in query.alternatives {
            arms = arms.flatMap { arm in
                group.map { alternative in
                    Arm(
                        part: arm.part, conditions: arm.conditions + [alternative.condition],
                        isSorted: arm.isSorted || alternative.isSorted)
                }
            }
        }
        return arms
    }

    private func keys(_ arm: Arm) -> SQLText {
        // The database is kept from reading all rows in the order where few are to be sorted.
        let key = arm.isSorted ? arm.part.expression.unindexed : arm.part.expression
        var conditions = arm.conditions
        if behind != nil {
            let sign: SQLText = isRising ? " > " : " < "
            conditions.append(
                "(" + key + ", " + query.row + ")" + sign + "(" + place(3) + ", " + place(4) + ")")
            // Over two tables the database does not see this by itself.
            if order.joined != nil {
                conditions.append(key + (isRising ? " >= " : " <= ") + place(3))
            }
        }
        let rows = arm.isSorted ? order.joined?.sorted : order.joined?.inOrder
        return "SELECT " + key + " AS k, " + query.row + " AS r FROM " + (rows ?? query.rows)
            + filter(conditions) + " ORDER BY " + key + direction + ", " + query.row + direction
    }

    private func filter(_ conditions: [SQLText]) -> SQLText {
        conditions.isEmpty ? "" : " WHERE " + conditions.joined(" AND ")
    }

    // MARK: - Totals

    private func countRows(_ connection: any StoreConnection) throws -> Int {
        let bound = " LIMIT " + place(1)
        var conditions = [query.conditions]
        for group in query.alternatives {
            conditions = conditions.flatMap { known in group.map { known + [$0.condition] } }
        }
        let parts = conditions.map {
            "SELECT " + query.row + " AS r FROM " + query.rows + filter($0) + bound
        }
        let rows =
            parts.count == 1
            ? parts[0]
            : "SELECT r FROM ("
                + parts.map { "SELECT r FROM (" + $0 + ") AS arm" }.joined(" UNION ")
                + ") AS arms" + bound
        return Int(
            try connection.number(
                "SELECT count(*) FROM (" + rows + ") AS counted",
                query.values + [.int(query.countLimit)]))
    }
}

extension SQLText {
    /// The same value, which no index holds.
    var unindexed: SQLText { "coalesce(" + self + ", NULL)" }
}
