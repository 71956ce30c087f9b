import AuterityAPI
import AuterityEngine
import AuterityServer
import Glibc
import Logging
import Synchronization

/// Many clients of the event stream while executions run: what is lost, and what it costs.
enum StreamBenchmark {
    private static let clients = 1000
    /// As many as one account may hold.
    private static let clientsPerAccount = 100
    /// Executions a second.
    private static let rate = 200.0
    /// Seconds.
    private static let duration = 20.0
    private static let password = "correct horse battery"

    static func run() async throws {
        print(
            "stream: \(clients) clients, \(Int(rate)) executions/s of 2 steps, \(Int(duration)) s")
        raiseFileLimit()
        try await withScratchDirectory { directory in
            var configuration = EngineConfiguration(
                dataDirectory: directory + "/store", version: "benchmark")
            configuration.nodeTypes = [BenchmarkNode.self]
            configuration.loadsStarters = false
            configuration.accounts.bcryptCost = 4
            configuration.accounts.firstAdministrator = .init(
                email: email(0), password: password)
            let engine = try await Engine.open(configuration)
            try await measure(engine)
            await engine.close()
        }
    }

    private static func measure(_ engine: Engine) async throws {
        var server = ServerConfiguration(version: "benchmark")
        server.port = 0
        server.rateLimits = nil
        let (running, told) = AsyncStream.makeStream(
            of: Int.self, bufferingPolicy: .bufferingNewest(1))
        var logger = Logger(label: "benchmark")
        logger.logLevel = .error
        let service = try Server(
            engine: engine, configuration: server, logger: logger,
            onRunning: { told.yield($0.port) })
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await service.run() }
            var ports = running.makeAsyncIterator()
            guard let port = await ports.next(isolation: #isolation) else {
                throw BenchmarkError("the server did not start")
            }
            try await load(engine, port)
            group.cancelAll()
        }
    }

    // MARK: - The load

    private static func load(_ engine: Engine, _ port: Int) async throws {
        let tokens = try await accounts(engine)
        let admin = try await engine.authenticate(token: tokens[0]).caller
        let workflow = try await engine.send(
            CreateWorkflow(name: "benchmark", definition: BenchmarkNode.chain(2)), as: admin)
        let before = ProcessCost.now()
        let sockets = try StreamSockets(
            port: port, tokens: tokens, clientsPerAccount: clientsPerAccount, count: clients)
        let connected = ProcessCost.now()
        let commits = CommitTimes()
        let clientThread = ClientThread(sockets, commits)
        try clientThread.begin()
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await commits.listen(to: engine, as: admin) }
            let start = ProcessCost.now()
            try await executeAll(engine, workflow.id, as: admin)
            let end = ProcessCost.now()
            await commits.isQuiet()
            try await Task.sleep(for: .seconds(2))
            clientThread.end()
            report(
                clientThread, commits, from: start, to: end,
                kilobytesEach: (connected.residentKilobytes - before.residentKilobytes) / clients)
            group.cancelAll()
        }
    }

    private static func executeAll(
        _ engine: Engine, _ workflow: WorkflowID, as admin: Caller
    ) async throws {
        let start = monotonicNanoseconds()
        for index in 0..<Int(rate * duration) {
            let due = start + UInt64(Double(index) / rate * 1e9)
            let now = monotonicNanoseconds()
            if due > now { try await Task.sleep(for: .nanoseconds(Int64(due - now))) }
            _ = try await engine.send(ExecuteWorkflow(workflowID: workflow), as: admin)
        }
    }

    private static func accounts(_ engine: Engine) async throws -> [String] {
        var tokens = [try await token(engine, email(0))]
        let admin = try await engine.authenticate(token: tokens[0]).caller
        for number in 1..<(clients / clientsPerAccount) {
            _ = try await engine.send(
                CreateUser(email: email(number), password: password, roles: [.admin]), as: admin)
            tokens.append(try await token(engine, email(number)))
        }
        return tokens
    }

    private static func token(_ engine: Engine, _ email: String) async throws -> String {
        try await engine.send(
            Login(email: email, password: password), as: .anonymous()
        ).accessToken
    }

    private static func email(_ number: Int) -> String { "user\(number)@example.com" }

    private static func raiseFileLimit() {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return }
        limit.rlim_cur = limit.rlim_max
        setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
    }

    // MARK: - The report

    private static func report(
        _ clients: ClientThread, _ commits: CommitTimes, from start: ProcessCost,
        to end: ProcessCost, kilobytesEach: Int
    ) {
        let seconds = Double(end.at - start.at) / 1e9
        let told = commits.count
        let counts = clients.counts
        let lost = counts.reduce(0) { $0 + max(0, told - $1) }
        let server = (end.cpuSeconds - start.cpuSeconds) - clients.cpuSeconds
        print(
            "  events \(told) (\(Int(Double(told) / seconds))/s), to each of \(counts.count) "
                + "clients; lost \(lost), out of order \(clients.disorder)")
        print(
            "  from commit to client: p50 \(fixed(percentile(clients.latencies, 0.5))) ms, "
                + "p99 \(fixed(percentile(clients.latencies, 0.99))) ms, "
                + "longest \(fixed(clients.latencies.max() ?? 0)) ms")
        print(
            "  CPU of engine and server \(fixed(server / seconds * 100, 0)) % of one core, of the "
                + "clients \(fixed(clients.cpuSeconds / seconds * 100, 0)) %")
        print(
            "  memory \(end.residentKilobytes >> 10) MB with the clients' sockets in the same "
                + "process; \(kilobytesEach) KB a connection")
    }
}

/// What the process has used so far.
struct ProcessCost {
    let at: UInt64
    let cpuSeconds: Double
    let residentKilobytes: Int

    static func now() -> ProcessCost {
        let pages = fileText("/proc/self/statm").split(separator: " ").dropFirst().first
        return ProcessCost(
            at: monotonicNanoseconds(), cpuSeconds: processorSeconds("/proc/self"),
            residentKilobytes: (pages.flatMap { Int($0) } ?? 0) * sysconf(Int32(_SC_PAGESIZE))
                / 1024)
    }
}

/// Seconds that the process (`/proc/self`) or the thread (`/proc/thread-self`) has used of the
/// processor, as proc(5) has them.
func processorSeconds(_ folder: String) -> Double {
    let text = fileText(folder + "/stat")
    // The name of the program stands in brackets and may have blanks.
    guard let end = text.lastIndex(of: ")") else { return 0 }
    let fields = text[end...].split(separator: " ").dropFirst()
    let ticks = fields.dropFirst(11).prefix(2).compactMap { Double($0) }.reduce(0, +)
    return ticks / Double(sysconf(Int32(_SC_CLK_TCK)))
}

/// When each event was committed, as a reader in the engine's own process is told.
final class CommitTimes: Sendable {
    private struct State {
        var times: [Int64: UInt64] = [:]
        var last: UInt64 = 0
    }

    private let state = Mutex(State())

    var count: Int { state.withLock { $0.times.count } }

    func time(of id: Int64) -> UInt64? { state.withLock { $0.times[id] } }

    func listen(to engine: Engine, as caller: Caller) async {
        for await delivery in engine.events(after: nil, as: caller) {
            guard case .event(let event) = delivery, let id = event.id else { continue }
            let now = monotonicNanoseconds()
            state.withLock { state in
                state.times[id] = now
                state.last = now
            }
        }
    }

    /// Returns when nothing has come for a second.
    func isQuiet() async {
        while monotonicNanoseconds() - state.withLock({ $0.last }) < 1_000_000_000 {
            try? await Task.sleep(for: .milliseconds(100))
        }
    }
}
