/// Something that lists hold: it names the key under which a list answers it.
public protocol Listed: Codable, Hashable, Sendable {
    /// Such as `workflows`.
    static var listKey: String { get }
}

/// A page of a list: either one of numbered pages, with totals, or the next stretch behind a
/// cursor, without. A page behind a cursor costs the same wherever it is.
public struct Page<Item: Listed>: Hashable, Sendable {
    public enum Position: Hashable, Sendable {
        /// `number` counts from 1; `size` is 1 to 100.
        case numbered(number: Int, size: Int, total: Int)
        /// `next` is `nil` at the end.
        case cursor(next: String?)
    }

    public let items: [Item]
    public let position: Position

    public init(items: [Item], position: Position) {
        self.items = items
        self.position = position
    }

    /// Where the next stretch begins; `nil` at the end and for numbered pages.
    public var nextCursor: String? {
        if case .cursor(let next) = position { next } else { nil }
    }

    /// How many items the whole list has, where the page says so.
    public var total: Int? {
        if case .numbered(_, _, let total) = position { total } else { nil }
    }
}

extension Page: Codable {
    private struct Key: CodingKey {
        let stringValue: String
        init(_ text: String) { stringValue = text }
        init?(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { return nil }
        var intValue: Int? { nil }
    }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Key.self)
        items = try container.decode([Item].self, forKey: Key(Item.listKey))
        if container.contains(Key("page")) {
            position = .numbered(
                number: try container.decode(Int.self, forKey: Key("page")),
                size: try container.decode(Int.self, forKey: Key("page_size")),
                total: try container.decode(Int.self, forKey: Key("total")))
        } else {
            position = .cursor(
                next: try container.decodeIfPresent(String.self, forKey: Key("next_cursor")))
        }
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        try container.encode(items, forKey: Key(Item.listKey))
        switch position {
        case .numbered(let number, let size, let total):
            try container.encode(total, forKey: Key("total"))
            try container.encode(number, forKey: Key("page"))
            try container.encode(size, forKey: Key("page_size"))
            try container.encode((total + size - 1) / max(size, 1), forKey: Key("total_pages"))
        case .cursor(let next):
            try container.encodeIfPresent(next, forKey: Key("next_cursor"))
        }
    }
}

extension Page: JSONWritten where Item: JSONWritten {
    func write(to json: inout JSONWriter) {
        json.object { json in
            json.member(Key(Item.listKey), items)
            switch position {
            case .numbered(let number, let size, let total):
                json.member(Key("total"), total)
                json.member(Key("page"), number)
                json.member(Key("page_size"), size)
                json.member(Key("total_pages"), (total + size - 1) / max(size, 1))
            case .cursor(let next): json.member(Key("next_cursor"), next)
            }
        }
    }
}

/// The bounds of every list.
public enum PageLimits {
    public static let defaultSize = 10
    public static let maximumSize = 100
    /// Up to here the `total` of a filtered list is exact; one with more items says so many. The
    /// totals of executions, by status and workflow too, are always exact.
    public static let maximumCount = 100_000
    /// As `maximumCount`, of a list that is searched.
    public static let maximumSearchCount = 10_000
    /// A search of log lines or of the audit log looks at so many, the newest before `until`.
    public static let maximumSearchedLines = 100_000
}
