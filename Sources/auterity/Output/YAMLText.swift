import AuterityAPI

/// JSON as block YAML 1.2, so that any YAML reader gives the same JSON back.
enum YAMLText {
    static func text(_ value: JSONValue) -> String {
        lines(value).joined(separator: "\n")
    }

    private static func lines(_ value: JSONValue) -> [String] {
        switch value {
        case .object(let members) where !members.isEmpty:
            members.flatMap { key, value in entry("\(scalar(key)):", value, indent: true) }
        case .array(let items) where !items.isEmpty:
            items.flatMap { entry("-", $0, indent: false) }
        default: [leaf(value)]
        }
    }

    private static func entry(_ head: String, _ value: JSONValue, indent: Bool) -> [String] {
        let inner = lines(value)
        guard isBlock(value) else { return ["\(head) \(inner.joined())"] }
        if indent { return [head] + inner.map { "  " + $0 } }
        return ["\(head) \(inner[0])"] + inner.dropFirst().map { "  " + $0 }
    }

    private static func isBlock(_ value: JSONValue) -> Bool {
        switch value {
        case .object(let members): !members.isEmpty
        case .array(let items): !items.isEmpty
        default: false
        }
    }

    private static func leaf(_ value: JSONValue) -> String {
        switch value {
        case .string(let text): scalar(text)
        // Empty lists and objects, numbers, booleans and null are written as JSON has them.
        default: value.jsonText
        }
    }

    /// Plain where that is safe, else as a JSON string, which is a YAML string too.
    private static func scalar(_ text: String) -> String {
        let isPlain =
            text.wholeMatch(
                of: /[A-Za-z_][A-Za-z0-9_\/.-]*( [A-Za-z0-9_\/.(-]+[A-Za-z0-9_\/.)-]*)*/)
            != nil && !reserved.contains(text.lowercased())
        return isPlain ? text : JSONValue.string(text).jsonText
    }

    /// What a YAML reader takes for something else than text.
    private static let reserved: Set<String> = [
        "true", "false", "yes", "no", "on", "off", "null", "y", "n",
    ]
}
