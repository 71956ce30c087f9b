import AuterityAPI

extension HandlerTable {
    mutating func addDemo() {
        on(RemoveDemo.self) { _, request in try await request.removeDemo() }
    }
}

extension Request {
    /// Ends what still runs of the demo, then takes all of it away, slice by slice.
    fileprivate func removeDemo() async throws -> DemoRemoved {
        try await deleteDemoWorkflows()
        try await cancelDemoExecutions()
        var executions = 0
        while true {
            let slice = try await write(size: 1 << 20) { try Pruning.slice(.demo, in: $0) }
            executions += slice.executions
            try session.store.giveBackSpace(pages: Pruning.pagesGivenBack)
            if slice.isLast { break }
        }
        let workflows = try await write(size: 1 << 20) { try Self.removeDemoWorkflows($0) }
        return DemoRemoved(workflows: workflows, executions: executions)
    }

    /// From here on none of them can be executed.
    private func deleteDemoWorkflows() async throws {
        let now = now
        _ = try await write { context in
            try context.run(
                "UPDATE workflows SET deleted_at = $1 WHERE is_demo = 1 AND deleted_at IS NULL",
                [.int(now.milliseconds)])
        }
    }

    private func cancelDemoExecutions() async throws {
        while true {
            let ids: [ExecutionID] = try await read { connection in
                try connection.all(
                    """
                    SELECT public_id FROM workflow_executions
                    WHERE status IN ('pending', 'running', 'waiting') AND is_demo = 1 LIMIT 100
                    """
                ) { try $0.identifier(0) }
            }
            if ids.isEmpty { return }
            let name = caller.name
            for id in ids {
                _ = try await runner.change(id) { live, context in
                    live.cancel(by: name, reason: "The demo was removed", context: context)
                }
            }
        }
    }

    private static func removeDemoWorkflows(_ context: WriteContext) throws -> Int {
        let demo: SQLText = """
            (SELECT id FROM workflows WHERE is_demo = 1
                AND NOT EXISTS (SELECT 1 FROM workflow_executions
                    WHERE workflow_executions.workflow_id = workflows.id))
            """
        for table: SQLText in ["workflow_versions", "idempotency_keys", "execution_logs"] {
            try context.run("DELETE FROM " + table + " WHERE workflow_id IN " + demo)
        }
        try context.run(
            "DELETE FROM execution_counts WHERE scope = 'workflow' AND subject IN " + demo)
        return try context.run("DELETE FROM workflows WHERE id IN " + demo)
    }
}
