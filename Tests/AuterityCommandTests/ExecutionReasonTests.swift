import AuterityAPI
import Testing

@testable import auterity

/// What somebody reads who was woken for an execution.
@Suite struct ExecutionReasonTests {
    private static let start = Timestamp(milliseconds: 1_754_649_000_000)
    private static let now = start.adding(seconds: 7200)
    private static let id = ExecutionID.none

    private func lines(
        _ status: ExecutionStatus, steps: [Step] = [], current: StepID? = nil,
        error: ExecutionError? = nil, blockedBy: String? = nil, flags: String = ""
    ) -> [String] {
        let execution = Execution(
            id: Self.id, workflowID: .none, workflowName: "Leads", workflowVersion: 3,
            status: status, startedAt: Self.start,
            completedAt: status.isFinished ? Self.start.adding(seconds: 60) : nil, inputData: [:],
            outputData: nil, steps: steps, progress: 0, currentStep: current, error: error,
            blockedBy: blockedBy)
        return ExecutionReason(execution, now: Self.now, flags: flags).lines
    }

    private func step(
        _ type: String, _ status: StepStatus, attempt: Int = 1
    ) -> Step {
        Step(
            stepID: "send", type: type, label: "Send", status: status,
            startedAt: Self.start.adding(seconds: 10), attempt: attempt)
    }

    @Test func aFailureNamesStepTryCauseAndRetry() {
        let lines = lines(
            .failed, steps: [step("email", .failed, attempt: 3)],
            error: ExecutionError(code: "TIMEOUT", message: "no answer", stepID: "send"))
        #expect(lines[0] == "Leads, version 3: failed for 1h (since 2025-08-08T10:31:00Z)")
        #expect(
            lines[1] == "The step send (email) failed, at try 3 with TIMEOUT: no answer.")
        #expect(lines.contains { $0.contains("auterity execution retry \(Self.id)") })
    }

    @Test func theCommandsGoToWhereTheExecutionIs() {
        for status in [ExecutionStatus.failed, .running, .waiting, .completed, .cancelled] {
            let lines = lines(
                status, steps: [step("approval", .waiting)], flags: " --profile 'a b'")
            let commands = lines.filter { $0.contains("  auterity ") }
            #expect(!commands.isEmpty)
            for line in commands { #expect(line.contains(" --profile 'a b'  "), "\(line)") }
        }
    }

    @Test func anApprovalIsToldHowToDecideIt() {
        let lines = lines(
            .waiting, steps: [step("approval", .waiting)], current: "send",
            blockedBy: "It waits for an approval")
        #expect(lines[0].contains("waiting for 1h (since 2025-08-08T10:30:10Z)"))
        #expect(lines[1] == "It waits for an approval.")
        #expect(lines.contains { $0.contains("execution approve \(Self.id) ") })
        #expect(lines.contains { $0.contains("--reject") })
    }

    @Test func aDelayOffersNoDecision() {
        let lines = lines(.waiting, steps: [step("delay", .waiting)], current: "send")
        #expect(lines[1] == "The step send (delay) waits.")
        #expect(!lines.contains { $0.contains("approve") })
        #expect(lines.contains { $0.contains("execution cancel") })
    }

    @Test func whatMovesIsToldByItsStepAndTry() {
        let moving = lines(.running, steps: [step("ai", .running, attempt: 2)], current: "send")
        #expect(moving[1] == "It moves: the step send (ai) is under way, at try 2.")
        #expect(lines(.running)[1] == "It moves: the next step is about to begin.")
        #expect(lines(.pending)[1] == "It waits for its turn.")
    }

    @Test func endsAreToldWithWhatWasDone() {
        #expect(
            lines(.completed, steps: [step("log", .completed), step("log", .skipped)])[1]
                == "It completed in 1m: 2 steps, 1 of them skipped.")
        #expect(
            lines(.cancelled, steps: [step("http", .cancelled)])[1]
                == "It was cancelled at the step send (http). Of 1 steps 0 had completed.")
    }

    @Test func nothingInItReachesTheTerminal() {
        let lines = lines(
            .failed, error: ExecutionError(code: "X", message: "\u{1B}[31mred\u{202E}"))
        let scalars = lines.joined().unicodeScalars
        #expect(!scalars.contains { $0.value == 0x1B || $0.value == 0x202E })
    }
}
