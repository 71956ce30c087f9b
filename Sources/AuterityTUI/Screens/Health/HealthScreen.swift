import AuterityAPI
import TerminalUI

/// Services, charts over time, and alerts.
struct HealthScreen: Screen {
    var destination: Destination { .health }
    var title: String { "health" }

    private var health: Health?
    private var history: MetricsHistory?
    private var error: String?
    private var alerts = TablePane<AlertsContent>()
    private var window = HealthWindow.fiveMinutes
    /// The first chart in view, where not all fit.
    private var firstChart = 0

    var isLoaded: Bool { (health != nil && history != nil) || error != nil }
    var capturesText: Bool { alerts.isTyping }

    func bindings(in context: ScreenContext) -> [KeyBinding] {
        guard !capturesText else { return ListKeys.typing }
        return [
            KeyBinding(
                .character("w"), action: "health.window", label: "window",
                help: "Show the last 5 minutes, the last hour or the last day", priority: 7),
            KeyBinding(
                .character("a"), action: "health.acknowledge", label: "acknowledge",
                help: "Mark the alert under the cursor as seen",
                permission: .systemMonitor, changes: true, priority: 6),
            KeyBinding(
                .character("]"), action: "health.next", label: "more charts",
                help: "Show the next charts; [ shows those before", priority: 4),
            KeyBinding(
                .character("["), action: "health.previous", label: "charts before",
                help: "Show the charts before", priority: -1),
            KeyBinding(
                .enter, action: "health.open", label: "open",
                help: "Open the execution that the alert is about", priority: 3),
        ] + ListKeys.bindings(isNarrowed: alerts.isNarrowed, canSort: false)
    }

    func subscriptions(in context: ScreenContext) -> [Subscription] {
        [.timer("health", every: window.interval)]
    }

    // MARK: Messages

    mutating func update(_ message: ScreenMessage, in context: ScreenContext) -> [Effect] {
        let now = context.now
        switch message {
        case .appeared, .resynchronize: return reload() + alerts.reload(now: now)
        case .timer("health"):
            return reload() + (alerts.isDirty ? alerts.reload(now: now) : [])
        case .action(let action): return perform(action, in: context)
        case .key(let key):
            let area = HealthLayout(context.area).alerts
            return alerts.press(
                key, in: Pane.inside(area), isWide: false, height: height(context), now: now)
        case .reply(let reply): return take(reply, in: context)
        case .events(let events):
            for event in events {
                if case .systemAlert = event.payload { alerts.isDirty = true }
            }
        case .answered(_, let column): alerts.toggleColumn(column)
        case .timer, .command, .edited: break
        }
        return []
    }

    private func height(_ context: ScreenContext) -> Int {
        let area = HealthLayout(context.area).alerts
        return max(1, alerts.height(in: Pane.inside(area), isWide: false))
    }

    private func reload() -> [Effect] {
        [
            .request(Request(GetHealth(), tag: "health", showsErrors: true)),
            .request(
                Request(
                    GetMetricsHistory(window: window.rawValue, buckets: HealthWindow.buckets),
                    tag: "history", showsErrors: true)),
        ]
    }

    private mutating func perform(_ action: ActionID, in context: ScreenContext) -> [Effect] {
        let shown = HealthLayout(context.area).charts.count
        switch action {
        case "health.window":
            window = window.next
            return reload()
        case "health.acknowledge":
            return alerts.targets.filter { $0.acknowledgedAt == nil }.map {
                .request(
                    Request(AcknowledgeAlert(alertID: $0.id), activity: "Acknowledging"))
            }
        case "health.open":
            return alerts.selected?.executionID.map { [.open(.execution($0))] } ?? []
        case "health.next":
            if firstChart + shown < HealthChart.all.count { firstChart += shown }
        case "health.previous": firstChart = max(0, firstChart - shown)
        default:
            return alerts.perform(
                action, height: height(context), isWide: false, now: context.now)
        }
        return []
    }

