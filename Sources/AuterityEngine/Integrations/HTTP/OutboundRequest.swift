internal import CCurl

/// One header field; names are compared without regard to case.
package struct HTTPField: Hashable, Sendable {
    package let name: String
    package let value: String

    package init(_ name: String, _ value: String) {
        self.name = name
        self.value = value
    }

    func isNamed(_ other: String) -> Bool {
        name.lowercased() == other.lowercased()
    }
}

/// One HTTP request that leaves the process.
package struct OutboundRequest: Sendable {
    /// Who chose the address, and so whether the address guard stands before it.
    package enum Origin: Sendable {
        /// A definition or a caller named it: the guard checks every address connected to.
        case named
        /// The operator configured it (an AI provider's base URL): no guard.
        case configured
    }

    package static let defaultTimeout: Duration = .seconds(30)
    package static let defaultMaximumBodyBytes = 16 * 1024 * 1024

    package var method: String
    /// `http` or `https`, absolute.
    package var url: String
    package var fields: [HTTPField]
    package var body: [UInt8]?
    package var origin: Origin
    /// From the call of `send` to the last byte, redirects and waiting for a turn included.
    package var timeout: Duration
    /// Without a byte either way, once connected; whole seconds, at least one. `nil`: `timeout`
    /// alone counts.
    package var stallTimeout: Duration?
    /// Of the decompressed body.
    package var maximumBodyBytes: Int
    /// At most five, of GET and HEAD only.
    package var followsRedirects = true
    /// Sent along as `Idempotency-Key`.
    package var idempotencyKey: String?
    /// Whether it may reach the far end but once. libcurl sends a request again when a connection
    /// that was used before turns out to be dead, though the far end may have read it; such a
    /// request goes over a connection of its own. At first, what RFC 9110 (section 9.2.2) does not
    /// call idempotent.
    package var isSentOnce: Bool
    /// How the server is reached, where that is not by the address alone.
    package var connection: OutboundConnection

    package init(
        method: String = "GET", url: String, fields: [HTTPField] = [], body: [UInt8]? = nil,
        origin: Origin = .named, timeout: Duration = OutboundRequest.defaultTimeout,
        maximumBodyBytes: Int = OutboundRequest.defaultMaximumBodyBytes,
        idempotencyKey: String? = nil, connection: OutboundConnection = OutboundConnection()
    ) {
        self.method = method
        isSentOnce = ["POST", "PATCH"].contains(method)
        self.url = url
        self.fields = fields
        self.body = body
        self.origin = origin
        self.timeout = timeout
        self.maximumBodyBytes = maximumBodyBytes
        self.idempotencyKey = idempotencyKey
        self.connection = connection
    }
}

/// How a server is reached that the operator named.
package struct OutboundConnection: Hashable, Sendable {
    /// The path of a Unix socket; the host of the address is a name only then.
    package var unixSocket: String?
    /// Certificates (PEM) to trust instead of the client's own choice.
    package var certificateFile: String?
    /// What the client shows of itself (PEM), and the key that goes with it.
    package var clientCertificate: String?
    package var clientKey: String?
    /// Goes before the client's own choice of a proxy.
    package var proxy: String?

    package init(
        unixSocket: String? = nil, certificateFile: String? = nil,
        clientCertificate: String? = nil, clientKey: String? = nil, proxy: String? = nil
    ) {
        self.unixSocket = unixSocket
        self.certificateFile = certificateFile
        self.clientCertificate = clientCertificate
        self.clientKey = clientKey
        self.proxy = proxy
    }

    var options: [(CURLoption, String)] {
        [
            (CURLOPT_UNIX_SOCKET_PATH, unixSocket), (CURLOPT_CAINFO, certificateFile),
            (CURLOPT_SSLCERT, clientCertificate), (CURLOPT_SSLKEY, clientKey),
        ].compactMap { option, value in value.map { (option, $0) } }
    }
}

/// What the far end answered, of the last hop.
package struct OutboundResponse: Sendable {
    /// 200 to 599.
    package let status: Int
    /// In the order in which they came; names as they came.
    package let fields: [HTTPField]
    /// Decompressed.
    package let body: [UInt8]
    /// Where the answer came from after redirects, without user, password, query and fragment.
    package let address: String
    /// Seconds after which the far end wants to be asked again.
    package let retryAfter: Double?
    /// Seconds from the call of `send` to the last byte.
    package let seconds: Double

    /// The values of the fields of this name, joined by commas as RFC 9110 has it.
    package func field(_ name: String) -> String? {
        let values = fields.filter { $0.isNamed(name) }.map(\.value)
        return values.isEmpty ? nil : values.joined(separator: ", ")
    }

    /// Whether another try may be answered otherwise: 408, 425, 429 and 5xx.
    package static func isRetryable(status: Int) -> Bool {
        [408, 425, 429].contains(status) || (500...599).contains(status)
    }
}
