import AuterityAPI
import Testing

@testable import AuterityEngine

@Suite struct LiveEffectTests {
    private static func calling(_ data: String = "") -> String {
        """
        {"nodes": [
          {"id": "s", "type": "start"},
          {"id": "call", "type": "http", "data": {"url": "https://example.com/{{x}}"\(data)}},
          {"id": "e", "type": "end"}],
         "edges": [{"source": "s", "target": "call"}, {"source": "call", "target": "e"}]}
        """
    }

    private static let retrying = """
        , "retry": {"max_attempts": 3, "initial_interval": 10, "backoff": 3}
        """
    private static let refused = StepFailure("CONNECT", "nobody answers", isRetryable: true)

    @Test func anEffectIsDurableBeforeItRunsAndKeepsItsKeyOverAttempts() throws {
        let run = try LiveRun(Self.calling(Self.retrying))
        run.begin(["x": "a"])
        #expect(run.kinds == [.executionAccepted, .stepCompleted])
        let first = try #require(run.startNext())
        #expect(run.kinds.last == .stepStarted)
        #expect(first.attempt == 1)
        #expect(first.input["url"] == "https://example.com/a")
        #expect(run.end(first, .failed(Self.refused)))
        #expect(run.kinds.last == .stepRetrying)
        #expect(run.live.timers.map(\.until) == [epoch.adding(seconds: 10)])
        #expect(run.live.state.status == .running)

        run.wakeUp(first.step)
        let second = try #require(run.startNext())
        #expect(second.attempt == 2)
        #expect(second.idempotencyKey == first.idempotencyKey)
        #expect(second.idempotencyKey == "\(run.live.facts.executionID):call:1")
        #expect(run.end(second, .failed(Self.refused)))
        #expect(run.live.timers.map(\.until) == [epoch.adding(seconds: 30)])

        run.wakeUp(first.step)
        let third = try #require(run.startNext())
        #expect(run.end(third, .completed(["status": 200])))
        #expect(run.live.state.status == .completed)
        #expect(run.live.state["call"]?.attempt == 3)
        #expect(run.live.state["call"]?.error == nil)
        #expect(run.live.state.output == ["status": 200])
    }

    @Test func theLastAttemptFailsForGood() throws {
        let run = try LiveRun(Self.calling(Self.retrying))
        run.begin(["x": "a"])
        for _ in 1...3 {
            let call = try #require(run.startNext())
            #expect(run.end(call, .failed(Self.refused)))
            run.wakeUp(call.step)
        }
        #expect(run.live.state.status == .failed)
        #expect(run.live.state.error?.code == "CONNECT")
        #expect(run.live.state["call"]?.attempt == 3)
    }

    @Test func whatCannotBeRetriedIsNot() throws {
        let run = try LiveRun(Self.calling(Self.retrying))
        run.begin(["x": "a"])
        let call = try #require(run.startNext())
        #expect(run.end(call, .failed(StepFailure("HTTP_STATUS", "404"))))
        #expect(run.live.state.status == .failed)
    }

    @Test func aLateOrRepeatedResultIsRefused() throws {
        let run = try LiveRun(Self.calling(Self.retrying))
        run.begin(["x": "a"])
        let first = try #require(run.startNext())
        #expect(run.end(first, .failed(Self.refused)))
        let rows = run.rows.count
        #expect(!run.end(first, .completed([:])))
        run.wakeUp(first.step)
        let second = try #require(run.startNext())
        #expect(!run.end(first, .completed([:])), "an attempt that is over")
        #expect(run.rows.count == rows + 1)
        #expect(run.end(second, .completed([:])))
        #expect(!run.end(second, .completed([:])))
    }

