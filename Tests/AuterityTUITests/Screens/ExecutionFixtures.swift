import AuterityAPI

@testable import AuterityTUI

/// An execution that tells its story entry by entry, as the engine would write it.
struct Story {
    let definition: Definition
    private(set) var entries: [JournalEntry] = []
    private(set) var time: Timestamp
    private var seq: Int64 = 100

    init(_ definition: Definition = Story.leads, secondsAgo: Double = 20) {
        self.definition = definition
        time = Fixtures.ago(secondsAgo)
    }

    mutating func add(
        _ content: JournalContent, _ step: StepID? = nil, attempt: Int? = nil,
        after seconds: Double = 0
    ) {
        time = time.adding(seconds: seconds)
        seq += 1
        let attempt = step == nil ? nil : attempt ?? 1
        entries.append(
            JournalDraft(content, step: step, attempt: attempt, at: time).entry(seq: seq))
    }

    mutating func run(
        _ step: StepID, for seconds: Double, output: JSONValue = .null, handle: String? = nil,
        input: JSONValue? = nil
    ) {
        add(.stepStarted(input: input), step)
        add(.stepCompleted(StepResult(output: output, handle: handle)), step, after: seconds)
    }

    var execution: Execution {
        var state = ExecutionState(definition)
        for entry in entries { state.apply(entry) }
        return Execution(
            id: Story.id, workflowID: Story.workflowID, workflowName: "Lead Qualification",
            workflowVersion: 3, status: state.status, startedAt: entries.first?.at ?? time,
            completedAt: state.completedAt, inputData: state.input, outputData: state.output,
            steps: state.stepList, progress: state.progress, currentStep: state.currentStep,
            error: state.error, blockedBy: state.blockedBy, startedBy: "ada",
            idempotencyKey: "order-42")
    }

    static let id = ExecutionID.numbered(7)
    static let workflowID = WorkflowID.numbered(101)

    static let leads = Definition(
        nodes: [
            .init(id: "start", type: "start", data: ["label": "New lead"]),
            .init(id: "score", type: "ai", data: ["label": "Score lead"]),
            .init(id: "hot", type: "condition", data: ["label": "Hot lead?"]),
            .init(id: "mail", type: "email", data: ["label": "Send offer"]),
            .init(id: "nurture", type: "delay", data: ["label": "Nurture"]),
            .init(id: "end", type: "end", data: ["label": "Done"]),
        ],
        edges: [
            .init(id: "e1", source: "start", target: "score"),
            .init(id: "e2", source: "score", target: "hot"),
            .init(id: "e3", source: "hot", target: "mail", sourceHandle: "true"),
            .init(id: "e4", source: "hot", target: "nurture", sourceHandle: "false"),
            .init(id: "e5", source: "mail", target: "end"),
            .init(id: "e6", source: "nurture", target: "end"),
        ])

    static let approval = Definition(
        nodes: [
            .init(id: "start", type: "start", data: [:]),
            .init(id: "approve", type: "approval", data: ["label": "Approve the price"]),
            .init(id: "end", type: "end", data: [:]),
        ],
        edges: [
            .init(id: "e1", source: "start", target: "approve"),
            .init(id: "e2", source: "approve", target: "end", sourceHandle: "approved"),
        ])

    // MARK: Stories

    /// Scored at the second attempt; now the mail is being sent.
    static var running: Story {
        var story = Story()
        story.add(
            .executionAccepted(
                input: ["email": "john@example.com", "budget": 42_000], queuedBy: nil,
                retriedFrom: nil))
        story.run("start", for: 0.002)
        story.add(.stepStarted(input: ["prompt": "Score this lead"]), "score")
        story.add(
            .stepRetrying(
                error: ExecutionError(code: "TIMEOUT", message: "The model did not answer in 5 s"),
                until: story.time.adding(seconds: 7)), "score", after: 5)
        story.add(.stepStarted(input: ["prompt": "Score this lead"]), "score", attempt: 2, after: 2)
        story.add(
            .stepCompleted(
                StepResult(output: ["score": 87, "reasons": ["budget", "near", "returning"]])),
            "score", attempt: 2, after: 3)
        story.run("hot", for: 0.001, output: true, handle: "true")
        story.add(.stepSkipped, "nurture")
        story.add(.stepStarted(input: ["to": "john@example.com"]), "mail")
        return story
    }

