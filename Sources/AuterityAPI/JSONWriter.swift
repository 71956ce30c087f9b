import OrderedCollections

extension JSONValue {
    /// The value as one line of JSON. A double that JSON cannot say (NaN, infinity) is `null`;
    /// the engine refuses such values before they get here.
    public var jsonText: String {
        String(decoding: jsonBytes, as: UTF8.self)
    }

    /// The UTF-8 of `jsonText`.
    public var jsonBytes: [UInt8] {
        var writer = JSONWriter(indentation: nil)
        writer.write(self, level: 0)
        return writer.bytes
    }

    /// The value as JSON for a reader: two spaces a level.
    public var prettyJSONText: String {
        var writer = JSONWriter(indentation: 2)
        writer.write(self, level: 0)
        return String(decoding: writer.bytes, as: UTF8.self)
    }
}

extension JSONValue: CustomStringConvertible {
    public var description: String { jsonText }
}

struct JSONWriter {
    private(set) var bytes: [UInt8] = []
    private let indentation: Int?

    init(indentation: Int?) {
        self.indentation = indentation
    }

    mutating func write(_ value: JSONValue, level: Int) {
        switch value {
        case .null: append("null")
        case .bool(let bool): append(bool ? "true" : "false")
        case .int(let int): append(int.description)
        case .double(let double): append(double.isFinite ? double.description : "null")
        case .string(let string): write(string)
        case .array(let array): write(array, level: level)
        case .object(let object): write(object, level: level)
        }
    }

    mutating func append(_ byte: UInt8) {
        bytes.append(byte)
    }

    mutating func append(contentsOf text: UnsafeBufferPointer<UInt8>) {
        bytes.append(contentsOf: text)
    }

    private mutating func append(_ text: String) {
        bytes.append(contentsOf: text.utf8)
    }

    private mutating func write(_ array: [JSONValue], level: Int) {
        append(UInt8(ascii: "["))
        var isFirst = true
        for element in array {
            if !isFirst { append(UInt8(ascii: ",")) }
            isFirst = false
            newLine(level: level + 1)
            write(element, level: level + 1)
        }
        if !isFirst { newLine(level: level) }
        append(UInt8(ascii: "]"))
    }

    private mutating func write(_ object: JSONObject, level: Int) {
        append(UInt8(ascii: "{"))
        var isFirst = true
        for (key, value) in object.members {
            if !isFirst { append(UInt8(ascii: ",")) }
            isFirst = false
            newLine(level: level + 1)
            write(key)
            append(UInt8(ascii: ":"))
            if indentation != nil { append(UInt8(ascii: " ")) }
            write(value, level: level + 1)
        }
        if !isFirst { newLine(level: level) }
        append(UInt8(ascii: "}"))
    }

    private mutating func newLine(level: Int) {
        guard let indentation else { return }
        append(UInt8(ascii: "\n"))
        bytes.append(contentsOf: repeatElement(UInt8(ascii: " "), count: level * indentation))
    }

    /// A text in quotes. What needs no escape is copied in one go.
    mutating func write(_ string: String) {
        append(UInt8(ascii: "\""))
        var string = string
        string.withUTF8 { text in
            var copied = 0
            for index in text.indices where Self.needsEscape(text[index]) {
                bytes.append(contentsOf: UnsafeBufferPointer(rebasing: text[copied..<index]))
                escape(text[index])
                copied = index + 1
            }
            bytes.append(contentsOf: UnsafeBufferPointer(rebasing: text[copied...]))
        }
        append(UInt8(ascii: "\""))
    }

    private static func needsEscape(_ byte: UInt8) -> Bool {
        byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") || byte == 0x7F
    }

    private mutating func escape(_ byte: UInt8) {
        switch byte {
        case UInt8(ascii: "\""): append("\\\"")
        case UInt8(ascii: "\\"): append("\\\\")
        case 0x0A: append("\\n")
        case 0x0D: append("\\r")
        case 0x09: append("\\t")
        default:
            append("\\u00")
            append(hexDigit(of: byte >> 4))
            append(hexDigit(of: byte & 0xF))
        }
    }
}
