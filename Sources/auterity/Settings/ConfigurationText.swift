/// The lines of a configuration file, changed in places: what is not named stays as it is,
/// comments included.
struct ConfigurationText: Hashable, Sendable {
    private var lines: [String]
    /// As the file has it already.
    private let lineEnd: String

    init(_ text: String) {
        // CR LF is one character: it is no "\n" to a split.
        lineEnd = text.contains("\r\n" as Character) ? "\r\n" : "\n"
        lines = text.split(omittingEmptySubsequences: false) { $0 == "\n" || $0 == "\r\n" }
            .map(String.init)
        if lines.last == "" { lines.removeLast() }
    }

    var text: String {
        lines.isEmpty ? "" : lines.joined(separator: lineEnd) + lineEnd
    }

    /// Takes the lines of a top-level key away, and puts others in their place; at the end where
    /// there was none.
    mutating func replaceSection(_ key: String, with new: [String]) {
        guard let range = section(key) else {
            lines += new
            return
        }
        lines.replaceSubrange(range, with: new)
    }

    /// Puts an entry in the place of the one of that name below a top-level key, or behind the
    /// others; `nil` takes it away.
    ///
    /// - Parameter settings: what stands below the name, a line each.
    /// - Returns: Whether the text is written so that it can be done: `key:`, then the names
    ///   indented, a line each. Otherwise nothing is changed.
    mutating func replaceEntry(
        _ name: String, of key: String, with settings: [String]?
    ) -> Bool {
        guard let section = section(key),
            Self.heads(key).contains(lines[section.lowerBound]),
            let first = section.dropFirst().first(where: { !Self.isAside(lines[$0]) })
        else { return false }
        let indent = Self.indent(of: lines[first])
        let heads = section.dropFirst().filter {
            !Self.isAside(lines[$0]) && Self.indent(of: lines[$0]) <= indent
        }
        let margin = String(repeating: " ", count: indent)
        let new = settings.map { ["\(margin)\(name):"] + $0.map { "\(margin)  \($0)" } } ?? []
        let found = heads.firstIndex { Self.name(of: lines[$0]) == Self.name(of: name + ":") }
        guard let found else {
            lines.insert(contentsOf: new, at: section.upperBound)
            return true
        }
        var end = found + 1 < heads.count ? heads[found + 1] : section.upperBound
        // What stands aside right before the next one is about that.
        while end > heads[found] + 1, Self.isAside(lines[end - 1]) { end -= 1 }
        lines.replaceSubrange(heads[found]..<end, with: new)
        return true
    }

    /// The lines of a top-level key: its own, and all that is indented behind it.
    private func section(_ key: String) -> Range<Int>? {
        let heads = Self.heads(key)
        guard let start = lines.firstIndex(where: { heads.contains(where: $0.hasPrefix) }) else {
            return nil
        }
        var end = start + 1
        while end < lines.count, lines[end].first.map({ $0 == " " || $0 == "\t" }) ?? true {
            end += 1
        }
        // Blank lines behind the section belong to what follows.
        while end > start + 1, lines[end - 1].isEmpty { end -= 1 }
        return start..<end
    }

    /// How a top-level key may be written.
    private static func heads(_ key: String) -> [String] {
        ["\(key):", "\"\(key)\":", "'\(key)':"]
    }

    /// Whether a line is blank or a comment.
    private static func isAside(_ line: String) -> Bool {
        line.first { $0 != " " && $0 != "\t" }.map { $0 == "#" } ?? true
    }

    private static func indent(of line: String) -> Int { line.prefix { $0 == " " }.count }

    /// The name that a line begins with, without quotation marks.
    private static func name(of line: String) -> String? {
        guard let match = line.firstMatch(of: /^ *(["']?)([A-Za-z0-9_.-]+)\1 *:/) else {
            return nil
        }
        return String(match.2)
    }
}
