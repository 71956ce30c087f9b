import AuterityAPI

/// What holds of every store between two transactions, as a question that counts what breaks it.
struct StoreInvariant {
    let id: String
    let name: String
    private let question: SQLText
    /// What was counted.
    private let broken: String

    private static let advice =
        "Report it with this page. Start the engine again: it makes ready what is unfinished"

    func hold(in connection: any StoreConnection) throws -> StoreInspection.Rule {
        let count = try connection.number(question)
        return StoreInspection.Rule(
            id: id, name: name, fault: count > 0 ? "\(count) \(broken)" : nil, advice: Self.advice,
            isBearable: false)
    }

    static let all = [
        StoreInvariant(
            id: "journals", name: "every unfinished execution has its journal",
            question: """
                SELECT count(*) FROM workflow_executions AS executions
                WHERE status IN ('pending', 'running', 'waiting') AND NOT EXISTS (
                    SELECT 1 FROM execution_journal AS journal
                    WHERE journal.execution_id = executions.id
                        AND journal.kind = 'execution_accepted')
                """,
            broken: "executions have none, and cannot go on"),
        StoreInvariant(
            id: "heads", name: "no journal has lost its end",
            question: """
                SELECT count(*) FROM workflow_executions AS executions
                WHERE status IN ('pending', 'running', 'waiting') AND head_seq <> (
                    SELECT coalesce(max(seq), 0) FROM execution_journal AS journal
                    WHERE journal.execution_id = executions.id)
                """,
            broken: "executions end elsewhere than their row says"),
        StoreInvariant(
            id: "ends", name: "an execution has an end exactly when it is finished",
            question: """
                SELECT count(*) FROM workflow_executions
                WHERE (status IN ('pending', 'running', 'waiting')) = (completed_at IS NOT NULL)
                """,
            broken: "executions contradict themselves"),
        StoreInvariant(
            id: "timers", name: "only unfinished executions have timers",
            question: """
                SELECT count(*) FROM timers
                JOIN workflow_executions AS executions ON executions.id = timers.execution_id
                WHERE executions.status IN ('completed', 'failed', 'cancelled')
                """,
            broken: "timers belong to finished executions"),
        StoreInvariant(
            id: "versions", name: "every execution runs a version that is there",
            question: """
                SELECT count(*) FROM workflow_executions AS executions
                WHERE status IN ('pending', 'running', 'waiting') AND NOT EXISTS (
                    SELECT 1 FROM workflow_versions AS versions
                    WHERE versions.workflow_id = executions.workflow_id
                        AND versions.version = executions.workflow_version)
                """,
            broken: "executions have lost their definition"),
    ]

    /// Seconds that a timer may be late before somebody should know.
    private static let lateness = 60.0

    /// While an engine works on the store, nothing waits for a time that is long past.
    static func punctuality(
        in connection: any StoreConnection, now: Timestamp
    ) throws -> StoreInspection.Rule {
        let count = try connection.number(
            "SELECT count(*) FROM timers WHERE wake_at < $1",
            [.int(now.adding(seconds: -lateness).milliseconds)])
        return StoreInspection.Rule(
            id: "punctuality", name: "no execution oversleeps",
            fault: count > 0 ? "\(count) steps should have been woken a minute ago or more" : nil,
            advice: "See whether the engine is overloaded (auterity metrics), and start it again",
            isBearable: true)
    }

    /// Every secret was sealed with the key that lies beside the database.
    static func readableSecrets(
        in connection: any StoreConnection, _ directory: StoreDirectory
    ) throws -> StoreInspection.Rule {
        let keys = try connection.all("SELECT DISTINCT key_id FROM secrets") { $0.text(0) }
        let known = SealingKey.existing(directory.key)?.id
        let foreign = keys.filter { $0 != known }
        return StoreInspection.Rule(
            id: "secrets", name: "the key opens every secret",
            fault: foreign.isEmpty
                ? nil
                : known == nil
                    ? "there are secrets, and secrets.key is missing or damaged"
                    : "some secrets were sealed with another key than secrets.key",
            advice: "Restore secrets.key from the backup that the database came from, or set the "
                + "secrets again",
            isBearable: false)
    }
}
