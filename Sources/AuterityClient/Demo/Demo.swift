public import AuterityAPI

/// Sample workflows and a gentle, bounded stream of executions, for trying the product out.
///
/// Everything it makes is marked as demo and taken away again by `RemoveDemo`. It needs nothing
/// but a client: it does what a person could do.
public struct Demo: Sendable {
    /// How much the stream does at the most.
    public struct Limits: Sendable {
        /// Seconds from one start to the next, at the least.
        public var interval = 2.0
        /// Executions of the demo that may be unfinished at once.
        public var unfinished = 12
        /// Approvals that may wait; beyond them the oldest is decided.
        public var waitingApprovals = 3
        /// Executions that one stream starts before it ends.
        public var total = 5000

        public init() {}
    }

    private let client: any Client
    private let limits: Limits
    private let random: @Sendable (Int) -> Int
    private let sleep: @Sendable (_ seconds: Double) async throws -> Void

    /// - Parameters:
    ///   - random: A number from 0 up to, but without, its argument.
    ///   - sleep: Returns after so many seconds, or throws when the stream is to end.
    public init(
        client: any Client, limits: Limits = Limits(),
        random: @escaping @Sendable (Int) -> Int = { Int.random(in: 0..<$0) },
        sleep: @escaping @Sendable (_ seconds: Double) async throws -> Void = {
            try await Task.sleep(for: .seconds($0))
        }
    ) {
        self.client = client
        self.limits = limits
        self.random = random
        self.sleep = sleep
    }

    /// Makes the sample workflows that are not there yet, and answers all of them.
    @discardableResult
    public func load() async throws(APIError) -> [WorkflowSummary] {
        let there = try await workflows()
        let names = Set(there.map(\.name))
        for sample in DemoWorkflow.all where !names.contains(sample.name) {
            _ = try await client.send(try sample.creation())
        }
        return try await workflows()
    }

    /// Keeps executions going until the task is cancelled or the total is reached. A call that
    /// fails for want of room is tried again after a pause; any other failure ends the stream.
    public func stream() async throws(APIError) {
        let workflows = try await load()
        let samples = Dictionary(
            DemoWorkflow.all.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        guard !workflows.isEmpty else { return }
        var started = 0
        while started < limits.total {
            do {
                let unfinished = try await unfinishedExecutions()
                try await decideOldApprovals(unfinished)
                if unfinished.count < limits.unfinished {
                    let workflow = workflows[random(workflows.count)]
                    let input = samples[workflow.name]?.input(random) ?? [:]
                    _ = try await client.send(
                        ExecuteWorkflow(workflowID: workflow.id, inputData: input))
                    started += 1
                }
            } catch {
                guard error.code == .serviceUnavailable else { throw error }
            }
            do {
                try await sleep(limits.interval * (0.5 + Double(random(100)) / 100))
            } catch {
                return
            }
        }
    }

    private func workflows() async throws(APIError) -> [WorkflowSummary] {
        var found: [WorkflowSummary] = []
        var cursor: String? = ""
        while let position = cursor {
            let page = try await client.send(
                ListWorkflows(pageSize: PageLimits.maximumSize, cursor: position))
            found += page.items.filter(\.isDemo)
            cursor = page.nextCursor
        }
        return found
    }

    private func unfinishedExecutions() async throws(APIError) -> [ExecutionSummary] {
        let page = try await client.send(
            ListExecutions(
                pageSize: PageLimits.maximumSize, cursor: "",
                status: [.pending, .running, .waiting]))
        return page.items.filter(\.isDemo)
    }

    private func decideOldApprovals(_ unfinished: [ExecutionSummary]) async throws(APIError) {
        let waiting = unfinished.filter {
            $0.status == .waiting && $0.currentStep == DemoWorkflow.approvalStep
        }
        guard waiting.count > limits.waitingApprovals, let oldest = waiting.last else { return }
        do {
            _ = try await client.send(
                ApproveExecution(
                    executionID: oldest.id, approved: random(4) > 0,
                    comment: "Decided by the demo"))
        } catch {
            // A person, or its time limit, was quicker.
            guard error.code == .conflict || error.code == .executionFinished else { throw error }
        }
    }
}
