import AuterityAPI
import TerminalUI

/// A table for people, fitted to the columns of a terminal.
struct TextTable {
    let columns: [Column]
    /// Columns of the terminal; `nil`: as wide as it gets.
    let width: Int?
    let hasColor: Bool

    private static let gap = "  "
    /// What a column keeps when the terminal is narrow.
    private static let smallest = 8

    func lines(_ items: [JSONValue], now: Timestamp) -> [String] {
        let rows = items.map { item in columns.map { $0.text(in: item, now: now) } }
        let widths = fitted(natural(rows))
        let header = line(columns.map(\.title), widths) { _, text in bold(text) }
        return [header]
            + rows.map { row in
                line(row, widths) { index, text in
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

    /// Takes from the widest of the columns that may give way, until the table fits.
    private func fitted(_ natural: [Int]) -> [Int] {
        guard let width else { return natural }
        var widths = natural
        let gaps = Self.gap.count * (columns.count - 1)
        var excess = widths.reduce(gaps, +) - width
        while excess > 0 {
            let candidates = widths.indices.filter {
                columns[$0].isFlexible && widths[$0] > Self.smallest
            }
            guard let widest = candidates.max(by: { widths[$0] < widths[$1] }) else { break }
            widths[widest] -= 1
            excess -= 1
        }
        return widths
    }

    private func line(
        _ cells: [String], _ widths: [Int], _ dress: (Int, String) -> String
    ) -> String {
        var parts: [String] = []
        for (index, cell) in cells.enumerated() {
            let text = TextWidth.truncate(cell, to: widths[index])
            let padding = String(
                repeating: " ", count: max(0, widths[index] - TextWidth.columns(of: text)))
            let isLast = index == cells.count - 1
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
