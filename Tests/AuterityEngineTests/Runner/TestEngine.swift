import AuterityAPI
import Glibc
import Synchronization
import Testing

@testable import AuterityEngine

/// A directory that goes away with the test.
final class ScratchDirectory: Sendable {
    let path: String

    init() throws {
        var template = Array("/tmp/auterity-test-XXXXXX\0".utf8CString)
        try #require(mkdtemp(&template) != nil)
        path = String(decoding: template.dropLast(2).map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    deinit {
        for file in [
            "auterity.db", "auterity.db-wal", "auterity.db-shm", "auterity.lock",
            "secrets.key", "jwt.key", "webhook.key",
        ] {
            unlink(path + "/" + file)
        }
        rmdir(path)
    }
}

/// A clock that moves only when it is told to.
final class ManualClock: Sendable {
    private struct Sleeper {
        let until: Timestamp
        let continuation: CheckedContinuation<Void, any Error>
    }

    private struct State {
        var now = Timestamp(milliseconds: 1_754_649_000_000)
        var ticks: UInt64 = 0
        var next = 0
        var sleepers: [Int: Sleeper] = [:]
    }

    private let state = Mutex(State())

    var now: Timestamp { state.withLock { $0.now } }

    var clock: EngineClock {
        EngineClock(
            now: { self.now },
            monotonic: {
                self.state.withLock { state in
                    state.ticks += 1000
                    return state.ticks
                }
            },
            sleep: { try await self.sleep(until: $0) })
    }

    func advance(seconds: Double) {
        let due = state.withLock { state in
            state.now = state.now.adding(seconds: seconds)
            let now = state.now
            let due = state.sleepers.filter { $0.value.until <= now }
            for key in due.keys { state.sleepers[key] = nil }
            return due.values.map(\.continuation)
        }
        for continuation in due { continuation.resume() }
    }

    private func sleep(until: Timestamp) async throws {
        let number = state.withLock { state in
            state.next += 1
            return state.next
        }
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let outcome = state.withLock { state -> Result<Void, any Error>? in
                    if Task.isCancelled { return .failure(CancellationError()) }
                    if until <= state.now { return .success(()) }
                    state.sleepers[number] = Sleeper(until: until, continuation: continuation)
                    return nil
                }
                if let outcome { continuation.resume(with: outcome) }
            }
        } onCancel: {
            let sleeper = state.withLock { $0.sleepers.removeValue(forKey: number) }
            sleeper?.continuation.resume(throwing: CancellationError())
        }
    }
}

/// An engine in a scratch directory, with a clock that stands still and ids from a fixed seed.
struct TestEngine {
    let engine: Engine
    let clock: ManualClock
    let directory: ScratchDirectory

    static func open(
        in directory: ScratchDirectory? = nil, clock: ManualClock = ManualClock(),
        seed: UInt64 = 1, _ adjust: (inout EngineConfiguration) -> Void = { _ in }
    ) async throws -> TestEngine {
        let directory = try directory ?? ScratchDirectory()
        var configuration = EngineConfiguration(dataDirectory: directory.path, version: "1.2.3")
        configuration.clock = clock.clock
        configuration.nodeTypes = [GateNode.self]
        configuration.loadsStarters = false
        configuration.accounts.bcryptCost = 4
        let random = Mutex(SplitMix(seed: seed))
        let box = RandomBox(random)
        configuration.random = { box.next() }
        adjust(&configuration)
        return TestEngine(
            engine: try await Engine.open(configuration), clock: clock, directory: directory)
    }

    static let admin = Caller(
        id: fixedID(1), name: "admin@example.com", roles: [.superAdmin])

    func send<Call: Endpoint>(
        _ call: Call, as caller: Caller = TestEngine.admin
    ) async throws(APIError) -> Call.Response {
        try await engine.send(call, as: caller)
    }

    /// Makes a workflow; answers its id.
    func workflow(
        _ definition: JSONValue, name: String = "Test", as caller: Caller = TestEngine.admin
    ) async throws -> WorkflowID {
        try await send(CreateWorkflow(name: name, definition: definition), as: caller).id
    }

    func start(
        _ workflow: WorkflowID, _ input: JSONObject = [:], as caller: Caller = TestEngine.admin
    ) async throws -> ExecutionID {
        try await send(
            ExecuteWorkflow(workflowID: workflow, inputData: input), as: caller
        ).executionID
    }

    func execution(_ id: ExecutionID) async throws -> Execution {
        try await send(GetExecution(executionID: id))
    }

    /// Returns the execution once it stands so, told by events.
    func execution(
        _ id: ExecutionID, when holds: (Execution) -> Bool
    ) async throws -> Execution {
        let events = engine.events(after: nil, as: TestEngine.admin)
        let first = try await execution(id)
        if holds(first) { return first }
        for await delivery in events {
            if case .event(let event) = delivery,
                case .executionUpdate(let update) = event.payload, update.executionID != id
            {
                continue
            }
            let execution = try await execution(id)
            if holds(execution) { return execution }
        }
        return try await execution(id)
    }

    func finished(_ id: ExecutionID) async throws -> Execution {
        try await execution(id) { $0.status.isFinished }
    }
}

func fixedID<Noun>(_ number: UInt64) -> Identifier<Noun> {
    var generator = SplitMix(seed: number)
    return Identifier(at: Timestamp(milliseconds: 1_700_000_000_000), using: &generator)
}

private final class RandomBox: Sendable {
    private let generator: Mutex<SplitMix>

    init(_ generator: consuming sending Mutex<SplitMix>) { self.generator = generator }

    func next() -> UInt64 { generator.withLock { $0.next() } }
}

/// SplitMix64, by Guy Steele and others.
struct SplitMix: RandomNumberGenerator, Sendable {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
        return value ^ (value >> 31)
    }
}
