/// A text of SQL, made of literals only: no value from outside can become part of one.
struct SQLText: Sendable, ExpressibleByStringLiteral {
    /// One literal, told from others by where it lies: texts are put together for each request,
    /// and their prepared statements are found without building or reading them.
    fileprivate struct Part: Hashable, Sendable {
        let literal: StaticString

        static func == (left: Part, right: Part) -> Bool {
            left.literal.utf8Start == right.literal.utf8Start
                && left.literal.utf8CodeUnitCount == right.literal.utf8CodeUnitCount
        }

        func hash(into hasher: inout Hasher) { hasher.combine(literal.utf8Start) }
    }

    /// By which the prepared statement of a text is known.
    struct Key: Hashable, Sendable {
        fileprivate let parts: [Part]
    }

    private enum Content: Sendable {
        case literal(StaticString)
        case composed([Part])
    }

    private let content: Content

    init(stringLiteral value: StaticString) { content = .literal(value) }

    private init(_ parts: [Part]) { content = .composed(parts) }

    private var parts: [Part] {
        switch content {
        case .literal(let literal): [Part(literal: literal)]
        case .composed(let parts): parts
        }
    }

    var text: String { parts.map(\.literal.description).joined() }

    /// Where a literal lies; `nil` for what is put together.
    var address: UnsafeRawPointer? {
        guard case .literal(let literal) = content else { return nil }
        return UnsafeRawPointer(literal.utf8Start)
    }

    var key: Key { Key(parts: parts) }

    static func + (left: SQLText, right: SQLText) -> SQLText {
        var parts = left.parts
        switch right.content {
        case .literal(let literal): parts.append(Part(literal: literal))
        case .composed(let more): parts += more
        }
        return SQLText(parts)
    }
}

extension [SQLText] {
    func joined(_ separator: SQLText) -> SQLText {
        guard var text = first else { return "" }
        for part in dropFirst() { text = text + separator + part }
        return text
    }
}

/// The number of a bound value, as `$7`: the one thing besides literals that a text may hold.
struct SQLParameter {
    static func text(_ number: Int) -> SQLText {
        let ones = number % 10
        return number < 10
            ? "$" + digits[ones] : "$" + digits[number / 10 % 10] + digits[ones]
    }

    private static let digits: [SQLText] = [
        "0", "1", "2", "3", "4", "5", "6", "7", "8", "9",
    ]
}

/// A value bound to a statement.
enum SQLValue: Sendable {
    case null
    case int(Int64)
    case double(Double)
    case text(String)
    /// UTF-8 that is bound as a text, without a detour over `String`.
    case utf8([UInt8])
    case blob([UInt8])

    static func int(_ value: Int) -> SQLValue { .int(Int64(value)) }
    static func bool(_ value: Bool) -> SQLValue { .int(value ? 1 : 0) }
    static func optional(_ value: Int64?) -> SQLValue { value.map(SQLValue.int) ?? .null }
    static func optional(_ value: String?) -> SQLValue { value.map(SQLValue.text) ?? .null }
    static func optional(_ value: Double?) -> SQLValue { value.map(SQLValue.double) ?? .null }
}
