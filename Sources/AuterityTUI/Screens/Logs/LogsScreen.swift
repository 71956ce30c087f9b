import AuterityAPI
import TerminalUI

/// The log of everything, the newest first, read again as things happen.
struct LogsScreen: Screen {
    let start: LogsFilter
    var destination: Destination { .logs(start) }
    var title: String { "logs" }

    private var pane: TablePane<LogsContent>

    /// Between two readings while things happen.
    private static let interval = Duration.seconds(1)
    private static let wideWidth = 80

    init(filter: LogsFilter) {
        start = filter
        pane = TablePane(filter: Filter(filter.text))
    }

    var capturesText: Bool { pane.isTyping }
    var isLoaded: Bool { pane.rows.isLoaded }

    func bindings(in context: ScreenContext) -> [KeyBinding] {
        guard !pane.isTyping else { return ListKeys.typing }
        return [
            KeyBinding(
                .enter, action: "logs.open", label: "open",
                help: "Open the execution that wrote this line", priority: 6),
            KeyBinding(
                .character("l"), action: "logs.level", label: "level",
                help: "Show info and above, warnings and above, errors, or all", priority: 6),
        ] + ListKeys.bindings(isNarrowed: pane.isNarrowed, canSort: false)
    }

    func subscriptions(in context: ScreenContext) -> [Subscription] {
        // Following is reading the start again; a reader further down is left in peace.
        pane.isDirty && pane.rows.isFollowing ? [.timer("logs", every: Self.interval)] : []
    }

    func copies(in context: ScreenContext) -> [CopyOffer] {
        guard let line = pane.selected else { return [] }
        var offers = [CopyOffer("message", line.message)]
        if let id = line.executionID { offers.append(CopyOffer("execution id", id.description)) }
        return offers
    }

    private func isWide(_ context: ScreenContext) -> Bool {
        context.area.width >= Self.wideWidth
    }

    private func height(_ context: ScreenContext) -> Int {
        max(1, pane.height(in: Pane.inside(context.area), isWide: isWide(context)))
    }

    mutating func update(_ message: ScreenMessage, in context: ScreenContext) -> [Effect] {
        let now = context.now
        let height = height(context)
        switch message {
        case .appeared, .resynchronize, .timer: return pane.reload(now: now)
        case .action("logs.open"):
            return pane.selected?.executionID.map { [.open(.execution($0))] } ?? []
        case .action("logs.level"): return pane.setFilter(nextLevel, now: now)
        case .action(let action):
            return pane.perform(action, height: height, isWide: isWide(context), now: now)
        case .key(let key):
            let area = Pane.inside(context.area)
            return pane.press(
                key, in: area, isWide: isWide(context), height: height, now: now)
        case .reply(let reply): return pane.take(reply, height: height, now: now) ?? []
        case .events: pane.isDirty = true
        case .answered(_, let column): pane.toggleColumn(column)
        case .command, .edited: break
        }
        return []
    }

    /// The filter with the next least level in it.
    private var nextLevel: String {
        let current = LogsContent.level(of: pane.filter)
        let rest = pane.filter.text.split(separator: " ").filter { !$0.hasPrefix("level:") }
        let next: LogLevel? =
            switch current {
            case nil, .debug: .info
            case .info: .warning
            case .warning: .error
            case .error: nil
            }
        let words = rest.map(String.init) + (next.map { ["level:\($0.rawValue)"] } ?? [])
        return words.joined(separator: " ")
    }

    func draw(into frame: inout Frame, in area: Rect, context: ScreenContext) {
        let follows =
            pane.rows.isFollowing
            ? "following \(frame.glyphs.unfolded)" : "f follows"
        let rest = pane.detail(base: "all", context: context)
        let border = Pane(
            "Logs", detail: "\(follows) \(frame.glyphs.separator) \(rest)",
            status: pane.status(context), isFocused: true)
        let inside = border.draw(into: &frame, in: area, theme: context.theme)
        pane.draw(
            into: &frame, in: inside, isWide: isWide(context), isFocused: true,
            empty: "no log lines", context: context)
    }
}
