import AuterityAPI

extension HandlerTable {
    mutating func addMonitoring() {
        on(GetHealth.self) { _, request in await request.core.health() }
        on(GetMetrics.self) { _, request in
            let viewer = try await request.view { viewer, _ in viewer }
            return try await request.core.metrics(for: viewer, request.session)
        }
        onReading(GetMetricsHistory.self) { call, request in
            var faults = Faults(besides: request.knownFaults)
            let window = call.window ?? 300
            let buckets = call.buckets ?? 60
            if !FieldLimits.metricsWindow.contains(window) {
                faults.note("window", "must be from 60 to 86400 seconds")
            }
            if !FieldLimits.metricsBuckets.contains(buckets) {
                faults.note("buckets", "must be from 1 to 500")
            }
            try faults.check()
            return request.core.foundation.metricsLog.history(
                window: window, buckets: buckets, now: request.now)
        }
        onReading(ListAlerts.self) { call, request in try await request.listAlerts(call) }
        on(AcknowledgeAlert.self) { call, request in
            let (caller, now) = (request.caller, request.now)
            return try await request.write(lane: .control) { context in
                let alert = try AlertRecords.acknowledge(
                    call.alertID, by: caller.name, at: now, in: context)
                guard let alert else { throw APIError.notFound("alert") }
                return alert
            }
        }
    }
}

extension Request {
    fileprivate func listAlerts(_ call: ListAlerts) async throws -> Page<Alert> {
        let caller = caller
        let sight = try await readBriefly { try AlertSight(caller, in: $0) }
        var query = ListQuery(
            fields: AlertRecords.fields, source: AlertRecords.source, row: "alerts.id",
            orders: [
                // In the order in which they were raised.
                .init(key: "raised_at", expression: "alerts.id")
            ],
            decode: AlertRecords.decode)
        sight.narrow(&query)
        switch call.isOpen {
        case true?:
            query.require("alerts.cleared_at IS NULL")
            query.require("alerts.acknowledged_at IS NULL")
        case false?:
            query.require("(alerts.cleared_at IS NOT NULL OR alerts.acknowledged_at IS NOT NULL)")
        case nil: break
        }
        return try await read(
            query.plan(wish(call.page, call.pageSize, cursor: call.cursor, sort: call.sort)))
    }
}

/// Which alerts a caller sees: all with `system:monitor`, else those that the workflows raised
/// which they may see.
private struct AlertSight {
    private enum Reach {
        case all
        /// Of every workflow.
        case raised
        /// Of the workflows of this row of `users`.
        case own(Int64)
    }

    private let caller: Caller
    private let reach: Reach

    /// - Throws: 403 when there is none that the caller may see for want of `system:monitor`.
    init(_ caller: Caller, in connection: any StoreConnection) throws {
        self.caller = caller
        guard !caller.may(.systemMonitor) else {
            reach = .all
            return
        }
        let viewer = try Viewer(caller, in: connection)
        reach = viewer.seesAll ? .raised : .own(viewer.row ?? -1)
        let seen =
            switch reach {
            case .own(let row):
                try connection.number(
                    """
                    SELECT count(*) FROM (SELECT 1 FROM workflows CROSS JOIN alerts
                        WHERE workflows.created_by = $1
                            AND alerts.workflow_id = workflows.public_id LIMIT 1) AS seen
                    """, [.int(row)])
            case .all, .raised:
                try connection.number(
                    """
                    SELECT count(*) FROM (SELECT 1 FROM alerts
                        WHERE workflow_id IS NOT NULL LIMIT 1) AS seen
                    """)
            }
        guard seen > 0 else {
            throw APIError(
                .forbidden, "You lack the permission \(Permission.systemMonitor.rawValue)")
        }
    }

    func narrow(_ query: inout ListQuery<Alert>) {
        switch reach {
        case .all: break
        case .raised: query.require("alerts.workflow_id IS NOT NULL")
        case .own(let row):
            query.require(
                "alerts.workflow_id IN (SELECT public_id FROM workflows WHERE created_by = ",
                .int(row), ")")
            query.isSorted = true
        }
    }
}
