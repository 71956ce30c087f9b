import AuterityAPI
import TerminalUI

/// A table for people, fitted to the columns of a terminal.
struct TextTable {
    let columns: [Column]
    /// Columns of the terminal; `nil`: as wide as it gets.
    let width: Int?
    let hasColor: Bool

    private static let gap = "  "
    /// Characters that are always shown of an id (UUIDv7): to the millisecond when it was made.
    private static let shortestID = 13

    func lines(_ items: [JSONValue], now: Timestamp) -> [String] {
        let rows = items.map { item in columns.map { $0.text(in: item, now: now) } }
        let fit = TableFit(
            columns: columns, natural: natural(rows), shortest: shortest(rows),
            gap: Self.gap.count)
        let places = fit.places(in: width)
        let header = line(columns.map(\.title), places) { _, text in bold(text) }
        return [header]
            + rows.map { row in
                line(row, places) { index, text in
                    columns[index].reading == .status ? colored(text, as: row[index]) : text
                }
            }
    }

    private func natural(_ rows: [[String]]) -> [Int] {
        columns.indices.map { index in
            let cells = rows.map { TextWidth.columns(of: $0[index]) }
            return max(TextWidth.columns(of: columns[index].title), cells.max() ?? 0)
        }
    }

    /// What is needed of each column of ids so that no two rows show the same, with the ellipsis.
    private func shortest(_ rows: [[String]]) -> [Int] {
        columns.indices.map { index in
            guard columns[index].isID else { return 0 }
            let ids = Set(rows.map { $0[index] }).sorted()
            let alike = zip(ids, ids.dropFirst()).map { zip($0, $1).prefix { $0 == $1 }.count }
            return max(Self.shortestID, (alike.max() ?? 0) + 1) + 1
        }
    }

    private func line(
        _ cells: [String], _ places: [TableFit.Place], _ dress: (Int, String) -> String
    ) -> String {
        var parts: [String] = []
        for place in places {
            let index = place.column
            let text = TextWidth.truncate(cells[index], to: place.width)
            let padding = String(
                repeating: " ", count: max(0, place.width - TextWidth.columns(of: text)))
            let isLast = place == places.last
            if columns[index].isRightAligned {
                parts.append(padding + dress(index, text))
            } else {
                parts.append(dress(index, text) + (isLast ? "" : padding))
            }
        }
        return parts.joined(separator: Self.gap)
    }

    private func bold(_ text: String) -> String { hasColor ? "\u{1B}[1m\(text)\u{1B}[0m" : text }

    private func colored(_ text: String, as status: String) -> String {
        guard hasColor, let code = Self.colors[status] else { return text }
        return "\u{1B}[\(code)m\(text)\u{1B}[0m"
    }

    /// SGR codes (ECMA-48), of the terminal's own palette.
    private static let colors: [String: Int] = [
        "completed": 32, "healthy": 32, "running": 36, "pending": 90, "waiting": 33,
        "warning": 33, "degraded": 33, "failed": 31, "critical": 31, "unhealthy": 31, "error": 31,
        "cancelled": 90, "skipped": 90,
    ]
}