    static var failed: Story {
        var story = running
        let error = ExecutionError(
            code: "SMTP", message: "550 no such mailbox; check the address", stepID: "mail")
        story.add(
            .stepFailed(StepFault(error: error, handling: .fail)), "mail", after: 1.5)
        story.add(.executionFailed(error))
        return story
    }

    static var completed: Story {
        var story = running
        story.add(
            .stepCompleted(StepResult(output: ["message_id": "<1@mail>"])), "mail", after: 0.8)
        story.run("end", for: 0.001, output: ["sent": true])
        story.add(.executionCompleted(output: ["sent": true, "score": 87]))
        return story
    }

    static var waiting: Story {
        var story = Story(Story.approval, secondsAgo: 300)
        story.add(.executionAccepted(input: ["price": 18_500], queuedBy: nil, retriedFrom: nil))
        story.run("start", for: 0.002)
        story.add(
            .stepWaiting(
                StepWait(reason: .approval, message: "Is 18,500 fine?", approvers: ["manager"]),
                input: nil), "approve", after: 1)
        return story
    }

    /// It waits for an execution, and for those of a list.
    static var family: Story {
        var story = Story(
            Definition(
                nodes: [
                    .init(id: "start", type: "start", data: [:]),
                    .init(id: "credit", type: "workflow", data: ["label": "Check the credit"]),
                    .init(id: "offers", type: "map", data: ["label": "Ask for offers"]),
                    .init(id: "end", type: "end", data: [:]),
                ],
                edges: [
                    .init(id: "e1", source: "start", target: "credit"),
                    .init(id: "e2", source: "start", target: "offers"),
                    .init(id: "e3", source: "credit", target: "end"),
                    .init(id: "e4", source: "offers", target: "end"),
                ]), secondsAgo: 90)
        story.add(.executionAccepted(input: [:], queuedBy: nil, retriedFrom: nil))
        story.run("start", for: 0.002)
        story.add(
            .stepWaiting(
                StepWait(reason: .child, executionID: .numbered(8)), input: ["input": [:]]),
            "credit")
        story.add(
            .stepWaiting(
                StepWait(reason: .child), input: ["items": ["a", "b", "c"]]), "offers")
        let done = ItemsChange.Result(index: 0, output: ["price": 7])
        let starts = [1, 2].map { index in
            ItemsChange.Start(index: index, executionID: .numbered(10 + index))
        }
        story.add(
            .stepProgressed(
                message: "1 of 3 items are done",
                items: ItemsChange(done: [done], started: starts)), "offers", after: 12)
        return story
    }

    // MARK: Client

    static let logs: [LogLine] = (0..<250).map { index in
        LogLine(
            id: LogLineID.numbered(900 + index), timestamp: Fixtures.ago(Double(index)),
            level: index % 5 == 0 ? .warning : .info,
            message: "line \(250 - index): the model looked at the lead", executionID: id,
            workflowID: workflowID, stepID: "score")
    }

    /// A client that knows this execution and how it goes on.
    func client(logs: [LogLine] = Story.logs) -> FakeClient {
        let client = FakeClient()
        answer(in: client)
        client.answer(ListExecutionLogs.self) { call throws(APIError) in
            let matching = logs.filter { line in call.level.map { line.level >= $0 } ?? true }
            return Fixtures.page(
                matching, page: call.page, size: call.pageSize,
                cursor: call.cursor == "" ? "0" : call.cursor)
        }
        return client
    }

    /// Puts the story as it is now into a client.
    func answer(in client: FakeClient) {
        let entries = entries
        let json = definition.json
        client.answer(GetExecution.self, with: execution)
        client.answer(GetWorkflowVersion.self) { call throws(APIError) in
            WorkflowVersion(
                version: call.version, name: "Lead Qualification", description: "",
                definition: json, createdAt: Fixtures.ago(86_400), createdBy: UserID.numbered(1))
        }
        client.answer(ListJournal.self) { call throws(APIError) in
            let behind = entries.filter { $0.seq > call.after ?? 0 }
            let limit = call.limit ?? 1000
            return Page(items: Array(behind.prefix(limit)), position: .cursor(next: nil))
        }
    }

    var update: ExecutionUpdate {
        let now = execution
        return ExecutionUpdate(
            executionID: now.id, workflowID: now.workflowID, workflowName: now.workflowName,
            status: now.status, currentStep: now.currentStep, progress: now.progress,
            stepsCompleted: 1, stepsTotal: now.steps.count, startedAt: now.startedAt,
            completedAt: now.completedAt, error: now.error)
    }
}
