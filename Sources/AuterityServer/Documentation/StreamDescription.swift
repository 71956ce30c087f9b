import AuterityAPI

/// The event stream, for which OpenAPI has no form of its own (`x-websocket`).
enum StreamDescription {
    static func json(_ catalog: SchemaCatalog) throws -> JSONValue {
        [
            "url": "/ws/{client_id}",
            "description": .string(text),
            "parameters": [
                parameter("client_id", in: "path", "Any name of the client's; it may be repeated."),
                parameter(
                    "token", in: "query",
                    "The bearer token, where the header `Authorization` cannot be set."),
                parameter(
                    "last_event_id", in: "query",
                    "First sends what came after this event, with no gap and nothing twice."),
            ],
            "serverMessages": ["oneOf": .array(try serverMessages(catalog))],
            "clientMessages": ["oneOf": .array(clientMessages)],
            "closeCodes": [
                "1001": "The server stops.",
                "1003": "Messages are texts.",
                "1007": "A text is no UTF-8.",
                "1008": "Too much that was not understood, or too many messages.",
                "1009": "A message over 64 KiB.",
                "1013": "Too many connections of the account, or the token cannot be checked now.",
                "4401": "The token is missing or bad, or has ended.",
                "4403": "The caller lacks `workflow:read`.",
            ],
        ]
    }

    private static let text = """
        JSON texts both ways. At first all topics are sent; `subscribe` narrows to those that are \
        named. Ids of events only grow, and events are kept for 24 hours. `resync_required` says \
        that some were missed: read the lists again, and go on from there.
        """

    private static func parameter(_ name: String, in place: String, _ text: String) -> JSONValue {
        [
            "name": .string(name), "in": .string(place), "required": .bool(place == "path"),
            "description": .string(text), "schema": ["type": "string"],
        ]
    }

    private static func serverMessages(_ catalog: SchemaCatalog) throws -> [JSONValue] {
        [
            try catalog.schema(of: Event.self),
            reply(
                "subscribed", "What is sent from now on.",
                ["topics": topics, "execution_id": SchemaCatalog.nullable(uuid)]),
            reply("resync_required", "Events were missed.", ["message": string]),
            reply(
                "pong", "The answer to `ping`: everything up to this event was sent.",
                ["last_event_id": id]),
            reply(
                "authenticated",
                "The answer to `auth`; unasked when the roles of the account have changed.",
                ["expires_at": SchemaCatalog.nullable(time)]),
            reply(
                "error", "A message was not understood.", ["code": string, "message": string]),
        ]
    }

    /// With all of its keys, always.
    private static func reply(_ type: String, _ text: String, _ others: JSONObject) -> JSONValue {
        message(type, text, others: others, required: others.keys)
    }

    private static let clientMessages: [JSONValue] = [
        message("subscribe", "Narrows to topics or an execution.", others: choice),
        message("unsubscribe", "Takes topics or an execution away.", others: choice),
        message(
            "resume", "Goes on behind an event.", others: ["last_event_id": id],
            required: ["last_event_id"]),
        message(
            "auth", "Renews the token in time.", others: ["token": string], required: ["token"]),
        message("ping", "Is answered `pong`."),
    ]

    private static let choice: JSONObject = [
        "topics": topics, "execution_id": uuid,
    ]

    private static let topics: JSONValue = [
        "type": "array",
        "items": ["type": "string", "enum": ["executions", "alerts", "errors", "metrics"]],
    ]

    private static let string: JSONValue = ["type": "string"]
    private static let uuid: JSONValue = ["type": "string", "format": "uuid"]
    private static let time: JSONValue = ["type": "string", "format": "date-time"]
    private static let id: JSONValue = ["type": "integer", "format": "int64", "minimum": 0]

    private static func message(
        _ type: String, _ text: String, others: JSONObject = [:], required: [String] = []
    ) -> JSONValue {
        var properties: JSONObject = ["type": ["type": "string", "const": .string(type)]]
        properties.merge(others)
        return [
            "type": "object", "description": .string(text),
            "required": .array((["type"] + required).map { .string($0) }),
            "properties": .object(properties),
        ]
    }
}
