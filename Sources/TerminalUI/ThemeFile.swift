/// Why a theme file cannot be read, with the place: "line 12, role status_failed: unknown
/// colour 'redd'". The caller puts the file's name before it.
public struct ThemeFileError: Error, Hashable, Sendable, CustomStringConvertible {
    /// Counted from 1; 0 where the fault is of the file as a whole.
    public let line: Int
    /// "role text" or "colour ink", where the fault is in one.
    public let entry: String?
    public let reason: String

    public var description: String {
        let place = [line > 0 ? "line \(line)" : nil, entry].compactMap(\.self)
        return place.isEmpty ? reason : place.joined(separator: ", ") + ": " + reason
    }
}

/// The reader for theme files: a flat part of YAML that any YAML reader agrees with.
///
///     name: midnight
///     palette:
///       ink: "#0f1419"        # names for colours; a value with # needs quotes
///     roles:
///       text: "#c5cdd9 on ink"
///       status_failed: red bold
///
/// Entries are indented by blanks. `#` after a blank begins a comment. A style is
/// `colour [on colour] [bold] [dim] [italic] [underline] [reverse]`; without `on` it has the
/// background of the role `background`. Roles left out take the style of a related role.
public enum ThemeFile {
    /// The largest file that is read, in bytes of UTF-8.
    public static let maximumBytes = 65_536

    public static func parse(_ text: String) throws(ThemeFileError) -> Theme {
        guard text.utf8.count <= maximumBytes else {
            throw ThemeFileError(
                line: 0, entry: nil, reason: "a theme has at most \(maximumBytes) bytes")
        }
        var reader = Reader()
        var number = 0
        for line in text.split(
            omittingEmptySubsequences: false, whereSeparator: { $0 == "\n" || $0 == "\r\n" })
        {
            number += 1
            try reader.read(line, number: number)
        }
        return try reader.theme()
    }

    private struct Reader {
        private enum Section { case top, palette, roles }

        private var section = Section.top
        private var name: String?
        private var palette: [String: Color] = [:]
        private var entries: [Role: (line: Int, notation: String)] = [:]

        mutating func read(_ line: Substring, number: Int) throws(ThemeFileError) {
            guard let first = line.first(where: { $0 != " " }), first != "#", line != "---" else {
                return
            }
            guard first != "\t" else { throw fault(number, "indent with blanks, not with tabs") }
            let body = line.drop { $0 == " " }
            guard let colon = body.firstIndex(of: ":") else {
                throw fault(number, "expected 'name: value'")
            }
            let key = String(body[..<colon])
            let value = try ThemeFile.value(body[body.index(after: colon)...], line: number)
            if body.startIndex == line.startIndex {
                try readTop(key: key, value: value, number: number)
            } else {
                try readEntry(key: key, value: value, number: number)
            }
        }

        private mutating func readTop(
            key: String, value: String, number: Int
        ) throws(ThemeFileError) {
            switch (key, value.isEmpty) {
            case ("name", false):
                let fits = value.allSatisfy { $0.isLetter || $0.isNumber || $0 == "-" }
                guard fits, value.count <= 40 else {
                    throw fault(number, "a name has up to 40 letters, digits and hyphens")
                }
                name = value
                section = .top
            case ("palette", true): section = .palette
            case ("roles", true): section = .roles
            case ("name", true): throw fault(number, "the name is missing")
            case ("palette", false), ("roles", false):
                throw fault(number, "the entries of \(key) go on the lines below, indented")
            default:
                throw fault(
                    number,
                    "unknown key '\(SafeText.line(key, limit: 40))'; "
                        + "known are name, palette, roles")
            }
        }

        private mutating func readEntry(
            key: String, value: String, number: Int
        ) throws(ThemeFileError) {
            let shown = SafeText.line(key, limit: 40)
            switch section {
            case .top: throw fault(number, "'\(shown)' is indented, but belongs to nothing")
            case .palette:
                let entry = "colour \(shown)"
                guard palette[key] == nil else { throw fault(number, entry, "is given twice") }
                try require(value, number, entry)
                do {
                    palette[key] = try Color(notation: value, palette: palette)
                } catch {
                    throw fault(number, entry, error.description)
                }
            case .roles:
                let entry = "role \(shown)"
                guard let role = Role(rawValue: key) else {
                    throw fault(number, entry, "there is no such role")
                }
                guard entries[role] == nil else { throw fault(number, entry, "is given twice") }
                try require(value, number, entry)
                entries[role] = (number, value)
            }
        }

        private func require(
            _ value: String, _ number: Int, _ entry: String
        ) throws(ThemeFileError) {
            guard value.isEmpty else { return }
            throw fault(number, entry, "has no value (one that begins with # needs quotes)")
        }

        func theme() throws(ThemeFileError) -> Theme {
            guard let name else {
                throw ThemeFileError(line: 0, entry: nil, reason: "the theme has no name")
            }
            var roles: [Role: Style] = [:]
            let base = try style(of: .background, on: .terminal)
            for role in Role.allCases {
                roles[role] = try style(of: role, on: base?.background ?? .terminal)
            }
            return Theme(name: name, roles: roles)
        }

        private func style(of role: Role, on base: Color) throws(ThemeFileError) -> Style? {
            guard let entry = entries[role] else { return nil }
            do {
                return try Style(notation: entry.notation, palette: palette, background: base)
            } catch {
                throw fault(entry.line, "role \(role.rawValue)", error.description)
            }
        }

        private func fault(_ line: Int, _ entry: String, _ reason: String) -> ThemeFileError {
            ThemeFileError(line: line, entry: entry, reason: reason)
        }

        private func fault(_ line: Int, _ reason: String) -> ThemeFileError {
            ThemeFileError(line: line, entry: nil, reason: reason)
        }
    }

    /// A value without its quotes, blanks and comment.
    private static func value(
        _ text: Substring, line: Int
    ) throws(ThemeFileError) -> String {
        let body = text.drop { $0 == " " }
        guard body.isEmpty || body.startIndex != text.startIndex else {
            throw ThemeFileError(line: line, entry: nil, reason: "a blank must follow the colon")
        }
        if let quote = body.first, quote == "\"" || quote == "'" {
            let inner = body.dropFirst()
            guard let end = inner.firstIndex(of: quote) else {
                throw ThemeFileError(line: line, entry: nil, reason: "the closing quote is missing")
            }
            let rest = inner[inner.index(after: end)...].drop { $0 == " " }
            guard rest.isEmpty || rest.first == "#" else {
                throw ThemeFileError(
                    line: line, entry: nil, reason: "unexpected text after the closing quote")
            }
            return String(inner[..<end])
        }
        var end = body.startIndex
        var previous: Character = " "
        for index in body.indices {
            if body[index] == "#", previous == " " { break }
            previous = body[index]
            if previous != " " { end = body.index(after: index) }
        }
        return String(body[..<end])
    }
}
