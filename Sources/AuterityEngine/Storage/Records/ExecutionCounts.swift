import AuterityAPI

/// How many executions are kept, by status, as the tally has counted them.
struct ExecutionCounts: Sendable {
    enum Scope: Sendable {
        case all
        /// Those that a user owns or has started, by the user's row.
        case user(Int64)
        case workflow(Int64)
    }

    private let kept: [ExecutionStatus: Int]

    init(_ scope: Scope, in connection: any StoreConnection) throws {
        let (name, subject): (String, Int64) =
            switch scope {
            case .all: ("all", 0)
            case .user(let row): ("user", row)
            case .workflow(let row): ("workflow", row)
            }
        let rows = try connection.all(
            "SELECT status, kept FROM execution_counts WHERE scope = $1 AND subject = $2",
            [.text(name), .int(subject)]
        ) { (ExecutionStatus(rawValue: $0.text(0)), Int($0.int(1))) }
        kept = rows.reduce(into: [:]) { kept, row in
            if let status = row.0 { kept[status] = row.1 }
        }
    }

    subscript(status: ExecutionStatus) -> Int { kept[status] ?? 0 }

    /// Of these statuses; of all when empty.
    func total(_ statuses: Set<ExecutionStatus> = []) -> Int {
        statuses.isEmpty
            ? kept.values.reduce(0, +) : statuses.reduce(0) { $0 + self[$1] }
    }
}
