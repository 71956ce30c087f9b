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
        let isPlain = hasPlainForm(text) && !reserved.contains(text.lowercased())
        return isPlain ? text : JSONValue.string(text).jsonText.harmlessData
    }

    /// Words of harmless characters with one blank between them, the first beginning with a
    /// letter. One pass over the text, however long it is.
    private static func hasPlainForm(_ text: String) -> Bool {
        var before = UInt8(ascii: " ")
        for (index, byte) in text.utf8.enumerated() {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "_"):
                break
            case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "/"), UInt8(ascii: "."),
                UInt8(ascii: "-"), UInt8(ascii: "("), UInt8(ascii: ")"):
                guard index > 0 else { return false }
            case UInt8(ascii: " "):
                guard before != UInt8(ascii: " ") else { return false }
            default: return false
            }
            before = byte
        }
        return before != UInt8(ascii: " ")
    }

    /// What a YAML reader takes for something else than text.
    private static let reserved: Set<String> = [
        "true", "false", "yes", "no", "on", "off", "null", "y", "n",
    ]
}
