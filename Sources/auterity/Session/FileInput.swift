import ArgumentParser
import AuterityAPI
import FoundationEssentials
import Glibc
import Yams

/// Files that a person names: JSON or YAML, `-` for standard input.
enum FileInput {
    /// Bytes; what is larger is refused by the engine too.
    static let limit = 16 << 20

    /// The one value that a file holds.
    ///
    /// - Throws: `SettingError` that says which file, where in it, and what is wrong.
    static func value(at path: String) throws -> JSONValue {
        let all = try documents(at: path)
        guard all.count == 1, let only = all.first else {
            throw SettingError(
                "\(name(of: path)) has \(all.count) documents, and one is wanted. Put each into a "
                    + "file of its own; auterity workflow apply takes several")
        }
        return only.value
    }

    static func name(of path: String) -> String { path == "-" ? "standard input" : path }

    /// What a file holds: several values where it is YAML with several documents. Those with
    /// nothing in them are left out.
    ///
    /// - Returns: Each with what errors call it, such as `all.yaml, document 2`; at least one.
    static func documents(at path: String) throws -> [(name: String, value: JSONValue)] {
        let bytes = try bytes(at: path)
        let name = name(of: path)
        // What begins like JSON is told what is wrong with it as JSON.
        let first = bytes.first { !" \t\r\n".utf8.contains($0) }
        if first == UInt8(ascii: "{") || first == UInt8(ascii: "[") {
            do {
                return [(name, try JSONValue(parsing: bytes))]
            } catch {
                throw SettingError("\(name) is no JSON: \(error)")
            }
        }
        return try documents(ofYAML: try text(bytes, of: name), name)
    }

    private static func documents(
        ofYAML text: String, _ name: String
    ) throws -> [(name: String, value: JSONValue)] {
        var values: [(number: Int, value: JSONValue)] = []
        var number = 0
        do {
            let parser = try Yams.Parser(yaml: text)
            while let node = try parser.nextRoot() {
                number += 1
                let value = try json(node)
                // As between two marks, or behind the last.
                if value != .null { values.append((number, value)) }
            }
        } catch let error as YamlError {
            let place = number == 0 ? name : "\(name), document \(number + 1),"
            throw SettingError("\(place) is neither JSON nor YAML: \(error)")
        } catch let error as SettingError {
            throw number == 1 ? error : SettingError("\(name), document \(number): \(error)")
        }
        guard !values.isEmpty else { throw SettingError("\(name) is empty") }
        return values.map { value in
            (number == 1 ? name : "\(name), document \(value.number)", value.value)
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

    /// Waits for the end of standard input, and puts all that came in its place. What a person
    /// types is left to be read when it is needed.
    static func gatherStandardInput() throws {
        guard isatty(STDIN_FILENO) == 0 else { return }
        let all = try bytes(at: "-")
        let folder = FileManager.default.temporaryDirectory.path
        var template = Array("\(folder)/auterity-XXXXXX".utf8CString)
        let file = mkstemp(&template)
        guard file >= 0 else {
            throw SettingError(
                "No file can be made in \(folder): \(String(cString: strerror(errno)))")
        }
        defer { close(file) }
        unlink(template)
        var rest = all[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { write(file, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else {
                throw SettingError(
                    "Standard input cannot be kept in \(folder): "
                        + String(cString: strerror(errno)))
            }
            rest = rest.dropFirst(count)
        }
        guard lseek(file, 0, SEEK_SET) == 0, dup2(file, STDIN_FILENO) == STDIN_FILENO else {
            throw SettingError(
                "Standard input cannot be read again: \(String(cString: strerror(errno)))")
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
