/// Where in a JSON text its values stand: the line of each path, such as `nodes[2].data.to`.
///
/// It reads leniently, since it is asked about texts that are to be mended.
struct JSONPlaces: Sendable {
    /// Lines counted from 1, by path; the whole is the empty path.
    private(set) var lines: [String: Int] = [:]

    /// Values that are noted.
    static let maximumValues = 200_000

    private enum Container {
        case object(path: String, key: String?)
        case array(path: String, index: Int)
    }

    init(_ text: String) {
        var stack: [Container] = []
        var line = 1
        var bytes = text.utf8[...]
        while let byte = bytes.first, lines.count < JSONPlaces.maximumValues {
            switch byte {
            case UInt8(ascii: "\n"):
                line += 1
                bytes.removeFirst()
            case UInt8(ascii: "\""):
                let string = JSONPlaces.takeString(&bytes)
                if case .object(let path, nil)? = stack.last {
                    stack[stack.count - 1] = .object(path: path, key: string)
                } else {
                    note(&stack, line)
                }
            case UInt8(ascii: "{"), UInt8(ascii: "["):
                let path = note(&stack, line)
                stack.append(
                    byte == UInt8(ascii: "{")
                        ? .object(path: path, key: nil) : .array(path: path, index: 0))
                bytes.removeFirst()
            case UInt8(ascii: "}"), UInt8(ascii: "]"):
                if !stack.isEmpty { stack.removeLast() }
                bytes.removeFirst()
            case UInt8(ascii: ","):
                next(&stack)
                bytes.removeFirst()
            case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\r"), UInt8(ascii: ":"):
                bytes.removeFirst()
            default:
                note(&stack, line)
                while let byte = bytes.first, !JSONPlaces.delimiters.contains(byte) {
                    bytes.removeFirst()
                }
            }
        }
    }

    private static let delimiters = Set(",]}\n \"[{:".utf8)

    /// Notes a value that begins here; returns its path.
    @discardableResult
    private mutating func note(_ stack: inout [Container], _ line: Int) -> String {
        let path: String
        switch stack.last {
        case nil: path = ""
        case .object(let parent, let key):
            path = parent.isEmpty ? key ?? "" : "\(parent).\(key ?? "")"
        case .array(let parent, let index): path = "\(parent)[\(index)]"
        }
        if lines[path] == nil { lines[path] = line }
        return path
    }

    private func next(_ stack: inout [Container]) {
        switch stack.last {
        case .object(let path, _): stack[stack.count - 1] = .object(path: path, key: nil)
        case .array(let path, let index):
            stack[stack.count - 1] = .array(path: path, index: index + 1)
        case nil: break
        }
    }

    private static func takeString(_ bytes: inout Substring.UTF8View) -> String {
        bytes.removeFirst()
        var content: [UInt8] = []
        while let byte = bytes.popFirst() {
            if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\n") { break }
            if byte == UInt8(ascii: "\\"), let escaped = bytes.popFirst() {
                content += [byte, escaped]
            } else {
                content.append(byte)
            }
        }
        return String(decoding: content, as: UTF8.self)
    }

    /// The line of a field of a definition, or of the nearest thing around it that is there.
    func line(of field: String) -> Int {
        var path = field[...]
        for prefix in ["definition.", "definition"] where path.hasPrefix(prefix) {
            path = path.dropFirst(prefix.count)
            break
        }
        while !path.isEmpty {
            if let line = lines[String(path)] { return line }
            let end = path.lastIndex { $0 == "." || $0 == "[" } ?? path.startIndex
            path = path[..<end]
        }
        return lines[""] ?? 1
    }
}
