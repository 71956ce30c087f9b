import AuterityAPI
import TerminalUI

/// What the fourth pane shows: services and figures in three lines.
struct HealthSummary: Sendable {
    private(set) var health: Health?
    private(set) var history: MetricsHistory?
    private(set) var hasFailed = false
    var isDirty = false

    /// Seconds of history behind the little bars.
    static let window = 600
    static let buckets = 20

    var isLoaded: Bool { health != nil || hasFailed }

    mutating func reload(_ context: ScreenContext) -> [Effect] {
        isDirty = false
        var effects: [Effect] = [
            .request(Request(GetHealth(), tag: "health", showsErrors: true))
        ]
        if context.access.allows(.metricsRead, changing: false) {
            let call = GetMetricsHistory(window: Self.window, buckets: Self.buckets)
            effects.append(.request(Request(call, tag: "history", showsErrors: true)))
        }
        return effects
    }

    /// False when it is not about health.
    mutating func take(_ reply: Reply) -> Bool {
        if let answer = reply.to(GetHealth.self) {
            health = answer.response ?? health
            hasFailed = answer.response == nil
            return true
        }
        if let answer = reply.to(GetMetricsHistory.self) {
            history = answer.response ?? history
            return true
        }
        return false
    }

    func draw(into frame: inout Frame, in area: Rect, context: ScreenContext) {
        let lines = [
            services(context, frame.glyphs), rates(context), machine(context),
        ].map { Self.fitting($0, into: area.width - 2) }
        for (row, line) in lines.enumerated() where row < area.height {
            frame.putLine(
                line, in: area.row(row).inset(horizontal: 1, vertical: 0),
                style: context.theme[.text])
        }
    }

    /// As many of the items as fit, from the first on: half a figure would be a wrong one.
    private static func fitting(_ items: [TextLine], into width: Int) -> TextLine {
        var line = TextLine()
        for item in items {
            let gap = line.runs.isEmpty ? "" : "   "
            guard line.runs.isEmpty || line.columns + gap.count + item.columns <= width else {
                break
            }
            line.append(gap)
            for run in item.runs { line.append(run.text, style: run.style) }
        }
        return line
    }

    private func services(_ context: ScreenContext, _ glyphs: Glyphs) -> [TextLine] {
        guard let health else {
            return [
                TextLine(
                    hasFailed ? "health is not known" : context.loading,
                    style: context.theme[.muted])
            ]
        }
        return health.services.named.map { name, service in
            var line = TextLine()
            let look = service.status.look(glyphs)
            line.append("\(look.sign) ", style: context.theme[look.role])
            line.append(name + " ")
            let time = service.responseTime.map { "\(HealthText.milliseconds($0))" }
            let word = service.status == .healthy ? time ?? "ok" : time ?? TimeText.none
            line.append(word, style: context.theme[.muted])
            return line
        }
    }

    private func rates(_ context: ScreenContext) -> [TextLine] {
        guard let history else { return [] }
        let theme = context.theme
        let executions = history[.executions]
        let failures = history[.failures]
        let minutes = max(history.interval, 0.001) / 60
        var line = TextLine("exec/min ", style: theme[.muted])
        line.append(spark(executions, 9, context), style: theme[.chart1])
        let started = executions.compactMap { $0 }.reduce(0, +)
        let rate = executions.isEmpty ? 0 : started / (Double(executions.count) * minutes)
        line.append(" \(TimeText.decimal(rate, digits: rate < 10 ? 1 : 0))")
        var share = TextLine("failed ", style: theme[.muted])
        share.append(spark(failures, 6, context), style: theme[.statusFailed])
        let failed = failures.compactMap { $0 }.reduce(0, +)
        share.append(
            " " + (started > 0 ? "\(Int(min(1, failed / started) * 100))%" : TimeText.none))
        var slowest = TextLine("step p95 ", style: theme[.muted])
        let steps = history[.stepP95]
        slowest.append(spark(steps, 4, context), style: theme[.chart2])
        let last = steps.compactMap { $0 }.last
        slowest.append(" " + (last.map { TimeText.duration(seconds: $0) } ?? TimeText.none))
        return [line, share, slowest]
    }

    /// Bars of the last values, one each.
    private func spark(
        _ values: [Double?], _ width: Int, maximum: Double? = nil, _ context: ScreenContext
    ) -> String {
        Sparkline(Array(values.suffix(width)), maximum: maximum)
            .text(width: width, charset: context.charset)
    }

    private func machine(_ context: ScreenContext) -> [TextLine] {
        let theme = context.theme
        guard let metrics = context.metrics else { return [] }
        func item(_ name: String, _ series: MetricName?, _ value: String) -> TextLine {
            var line = TextLine(name + " ", style: theme[.muted])
            if let series, let history {
                let spark = spark(history[series], 4, maximum: 100, context)
                line.append(spark + " ", style: theme[.chart3])
            }
            line.append(value)
            return line
        }
        let cost = TimeText.decimal(metrics.aiUsage.costToday, digits: 2)
        return [
            item("cpu", .cpuUsage, HealthText.percent(metrics.system.cpuUsage)),
            item("memory", .memoryUsage, HealthText.percent(metrics.system.memoryUsage)),
            item("disk", nil, HealthText.percent(metrics.system.diskUsage)),
            item("AI", nil, "$\(cost) today"),
        ]
    }
}

/// Figures of health as text.
enum HealthText {
    static func percent(_ value: Double?) -> String {
        value.map { "\(TimeText.decimal($0, digits: 0))%" } ?? TimeText.none
    }

    static func milliseconds(_ value: Double) -> String {
        "\(TimeText.decimal(value, digits: value < 10 ? 1 : 0)) ms"
    }
}

extension Health.Services {
    /// Every service with the name a person knows it by.
    var named: [(name: String, service: ServiceHealth)] {
        [("database", database), ("redis", redis), ("mail", mail)]
            + aiServices.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    }
}
