import AuterityAPI

/// The plain routes that programs ask, as OpenAPI describes them.
enum PlainRouteDescriptions {
    static let paths: [(path: String, item: JSONObject)] = [
        (
            "/metrics",
            operation(
                "prometheus", "Get figures for Prometheus",
                "Text exposition. Needs the permission `metrics:read`, unless the server was told "
                    + "to show them to anybody.",
                isOpen: false,
                [
                    (200, "text/plain", ["type": "string"]),
                    (401, "", ErrorDescriptions.reference("Unauthorized")),
                    (403, "", ErrorDescriptions.reference("Forbidden")),
                    (429, "", ErrorDescriptions.reference("RateLimitExceeded")),
                    (503, "", ErrorDescriptions.reference("ServiceUnavailable")),
                ])
        ),
        (
            "/health/live",
            operation(
                "live", "Ask whether the process answers", "", isOpen: true,
                [(200, "application/json", status(["live"]))])
        ),
        (
            "/health/ready",
            operation(
                "ready", "Ask whether requests are welcome", "", isOpen: true,
                [
                    (200, "application/json", status(["ready"])),
                    (503, "application/json", status(["not_ready"], hasReason: true)),
                ])
        ),
        (
            "/openapi.json",
            operation(
                "openAPI", "Get this document", "", isOpen: true,
                [
                    (200, "application/json", ["type": "object", "required": ["openapi"]]),
                    (304, "", ["description": "What the caller has still holds."]),
                    (429, "", ErrorDescriptions.reference("RateLimitExceeded")),
                ])
        ),
    ]

    private static func status(_ words: [JSONValue], hasReason: Bool = false) -> JSONValue {
        var properties: JSONObject = ["status": ["type": "string", "enum": .array(words)]]
        if hasReason { properties["reason"] = ["type": "string"] }
        return [
            "type": "object", "required": .array(properties.keys.map(JSONValue.string)),
            "properties": .object(properties),
        ]
    }

    private static func operation(
        _ id: String, _ summary: String, _ text: String, isOpen: Bool,
        _ answers: [(status: Int, type: String, schema: JSONValue)]
    ) -> JSONObject {
        var responses = JSONObject()
        for answer in answers {
            responses[String(answer.status)] =
                answer.type.isEmpty
                ? answer.schema
                : [
                    "description": .string(answer.status == 200 ? "Done." : "It cannot now."),
                    "headers": .object(Headers.usual),
                    "content": .object([answer.type: ["schema": answer.schema]]),
                ]
        }
        responses["500"] = ErrorDescriptions.reference("InternalError")
        return [
            "get": [
                "operationId": .string(id), "tags": [.string(Tag.system.title)],
                "summary": .string(summary), "description": .string(text),
                "security": isOpen ? [] : [["bearerAuth": []], ["oauth2": []]],
                "parameters": [Parameters.reference("requestID")],
                "responses": .object(responses),
            ]
        ]
    }
}
