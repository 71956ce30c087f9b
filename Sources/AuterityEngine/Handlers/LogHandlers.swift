import AuterityAPI

extension HandlerTable {
    mutating func addLogs() {
        onReading(ListLogs.self) { call, request in
            try await request.listLogs(call)
        }
        onReading(ListExecutionLogs.self) { call, request in
            _ = try await request.view { viewer, connection in
                try viewer.execution(call.executionID, in: connection)
            }
            return try await request.listLogs(
                ListLogs(
                    executionID: call.executionID, level: call.level, search: call.search,
                    since: call.since, page: call.page, pageSize: call.pageSize,
                    cursor: call.cursor, sort: call.sort))
        }
        on(CreateLogs.self, checking: { try $1.check($0) }) { call, _, request in
            try await request.createLogs(call)
        }
    }
}

extension Request {
    fileprivate func check(_ call: CreateLogs) throws(APIError) {
        var faults = Faults(besides: knownFaults)
        if call.logs.isEmpty || call.logs.count > CreateLogs.maximumLines {
            faults.note("logs", "must hold 1 to \(CreateLogs.maximumLines) lines")
        }
        for (index, line) in call.logs.prefix(CreateLogs.maximumLines).enumerated() {
            faults.length(line.message, FieldLimits.logMessage, at: "logs[\(index)].message")
        }
        try faults.check()
    }

    fileprivate func createLogs(_ call: CreateLogs) async throws -> LogsAccepted {
        let (caller, now, vault) = (caller, now, core.foundation.vault)
        let ids: [LogLineID] = call.logs.map { _ in newID() }
        return try await write(size: call.logs.count * 512) { context in
            let user = try UserRecords.ensure(caller, at: now, in: context)
            let viewer = try Viewer(caller, in: context.connection)
            for (line, id) in zip(call.logs, ids) {
                let execution = try line.executionID.map {
                    try viewer.execution($0, in: context.connection)
                }
                try LogRecords.insert(
                    LogRecords.Line(
                        id: id, at: line.timestamp ?? now, level: line.level,
                        message: vault.redact(line.message), execution: execution?.row,
                        workflow: execution?.workflowRow, owner: execution?.ownerRow, user: user,
                        step: nil),
                    in: context)
            }
            return LogsAccepted(accepted: call.logs.count)
        }
    }
}
