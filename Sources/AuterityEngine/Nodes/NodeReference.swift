/// The reference of all node types in Markdown, for docs/definitions.md.
package enum NodeReference {
    package static var markdown: String {
        let shared = """
            ### Every node

            \(table(of: NodeField.everyNode))
            """
        return ([shared] + NodeCatalog.all.map { section($0.documentation) })
            .joined(separator: "\n\n")
    }

    private static func section(_ node: NodeDocumentation) -> String {
        let aliases = node.aliases.map { "`\($0)`" }.joined(separator: ", ")
        var parts = ["### `\(node.name)`" + (aliases.isEmpty ? "" : " (also \(aliases))")]
        parts.append(node.summary)
        if !node.fields.isEmpty { parts.append(table(of: node.fields)) }
        if !node.output.isEmpty {
            parts.append(
                "Output: "
                    + node.output.map { "`\($0.key)`: \(sentence($0.doc))" }
                    .joined(separator: "; ") + ".")
        }
        if !node.handles.isEmpty {
            parts.append(
                "Handles: "
                    + node.handles.map { "`\($0.name)`: \(sentence($0.doc))" }
                    .joined(separator: "; ") + ".")
        }
        return parts.joined(separator: "\n\n")
    }

    private static func table(of fields: [NodeField]) -> String {
        let rows = fields.map { field in
            "| `\(field.key)`\(field.isRequired ? " (required)" : "") | \(field.kind.rawValue) | "
                + field.doc.replacing("|", with: "\\|") + " |"
        }
        return (["| key | kind | |", "| --- | --- | --- |"] + rows).joined(separator: "\n")
    }

    /// Without its full stop, to stand in a list.
    private static func sentence(_ text: String) -> String {
        text.hasSuffix(".") ? String(text.dropLast()) : text
    }
}
