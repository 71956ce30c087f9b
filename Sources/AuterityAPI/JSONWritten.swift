/// A value that puts its JSON into a text by itself, the same as by way of its `encode(to:)`.
///
/// The containers of an `Encoder` are made anew for each value and take every member as a type
/// that they do not know: that costs several times what the text does. What is answered most goes
/// without them; all else is written by its `encode(to:)`.
protocol JSONWritten {
    func write(to json: inout JSONWriter)
}

extension JSONWriter {
    /// An object; `members` writes them, in the order of the coding keys.
    mutating func object(_ members: (inout JSONWriter) -> Void) {
        append(UInt8(ascii: "{"))
        members(&self)
        append(UInt8(ascii: "}"))
    }

    mutating func member(_ key: some CodingKey, _ value: some JSONWritten) {
        // No value ends so: this is the first member.
        if bytes.last != UInt8(ascii: "{") { append(UInt8(ascii: ",")) }
        write(key.stringValue)
        append(UInt8(ascii: ":"))
        value.write(to: &self)
    }

    /// A text that needs no escapes, of at most `capacity` bytes: `put` writes them and answers
    /// how many they are.
    fileprivate mutating func quote(
        capacity: Int, _ put: (UnsafeMutableBufferPointer<UInt8>) -> Int
    ) {
        append(UInt8(ascii: "\""))
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: capacity) { buffer in
            let count = put(buffer)
            append(contentsOf: UnsafeBufferPointer(rebasing: buffer[..<count]))
        }
        append(UInt8(ascii: "\""))
    }
}

// MARK: - What models are made of

extension String: JSONWritten {
    func write(to json: inout JSONWriter) { json.write(self) }
}

extension Bool: JSONWritten {
    func write(to json: inout JSONWriter) { json.write(.bool(self), level: 0) }
}

extension Int: JSONWritten {
    func write(to json: inout JSONWriter) { json.write(.int(Int64(self)), level: 0) }
}

extension Double: JSONWritten {
    func write(to json: inout JSONWriter) { json.write(.double(self), level: 0) }
}

extension JSONValue: JSONWritten {
    func write(to json: inout JSONWriter) { json.write(self, level: 0) }
}

extension JSONObject: JSONWritten {
    func write(to json: inout JSONWriter) { json.write(.object(self), level: 0) }
}

/// An absent optional is `null`.
extension Optional: JSONWritten where Wrapped: JSONWritten {
    func write(to json: inout JSONWriter) {
        if let self { self.write(to: &json) } else { json.write(.null, level: 0) }
    }
}

extension Array: JSONWritten where Element: JSONWritten {
    func write(to json: inout JSONWriter) {
        json.append(UInt8(ascii: "["))
        for index in indices {
            if index > 0 { json.append(UInt8(ascii: ",")) }
            self[index].write(to: &json)
        }
        json.append(UInt8(ascii: "]"))
    }
}

extension JSONWritten where Self: RawRepresentable, RawValue == String {
    func write(to json: inout JSONWriter) { json.write(rawValue) }
}

extension StepID: JSONWritten {}
extension ExecutionStatus: JSONWritten {}
extension StepStatus: JSONWritten {}

extension Identifier: JSONWritten {
    func write(to json: inout JSONWriter) { json.quote(capacity: 36) { put(into: $0) } }
}

extension Timestamp: JSONWritten {
    func write(to json: inout JSONWriter) {
        json.quote(capacity: Self.maximumLength) { put(into: $0) }
    }
}
