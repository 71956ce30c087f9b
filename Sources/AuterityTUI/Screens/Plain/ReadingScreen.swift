import AuterityAPI
import TerminalUI

/// A screen of lines to read: `content` makes them from what the console knows.
protocol ReadingScreen: Screen {
    var view: TextView { get set }
    func content(in context: ScreenContext, glyphs: Glyphs) -> [TextLine]
}

extension ReadingScreen {
    func bindings(in context: ScreenContext) -> [KeyBinding] { Self.readingBindings }

    static var readingBindings: [KeyBinding] {
        [
            KeyBinding(
                .character("/"), action: "reading.search", label: "search",
                help: "Search; n and N go to the next and the one before", priority: 5),
            KeyBinding(
                describing: "\u{2191} \u{2193} j k", label: "scroll",
                help: "Scroll; g and G, Page and Ctrl-D, Ctrl-U go further"),
            KeyBinding(describing: "w", label: "wrap", help: "Wrap long lines, or not"),
        ]
    }

    mutating func update(_ message: ScreenMessage, in context: ScreenContext) -> [Effect] {
        read(message, in: context)
    }

    mutating func read(_ message: ScreenMessage, in context: ScreenContext) -> [Effect] {
        let glyphs = Glyphs.of(context.charset)
        let source = TextView.Source(content(in: context, glyphs: glyphs))
        let size = Pane.inside(context.area).size
        switch message {
        case .action("reading.search"):
            let hint = view.pattern?.text ?? "a word"
            return [.prompt(Prompt(tag: "search", title: "Search", hint: hint))]
        case .answered("search", let text):
            guard !view.search(text, size: size, source: source) else { return [] }
            return [.toast(Toast("“\(text)” is not here", kind: .info))]
        case .key(let key): _ = view.handle(key, size: size, source: source)
        default: break
        }
        return []
    }

    func draw(into frame: inout Frame, in area: Rect, context: ScreenContext) {
        let inside = Pane(title, isFocused: true).draw(
            into: &frame, in: area, theme: context.theme)
        let lines = content(in: context, glyphs: frame.glyphs)
        view.draw(
            into: &frame, in: inside.inset(horizontal: 1, vertical: 0), theme: context.theme,
            source: TextView.Source(lines))
    }

    func copies(in context: ScreenContext) -> [CopyOffer] {
        let lines = content(in: context, glyphs: Glyphs.of(context.charset))
        return [CopyOffer("what is shown", lines.map(\.text).joined(separator: "\n"))]
    }
}
