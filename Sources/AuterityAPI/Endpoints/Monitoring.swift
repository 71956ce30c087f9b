/// How the system and what it leans on do.
public struct GetHealth: Endpoint {
    public typealias Response = Health

    public init() {}

    public static let route = Route(
        .get, "/api/monitoring/health", access: .open, rateLimit: .monitoring,
        summary: "Get the health of the system")
    public static let example = GetHealth()
    public static let notes = CallNotes(
        "503 with the same body when a needed service is down. A service that is not set up is "
            + "`not_configured`, which degrades nothing.")

    /// 503 when a needed service is down.
    public static func status(of response: Health) -> Int {
        response.status == .unhealthy ? 503 : route.success
    }
}

/// The figures of the system.
public struct GetMetrics: Endpoint {
    public typealias Response = Metrics

    public init() {}

    public static let route = Route(
        .get, "/api/monitoring/metrics", access: .permission(.metricsRead),
        rateLimit: .monitoring, summary: "Get the figures of the system")
    public static let example = GetMetrics()
    public static let notes = CallNotes(
        "Every figure is measured; what is not known is `null`. Who lacks `workflow:read_all` "
            + "gets the workflow figures of their own executions.")
}

/// The figures over time, for charts.
public struct GetMetricsHistory: Endpoint {
    public typealias Response = MetricsHistory

    /// How far back, in seconds: 60 to 86400; 300 when absent.
    public var window: Int?
    /// How many buckets: 1 to 500; 60 when absent.
    public var buckets: Int?

    public init(window: Int? = nil, buckets: Int? = nil) {
        self.window = window
        self.buckets = buckets
    }

    public static let route = Route(
        .get, "/api/monitoring/history", access: .permission(.metricsRead),
        rateLimit: .monitoring, summary: "Get the figures over time")
    public static let example = GetMetricsHistory(window: 3600, buckets: 60)
    public static let notes = CallNotes(fields: [
        "window": FieldNote(
            "How far back, in seconds.", in: FieldLimits.metricsWindow, standard: 300),
        "buckets": FieldNote("How many buckets.", in: FieldLimits.metricsBuckets, standard: 60),
    ])
}

/// A page of alerts, the newest first.
public struct ListAlerts: Endpoint {
    public typealias Response = Page<Alert>

    /// Only those that are neither cleared nor acknowledged.
    public var isOpen: Bool?
    public var page: Int?
    public var pageSize: Int?
    public var cursor: String?
    /// A key of the items, with `-` before it for falling order.
    public var sort: String?

    enum CodingKeys: String, CodingKey {
        case page, cursor, sort
        case isOpen = "is_open"
        case pageSize = "page_size"
    }

    public init(
        isOpen: Bool? = nil, page: Int? = nil, pageSize: Int? = nil, cursor: String? = nil,
        sort: String? = nil
    ) {
        self.isOpen = isOpen
        self.page = page
        self.pageSize = pageSize
        self.cursor = cursor
        self.sort = sort
    }

    public static let route = Route(
        .get, "/api/monitoring/alerts", access: .permission(.workflowRead),
        rateLimit: .monitoring, summary: "List alerts")
    public static let example = ListAlerts(isOpen: true)
    public static let notes = CallNotes(
        alertSight,
        fields: [
            "is_open": FieldNote(
                "`true`: only those that are neither cleared nor acknowledged; `false`: only "
                    + "others."),
            "sort": .sort(["raised_at"]),
        ], failures: [.forbidden])
}

/// Marks an alert as seen. Doing it again changes nothing.
public struct AcknowledgeAlert: Endpoint {
    public typealias Response = Alert

    public var alertID: AlertID

    enum CodingKeys: String, CodingKey {
        case alertID = "alert_id"
    }

    public init(alertID: AlertID) { self.alertID = alertID }

    public static let route = Route(
        .post, "/api/monitoring/alerts/{alert_id}/acknowledge",
        access: .permission(.systemMonitor), rateLimit: .monitoring,
        summary: "Acknowledge an alert")
    public static let example = AcknowledgeAlert(alertID: exampleID())
    public static let notes = CallNotes(
        "Doing it again changes nothing.")
}

private let alertSight =
    "With `system:monitor` these are all alerts. Who lacks it sees those that `notify` steps of "
    + "workflows raised which they may see, and is answered 403 while there is none."
