import AuterityAPI
import Synchronization

/// Holds the figures against their limits. An alert is raised when a figure was above its limit
/// in two samples in a row, and cleared when it was a tenth below in two: a figure that wavers
/// about its limit raises one alert, not many.
final class AlertWatch: Sendable {
    enum Source: String, CaseIterable, Sendable {
        case errorRate = "error_rate"
        case responseTime = "response_time"
        case cpuUsage = "cpu_usage"
        case memoryUsage = "memory_usage"
        case diskUsage = "disk_usage"
        case aiBudget = "ai_budget"
    }

    /// One figure; `nil` where nothing was measured.
    struct Reading: Sendable {
        let source: Source
        let value: Double?
        let limit: Double
    }

    enum Change: Sendable {
        case raise(Reading, value: Double)
        case clear(AlertID)
    }

    private struct State {
        var above: [Source: Int] = [:]
        var below: [Source: Int] = [:]
        var open: [Source: AlertID] = [:]
    }

    private let state = Mutex(State())

    /// Samples in a row.
    static let samplesToRaise = 2
    static let samplesToClear = 2
    /// Executions that must have ended in five minutes before their error rate says anything.
    static let executionsToRate = 5
    /// The share of the limit down to which a figure is not clearly below.
    static let clearingShare = 0.9

    /// Takes up the alerts that were open when the engine was closed.
    func load(from connection: any StoreConnection) throws {
        let open = try connection.all(
            "SELECT source, public_id FROM alerts WHERE cleared_at IS NULL AND execution_id IS NULL"
        ) { (source: Source(rawValue: $0.text(0)), id: try $0.identifier(1) as AlertID) }
        state.withLock { state in
            for alert in open {
                if let source = alert.source { state.open[source] = alert.id }
            }
        }
    }

    func take(_ readings: [Reading]) -> [Change] {
        state.withLock { state in readings.compactMap { Self.take($0, &state) } }
    }

    private static func take(_ reading: Reading, _ state: inout State) -> Change? {
        let source = reading.source
        guard let value = reading.value else { return nil }
        state.above[source] = value > reading.limit ? (state.above[source] ?? 0) + 1 : 0
        let isClear = value <= reading.limit * clearingShare
        state.below[source] = isClear ? (state.below[source] ?? 0) + 1 : 0
        if let id = state.open[source] {
            guard (state.below[source] ?? 0) >= samplesToClear else { return nil }
            state.open[source] = nil
            return .clear(id)
        }
        guard (state.above[source] ?? 0) >= samplesToRaise else { return nil }
        // Until it is written and known as open, two more samples must pass.
        state.above[source] = 0
        return .raise(reading, value: value)
    }

    /// The alert that a raise has made.
    func opened(_ source: Source, as id: AlertID) {
        state.withLock { $0.open[source] = id }
    }
}

extension AlertWatch.Reading {
    /// What a person reads.
    func message(_ value: Double) -> String {
        let (value, limit) = (rounded(value), rounded(limit))
        switch source {
        case .errorRate: return "\(value) % of the executions of the last five minutes failed"
        case .responseTime: return "Calls take \(value) ms on average; the limit is \(limit) ms"
        case .cpuUsage: return "The processors are busy to \(value) %; the limit is \(limit) %"
        case .memoryUsage: return "The memory is used to \(value) %; the limit is \(limit) %"
        case .diskUsage:
            return "The disk that holds the store is full to \(value) %; the limit is \(limit) %"
        case .aiBudget: return "\(value) % of today's budget for AI calls is spent"
        }
    }

    private func rounded(_ number: Double) -> String {
        let tenths = Int64((number * 10).rounded())
        return tenths % 10 == 0 ? "\(tenths / 10)" : "\(tenths / 10).\(abs(tenths % 10))"
    }

    /// A full disk stops everything; the rest slows it.
    var severity: AlertSeverity { source == .diskUsage ? .critical : .warning }
}
