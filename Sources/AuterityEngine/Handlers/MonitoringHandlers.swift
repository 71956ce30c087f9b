import AuterityAPI

extension HandlerTable {
    mutating func addMonitoring() {
        on(GetHealth.self) { _, request in await request.core.health() }
        on(GetMetrics.self) { _, request in
            let viewer = try await request.view { viewer, _ in viewer }
            return try await request.core.metrics(for: viewer, request.session)
        }
        on(GetMetricsHistory.self) { call, request in
            var faults = Faults()
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
        on(ListAlerts.self) { call, request in try await request.listAlerts(call) }
        on(AcknowledgeAlert.self) { call, request in
            let (name, now) = (request.caller.name, request.now)
            let alert = try await request.write(lane: .control) { context in
                try AlertRecords.acknowledge(call.alertID, by: name, at: now, in: context)
            }
            guard let alert else { throw APIError.notFound("alert") }
            return alert
        }
    }
}

extension Request {
    fileprivate func listAlerts(_ call: ListAlerts) async throws -> Page<Alert> {
        var query = ListQuery(
            fields: AlertRecords.fields, source: AlertRecords.source, row: "alerts.id",
            decode: AlertRecords.decode)
        switch call.isOpen {
        case true?:
            query.require("alerts.cleared_at IS NULL")
            query.require("alerts.acknowledged_at IS NULL")
        case false?:
            query.require("(alerts.cleared_at IS NOT NULL OR alerts.acknowledged_at IS NOT NULL)")
        case nil: break
        }
        let plan = try query.plan(
            .init(
                page: call.page, pageSize: call.pageSize, cursor: call.cursor, sort: nil,
                cursorKey: cursorKey))
        return try await read(plan)
    }
}
