import AuterityAPI
import Synchronization

@testable import AuterityEngine

/// A node with a side effect that does what the test says: it is told by name which gate it
/// stands before, reports there, and goes on when the test lets it.
struct GateNode: EffectfulNode {
    static let documentation = NodeDocumentation(
        "gate", summary: "Waits for a test",
        fields: [NodeField("gate", .text, doc: "The name of the gate.")])

    private let gate: TextTemplate

    init?(_ data: inout NodeData) {
        guard let gate = data.text("gate", isRequired: true) else { return nil }
        self.gate = gate
    }

    func render(_ context: NodeContext) throws(StepFailure) -> JSONObject {
        ["gate": .string(try context.text(gate, in: "gate"))]
    }

    func run(_ input: JSONObject, _ context: EffectContext) async -> NodeOutcome {
        let name = input["gate"]?.stringValue ?? ""
        return await Gate.named(name).pass(context.attempt, key: context.idempotencyKey)
    }
}

/// What a `GateNode` reports to and waits at.
final class Gate: Sendable {
    private struct State {
        var attempts: [(attempt: Int, key: String)] = []
        var cancelled = 0
        var answers: [NodeOutcome] = []
        var isOpen = false
        var waiting: [Int: CheckedContinuation<NodeOutcome?, Never>] = [:]
        var next = 0
        var watchers: [(count: Int, continuation: CheckedContinuation<Void, Never>)] = []
    }

    private static let all = Mutex<[String: Gate]>([:])
    private let state = Mutex(State())

    static func named(_ name: String) -> Gate {
        all.withLock { gates in
            if let known = gates[name] { return known }
            let gate = Gate()
            gates[name] = gate
            return gate
        }
    }

    var attempts: [(attempt: Int, key: String)] { state.withLock { $0.attempts } }
    var cancelled: Int { state.withLock { $0.cancelled } }

    /// From now on everybody passes, with these answers first.
    func open(_ answers: [NodeOutcome] = []) {
        let waiting = state.withLock { state in
            state.isOpen = true
            state.answers += answers
            defer { state.waiting = [:] }
            return Array(state.waiting.values)
        }
        for continuation in waiting { continuation.resume(returning: nil) }
    }

    /// Returns once so many attempts have come.
    func arrivals(_ count: Int) async {
        await withCheckedContinuation { continuation in
            let isThere = state.withLock { state in
                if state.attempts.count >= count { return true }
                state.watchers.append((count, continuation))
                return false
            }
            if isThere { continuation.resume() }
        }
    }

    func pass(_ attempt: Int, key: String) async -> NodeOutcome {
        let (number, watchers) = state.withLock { state in
            state.attempts.append((attempt, key))
            state.next += 1
            let there = state.attempts.count
            let due = state.watchers.filter { $0.count <= there }.map(\.continuation)
            state.watchers.removeAll { $0.count <= there }
            return (state.next, due)
        }
        for watcher in watchers { watcher.resume() }
        let outcome = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let mayPass = state.withLock { state in
                    if state.isOpen || Task.isCancelled { return true }
                    state.waiting[number] = continuation
                    return false
                }
                if mayPass { continuation.resume(returning: nil) }
            }
        } onCancel: {
            let waiter = state.withLock { $0.waiting.removeValue(forKey: number) }
            waiter?.resume(returning: nil)
        }
        if Task.isCancelled {
            state.withLock { $0.cancelled += 1 }
            return .failed(StepFailure("CANCELLED", "The step was told to stop"))
        }
        if let outcome { return outcome }
        return state.withLock { state in
            state.answers.isEmpty ? .completed(["passed": true]) : state.answers.removeFirst()
        }
    }
}
