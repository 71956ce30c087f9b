import AuterityAPI
import Testing

@testable import AuterityEngine

/// What executions write into their log of themselves.
@Suite(.timeLimit(.minutes(30)))
struct ExecutionLogTests {
    private static let at = Timestamp(milliseconds: 1_754_649_000_000)
    private static let error = ExecutionError(code: "HTTP_500", message: "No.", stepID: "call")

    private static let contents: [(JournalContent, Int?, LogLevel?, String)] = [
        (.executionAccepted(input: [:], queuedBy: nil, retriedFrom: nil), nil, .info, "Started"),
        (
            .executionAccepted(input: [:], queuedBy: "512 run", retriedFrom: nil), nil, .info,
            "Accepted; 512 run"
        ),
        (.executionStarted, nil, .info, "Started after its wait"),
        (.stepScheduled(blockedBy: "a limit"), nil, .debug, "Step waits for its turn: a limit"),
        (.stepStarted(input: nil), 1, .debug, "Step started"),
        (.stepStarted(input: nil), 2, .debug, "Step started (attempt 2)"),
        (.stepProgressed(message: "half"), 1, .debug, "half"),
        (
            .stepWaiting(StepWait(reason: .approval, message: "May I?"), input: nil), 1, .info,
            "Step waits for an approval: May I?"
        ),
        (
            .stepWaiting(StepWait(reason: .delay, until: at), input: nil), 1, .debug,
            "Step waits until 2025-08-08T10:30:00Z"
        ),
        (.stepCompleted(StepResult(output: 1)), 1, .debug, "Step completed"),
        (
            .stepCompleted(StepResult(output: true, handle: "true")), 1, .debug,
            "Step completed with the outcome true"
        ),
        (
            .stepFailed(StepFault(error: error, handling: .fail)), 1, .error,
            "Step failed: No. [HTTP_500]"
        ),
        (
            .stepFailed(StepFault(error: error, handling: .continue)), 3, .warning,
            "Step failed (attempt 3), and the execution goes on: No. [HTTP_500]"
        ),
        (.stepSkipped, nil, .debug, "Step skipped: none of the edges to it fired"),
        (
            .stepRetrying(error: error, until: at), 1, .warning,
            "Step failed and is tried again at 2025-08-08T10:30:00Z: No. [HTTP_500]"
        ),
        (
            .signalReceived(.approval(approved: false, by: "ann@example.com", comment: "late")),
            nil, .info, "Rejected by ann@example.com: late"
        ),
        (.signalReceived(.cancel(by: "ann@example.com")), nil, nil, ""),
        (.timerSet(until: at), nil, nil, ""),
        (.executionCompleted(output: 1), nil, .info, "Completed"),
        (.executionFailed(error), nil, .error, "Failed: No. [HTTP_500]"),
        (
            .executionCancelled(by: "ann@example.com", reason: nil), nil, .warning,
            "Cancelled by ann@example.com"
        ),
        (.alertRaised(severity: .info, message: "x", alertID: nil), nil, nil, ""),
    ]

    @Test func everyRowOfTheJournalHasItsLine() {
        for (content, attempt, level, message) in Self.contents {
            let line = ExecutionLog.line(
                JournalDraft(content, step: nil, attempt: attempt, at: Self.at))
            #expect(line?.level == level, "\(content)")
            #expect(line?.message ?? "" == message, "\(content)")
        }
    }

    private static let failing: JSONValue = [
        "nodes": [
            ["id": "start", "type": "start"],
            ["id": "say", "type": "log", "data": ["level": "debug", "message": "hello"]],
            ["id": "check", "type": "validate", "data": ["schema": ["required": ["n"]]]],
        ],
        "edges": [
            ["id": "a", "source": "start", "target": "say"],
            ["id": "b", "source": "say", "target": "check"],
        ],
    ]

    /// Levels, steps and beginnings of the lines of one execution, the oldest first.
    private func log(of level: LogLevel?, _ input: JSONObject) async throws -> [String] {
        let test = try await TestEngine.open { $0.executionLogLevel = level }
        let id = try await test.start(try await test.workflow(Self.failing), input)
        let page = try await test.send(ListExecutionLogs(executionID: id))
        await test.engine.close()
        return page.items.reversed().map { line in
            #expect(line.executionID == id)
            let message = line.message.prefix { $0 != ":" }
            return "\(line.level) \(line.stepID?.rawValue ?? "-") \(message)"
        }
    }

    @Test func whatFailsIsInTheLogAndWhatWorksAddsNothing() async throws {
        let standard = EngineConfiguration(dataDirectory: "", version: "").executionLogLevel
        #expect(standard == .warning)
        #expect(try await log(of: standard, ["n": 1]) == ["debug say hello"])
        #expect(
            try await log(of: standard, [:])
                == ["debug say hello", "error check Step failed", "error - Failed"])
    }

    @Test func linesStandInTheOrderOfWhatHappened() async throws {
        #expect(
            try await log(of: .debug, ["n": 1]) == [
                "info - Started", "debug start Step completed", "debug say hello",
                "debug say Step completed", "debug check Step completed", "info - Completed",
            ])
        #expect(
            try await log(of: .info, ["n": 1])
                == ["info - Started", "debug say hello", "info - Completed"])
        #expect(try await log(of: nil, [:]) == ["debug say hello"])
    }
}
