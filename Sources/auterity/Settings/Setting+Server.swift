extension Setting {
    /// What `auterity serve` does.
    static let server: [Setting] = [
        Setting(
            key: "host", kind: .text,
            summary: "The address or name to listen on; 0.0.0.0 or :: for all",
            defaultText: "127.0.0.1"),
        Setting(
            key: "port", kind: .number(0...65_535),
            summary: "The port to listen on; 0 lets the system choose",
            defaultText: "8000"),
        Setting(
            key: "unix_socket", kind: .path,
            summary: "The Unix socket beside the port, where its owner is the "
                + "administrator; off for none",
            defaultText: "auterity.sock in the data directory"),
        Setting(
            key: "tls_cert", kind: .path,
            summary: "The certificate chain to serve HTTPS with, as a PEM file",
            defaultText: "none: plain HTTP"),
        Setting(
            key: "tls_key", kind: .path,
            summary: "The private key that belongs to it, as a PEM file",
            defaultText: "none"),
        Setting(
            key: "behind_tls_proxy", kind: .toggle,
            summary: "A proxy before the server ends TLS, so plain HTTP may leave the "
                + "machine",
            defaultText: "false"),
        Setting(
            key: "trusted_proxies", kind: .text,
            summary: "Addresses and networks, comma-separated, whose X-Forwarded-For is "
                + "believed",
            defaultText: "none"),
        Setting(
            key: "cors_origins", kind: .text,
            summary: "Origins, comma-separated, whose pages may call the API from a "
                + "browser",
            defaultText: "none"),
        Setting(
            key: "admin_email", kind: .text,
            summary: "Email of the administrator who is made when there is none",
            defaultText: "none"),
        Setting(
            key: "admin_password", kind: .text,
            summary: "The password for it, 8 to 72 bytes",
            defaultText: "none", isSecret: true),
        Setting(
            key: "registration", kind: .toggle,
            summary: "Anybody may register an account; --no-registration leaves it to "
                + "administrators",
            defaultText: "true", isOnAtFirst: true),
        Setting(
            key: "jwt_secret", kind: .text,
            summary: "Signs access tokens, at least 32 bytes",
            defaultText: "made at the first start and kept in the data directory", isSecret: true),
        Setting(
            key: "cross_system_targets", kind: .text,
            summary: "Other systems, comma-separated, that tokens can be made for",
            defaultText: "relaycore, neuroweaver, autmatrix"),
        Setting(
            key: "rate_limits", kind: .toggle,
            summary: "Limit how often a client may call, and how often a login may fail; "
                + "--no-rate-limits lifts every limit",
            defaultText: "true", isOnAtFirst: true),
        Setting(
            key: "rate_limit_authentication", kind: .rate,
            summary: "Requests to log in, register and the like, in seconds, for an "
                + "address",
            defaultText: "10/60"),
        Setting(
            key: "rate_limit_workflows", kind: .rate,
            summary: "Requests for workflows, executions and logs, in seconds, for a "
                + "user",
            defaultText: "100/60"),
        Setting(
            key: "rate_limit_templates", kind: .rate,
            summary: "Requests for templates, in seconds, for a user",
            defaultText: "50/60"),
        Setting(
            key: "rate_limit_monitoring", kind: .rate,
            summary: "Requests for health, metrics and alerts, in seconds, for a user",
            defaultText: "200/60"),
        Setting(
            key: "rate_limit_other", kind: .rate,
            summary: "All other requests, in seconds, for a user, or an address without "
                + "a token",
            defaultText: "1000/3600"),
        Setting(
            key: "login_failures", kind: .number(0...1_000_000),
            summary: "Failed logins of an account that cost nothing; each further one makes the "
                + "next wait longer, 1 second to 15 minutes",
            defaultText: "10"),
        Setting(
            key: "login_failures_per_address", kind: .number(0...1_000_000),
            summary: "The same for all logins from an address, whatever the account",
            defaultText: "20"),
        Setting(
            key: "metrics_public", kind: .toggle,
            summary: "/metrics answers without a token",
            defaultText: "false"),
        Setting(
            key: "docs_assets", kind: .path,
            summary: "A directory with the assets of Swagger UI and ReDoc, so that /docs "
                + "needs no other site",
            defaultText: "the public CDN"),
        Setting(
            key: "max_body_bytes", kind: .number(1024...104_857_600),
            summary: "Bytes of a request body",
            defaultText: "1048576"),
        Setting(
            key: "max_connections", kind: .number(1...1_000_000),
            summary: "Connections at a time; beyond them the one that is idle longest is "
                + "closed. Up to nine tenths of them may be WebSockets",
            defaultText: "4096"),
        Setting(
            key: "header_timeout", kind: .number(1...3600),
            summary: "Seconds that a client may take for the head of a request",
            defaultText: "10"),
        Setting(
            key: "body_timeout", kind: .number(1...3600),
            summary: "Seconds for which a request body may stand still, or an answer "
                + "unread",
            defaultText: "30"),
        Setting(
            key: "idle_timeout", kind: .number(1...86_400),
            summary: "Seconds for which a connection may stay open without a request",
            defaultText: "75"),
        Setting(
            key: "provider_probe_interval", kind: .number(0...86_400),
            summary: "Seconds between two looks at whether the AI services and the mail server "
                + "that are set up answer, for the health report; 0 for none",
            defaultText: "300"),
        Setting(
            key: "stop_timeout", kind: .number(0...3600),
            summary: "Seconds that requests under way are given at a stop",
            defaultText: "10"),
    ]
}
