import AuterityAPI
import TerminalUI

/// What the keys do, made from the key tables: first what works where help was asked.
struct HelpScreen: ReadingScreen {
    var destination: Destination { .help }
    var title: String { "help" }
    var view = TextView(wraps: true)

    private static let keyColumns = 16
    private static let usageColumns = 30
    /// With less room beside the keys, help goes on at the left edge.
    private static let leastHelpColumns = 16

    func content(in context: ScreenContext, glyphs: Glyphs) -> [TextLine] {
        let theme = context.theme
        let table = context.helpTable
        var lines: [TextLine] = []
        func heading(_ text: String) {
            if !lines.isEmpty { lines.append(TextLine()) }
            lines.append(TextLine(text, style: theme[.heading]))
        }
        // What the pane's borders, the margins and the scroll bar leave.
        let width = context.area.width - 5
        func row(_ first: String, _ columns: Int, _ help: String) {
            let room = width - columns - 1
            let parts = room < Self.leastHelpColumns ? [help] : TextWidth.wrap(help, to: room)
            for (index, part) in parts.enumerated() {
                let start = index == 0 ? "  " + first : ""
                var line = TextLine(TextWidth.pad(start, to: columns), style: theme[.key])
                line.append(" " + part)
                lines.append(line)
            }
        }
        func rows(_ bindings: [KeyBinding]) {
            for binding in bindings {
                let keys =
                    binding.keys.isEmpty
                    ? binding.shown : binding.keys.map(\.name).joined(separator: " ")
                row(keys, Self.keyColumns, binding.help)
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
            row(command.usage, Self.usageColumns, command.help)
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
