import AuterityAPI

/// What a client may say.
enum StreamRequest: Hashable, Sendable {
    /// What came after an id first.
    case resume(after: Int64)
    case subscribe(StreamSelection)
    case unsubscribe(StreamSelection)
    case ping
    /// Another token of the same account.
    case authenticate(token: String)

    /// - Throws: 400 or 422 in a sentence for who wrote the client.
    init(parsing text: String) throws(APIError) {
        let value: JSONValue
        do {
            value = try JSONValue(parsing: text)
        } catch {
            throw APIError(.badRequest, "A message is a JSON object: \(error)")
        }
        guard case .object = value else {
            throw APIError(.badRequest, "A message is a JSON object with a type")
        }
        guard let type = value["type"]?.stringValue else {
            throw APIError(.badRequest, "A message has a type: \(Self.types)")
        }
        switch type {
        case "resume":
            guard let id = value["last_event_id"]?.intValue, id >= 0 else {
                throw APIError(
                    .validationError, "last_event_id of resume is an integer of 0 or more")
            }
            self = .resume(after: id)
        case "subscribe": self = .subscribe(try StreamSelection(value))
        case "unsubscribe": self = .unsubscribe(try StreamSelection(value))
        case "ping": self = .ping
        case "auth":
            guard let token = value["token"]?.stringValue, !token.isEmpty else {
                throw APIError(.validationError, "token of auth is an access token")
            }
            self = .authenticate(token: token)
        default:
            throw APIError(.badRequest, "The type of a message is one of \(Self.types)")
        }
    }

    private static let types = "resume, subscribe, unsubscribe, ping, auth"
}

/// Topics, an execution, or both.
struct StreamSelection: Hashable, Sendable {
    /// `nil` when none are named.
    var topics: StreamTopics?
    var execution: ExecutionID?

    init(topics: StreamTopics? = nil, execution: ExecutionID? = nil) {
        self.topics = topics
        self.execution = execution
    }

    init(_ message: JSONValue) throws(APIError) {
        if let value = message["topics"], !value.isNull { topics = try Self.topics(value) }
        if let value = message["execution_id"], !value.isNull {
            guard let id = value.stringValue.flatMap({ ExecutionID($0) }) else {
                throw APIError(.validationError, "execution_id is the id of an execution")
            }
            execution = id
        }
        guard topics != nil || execution != nil else {
            throw APIError(.validationError, "Name topics, an execution_id, or both")
        }
    }

    private static func topics(_ value: JSONValue) throws(APIError) -> StreamTopics {
        let error = APIError(
            .validationError,
            "topics is a list of \(StreamTopics.allNames.joined(separator: ", "))")
        guard let names = value.arrayValue, !names.isEmpty else { throw error }
        var topics: StreamTopics = []
        for name in names {
            guard let topic = name.stringValue.flatMap({ StreamTopics(name: $0) }) else {
                throw error
            }
            topics.formUnion(topic)
        }
        return topics
    }
}
