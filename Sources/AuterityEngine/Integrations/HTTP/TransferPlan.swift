internal import CCurl

/// One transfer as a plain value: what is set on libcurl's easy handle, and the limits.
struct TransferPlan: Sendable {
    var url: String
    /// Name and password of the server, kept out of the URL.
    var credentials: (user: String, password: String)?
    var numbers: [(CURLoption, Int)] = []
    var texts: [(CURLoption, String)] = []
    var lists: [(CURLoption, [String])] = []
    /// Sent whole as a request body.
    var body: [UInt8]?
    /// Read by libcurl piece by piece, as SMTP wants it.
    var upload: [UInt8]?
    /// Whether an address may be connected to; `nil` lets every address through.
    var addressGuard: AddressGuard?
    /// Holds the connection of a blocking transfer, so that another thread can end it.
    var socket: TransferSocket?
    /// When the transfer must be over, waiting for its turn included.
    var deadline: ContinuousClock.Instant
    var connectTimeout: Duration = TransferLimits.connectTimeout
    var maximumBodyBytes = 0
}

/// What bounds every transfer.
enum TransferLimits {
    static let connectTimeout: Duration = .seconds(10)
    /// Of all header lines of one answer together.
    static let maximumHeaderBytes = 64 * 1024
    static let maximumHeaderLines = 256
    /// Transfers under way at once.
    static let maximumActive = 128
    /// Transfers that wait for their turn; one more fails at once.
    static let maximumWaiting = 1024
    /// Idle connections kept for another use.
    static let maximumIdleConnections = 64
}

/// Why a transfer ended.
enum TransferEnding: Sendable {
    /// libcurl's own result, `CURLE_OK` when all went well.
    case finished(CURLcode)
    case refusedByGuard(IPAddress, String)
    case bodyTooLarge
    case headersTooLarge
    case cancelled
    /// Ran out of time before its turn came.
    case timedOutWaiting
    case overloaded
    case closed
}

/// What came of a transfer.
struct TransferReport: Sendable {
    var ending: TransferEnding
    /// HTTP status or SMTP reply code; 0 when there was none.
    var status = 0
    /// The header lines of the last answer, or the replies of an SMTP server, without line ends.
    var headerLines: [String] = []
    var body: [UInt8] = []
    /// `errno` of the failed connection, 0 when there was none.
    var systemError: Int32 = 0
    /// Why the certificate was refused (`X509_V_ERR_…` of OpenSSL); 0 or 1 when its chain is good.
    var certificateFault = 0
    /// Status with which a proxy answered `CONNECT`; 0 without one.
    var proxyStatus = 0
    /// Seconds; `nil` when the answer named none.
    var retryAfter: Double?
    /// Whether a connection had been made (an address was connected to).
    var wasConnected = false
}
