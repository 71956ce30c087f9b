import AuterityAPI

/// Typed words as JSON.
enum JSONText {
    /// A number, `true`, `false` or `null` where the word is one, else the word as a text.
    static func scalar(_ word: String) -> JSONValue {
        switch word {
        case "true": return true
        case "false": return false
        case "null": return .null
        default: break
        }
        // Only what JSON itself writes as a number: `007` and `1e` are texts.
        if let first = word.utf8.first, first == UInt8(ascii: "-") || (0x30...0x39).contains(first),
            let number = try? JSONValue(parsing: word), number.doubleValue != nil
        {
            return number
        }
        return .string(word)
    }

    /// A value on one line for reading: texts without quotation marks.
    static func plain(_ value: JSONValue) -> String {
        value.stringValue ?? value.jsonText
    }
}
