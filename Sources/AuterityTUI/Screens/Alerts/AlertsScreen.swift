import AuterityAPI
import TerminalUI

/// All alerts, to be acknowledged.
struct AlertsScreen: Screen {
    var destination: Destination { .alerts }
    var title: String { "alerts" }

    private var pane = TablePane<AlertsContent>()

    var capturesText: Bool { pane.isTyping }
    var isLoaded: Bool { pane.rows.isLoaded }

    func bindings(in context: ScreenContext) -> [KeyBinding] {
        guard !pane.isTyping else { return ListKeys.typing }
        return [
            KeyBinding(
                .character("a"), action: "alerts.acknowledge", label: "acknowledge",
                help: "Mark this alert, or the marked ones, as seen",
                permission: .systemMonitor, changes: true, priority: 7),
            KeyBinding(
                .enter, action: "alerts.open", label: "open",
                help: "Open the execution that it is about", priority: 6),
        ] + ListKeys.bindings(isNarrowed: pane.isNarrowed, canSort: false)
    }

    func subscriptions(in context: ScreenContext) -> [Subscription] {
        pane.isDirty ? [.timer("alerts", every: .seconds(2))] : []
    }

    func copies(in context: ScreenContext) -> [CopyOffer] {
        pane.selected.map { [CopyOffer("alert", $0.message)] } ?? []
    }

    private func height(_ context: ScreenContext) -> Int {
        max(1, pane.height(in: Pane.inside(context.area), isWide: true))
    }

    mutating func update(_ message: ScreenMessage, in context: ScreenContext) -> [Effect] {
        let now = context.now
        switch message {
        case .appeared, .resynchronize, .timer: return pane.reload(now: now)
        case .action("alerts.acknowledge"):
            return pane.targets.filter { $0.acknowledgedAt == nil }.map {
                .request(
                    Request(AcknowledgeAlert(alertID: $0.id), activity: "Acknowledging"))
            }
        case .action("alerts.open"):
            guard let id = pane.selected?.executionID else {
                return [.toast(Toast("This alert is about no execution", kind: .info))]
            }
            return [.open(.execution(id))]
        case .action(let action):
            return pane.perform(action, height: height(context), isWide: true, now: now)
        case .key(let key):
            let area = Pane.inside(context.area)
            return pane.press(key, in: area, isWide: true, height: height(context), now: now)
        case .reply(let reply):
            if let alert = reply.to(AcknowledgeAlert.self)?.response {
                pane.unmark()
                pane.change(updates: [alert], new: [], height: height(context), now: now)
                return []
            }
            return pane.take(reply, height: height(context), now: now) ?? []
        case .events(let events):
            for event in events {
                if case .systemAlert = event.payload { pane.isDirty = true }
            }
        case .answered(_, let column): pane.toggleColumn(column)
        case .command, .edited: break
        }
        return []
    }

    func draw(into frame: inout Frame, in area: Rect, context: ScreenContext) {
        let border = Pane(
            "Alerts", detail: pane.detail(base: "", context: context),
            status: pane.status(context), isFocused: true)
        let inside = border.draw(into: &frame, in: area, theme: context.theme)
        pane.draw(
            into: &frame, in: inside, isWide: true, isFocused: true, empty: "no alerts",
            context: context)
    }
}
