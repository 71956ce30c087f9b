import AuterityAPI

/// Gathers what is wrong with a call, so that all of it is told at once.
struct Faults {
    private(set) var list: [FieldFault]
    /// What the reading of the call found. Its fields hold what the caller did not give.
    private let known: [FieldFault]

    init(besides known: [FieldFault] = []) {
        self.known = known
        list = known
    }

    /// Bytes of a name that stands in paths and expressions, which is ASCII.
    static let nameLimit = FieldLimits.name.upperBound

    mutating func note(_ field: String, _ message: String) {
        add([FieldFault(field: field, message: message)])
    }

    mutating func add(_ faults: [FieldFault]) {
        guard !known.isEmpty else { return list += faults }
        list += faults.filter { fault in !known.contains { $0.concerns(fault.field) } }
    }

    /// Counts Unicode scalars, as JSON Schema does.
    mutating func length(_ text: String, _ range: ClosedRange<Int>, at field: String) {
        let count = text.unicodeScalars.count
        if count < range.lowerBound {
            note(field, "must not be empty")
        } else if count > range.upperBound {
            note(field, "must have at most \(range.upperBound) characters, not \(count)")
        }
    }

    /// A title: trimmed, 1 to 255 characters.
    mutating func title(_ text: String, at field: String = "name") -> String {
        let trimmed = text.trimmed
        length(trimmed, FieldLimits.name, at: field)
        return trimmed
    }

    mutating func description(_ text: String?) -> String {
        let text = text ?? ""
        length(text, FieldLimits.description, at: "description")
        return text
    }

    /// A name that stands in paths and expressions.
    mutating func name(_ text: String, at field: String) {
        let isName =
            !text.isEmpty && text.utf8.count <= Self.nameLimit && text != "." && text != ".."
            && text.utf8.allSatisfy { byte in
                (0x30...0x39).contains(byte) || (0x61...0x7A).contains(byte | 0x20)
                    || byte == UInt8(ascii: "_") || byte == UInt8(ascii: "-")
                    || byte == UInt8(ascii: ".")
            }
        if !isName { note(field, "must be a name: letters, digits, and the signs _ - .") }
    }

    func check() throws(APIError) {
        if !list.isEmpty { throw .validation(list) }
    }
}

extension FieldFault {
    /// Whether it is about the field, or what that stands in.
    fileprivate func concerns(_ other: String) -> Bool {
        guard other.hasPrefix(field) else { return false }
        let next = other.dropFirst(field.count).first
        return field.isEmpty || next == nil || next == "." || next == "["
    }
}

extension String {
    var trimmed: String {
        guard let first = firstIndex(where: { !$0.isWhitespace }),
            let last = lastIndex(where: { !$0.isWhitespace })
        else { return "" }
        return String(self[first...last])
    }
}
