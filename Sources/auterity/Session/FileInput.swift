import ArgumentParser
import AuterityAPI
import FoundationEssentials
import Glibc
import Yams

/// Files that a person names: JSON or YAML, `-` for standard input.
enum FileInput {
    /// Bytes; what is larger is refused by the engine too.
    static let limit = 16 << 20

    /// - Throws: `SettingError` that says which file, where in it, and what is wrong.
    static func value(at path: String) throws -> JSONValue {
        let bytes = try bytes(at: path)
        let name = path == "-" ? "standard input" : path
        // What begins like JSON is told what is wrong with it as JSON.
        let first = bytes.first { !" \t\r\n".utf8.contains($0) }
        if first == UInt8(ascii: "{") || first == UInt8(ascii: "[") {
            do {
                return try JSONValue(parsing: bytes)
            } catch {
                throw SettingError("\(name) is no JSON: \(error)")
            }
        }
        do {
            guard let node = try Yams.compose(yaml: try text(bytes, of: name)) else {
                throw SettingError("\(name) is empty")
            }
            return try json(node)
        } catch let error as YamlError {
            throw SettingError("\(name) is neither JSON nor YAML: \(error)")
        }
    }

    /// - Throws: `SettingError` where it is no UTF-8, with the line.
    static func text(_ bytes: [UInt8], of name: String) throws(SettingError) -> String {
        if let text = String(validating: bytes, as: UTF8.self) { return text }
        let lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        let fault = lines.firstIndex { String(validating: $0, as: UTF8.self) == nil } ?? 0
        throw SettingError(
            "\(name), line \(fault + 1), is not UTF-8. Write it in UTF-8, such as with iconv")
    }

    static func bytes(at path: String) throws -> [UInt8] {
        let descriptor = path == "-" ? STDIN_FILENO : Glibc.open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            throw SettingError("\(path) cannot be read: \(String(cString: strerror(errno)))")
        }
        defer { if path != "-" { close(descriptor) } }
        var all: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = read(descriptor, &buffer, buffer.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else {
                throw SettingError("\(path) cannot be read: \(String(cString: strerror(errno)))")
            }
            if count == 0 { return all }
            all += buffer[..<count]
            guard all.count <= limit else {
                throw SettingError("\(path) is larger than \(limit >> 20) MiB")
            }
        }
    }

    private static let maximumDepth = 64

    /// By the core schema of YAML 1.2.
    static func json(_ node: Node, depth: Int = 0) throws(SettingError) -> JSONValue {
        guard depth < maximumDepth else {
            throw SettingError("The YAML is nested deeper than \(maximumDepth)")
        }
        switch node {
        case .scalar(let scalar):
            return plain(node, scalar)
        case .sequence(let sequence):
            var items: [JSONValue] = []
            for item in sequence { items.append(try json(item, depth: depth + 1)) }
            return .array(items)
        case .mapping(let mapping):
            var members = JSONObject()
            for (key, value) in mapping {
                members[key.string ?? ""] = try json(value, depth: depth + 1)
            }
            return .object(members)
        case .alias:
            throw SettingError("The YAML has an alias; write the value out")
        }
    }

    /// By the core schema of YAML 1.2, and quoted text as text.
    private static func plain(_ node: Node, _ scalar: Node.Scalar) -> JSONValue {
        guard scalar.style == .plain || scalar.style == .any else { return .string(scalar.string) }
        switch scalar.string {
        case "", "~", "null", "Null", "NULL": return .null
        case "true", "True", "TRUE": return .bool(true)
        case "false", "False", "FALSE": return .bool(false)
        default: break
        }
        if scalar.string.wholeMatch(of: /[-+]?[0-9]+/) != nil, let int = Int64(scalar.string) {
            return .int(int)
        }
        if scalar.string.wholeMatch(of: /[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?/)
            != nil, let double = Double(scalar.string)
        {
            return .double(double)
        }
        return .string(scalar.string)
    }
}

/// The input of an execution or the values of a template, from the command line.
struct ValueOptions: ParsableArguments {
    @Option(
        name: .shortAndLong, parsing: .singleValue,
        help: ArgumentHelp(
            "A value: number, true, false, null, JSON in braces or brackets, else text.",
            valueName: "key=value"))
    var input: [String] = []

    @Option(
        name: .long,
        help: ArgumentHelp("A JSON or YAML file with values; - for standard input."),
        completion: .file())
    var inputFile: String?

    func validate() throws {
        for pair in input where !pair.contains("=") || pair.hasPrefix("=") {
            throw ValidationError("--input takes key=value, not \"\(pair)\"")
        }
    }

    /// The file's values, with those of the command line in their place.
    func values() throws -> JSONObject {
        var values = JSONObject()
        if let inputFile {
            guard case .object(let members) = try FileInput.value(at: inputFile) else {
                throw SettingError("\(inputFile) must hold an object: keys with values")
            }
            values = members
        }
        for pair in input {
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            values[String(parts[0])] = Self.value(String(parts[1]))
        }
        return values
    }

    /// What reads as JSON is JSON; everything else is text.
    static func value(_ text: String) -> JSONValue {
        (try? JSONValue(parsing: Array(text.utf8))) ?? .string(text)
    }
}
