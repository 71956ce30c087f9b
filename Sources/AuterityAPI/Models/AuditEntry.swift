/// Who did what, and what came of it.
public struct AuditEntry: Listed {
    public static let listKey = "entries"

    public let id: AuditEntryID
    public let timestamp: Timestamp
    /// `null` for who was not logged in.
    public let userID: UserID?
    /// An email, the name of the operating-system user, or the email that a login named.
    public let user: String?
    /// The method and the path's template: `POST /api/workflows/{workflow_id}/execute`.
    public let action: String
    /// The id or the name of what was acted on, where the call names one.
    public let target: String?
    /// The HTTP status of the answer.
    public let status: Int
    /// The code of the error; `null` for what succeeded.
    public let code: String?
    /// As in `X-Request-ID`; `null` for what was called in process.
    public let requestID: String?
    /// An IP address, `unix` for the socket of the server, or `null` in process.
    public let address: String?

    enum CodingKeys: String, CodingKey {
        case id, timestamp, user, action, target, status, code, address
        case userID = "user_id"
        case requestID = "request_id"
    }

    public init(
        id: AuditEntryID, timestamp: Timestamp, userID: UserID?, user: String?, action: String,
        target: String?, status: Int, code: String?, requestID: String?, address: String?
    ) {
        self.id = id
        self.timestamp = timestamp
        self.userID = userID
        self.user = user
        self.action = action
        self.target = target
        self.status = status
        self.code = code
        self.requestID = requestID
        self.address = address
    }
}
