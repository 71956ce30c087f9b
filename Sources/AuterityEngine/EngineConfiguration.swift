public import AuterityAPI
import Glibc

/// Everything that an engine is told when it is opened.
public struct EngineConfiguration: Sendable {
    /// Where the store lies; made with mode 0700 when it does not exist.
    public var dataDirectory: String
    /// The product's version, as health tells it.
    public var version: String
    /// `development`, `staging` or `production`.
    public var environment = "development"
    public var clock = EngineClock.system
    /// Sixty-four random bits a call; ids and jitter are made of them.
    public var random: @Sendable () -> UInt64 = EngineConfiguration.systemRandom
    public var limits = EngineLimits()
    public var retention = Retention()
    public var alerts = AlertLimits()
    public var accounts = AccountSettings()
    /// US dollars a day that AI calls may cost before an alert is raised; none when `nil`.
    public var dailyAIBudget: Double?
    /// Seconds between two light calls to each provider that is set up, so that health tells of it
    /// though no step has used it; none when `nil`.
    public var providerProbeInterval: Double?
    /// From which level on an execution writes log lines of itself, besides those of its `log`
    /// steps: `error` failures, `warning` attempts that failed and cancelling too, `info` starts,
    /// approvals and ends too, `debug` every step. None when `nil`.
    public var executionLogLevel: LogLevel? = .warning
    /// Signs webhooks (`AUTERITY_WEBHOOK_SECRET`): `whsec_` and the base64 of 24 to 64 bytes. When
    /// `nil`, the first start makes one in `webhook.key` of the data directory.
    public var webhookSecret: String?
    /// Whether an empty store gets the starter templates and messages.
    public var loadsStarters = true
    package var integrations = IntegrationSettings()
    /// Node types besides those of the catalog.
    package var nodeTypes: [any WorkflowNode.Type] = []

    public init(dataDirectory: String, version: String) {
        self.dataDirectory = dataDirectory
        self.version = version
    }

    private static func systemRandom() -> UInt64 {
        var generator = SystemRandomNumberGenerator()
        return generator.next()
    }
}

/// Where an engine's time comes from.
public struct EngineClock: Sendable {
    public let now: @Sendable () -> Timestamp
    /// Nanoseconds that only grow, for measuring.
    public let monotonic: @Sendable () -> UInt64
    /// Returns at that moment, or throws `CancellationError`.
    public let sleep: @Sendable (_ until: Timestamp) async throws -> Void

    public init(
        now: @escaping @Sendable () -> Timestamp,
        monotonic: @escaping @Sendable () -> UInt64,
        sleep: @escaping @Sendable (_ until: Timestamp) async throws -> Void
    ) {
        self.now = now
        self.monotonic = monotonic
        self.sleep = sleep
    }

    /// The machine's clocks.
    public static let system = EngineClock(
        now: { Timestamp(milliseconds: systemNanoseconds(CLOCK_REALTIME) / 1_000_000) },
        monotonic: { UInt64(bitPattern: systemNanoseconds(CLOCK_MONOTONIC)) },
        sleep: { until in
            let now = systemNanoseconds(CLOCK_REALTIME) / 1_000_000
            let wait = min(max(0, until.milliseconds - now), longestSleep)
            try await Task.sleep(for: .milliseconds(wait))
        })

    /// Milliseconds; a clock that is set meanwhile is noticed at the latest after them.
    private static let longestSleep: Int64 = 60_000
}

private func systemNanoseconds(_ clock: clockid_t) -> Int64 {
    var time = timespec()
    clock_gettime(clock, &time)
    return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
}

/// The bounds within which an engine works.
public struct EngineLimits: Sendable {
    /// Executions that may run steps at once; the others are `pending`.
    public var concurrentExecutions = 512
    /// Steps with a side effect that may run at once.
    public var concurrentSteps = 512
    /// AI calls a minute for the owner of a workflow.
    public var aiCallsPerMinute = 20
    /// Operations that may wait for the writer; beyond them callers get 503.
    public var writeQueue = 8192
    /// Accepted executions that may wait for their turn; beyond them callers get 503.
    public var pendingExecutions = 100_000
    /// Bytes that a step may put out; more fails it.
    public var stepOutput = 16 << 20
    /// Bytes of an input.
    public var inputData = 1 << 20
    /// Connections that read at once.
    public var readers = 4
    /// Events that a reader may lag behind before it is told to resynchronize.
    public var eventBacklog = 4096

    public init() {}
}

/// How long what has finished is kept.
public struct Retention: Sendable {
    /// Seconds after which a finished execution may be pruned; forever when `nil`.
    public var finishedExecutions: Double? = 90 * 86_400
    /// Bytes of the store above which the oldest finished executions are pruned; none when `nil`.
    public var diskBudget: Int64?
    /// Seconds between two rounds of pruning.
    public var interval: Double = 300

    public init() {}
}

/// When the engine raises an alert by itself.
public struct AlertLimits: Sendable {
    /// Per cent of the executions that ended in the last five minutes.
    public var errorRate = 5.0
    /// Milliseconds.
    public var responseTime = 2000.0
    /// Per cent.
    public var cpuUsage = 80.0
    /// Per cent.
    public var memoryUsage = 85.0
    /// Per cent.
    public var diskUsage = 80.0
    /// Per cent of `EngineConfiguration.dailyAIBudget`.
    public var aiBudget = 80.0

    public init() {}
}
