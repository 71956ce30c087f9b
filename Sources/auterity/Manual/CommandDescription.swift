import ArgumentParser
import AuterityAPI

/// A command as its declaration says, for the manual. The declarations are read by what
/// ArgumentParser tells tools of them, so that help, manual and completions are made of one thing.
struct CommandDescription {
    /// Such as `auterity workflow run`.
    let path: [String]
    let abstract: String
    /// What stands before the examples.
    let discussion: String
    /// Command lines, each whole.
    let examples: [String]
    let aliases: [String]
    let arguments: [ArgumentDescription]
    let subcommands: [CommandDescription]

    var name: String { path.joined(separator: " ") }
    /// The last word.
    var word: String { path.last ?? "" }
    /// Those that are run: commands without commands of their own.
    var leaves: [CommandDescription] {
        subcommands.isEmpty ? [self] : subcommands.flatMap(\.leaves)
    }

    /// The whole tree.
    ///
    /// - Throws: when ArgumentParser describes itself in another form than this reads.
    static func root() throws -> CommandDescription {
        let json = try JSONValue(parsing: Array(Auterity._dumpHelp().utf8))
        return CommandDescription(json["command"] ?? .null, above: [])
    }

    private init(_ json: JSONValue, above: [String]) {
        path = above + [json["commandName"]?.stringValue ?? ""]
        abstract = json["abstract"]?.stringValue ?? ""
        aliases = (json["aliases"]?.arrayValue ?? []).compactMap(\.stringValue)
        arguments = (json["arguments"]?.arrayValue ?? []).compactMap { ArgumentDescription($0) }
        let here = path
        subcommands = (json["subcommands"]?.arrayValue ?? []).compactMap { below in
            // ArgumentParser's own.
            below["commandName"] == .string("help")
                ? nil : CommandDescription(below, above: here)
        }
        (discussion, examples) = Self.parts(json["discussion"]?.stringValue ?? "")
    }

    /// What is said, and the command lines behind `Example:` or `Examples:`.
    private static func parts(_ text: String) -> (String, [String]) {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        guard let start = lines.firstIndex(where: { $0 == "Example:" || $0 == "Examples:" })
        else { return (text, []) }
        var said = lines[..<start]
        while said.last == "" { said.removeLast() }
        var examples: [String] = []
        var isContinued = false
        for line in lines[(start + 1)...] {
            let text = String(line.drop { $0 == " " })
            guard !text.isEmpty else { continue }
            if isContinued, let last = examples.popLast() {
                examples.append(last.dropLast() + text)
            } else {
                examples.append(text)
            }
            isContinued = text.hasSuffix("\\")
        }
        return (said.joined(separator: "\n"), examples)
    }
}

/// One argument of a command.
struct ArgumentDescription {
    enum Kind: String {
        case positional, option, flag
    }

    let kind: Kind
    /// With their hyphens, the long one first.
    let names: [String]
    let valueName: String
    let abstract: String
    let defaultValue: String?
    let isOptional: Bool
    let isRepeating: Bool
    let section: String?

    init?(_ json: JSONValue) {
        guard let kind = Kind(rawValue: json["kind"]?.stringValue ?? ""),
            json["shouldDisplay"] != .bool(false)
        else { return nil }
        self.kind = kind
        names = (json["names"]?.arrayValue ?? []).compactMap { name in
            guard let text = name["name"]?.stringValue else { return nil }
            return name["kind"] == .string("short") ? "-\(text)" : "--\(text)"
        }
        valueName = json["valueName"]?.stringValue ?? ""
        abstract = json["abstract"]?.stringValue ?? ""
        defaultValue = json["defaultValue"]?.stringValue
        isOptional = json["isOptional"] == .bool(true)
        isRepeating = json["isRepeating"] == .bool(true)
        section = json["sectionTitle"]?.stringValue
    }

    /// Whether every command that prints has it; the manual says so once.
    var isForOutput: Bool {
        !Set(names).isDisjoint(with: ["--output", "--fields", "--quiet"])
    }

    var isForHelp: Bool { !Set(names).isDisjoint(with: ["--help", "--version"]) }
}
