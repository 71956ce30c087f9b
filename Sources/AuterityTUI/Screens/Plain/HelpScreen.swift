import AuterityAPI
import TerminalUI

/// What the keys do, made from the key tables: first what works where help was asked.
struct HelpScreen: ReadingScreen {
    var destination: Destination { .help }
    var title: String { "help" }
    var view = TextView(wraps: true)

    private static let keyColumns = 16

    func content(in context: ScreenContext, glyphs: Glyphs) -> [TextLine] {
        let theme = context.theme
        let table = context.helpTable
        var lines: [TextLine] = []
        func heading(_ text: String) {
            if !lines.isEmpty { lines.append(TextLine()) }
            lines.append(TextLine(text, style: theme[.heading]))
        }
        func rows(_ bindings: [KeyBinding]) {
            for binding in bindings {
                let keys = binding.keys.isEmpty
                    ? binding.shown : binding.keys.map(\.name).joined(separator: " ")
                var line = TextLine(
                    TextWidth.pad("  " + keys, to: Self.keyColumns), style: theme[.key])
                line.append(" " + binding.help)
                lines.append(line)
            }
        }
        if !table.screen.isEmpty {
            heading("Here, in \(table.screenTitle)")
            rows(table.screen)
        }
        heading("Everywhere")
        rows(GlobalKeys.bindings)
        heading("Commands, behind :")
        for command in CommandList.all {
            var line = TextLine(
                TextWidth.pad("  " + command.usage, to: 30), style: theme[.key])
            line.append(" " + command.help)
            lines.append(line)
        }
        heading("Signs")
        lines += signs(theme, glyphs)
        return lines
    }

    private func signs(_ theme: Theme, _ glyphs: Glyphs) -> [TextLine] {
        ExecutionStatus.allCases.map { status in
            let look = status.look(glyphs)
            return TextLine("  " + look.text, style: theme[look.role])
        }
    }
}
