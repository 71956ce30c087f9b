import OrderedCollections

/// Where an encoder puts what it meets: one JSON value, in the order of its text.
protocol JSONSink: AnyObject {
    /// How many arrays and objects are open.
    var depth: Int { get }
    /// Set before a value is encoded, and taken back by whatever is put: a type that writes
    /// nothing at all is noticed by it.
    var isValueDue: Bool { get set }
    /// Announces the next value of the innermost container, in an object by its key.
    func begin(_ key: String?)
    func put(_ value: JSONValue)
    func open(isObject: Bool)
    /// Closes containers until `depth` are left.
    func close(to depth: Int)
}

/// Builds the tree of a value.
final class JSONTree: JSONSink {
    private struct Level {
        let isObject: Bool
        /// Of the next member.
        var key = ""
        var members: OrderedDictionary<String, JSONValue> = [:]
        var elements: [JSONValue] = []

        var value: JSONValue { isObject ? .object(JSONObject(members)) : .array(elements) }
    }

    private(set) var root = JSONValue.null
    var isValueDue = false
    private var levels: [Level] = []

    var depth: Int { levels.count }

    func begin(_ key: String?) {
        if let key { levels[levels.count - 1].key = key }
    }

    func put(_ value: JSONValue) {
        isValueDue = false
        guard let last = levels.indices.last else {
            root = value
            return
        }
        if levels[last].isObject {
            levels[last].members[levels[last].key] = value
        } else {
            levels[last].elements.append(value)
        }
    }

    func open(isObject: Bool) {
        isValueDue = false
        levels.append(Level(isObject: isObject))
    }

    func close(to depth: Int) {
        while levels.count > depth, let level = levels.popLast() { put(level.value) }
    }
}

/// Writes the text of a value behind what a writer has written.
final class JSONStream: JSONSink {
    var isValueDue = false
    private var writer = JSONWriter(indentation: nil)
    private var levels: [(isObject: Bool, isEmpty: Bool)] = []

    /// Takes the bytes out of a writer, so that they are not copied, until `end` gives them back.
    init(_ writer: inout JSONWriter) { swap(&self.writer, &writer) }

    func end(_ writer: inout JSONWriter) { swap(&self.writer, &writer) }

    var depth: Int { levels.count }

    func begin(_ key: String?) {
        if let last = levels.indices.last {
            if !levels[last].isEmpty { writer.append(UInt8(ascii: ",")) }
            levels[last].isEmpty = false
        }
        guard let key else { return }
        writer.write(key)
        writer.append(UInt8(ascii: ":"))
    }

    func put(_ value: JSONValue) {
        isValueDue = false
        writer.write(value, level: 0)
    }

    func open(isObject: Bool) {
        isValueDue = false
        writer.append(isObject ? UInt8(ascii: "{") : UInt8(ascii: "["))
        levels.append((isObject, true))
    }

    func close(to depth: Int) {
        while levels.count > depth, let level = levels.popLast() {
            writer.append(level.isObject ? UInt8(ascii: "}") : UInt8(ascii: "]"))
        }
    }
}
