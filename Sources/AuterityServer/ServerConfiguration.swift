/// Everything that a server is told when it is started.
public struct ServerConfiguration: Sendable {
    /// The product's version, as the documentation names it.
    public var version: String
    /// An IP address or a name to listen on.
    public var host = "127.0.0.1"
    /// 0 lets the system choose.
    public var port = 8000
    /// The path of the Unix socket beside the port; none when `nil`.
    public var unixSocket: String?
    /// The certificate chain and its key, as PEM files.
    public var tls: TLSFiles?
    /// `development`, `staging` or `production`.
    public var environment = "development"
    /// A proxy before the server ends TLS, so plain HTTP may be served beyond loopback.
    public var isBehindTLSProxy = false
    /// Origins that browsers may call from, such as `https://console.example.com`.
    public var corsOrigins: [String] = []
    /// Addresses and networks whose `X-Forwarded-For` is believed.
    public var trustedProxies: [String] = []
    /// Whether `/metrics` answers without a token.
    public var metricsArePublic = false
    /// A directory with the assets of Swagger UI and ReDoc; the public CDN when `nil`.
    public var docsAssets: String?

    /// How often clients may call; as often as they like when `nil`.
    public var rateLimits: RateLimits? = RateLimits()
    /// Bytes of a request body.
    public var bodyBytes = 1 << 20
    /// What a client may take before anything is known of it.
    public var connections = ConnectionLimits()
    /// Whether the server that has this configuration has been told to stop.
    package let stopping = Stopping()

    public init(version: String) {
        self.version = version
    }

    public struct TLSFiles: Hashable, Sendable {
        public var certificate: String
        public var key: String

        public init(certificate: String, key: String) {
            self.certificate = certificate
            self.key = key
        }
    }
}
