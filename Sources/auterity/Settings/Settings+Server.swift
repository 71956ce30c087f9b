import AuterityEngine
import AuterityServer

extension Settings {
    /// What a server is told.
    ///
    /// - Throws: A `SettingError` for settings that only make sense together.
    func server() throws(SettingError) -> ServerConfiguration {
        var server = ServerConfiguration(version: Product.version)
        if let host = text("host") { server.host = host }
        if let port = number("port") { server.port = Int(port) }
        server.unixSocket = unixSocket
        server.tls = try tlsFiles()
        server.environment = environmentName
        server.isBehindTLSProxy = toggle("behind_tls_proxy") ?? false
        server.corsOrigins = list("cors_origins") ?? []
        server.trustedProxies = list("trusted_proxies") ?? []
        server.metricsArePublic = toggle("metrics_public") ?? false
        server.docsAssets = path("docs_assets")
        server.rateLimits = rateLimits
        if let bytes = number("max_body_bytes") { server.bodyBytes = Int(bytes) }
        server.connections = connections
        try checkAdministrator()
        return server
    }

    /// What the server's engine is told: it also asks the far ends how they do, which an engine
    /// that is embedded for a moment has no use for.
    var serverEngine: EngineConfiguration {
        var engine = engine
        let interval = number("provider_probe_interval") ?? 300
        engine.providerProbeInterval = interval > 0 ? interval : nil
        engine.accounts.lockout = lockout
        return engine
    }

    private var lockout: AccountSettings.Lockout {
        var lockout = AccountSettings.Lockout()
        guard toggle("rate_limits") ?? true else {
            lockout.freeFailures = nil
            lockout.freeFailuresPerAddress = nil
            return lockout
        }
        if let count = number("login_failures") { lockout.freeFailures = Int(count) }
        if let count = number("login_failures_per_address") {
            lockout.freeFailuresPerAddress = Int(count)
        }
        return lockout
    }

    /// The path of the server's Unix socket; `nil` when there is to be none.
    var unixSocket: String? {
        guard let text = text("unix_socket") else { return dataDirectory + "/auterity.sock" }
        return text == "off" || text == "none" ? nil : path("unix_socket")
    }

    private func tlsFiles() throws(SettingError) -> ServerConfiguration.TLSFiles? {
        switch (path("tls_cert"), path("tls_key")) {
        case (nil, nil): return nil
        case (let certificate?, let key?):
            return ServerConfiguration.TLSFiles(certificate: certificate, key: key)
        case (_?, nil):
            throw SettingError("tls_cert is set and tls_key is not; HTTPS needs both")
        case (nil, _?):
            throw SettingError("tls_key is set and tls_cert is not; HTTPS needs both")
        }
    }

    private func checkAdministrator() throws(SettingError) {
        guard (text("admin_email") == nil) != (text("admin_password") == nil) else { return }
        throw SettingError(
            "The first administrator needs both AUTERITY_ADMIN_EMAIL and AUTERITY_ADMIN_PASSWORD, "
                + "and only one of them is set")
    }

    private var rateLimits: RateLimits? {
        guard toggle("rate_limits") ?? true else { return nil }
        var limits = RateLimits()
        let keys: [(String, WritableKeyPath<RateLimits, RateLimits.Limit>)] = [
            ("rate_limit_authentication", \.authentication),
            ("rate_limit_workflows", \.workflows), ("rate_limit_templates", \.templates),
            ("rate_limit_monitoring", \.monitoring), ("rate_limit_other", \.other),
        ]
        for (key, limit) in keys {
            guard let rate = text(key).flatMap({ Rate($0) }) else { continue }
            limits[keyPath: limit] = RateLimits.Limit(requests: rate.requests, window: rate.seconds)
        }
        return limits
    }

    private var connections: ConnectionLimits {
        var limits = ConnectionLimits()
        if let count = number("max_connections") { limits.connections = Int(count) }
        let keys: [(String, WritableKeyPath<ConnectionLimits, Double>)] = [
            ("header_timeout", \.headTimeout), ("body_timeout", \.stallTimeout),
            ("idle_timeout", \.idleTimeout), ("stop_timeout", \.stopTimeout),
        ]
        for (key, limit) in keys {
            if let seconds = number(key) { limits[keyPath: limit] = seconds }
        }
        return limits
    }
}
