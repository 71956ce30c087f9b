import TerminalUI

/// The tables of keys and commands in the users' manual, made from the lists that the console
/// itself goes by.
enum KeyReference {
    /// The keys of a part of a screen: a pane, a tab, or all of it.
    struct Part {
        /// As the column of places says it; never shown where a screen has one part.
        let title: String
        let bindings: [KeyBinding]
    }

    /// A table of the manual.
    struct Section {
        let title: String
        let parts: [Part]
    }

    private struct Row {
        let keys: String
        let help: String
        var places: [String]
    }

    /// Tables in Markdown: what works everywhere, what works in lists, then the sections.
    static func markdown(_ sections: [Section]) -> String {
        let lists = ListKeys.bindings(isNarrowed: true, canSort: true)
        let everywhere = [
            Section(title: "Everywhere", parts: [Part(title: "", bindings: GlobalKeys.bindings)]),
            Section(title: "In lists", parts: [Part(title: "", bindings: lists)]),
        ]
        return (everywhere + sections.map { leaving(lists, out: $0) }).map(table)
            .joined(separator: "\n\n")
    }

    /// The table of commands in Markdown.
    static var commands: String {
        let rows = CommandList.all.map { command in
            "| `:\(escaped(command.usage))` | \(escaped(command.help)) |"
        }
        return (["| command | |", "| --- | --- |"] + rows).joined(separator: "\n")
    }

    /// A list's keys stand once, in a table of their own.
    private static func leaving(_ lists: [KeyBinding], out section: Section) -> Section {
        let parts = section.parts.map { part in
            Part(title: part.title, bindings: part.bindings.filter { !lists.contains($0) })
        }
        return Section(title: section.title, parts: parts)
    }

    private static func table(of section: Section) -> String {
        var rows: [Row] = []
        for part in section.parts {
            for binding in part.bindings {
                let keys = keys(of: binding)
                if let same = rows.firstIndex(where: { $0.keys == keys && $0.help == binding.help })
                {
                    if rows[same].places.last != part.title { rows[same].places.append(part.title) }
                } else {
                    rows.append(Row(keys: keys, help: binding.help, places: [part.title]))
                }
            }
        }
        // What works in all of a screen first.
        let count = section.parts.count
        let isEverywhere = { (row: Row) in row.places.count == count }
        rows = rows.filter(isEverywhere) + rows.filter { !isEverywhere($0) }
        let hasPlaces = count > 1
        let head =
            hasPlaces
            ? ["| key | | where |", "| --- | --- | --- |"] : ["| key | |", "| --- | --- |"]
        let lines = rows.map { row in
            let place = isEverywhere(row) ? "" : row.places.joined(separator: ", ")
            return "| \(row.keys) | \(escaped(row.help)) |" + (hasPlaces ? " \(place) |" : "")
        }
        return (["### \(section.title)", ""] + head + lines).joined(separator: "\n")
    }

    /// All keys of a binding; the ones that help names where the screen reads them itself.
    private static func keys(of binding: KeyBinding) -> String {
        let names =
            binding.keys.isEmpty
            ? binding.shown.split(separator: " ").map(String.init) : binding.keys.map(\.name)
        return names.map { $0 == Key.enter.name ? "Enter" : $0 }
            .map { "`\(escaped($0))`" }.joined(separator: " ")
    }

    /// A bar would end the cell.
    private static func escaped(_ text: String) -> String { text.replacing("|", with: "\\|") }
}
