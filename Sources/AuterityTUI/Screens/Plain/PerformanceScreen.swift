import AuterityAPI
import TerminalUI

/// What the console costs, measured from inside.
struct PerformanceScreen: ReadingScreen {
    var destination: Destination { .performance }
    var title: String { "perf" }
    var view = TextView()

    func subscriptions(in context: ScreenContext) -> [Subscription] {
        [.timer("costs", every: .seconds(1))]
    }

    func content(in context: ScreenContext, glyphs: Glyphs) -> [TextLine] {
        let theme = context.theme
        let statistics = context.costs.statistics
        var lines: [TextLine] = []
        func row(_ name: String, _ value: String) {
            var line = TextLine(TextWidth.pad(name, to: 26), style: theme[.label])
            line.append(value)
            lines.append(line)
        }
        func time(_ duration: Duration?) -> String {
            duration.map { TimeText.duration(seconds: $0 / .seconds(1)) } ?? TimeText.none
        }
        row("key to paint, p50", time(statistics.keyToPaint(percentile: 50)))
        row("key to paint, p99", time(statistics.keyToPaint(percentile: 99)))
        row("frames", "\(statistics.frames)")
        row("frames skipped", "\(statistics.skippedFrames)")
        row("frames unchanged", "\(statistics.unchangedFrames)")
        row("bytes a frame", TimeText.decimal(statistics.bytesPerFrame, digits: 0))
        row("bytes of the last frame", "\(statistics.lastFrameBytes)")
        row("bytes in all", "\(statistics.bytes)")
        row("writes a frame", TimeText.decimal(statistics.writesPerFrame, digits: 2))
        row("drawing the last frame", time(statistics.lastFrameTime))
        let view = context.costs.viewTime.map { TimeText.duration(seconds: $0 / 1_000_000) }
        row("making the last frame", view ?? TimeText.none)
        row("wake-ups of the terminal", "\(statistics.wakeUps)")
        row("keys", "\(statistics.keys)")
        row("events", "\(context.costs.eventsReceived)")
        let lag = context.costs.eventLag.map { TimeText.duration(seconds: $0 / 1000) }
        row("event lag", lag ?? TimeText.none)
        row("calls", "\(context.costs.requestsMade)")
        return lines
    }
}
