import AuterityAPI
import TerminalUI

/// One thing for people: names and values below each other. What is long goes on below its
/// beginning, and what is nested stands as YAML below its name.
struct Details {
    private enum Content {
        case line(String)
        case block([String])
    }

    private var entries: [(name: String, content: Content)] = []

    /// Columns that a value keeps on a narrow terminal.
    private static let smallest = 20

    init() {}

    /// The members of an object, in their order; blocks come last, since they may be long.
    init(of members: JSONObject) {
        for (key, value) in members { add(Self.name(of: key, value), value) }
        let isBlock = { (content: Content) in
            if case .block = content { true } else { false }
        }
        entries =
            entries.filter { !isBlock($0.content) } + entries.filter { isBlock($0.content) }
    }

    /// - Parameter value: nothing is shown as a dash.
    mutating func add(_ name: String, _ value: String?) {
        let text = value.map { SafeText.line($0, limit: .max) } ?? ""
        entries.append((SafeText.line(name), .line(text.isEmpty ? "–" : text)))
    }

    private mutating func add(_ name: String, _ value: JSONValue) {
        switch value {
        case .null: add(name, nil as String?)
        case .bool(let isSo): add(name, isSo ? "yes" : "no")
        case .string(let text): add(name, text)
        case .array(let items) where items.allSatisfy(Self.isScalar):
            add(name, items.map { $0.stringValue ?? $0.jsonText }.joined(separator: ", "))
        case .object(let members) where members.isEmpty: add(name, nil as String?)
        case .array, .object:
            let lines = YAMLText.text(value).split(separator: "\n").map(String.init)
            entries.append((SafeText.line(name), .block(lines)))
        case .int, .double: add(name, value.jsonText)
        }
    }

    private static func isScalar(_ value: JSONValue) -> Bool {
        value.arrayValue == nil && value.objectValue == nil
    }

    /// `created_at` is Created, `is_active` Active, `workflow_id` Workflow ID.
    private static func name(of key: String, _ value: JSONValue) -> String {
        var words = key.split(separator: "_").map(String.init)
        if case .bool = value, words.count > 1, words.first == "is" { words.removeFirst() }
        if words.count > 1, words.last == "at" { words.removeLast() }
        let shown = words.enumerated().map { index, word in
            if abbreviations.contains(word) { return word.uppercased() }
            return index == 0 ? word.prefix(1).uppercased() + word.dropFirst() : word
        }
        return shown.joined(separator: " ")
    }

    private static let abbreviations: Set<String> = ["id", "url", "ai", "ca", "cpu"]

    /// - Parameter width: columns of the terminal; `nil`: nothing is broken.
    func lines(width: Int?) -> [String] {
        let names = entries.compactMap { entry in
            if case .line = entry.content { TextWidth.columns(of: entry.name) } else { nil }
        }
        // With the colon and two blanks.
        let margin = (names.max() ?? 0) + 3
        return entries.flatMap { name, content in
            switch content {
            case .block(let lines): return ["\(name):"] + lines.map { "  " + $0 }
            case .line(let text):
                let room = width.map { max(Self.smallest, $0 - margin) }
                let parts = room.map { TextWidth.wrap(text, to: $0) } ?? [text]
                return parts.enumerated().map { index, part in
                    TextWidth.pad(index == 0 ? name + ":" : "", to: margin) + part
                }
            }
        }
    }
}
