import AuterityAPI
import TerminalUI

/// One column of a table: where its value stands in an item, and how people read it.
struct Column {
    enum Reading {
        case text, count, yesNo
        /// An id, whose beginning does where the room is short: commands take it.
        case id
        /// The time since then.
        case age
        /// The same as a moment in the past: `3h ago`.
        case ago
        /// Seconds.
        case duration
        /// Milliseconds, such as those of an answer.
        case milliseconds
        /// Whole per cent.
        case percent
        /// A status, in its colour.
        case status
        /// US dollars.
        case cost
    }

    let title: String
    /// Keys from the item down: `error.message`.
    let path: [String]
    let reading: Reading
    /// In `-o wide` only.
    let isWide: Bool
    /// Gives way where the terminal is narrow.
    let isFlexible: Bool
    /// Left out where the terminal is narrow, the lowest first; `nil` for what is always shown.
    let spare: Int?

    init(
        _ title: String, _ path: String, _ reading: Reading = .text, wide: Bool = false,
        flexible: Bool = false, spare: Int? = nil
    ) {
        self.title = title
        self.path = path.split(separator: ".").map(String.init)
        self.reading = reading
        isWide = wide
        isFlexible = flexible
        self.spare = spare
    }

    var isID: Bool {
        if case .id = reading { true } else { false }
    }

    var isRightAligned: Bool {
        switch reading {
        case .count, .duration, .milliseconds, .percent, .cost, .age, .ago: true
        case .text, .id, .yesNo, .status: false
        }
    }

    func text(in item: JSONValue, now: Timestamp) -> String {
        var value = item
        for key in path { value = value[key] ?? .null }
        guard !value.isNull else { return "–" }
        switch reading {
        case .text, .id, .status:
            if let items = value.arrayValue {
                return safe(items.map { $0.stringValue ?? $0.jsonText }.joined(separator: ", "))
            }
            return safe(value.stringValue ?? value.jsonText)
        case .count: return value.jsonText
        case .yesNo: return value == .bool(true) ? "yes" : "no"
        case .age, .ago:
            guard let text = value.stringValue, let time = Timestamp(text) else { return "–" }
            return Self.span(now.seconds(since: time)) + (reading == .ago ? " ago" : "")
        case .duration: return value.doubleValue.map(Self.span) ?? "–"
        case .milliseconds: return value.doubleValue.map(Self.milliseconds) ?? "–"
        case .percent: return value.jsonText + "%"
        case .cost: return value.doubleValue.map { "$" + Self.fixed($0, 4) } ?? "–"
        }
    }

    /// What is shown stands on one line and moves no cursor.
    private func safe(_ text: String) -> String { SafeText.line(text) }

    /// `850ms`, `2.3s`, `4m`, `3h`, `12d`.
    static func span(_ seconds: Double) -> String {
        switch max(0, seconds) {
        case ..<1: "\(Int(max(0, seconds) * 1000))ms"
        case ..<60: fixed(seconds, 1) + "s"
        case ..<3600: "\(Int(seconds / 60))m"
        case ..<86_400: "\(Int(seconds / 3600))h"
        default: "\(Int(seconds / 86_400))d"
        }
    }

    /// `0.4ms`, `12ms`, `2.3s`.
    static func milliseconds(_ value: Double) -> String {
        value < 10 ? fixed(max(0, value), 1) + "ms" : span(value / 1000)
    }

    static func fixed(_ value: Double, _ digits: Int) -> String {
        var scale = 1.0
        for _ in 0..<digits { scale *= 10 }
        let rounded = Int64((value * scale).rounded())
        let text = String(abs(rounded))
        let padded = String(repeating: "0", count: max(0, digits + 1 - text.count)) + text
        let sign = rounded < 0 ? "-" : ""
        return "\(sign)\(padded.dropLast(digits)).\(padded.suffix(digits))"
    }
}
