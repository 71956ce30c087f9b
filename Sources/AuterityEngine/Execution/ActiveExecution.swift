import AuterityAPI
import Synchronization

/// An execution that is in memory because something happens in it. Its turns are taken one after
/// the other; each leaves one operation with the writer, in the same order.
final class ActiveExecution: Sendable {
    struct Content: Sendable {
        var live: LiveExecution
        /// As `live`, but an entry at a time: what events are made of. Kept only while somebody
        /// listens.
        var shadow: ExecutionState?
        /// Steps that have a row among the timers.
        var timers: Set<Int> = []
        /// As the newest turn has written it.
        var status: ExecutionStatus
        /// Steps that wait for a free place.
        var queued: Set<Int> = []
        /// Turns that are not durable yet.
        var openTurns = 0
        /// It was dropped from memory: whoever still holds it must look it up again.
        var isDropped = false
    }

    let id: ExecutionID
    let workflowRow: Int64
    let workflowID: WorkflowID
    let workflowName: String
    let workflowVersion: Int
    let ownerRow: Int64
    let ownerID: UserID
    let starterID: UserID
    let startedAt: Timestamp
    let isDemo: Bool
    let webhookURL: String?
    let epoch: Int64
    /// The step of another execution that started it.
    let origin: ChildOrigin?
    let hasChildren: Bool
    /// Its row's key; 0 until the acceptance is written.
    let row: Atomic<Int64>
    /// The row of whoever started it; 0 until the acceptance is written.
    let starterRow: Atomic<Int64>
    let content: Mutex<Content>

    /// One that is accepted now.
    init(
        _ acceptance: Acceptance, workflow: WorkflowRecords.Record, live: LiveExecution
    ) {
        id = acceptance.id
        workflowRow = workflow.row
        workflowID = workflow.id
        workflowName = workflow.name
        workflowVersion = acceptance.workflowVersion
        ownerRow = workflow.ownerRow
        ownerID = workflow.ownerID
        starterID = acceptance.starter.id
        startedAt = acceptance.at
        isDemo = acceptance.isDemo
        webhookURL = acceptance.webhookURL
        origin = acceptance.origin
        hasChildren = live.definition.hasChildren
        epoch = 1
        row = Atomic(0)
        starterRow = Atomic(0)
        content = Mutex(Content(live: live, status: .pending))
    }

    /// One that was read back.
    init(_ record: ExecutionRecord, live: LiveExecution) {
        id = record.id
        workflowRow = record.workflowRow
        workflowID = record.workflowID
        workflowName = record.workflowName
        workflowVersion = record.workflowVersion
        ownerRow = record.ownerRow
        ownerID = record.ownerID
        starterID = record.starterID
        startedAt = record.startedAt
        isDemo = record.isDemo
        webhookURL = record.webhookURL
        origin = record.origin
        hasChildren = live.definition.hasChildren
        epoch = record.epoch
        row = Atomic(record.row)
        starterRow = Atomic(record.starterRow)
        content = Mutex(
            Content(
                live: live, timers: Set(live.timers.map(\.step)), status: record.status))
    }

    /// Whom it counts for.
    var bearing: ExecutionBearing {
        ExecutionBearing(
            workflow: workflowRow, owner: ownerRow, starter: starterRow.load(ordering: .relaxed))
    }

    /// Who may be told of what happens in it.
    var audience: Audience { .execution(owner: ownerID, starter: starterID) }

    var subject: ExecutionSubject {
        ExecutionSubject(
            row: row.load(ordering: .relaxed), id: id, workflowRow: workflowRow,
            workflowID: workflowID, workflowName: workflowName, workflowVersion: workflowVersion,
            startedAt: startedAt, isDemo: isDemo)
    }
}

/// One attempt of one step, or of one item of a step.
struct StepKey: Hashable, Sendable {
    let execution: ExecutionID
    let step: Int
    let item: ItemCall?

    init(execution: ExecutionID, step: Int, item: ItemCall? = nil) {
        self.execution = execution
        self.step = step
        self.item = item
    }

    init(_ execution: ExecutionID, _ call: StepCall) {
        self.init(execution: execution, step: call.step, item: call.item)
    }

    var unit: WorkUnit { WorkUnit(step: step, item: item) }
}

/// What one turn of an execution has decided, ready to be written and then acted on.
struct Turn: Sendable {
    let execution: ActiveExecution
    let acceptance: Acceptance?
    let rows: [JournalRecords.Encoded]
    /// One list a row; `nil` when nobody listened.
    let events: [[Event]]?
    let standing: Standing
    let formerStatus: ExecutionStatus
    let timersSet: [(step: StepID, until: Timestamp)]
    let timersRemoved: [StepID]
    let removesAllTimers: Bool
    let alerts: [AlertDraft]
    let logLines: [LogDraft]
    let calls: [StepCall]
    /// There is more to do without waiting for anything.
    let hasMore: Bool
    /// Ids for the log lines and alerts, made beforehand.
    let delegated: DelegatedTurn
    /// One a step that it ends.
    let stepEnds: [RunTotals.StepEnd]

    var isEnd: Bool { standing.status.isFinished && !formerStatus.isFinished }

    /// Nothing of the execution itself is to be written.
    var changesNothing: Bool { rows.isEmpty && alerts.isEmpty && logLines.isEmpty }

    /// Bytes, roughly.
    var size: Int {
        let own = rows.reduce(256) { $0 + $1.bytes.count + 128 }
        return delegated.children.reduce(own) { $0 + $1.size }
    }
}
