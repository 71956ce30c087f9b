import AuterityAPI
import Testing

@testable import AuterityEngine

@Suite struct ExecutionStateTests {
    private static let error = ExecutionError(code: "TIMEOUT", message: "too late", stepID: "a")
    private static let other: ExecutionID = {
        var generator = SeededGenerator(seed: 1)
        return ExecutionID(at: epoch, using: &generator)
    }()

    static let contents: [JournalContent] = [
        .executionAccepted(input: ["a": 1], queuedBy: nil, retriedFrom: nil),
        .executionAccepted(input: [:], queuedBy: "two others run", retriedFrom: other),
        .executionStarted,
        .stepScheduled(blockedBy: "a limit"),
        .stepStarted(input: ["to": "x"]),
        .stepStarted(input: nil),
        .stepProgressed(message: "half"),
        .stepProgressed(
            message: "1 of 3 items are done",
            items: ItemsChange(
                done: [ItemsChange.Result(index: 0, output: ["x": 1])],
                started: [ItemsChange.Start(index: 1, executionID: other)],
                postponed: [ItemsChange.Postponement(index: 2, attempt: 1, until: epoch)])),
        .stepWaiting(StepWait(reason: .child, executionID: other), input: ["items": [1]]),
        .stepWaiting(
            StepWait(
                reason: .approval, until: epoch, message: "ok?", approvers: ["admin", "user"]),
            input: ["x": 1]),
        .stepWaiting(StepWait(reason: .delay), input: nil),
        .stepCompleted(StepResult(output: ["x": 1.0])),
        .stepCompleted(
            StepResult(
                output: nil, handle: "true", edges: ["e1"], edgeError: "odd", input: ["y": 2],
                carried: CarriedOver(executionID: other, startedAt: epoch, completedAt: nil))),
        .stepFailed(StepFault(error: error, handling: .fail)),
        .stepFailed(
            StepFault(
                error: error, handling: .branch, edges: [], edgeError: "odd",
                carried: CarriedOver(executionID: other, startedAt: nil, completedAt: epoch))),
        .stepSkipped,
        .stepRetrying(error: error, until: epoch),
        .signalReceived(.approval(approved: false, by: "ann@example.com", comment: "no")),
        .signalReceived(.cancel(by: nil)),
        .timerSet(until: epoch),
        .executionCompleted(output: ["done": true]),
        .executionFailed(error),
        .executionCancelled(by: "ann", reason: nil),
        .alertRaised(severity: .warning, message: "look", alertID: nil),
        .alertAcknowledged(alertID: nil, by: "ann"),
    ]

    @Test(arguments: contents)
    func everyRowReadsBackAsItWasWritten(content: JournalContent) throws {
        let text = content.data.jsonText
        let read = JournalContent(kind: content.kind, data: try JSONValue(parsing: text))
        #expect(read == content)
    }

    @Test func whatIsAbsentIsNotWritten() {
        let fault = JournalContent.stepFailed(StepFault(error: Self.error, handling: .fail))
        #expect(fault.data.objectValue?.map { $0.key } == ["error"])
        #expect(JournalContent.stepCompleted(StepResult(output: nil)).data == [:])
        #expect(JournalContent.stepStarted(input: nil).data == [:])
    }

    @Test func theRowsCoverEveryKind() {
        #expect(Set(Self.contents.map(\.kind)) == Set(JournalKind.allCases))
    }

    @Test(arguments: JournalKind.allCases)
    func damagedDataChangesNothingButTheNumber(kind: JournalKind) {
        var state = Self.started()
        let before = state.steps
        for data in [JSONValue.null, 7, "x", [:], ["error": 3, "until": "soon", "reason": "?"]] {
            state.apply(
                JournalEntry(
                    seq: 9, kind: kind, stepID: "nowhere", attempt: 1, at: epoch, data: data))
        }
        #expect(state.seq == 9)
        #expect(state.steps == before || state.isFinished)
    }

