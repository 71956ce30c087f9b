import AuterityAPI
import TerminalUI

/// One chart of the health screen.
struct HealthChart: Sendable {
    let title: String
    let series: [(name: String, metric: MetricName, role: TerminalUI.Role)]
    let format: @Sendable (Double) -> String

    /// All charts, the most telling first.
    static let all: [HealthChart] = [
        HealthChart(
            title: "Executions",
            series: [
                ("started", .executions, .chart1), ("failed", .failures, .statusFailed),
            ], format: Chart.plainNumber),
        HealthChart(
            title: "Duration",
            series: [
                ("p50", .durationP50, .chart1), ("p95", .durationP95, .chart2),
                ("p99", .durationP99, .chart3),
            ], format: { TimeText.duration(seconds: $0) }),
        HealthChart(
            title: "CPU and memory",
            series: [("cpu", .cpuUsage, .chart1), ("memory", .memoryUsage, .chart2)],
            format: { "\(TimeText.decimal($0, digits: 0))%" }),
        HealthChart(
            title: "Calls", series: [("calls", .requests, .chart4)],
            format: Chart.plainNumber),
        HealthChart(
            title: "Steps",
            series: [("ended", .steps, .chart1)], format: Chart.plainNumber),
        HealthChart(
            title: "Database flush", series: [("flush", .databaseLatency, .chart5)],
            format: { HealthText.milliseconds($0) }),
        HealthChart(
            title: "Database connections",
            series: [("in use", .databaseConnections, .chart5)], format: Chart.plainNumber),
        HealthChart(
            title: "AI cost", series: [("cost", .aiCost, .chart6)],
            format: { "$\(TimeText.decimal($0, digits: 2))" }),
        HealthChart(
            title: "AI tokens", series: [("tokens", .aiTokens, .chart6)],
            format: Chart.plainNumber),
        HealthChart(
            title: "Disk", series: [("disk", .diskUsage, .chart3)],
            format: { "\(TimeText.decimal($0, digits: 0))%" }),
    ]

    /// The last values, for the title.
    func figure(of history: MetricsHistory?) -> String {
        guard let history else { return "" }
        return series.map { name, metric, _ in
            let last = history[metric].compactMap { $0 }.last.map(format) ?? TimeText.none
            return "\(name) \(last)"
        }.joined(separator: "  ")
    }

    func chart(of history: MetricsHistory, context: ScreenContext) -> Chart {
        let buckets = history.series.first?.values.count ?? 0
        let end = history.from.adding(seconds: history.interval * Double(buckets))
        return Chart(
            series.map { Chart.Series($0.name, role: $0.role, values: history[$0.metric]) },
            form: series.count == 1 ? .area : .lines,
            start: TimeText.clock(history.from, utcOffset: context.utcOffset),
            end: TimeText.clock(end, utcOffset: context.utcOffset), format: format)
    }
}

/// Where the parts of the health screen stand.
struct HealthLayout: Hashable, Sendable {
    let services: Rect
    let alerts: Rect
    let charts: [Rect]

    private static let chartHeight = 8
    private static let wideWidth = 80
    private static let leftWidth = 38
    private static let servicesHeight = 11

    init(_ area: Rect) {
        var rest = area
        guard area.width >= HealthLayout.wideWidth else {
            // One below the other: what is wrong first, then the curves.
            services = rest.takeTop(min(8, max(3, area.height / 2)))
            alerts = rest.takeTop(min(6, rest.height / 2))
            charts = rest.height >= 4 ? HealthLayout.grid(rest, columns: 1) : []
            return
        }
        var left = rest.takeLeft(HealthLayout.leftWidth)
        services = left.takeTop(min(HealthLayout.servicesHeight, area.height * 3 / 5))
        alerts = left
        charts = HealthLayout.grid(rest, columns: rest.width >= 100 ? 3 : 2)
    }

    private static func grid(_ area: Rect, columns: Int) -> [Rect] {
        let rows = max(1, area.height / chartHeight)
        let bands = area.rows(Array(repeating: .fill(), count: rows))
        return bands.flatMap { $0.columns(Array(repeating: .fill(), count: columns)) }
    }
}
