import OrderedCollections

extension JSONValue {
    /// The value as one line of JSON. A double that JSON cannot say (NaN, infinity) is `null`;
    /// the engine refuses such values before they get here.
    public var jsonText: String {
        String(decoding: jsonBytes, as: UTF8.self)
    }

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
        case .string(let string): writeString(string)
        case .array(let array):
            writeList(open: "[", close: "]", count: array.count, level: level) { writer, index in
                writer.write(array[index], level: level + 1)
            }
        case .object(let object):
            let elements = object.members.elements
            writeList(open: "{", close: "}", count: elements.count, level: level) { writer, index in
                writer.writeString(elements[index].key)
                writer.append(writer.indentation == nil ? ":" : ": ")
                writer.write(elements[index].value, level: level + 1)
            }
        }
    }

    private mutating func append(_ text: String) {
        bytes.append(contentsOf: text.utf8)
    }

    private mutating func writeList(
        open: String, close: String, count: Int, level: Int,
        element: (inout JSONWriter, Int) -> Void
    ) {
        append(open)
        for index in 0..<count {
            if index > 0 { append(",") }
            newLine(level: level + 1)
            element(&self, index)
        }
        if count > 0 { newLine(level: level) }
        append(close)
    }

    private mutating func newLine(level: Int) {
        guard let indentation else { return }
        bytes.append(UInt8(ascii: "\n"))
        bytes.append(contentsOf: repeatElement(UInt8(ascii: " "), count: level * indentation))
    }

    private mutating func writeString(_ string: String) {
        bytes.append(UInt8(ascii: "\""))
        for byte in string.utf8 {
            switch byte {
            case UInt8(ascii: "\""): append("\\\"")
            case UInt8(ascii: "\\"): append("\\\\")
            case 0x0A: append("\\n")
            case 0x0D: append("\\r")
            case 0x09: append("\\t")
            case 0..<0x20, 0x7F:
                let hex = String(byte, radix: 16)
                append("\\u00" + (hex.count == 1 ? "0" : "") + hex)
            default: bytes.append(byte)
            }
        }
        bytes.append(UInt8(ascii: "\""))
    }
}
