import AuterityAPI
import TerminalUI

/// What was said, and the calls that were made, with how long they took.
struct MessagesScreen: ReadingScreen {
    var destination: Destination { .messages }
    var title: String { "messages" }
    var view = TextView(wraps: true, follows: true)
    /// Calls that only read are many, and hide what matters.
    private var showsReading = false

    func bindings(in context: ScreenContext) -> [KeyBinding] {
        [
            KeyBinding(
                .character("a"), action: "messages.reading",
                label: showsReading ? "fewer calls" : "all calls",
                help: "Show the calls that only read too, or not", priority: 4)
        ] + Self.readingBindings
    }

    mutating func update(_ message: ScreenMessage, in context: ScreenContext) -> [Effect] {
        guard case .action("messages.reading") = message else {
            return read(message, in: context)
        }
        showsReading.toggle()
        view = TextView(wraps: view.wraps, follows: true)
        return []
    }

    func content(in context: ScreenContext, glyphs: Glyphs) -> [TextLine] {
        let theme = context.theme
        let notices = context.notices.filter { showsReading || !$0.onlyRead }
        guard !notices.isEmpty else {
            return [TextLine("Nothing was said yet.", style: theme[.muted])]
        }
        return notices.map { notice in
            let clock = TimeText.clock(
                notice.at, utcOffset: context.utcOffset, withSeconds: true)
            var line = TextLine(clock + "  ", style: theme[.muted])
            switch notice.kind {
            case .said(let kind):
                let (sign, role) = Self.look(kind, glyphs)
                line.append("\(sign) ", style: theme[role])
                line.append(notice.text)
            case .call(let milliseconds, let failed):
                let time = TimeText.duration(seconds: milliseconds / 1000)
                line.append(
                    "\(failed ? glyphs.failed : glyphs.arrowRight) ",
                    style: theme[failed ? .error : .muted])
                line.append(notice.text, style: failed ? nil : theme[.muted])
                line.append("  \(time)", style: theme[.muted])
            }
            return line
        }
    }

    private static func look(
        _ kind: Toast.Kind, _ glyphs: Glyphs
    ) -> (Character, TerminalUI.Role) {
        switch kind {
        case .info: (glyphs.bullet, .severityInfo)
        case .success: (glyphs.completed, .success)
        case .warning: (glyphs.warning, .warning)
        case .error: (glyphs.failed, .error)
        }
    }
}
