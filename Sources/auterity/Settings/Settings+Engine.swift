import AuterityAPI
import AuterityEngine

extension Settings {
    /// What an engine is told, embedded or in the server.
    var engine: EngineConfiguration {
        var engine = EngineConfiguration(dataDirectory: dataDirectory, version: Product.version)
        engine.environment = environmentName
        engine.integrations = integrations
        engine.webhookSecret = text("webhook_secret")
        engine.retention.finishedExecutions = retentionDays.map { $0 * 86_400 }
        if let level = text("execution_log") {
            engine.executionLogLevel = LogLevel(rawValue: level)
        }
        engine.limits = limits
        engine.alerts = alerts
        engine.dailyAIBudget = number("ai_daily_budget").flatMap { $0 > 0 ? $0 : nil }
        engine.accounts = accounts
        return engine
    }

    private var limits: EngineLimits {
        var limits = EngineLimits()
        limits.concurrentSteps = maximumConcurrency
        if let calls = number("ai_calls_per_minute") { limits.aiCallsPerMinute = Int(calls) }
        if let pending = number("max_pending") { limits.pendingExecutions = Int(pending) }
        if let events = number("event_backlog") { limits.eventBacklog = Int(events) }
        return limits
    }

    private var alerts: AlertLimits {
        var alerts = AlertLimits()
        let keys: [(String, WritableKeyPath<AlertLimits, Double>)] = [
            ("alert_error_rate", \.errorRate), ("alert_response_time", \.responseTime),
            ("alert_cpu", \.cpuUsage), ("alert_memory", \.memoryUsage),
            ("alert_disk", \.diskUsage), ("alert_ai_budget", \.aiBudget),
        ]
        for (key, limit) in keys {
            if let number = number(key) { alerts[keyPath: limit] = number }
        }
        return alerts
    }

    private var accounts: AccountSettings {
        var accounts = AccountSettings()
        accounts.jwtSecret = text("jwt_secret")
        if let targets = list("cross_system_targets") { accounts.crossSystemTargets = targets }
        if let isOpen = toggle("registration") { accounts.allowsRegistration = isOpen }
        if let email = text("admin_email"), let password = text("admin_password") {
            accounts.firstAdministrator = AccountSettings.FirstAdministrator(
                email: email, password: password)
        }
        return accounts
    }
}