    @Test func aLimitDoesNotUseUpAnAttempt() throws {
        let run = try LiveRun(Self.calling(Self.retrying))
        run.begin(["x": "a"])
        let first = try #require(run.startNext())
        #expect(run.end(first, .failed(Self.refused)))
        run.wakeUp(first.step)
        let step = run.ready.first ?? -1
        run.live.queue(step, blockedBy: "20 calls a minute", run.context)
        run.settle()
        #expect(run.live.state.blockedBy == "20 calls a minute")
        let second = try #require(run.startNext())
        #expect(second.attempt == 2, "queueing between two attempts does not lose count")
        #expect(
            run.end(second, .waiting(StepWait(reason: .limit, until: epoch, message: "slowly"))))
        run.wakeUp(second.step)
        #expect(try #require(run.startNext()).attempt == 2)
    }

    @Test func aTextThatCannotBeRenderedFailsTheStepBeforeItStarts() throws {
        let run = try LiveRun(Self.calling())
        run.begin([:])
        #expect(run.startNext() == nil)
        #expect(run.live.state.status == .failed)
        #expect(run.live.state.error?.message.contains("x") == true)
        #expect(!run.kinds.contains(.stepStarted))
    }

    @Test func secretsReachTheCallButNotTheJournal() throws {
        let run = try LiveRun(
            Self.calling(", \"headers\": {\"Authorization\": \"Bearer {{secrets.key}}\"}"))
        run.secrets = ["key": "hunter2hunter2"]
        run.begin(["x": "a"])
        let call = try #require(run.startNext())
        #expect(JSONValue.object(call.input).jsonText.contains("hunter2hunter2"))
        #expect(run.end(call, .completed(["echo": "Bearer hunter2hunter2"])))
        let written = run.rows.map(\.content.data.jsonText).joined()
        #expect(!written.contains("hunter2"))
        #expect(written.contains(Redactor.mark))
    }

    @Test func anOutputBeyondTheLimitFailsTheStep() throws {
        let run = try LiveRun(Self.calling())
        run.begin(["x": "a"])
        let call = try #require(run.startNext())
        let context = TurnContext(now: epoch, maximumOutput: 1000)
        let large = JSONValue.string(String(repeating: "x", count: 1001))
        let wasTaken = run.live.end(call.step, attempt: 1, .completed(["body": large]), context)
        #expect(wasTaken)
        run.settle()
        #expect(run.live.state.error?.code == "OUTPUT_TOO_LARGE")
    }

    @Test func cancellingLeavesNothingToDo() throws {
        let run = try LiveRun(Self.calling())
        run.begin(["x": "a"])
        let call = try #require(run.startNext())
        run.cancel()
        #expect(run.kinds.suffix(2) == [.signalReceived, .executionCancelled])
        #expect(run.live.state.status == .cancelled)
        #expect(run.live.state["e"]?.status == .cancelled)
        #expect(!run.end(call, .completed([:])))
        let rows = run.rows.count
        run.cancel()
        #expect(run.rows.count == rows, "cancelled is cancelled")
    }

    @Test func quarantineSetsAStepAside() throws {
        let run = try LiveRun(Self.calling())
        run.begin(["x": "a"])
        let call = try #require(run.startNext())
        run.live.quarantine(call.step, "It brought the process down three times", run.context)
        run.settle()
        #expect(run.live.state["call"]?.error?.code == "QUARANTINED")
        #expect(run.live.state.status == .failed)
    }
}

@Suite struct LiveWaitTests {
    private static let waiting = """
        {"nodes": [
          {"id": "s", "type": "start"},
          {"id": "d", "type": "delay", "data": {"seconds": 60}},
          {"id": "a", "type": "approval", "data": {"message": "Spend {{sum}}?",
            "approvers": ["admin"], "timeout": 3600, "on_error": "branch"}},
          {"id": "yes", "type": "log", "data": {"message": "by {{steps.a.output.by}}"}},
          {"id": "no", "type": "log", "data": {"message": "no"}},
          {"id": "late", "type": "log", "data": {"message": "{{steps.a.error.code}}"}}],
         "edges": [{"source": "s", "target": "d"}, {"source": "d", "target": "a"},
          {"source": "a", "target": "yes"},
          {"source": "a", "target": "no", "source_handle": "rejected"},
          {"source": "a", "target": "late", "source_handle": "error"}]}
        """