    private static func started() -> ExecutionState {
        var state = ExecutionState(
            Definition.of(nodes: ["start:start", "a:http", "b:http", "c:log"], edges: []))
        state.apply(
            .executionAccepted(input: ["x": 1], queuedBy: nil, retriedFrom: nil), step: nil,
            attempt: nil, at: epoch)
        return state
    }

    @Test func theStartPutsOutTheInput() {
        var state = Self.started()
        state.apply(.stepCompleted(StepResult(output: nil)), step: 0, attempt: 1, at: epoch)
        #expect(state["start"]?.output == ["x": 1])
        #expect(state["start"]?.startedAt == epoch)
    }

    @Test func currentStepIsTheUnfinishedOneThatStartedLast() {
        var state = Self.started()
        state.apply(.stepStarted(input: nil), step: 1, attempt: 1, at: epoch)
        state.apply(.stepStarted(input: nil), step: 2, attempt: 1, at: epoch)
        #expect(state.currentStep == "b")
        state.complete(1)
        #expect(state.currentStep == "b")
        state.complete(2)
        #expect(state.currentStep == nil)
        #expect(state.progress == 50)
    }

    @Test func waitsCountedApartDecideTheStatus() {
        var state = Self.started()
        let later = epoch.adding(seconds: 60)
        state.apply(
            .stepWaiting(StepWait(reason: .delay, until: later), input: nil), step: 1, attempt: 1,
            at: epoch)
        #expect(state.status == .waiting)
        #expect(state.blockedBy == "step \"a\" waits until \(later)")
        state.apply(.stepStarted(input: nil), step: 2, attempt: 1, at: epoch)
        #expect(state.status == .running)
        #expect(state.blockedBy == nil)
        state.apply(.stepRetrying(error: Self.error, until: epoch), step: 2, attempt: 1, at: epoch)
        #expect(state.status == .running, "a pause before a retry is no wait of the execution")
        #expect(
            state.blockedBy
                == "step \"b\" is tried again at \(epoch) after attempt 1 failed: too late")
        state.apply(.stepScheduled(blockedBy: "8 AI calls run"), step: 2, attempt: nil, at: epoch)
        #expect(state.blockedBy == "8 AI calls run")
        state.complete(2)
        #expect(state.status == .waiting)
        state.complete(1)
        #expect(state.status == .running)
    }

    @Test func anApprovalNamesWhoMayDecide() {
        var state = Self.started()
        state.apply(
            .stepWaiting(
                StepWait(reason: .approval, message: "ok?", approvers: ["admin", "user"]),
                input: nil), step: 3, attempt: 1, at: epoch)
        #expect(state.blockedBy == "step \"c\" waits for approval by admin or user")
        #expect(state.waitingApprovals == [3])
        state.apply(.timerSet(until: epoch), step: 3, attempt: nil, at: epoch)
        #expect(state.steps[3].wait?.until == epoch)
        #expect(state.steps[3].wait?.approvers == ["admin", "user"])
    }

    @Test func whatIsNotDecidedAtTheEndIsCancelled() {
        var state = Self.started()
        state.complete(0)
        state.apply(.stepStarted(input: nil), step: 1, attempt: 1, at: epoch)
        state.apply(.executionCancelled(by: "ann", reason: nil), step: nil, attempt: nil, at: epoch)
        #expect(state.status == .cancelled)
        #expect(state.steps.map(\.status) == [.completed, .cancelled, .cancelled, .cancelled])
        #expect(state.steps[1].completedAt == epoch)
        #expect(state.runningCount == 0)
        state.complete(1)
        #expect(state.steps[1].status == .cancelled, "what comes later changes nothing")
        #expect(state.progress == 25)
    }

    @Test func aQueuedExecutionIsPendingAndSaysWhy() {
        var state = ExecutionState(Definition.of(nodes: ["start:start"], edges: []))
        state.apply(
            .executionAccepted(input: [:], queuedBy: "512 executions run", retriedFrom: nil),
            step: nil, attempt: nil, at: epoch)
        #expect(state.status == .pending)
        #expect(state.blockedBy == "512 executions run")
        state.apply(.executionStarted, step: nil, attempt: nil, at: epoch)
        #expect(state.status == .running)
    }
}
