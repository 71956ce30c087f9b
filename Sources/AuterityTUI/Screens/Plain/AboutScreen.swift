import AuterityAPI
import AuterityClient
import TerminalUI

/// Versions, whom one speaks to, and what one may do.
struct AboutScreen: ReadingScreen {
    var destination: Destination { .about }
    var title: String { "about" }
    var view = TextView(wraps: true)

    func content(in context: ScreenContext, glyphs: Glyphs) -> [TextLine] {
        let theme = context.theme
        var lines = [
            TextLine("auterity \(context.version)".trimmed, style: theme[.heading]),
            TextLine("An operations console for workflow automation."),
            TextLine(),
        ]
        func row(_ name: String, _ value: String) {
            var line = TextLine(TextWidth.pad(name, to: 14), style: theme[.label])
            line.append(value)
            lines.append(line)
        }
        if let identity = context.identity {
            row("engine", identity.name)
            row("user", identity.user)
            let roles = AuterityAPI.Role.allCases.filter(identity.roles.contains).map(\.rawValue)
            if !roles.isEmpty { row("role", roles.joined(separator: ", ")) }
        } else {
            row("engine", "not open")
        }
        row("theme", context.theme.name)
        row("characters", context.charset.rawValue)
        row("mode", context.access.isReadOnly ? "read-only" : "changes are allowed")
        lines.append(TextLine())
        lines.append(TextLine("Permissions", style: theme[.columnHeader]))
        let permissions = context.access.permissions.map(\.rawValue).sorted()
        lines += permissions.map { TextLine("  " + $0) }
        if permissions.isEmpty { lines.append(TextLine("  none", style: theme[.muted])) }
        return lines
    }
}