    private func atTheApproval() throws -> LiveRun {
        let run = try LiveRun(Self.waiting)
        run.begin(["sum": 500])
        #expect(run.live.state.status == .waiting)
        #expect(run.live.timers.map(\.until) == [epoch.adding(seconds: 60)])
        run.now = epoch.adding(seconds: 60)
        run.wakeUp(1)
        #expect(run.live.state["d"]?.output == ["until": .string(run.now.description)])
        #expect(run.live.state.steps[2].wait?.message == "Spend 500?")
        #expect(run.live.state.steps[2].wait?.approvers == ["admin"])
        return run
    }

    @Test(arguments: [true, false])
    func aDecisionTakesItsEdge(approved: Bool) throws {
        let run = try atTheApproval()
        #expect(run.decide(2, approved: approved))
        #expect(run.live.state.status == .completed)
        #expect(run.live.state["yes"]?.status == (approved ? .completed : .skipped))
        #expect(run.live.state["no"]?.status == (approved ? .skipped : .completed))
        #expect(
            run.live.state["a"]?.output
                == [
                    "approved": .bool(approved), "by": "bob@example.com", "comment": "so be it",
                ])
        #expect(!run.decide(2, approved: !approved), "decided is decided")
    }

    @Test func anApprovalThatNobodyGaveTimesOut() throws {
        let run = try atTheApproval()
        run.now = run.now.adding(seconds: 3600)
        run.wakeUp(2)
        #expect(run.live.state["late"]?.output == ["message": "APPROVAL_TIMEOUT"])
        #expect(run.live.state["yes"]?.status == .skipped)
        #expect(run.live.state.status == .completed)
    }

    @Test func onErrorContinueNeverTakesATimeoutForAnApproval() throws {
        let text = Self.waiting.replacing("\"branch\"", with: "\"continue\"")
        let run = try LiveRun(text)
        run.begin(["sum": 1])
        run.wakeUp(1)
        run.wakeUp(2)
        #expect(run.live.state.status == .completed)
        #expect(run.live.state["a"]?.status == .failed)
        #expect(run.live.state["yes"]?.status == .skipped)
    }

    @Test func theJournalAloneBringsItBack() throws {
        let run = try atTheApproval()
        let recovered = run.recovered()
        #expect(recovered.state.status == .waiting)
        #expect(recovered.state.steps == run.live.state.steps)
        #expect(recovered.timers.map(\.step) == run.live.timers.map(\.step))
        #expect(recovered.timers.map(\.until) == run.live.timers.map(\.until))
        run.live = recovered
        #expect(run.decide(2, approved: true))
        #expect(run.live.state.status == .completed)
    }

    @Test func everyPrefixOfAJournalLeadsToTheSameEnd() throws {
        let run = try atTheApproval()
        #expect(run.decide(2, approved: true))
        let whole = run.rows
        for count in 1..<whole.count {
            let entries = whole.prefix(count).enumerated().map { $1.entry(seq: Int64($0 + 1)) }
            let again = LiveRun(run.live.definition)
            again.live = LiveExecution(
                run.live.definition, facts: run.live.facts, journal: entries)
            again.now = run.now
            again.settle()
            for timer in again.live.timers where timer.step == 1 { again.wakeUp(timer.step) }
            if !again.live.state.waitingApprovals.isEmpty {
                #expect(again.decide(2, approved: true))
            }
            #expect(again.live.state.status == .completed, "after \(count) rows")
            #expect(
                again.live.state.steps.map(\.status) == run.live.state.steps.map(\.status),
                "after \(count) rows")
        }
    }
}
