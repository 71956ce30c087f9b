import AuterityAPI

/// What the server says besides events.
enum StreamReply: Hashable, Sendable {
    case subscribed(StreamFilter)
    /// Everything that was due before the ping has been told, up to this event.
    case pong(lastEventID: Int64)
    case error(APIError)
    /// Events were lost to this client: it reads what it shows afresh. What follows is complete.
    case resyncRequired
    /// The token was taken. `nil`: the connection needs none.
    case authenticated(until: Timestamp?)

    var json: String { message.jsonText }

    private var message: JSONValue {
        switch self {
        case .subscribed(let filter):
            [
                "type": "subscribed",
                "topics": .array(filter.topics.names.map { .string($0) }),
                "execution_id": filter.execution.map { .string($0.description) } ?? .null,
            ]
        case .pong(let id): ["type": "pong", "last_event_id": .int(id)]
        case .error(let error):
            [
                "type": "error", "code": .string(error.code.rawValue),
                "message": .string(error.message),
            ]
        case .resyncRequired:
            [
                "type": "resync_required",
                "message": "Events were lost to this client. Read the state afresh",
            ]
        case .authenticated(let until):
            [
                "type": "authenticated",
                "expires_at": until.map { .string($0.description) } ?? .null,
            ]
        }
    }
}
