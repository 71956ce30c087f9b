import ArgumentParser

/// What the server does.
struct ServerFlags: ParsableArguments {
    @Option(name: .long, help: Setting.help("host"))
    var host: String?

    @Option(name: .long, help: Setting.help("port"))
    var port: String?

    @Option(name: .long, help: Setting.help("unix_socket"), completion: .file())
    var unixSocket: String?

    @Option(name: .long, help: Setting.help("tls_cert"), completion: .file())
    var tlsCert: String?

    @Option(name: .long, help: Setting.help("tls_key"), completion: .file())
    var tlsKey: String?

    @Flag(name: .long, help: Setting.help("behind_tls_proxy"))
    var behindTlsProxy = false

    @Option(name: .long, help: Setting.help("trusted_proxies"))
    var trustedProxies: String?

    @Option(name: .long, help: Setting.help("cors_origins"))
    var corsOrigins: String?

    @Option(name: .long, help: Setting.help("admin_email"))
    var adminEmail: String?

    @Option(name: .long, help: Setting.help("admin_password"))
    var adminPassword: String?

    @Flag(name: .long, inversion: .prefixedNo, help: Setting.help("registration"))
    var registration: Bool?

    @Option(name: .long, help: Setting.help("jwt_secret"))
    var jwtSecret: String?

    @Option(name: .long, help: Setting.help("cross_system_targets"))
    var crossSystemTargets: String?

    @Flag(name: .long, inversion: .prefixedNo, help: Setting.help("rate_limits"))
    var rateLimits: Bool?

    @Option(name: .long, help: Setting.help("rate_limit_authentication"))
    var rateLimitAuthentication: String?

    @Option(name: .long, help: Setting.help("rate_limit_workflows"))
    var rateLimitWorkflows: String?

    @Option(name: .long, help: Setting.help("rate_limit_templates"))
    var rateLimitTemplates: String?

    @Option(name: .long, help: Setting.help("rate_limit_monitoring"))
    var rateLimitMonitoring: String?

    @Option(name: .long, help: Setting.help("rate_limit_other"))
    var rateLimitOther: String?

    @Option(name: .long, help: Setting.help("login_failures"))
    var loginFailures: String?

    @Option(name: .long, help: Setting.help("login_failures_per_address"))
    var loginFailuresPerAddress: String?

    @Flag(name: .long, help: Setting.help("metrics_public"))
    var metricsPublic = false

    @Option(name: .long, help: Setting.help("docs_assets"), completion: .directory)
    var docsAssets: String?

    @Option(name: .long, help: Setting.help("max_body_bytes"))
    var maxBodyBytes: String?

    @Option(name: .long, help: Setting.help("max_connections"))
    var maxConnections: String?

    @Option(name: .long, help: Setting.help("header_timeout"))
    var headerTimeout: String?

    @Option(name: .long, help: Setting.help("body_timeout"))
    var bodyTimeout: String?

    @Option(name: .long, help: Setting.help("idle_timeout"))
    var idleTimeout: String?

    @Option(name: .long, help: Setting.help("provider_probe_interval"))
    var providerProbeInterval: String?

    @Option(name: .long, help: Setting.help("stop_timeout"))
    var stopTimeout: String?

    /// What was given, by key.
    var values: [(String, String?)] {
        [
            ("host", host),
            ("port", port),
            ("unix_socket", unixSocket),
            ("tls_cert", tlsCert),
            ("tls_key", tlsKey),
            ("behind_tls_proxy", behindTlsProxy ? "true" : nil),
            ("trusted_proxies", trustedProxies),
            ("cors_origins", corsOrigins),
            ("admin_email", adminEmail),
            ("admin_password", adminPassword),
            ("registration", registration.map { String($0) }),
            ("jwt_secret", jwtSecret),
            ("cross_system_targets", crossSystemTargets),
            ("rate_limits", rateLimits.map { String($0) }),
            ("rate_limit_authentication", rateLimitAuthentication),
            ("rate_limit_workflows", rateLimitWorkflows),
            ("rate_limit_templates", rateLimitTemplates),
            ("rate_limit_monitoring", rateLimitMonitoring),
            ("rate_limit_other", rateLimitOther),
            ("login_failures", loginFailures),
            ("login_failures_per_address", loginFailuresPerAddress),
            ("metrics_public", metricsPublic ? "true" : nil),
            ("docs_assets", docsAssets),
            ("max_body_bytes", maxBodyBytes),
            ("max_connections", maxConnections),
            ("header_timeout", headerTimeout),
            ("body_timeout", bodyTimeout),
            ("idle_timeout", idleTimeout),
            ("provider_probe_interval", providerProbeInterval),
            ("stop_timeout", stopTimeout),
        ]
    }
}