    private mutating func take(_ reply: Reply, in context: ScreenContext) -> [Effect] {
        if let answer = reply.to(GetHealth.self) {
            switch answer.result {
            case .success(let found):
                health = found
                error = nil
            case .failure(let failure): error = failure.description
            }
            return []
        }
        if let answer = reply.to(GetMetricsHistory.self) {
            history = answer.response ?? history
            if let failure = reply.error { error = failure.description }
            return []
        }
        let height = height(context)
        if let alert = reply.to(AcknowledgeAlert.self)?.response {
            alerts.change(updates: [alert], new: [], height: height, now: context.now)
            return []
        }
        return alerts.take(reply, height: height, now: context.now) ?? []
    }

    // MARK: Drawing

    func draw(into frame: inout Frame, in area: Rect, context: ScreenContext) {
        let theme = context.theme
        let layout = HealthLayout(area)
        let services = Pane(
            "Services", detail: health?.status.look(frame.glyphs).word ?? "",
            status: health == nil ? "" : context.lastSeen(nil), isStale: !context.isLive
        ).draw(into: &frame, in: layout.services, theme: theme)
        drawServices(into: &frame, in: services, context: context)
        if !layout.alerts.isEmpty {
            let border = Pane(
                "Alerts", detail: alerts.detail(base: "", context: context),
                status: alerts.status(context), isFocused: true, isStale: !context.isLive)
            let inside = border.draw(into: &frame, in: layout.alerts, theme: theme)
            alerts.draw(
                into: &frame, in: inside, isWide: false, isFocused: true, empty: "no alerts",
                context: context)
        }
        for (place, chart) in zip(layout.charts, HealthChart.all.dropFirst(firstChart)) {
            let pane = Pane(chart.title, detail: chart.figure(of: history), status: window.title)
            let inside = pane.draw(into: &frame, in: place, theme: theme)
            guard let history else { continue }
            chart.chart(of: history, context: context)
                .draw(into: &frame, in: inside, theme: theme)
        }
    }

    private func drawServices(
        into frame: inout Frame, in area: Rect, context: ScreenContext
    ) {
        let theme = context.theme
        guard let health else {
            let lines = TextWidth.wrap(error ?? context.loading, to: max(1, area.width))
            for (row, line) in lines.enumerated() where row < area.height {
                frame.putLine(
                    line, in: area.row(row), style: theme[error == nil ? .muted : .error])
            }
            return
        }
        var row = 0
        for (name, service) in health.services.named {
            let look = service.status.look(frame.glyphs)
            var line = TextLine("\(look.sign) ", style: theme[look.role])
            line.append(TextWidth.pad(name, to: 10))
            line.append(" \(look.word)", style: theme[look.role])
            if let time = service.responseTime {
                line.append("  \(HealthText.milliseconds(time))", style: theme[.muted])
            }
            if let connections = service.connections {
                line.append(
                    "  \(connections.active)/\(connections.max)", style: theme[.muted])
            }
            let inner = area.inset(horizontal: 1, vertical: 0)
            frame.putLine(line, in: inner.row(row), style: theme[.text])
            row += 1
            guard let message = service.message else { continue }
            for text in TextWidth.wrap(message, to: max(1, inner.width - 2)).prefix(2) {
                frame.putLine("  " + text, in: inner.row(row), style: theme[.muted])
                row += 1
            }
        }
    }
}

/// How far back the charts go, in seconds.
enum HealthWindow: Int, Sendable, CaseIterable {
    case fiveMinutes = 300
    case hour = 3600
    case day = 86_400

    static let buckets = 60

    var title: String {
        switch self {
        case .fiveMinutes: "5 min"
        case .hour: "1 h"
        case .day: "24 h"
        }
    }

    var next: HealthWindow {
        switch self {
        case .fiveMinutes: .hour
        case .hour: .day
        case .day: .fiveMinutes
        }
    }

    /// A bucket is the least that can change.
    var interval: Duration { .seconds(rawValue / HealthWindow.buckets) }
}
