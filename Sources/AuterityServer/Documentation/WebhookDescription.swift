import AuterityAPI

/// The call that a server makes when an execution ends (Standard Webhooks).
enum WebhookDescription {
    static func json(_ catalog: SchemaCatalog) throws -> JSONValue {
        let execution = try catalog.schema(of: Execution.self)
        let body = catalog.name("ExecutionEnded") {
            [
                "description": "The execution as `GET` answers it, and what became of it.",
                "allOf": [
                    execution,
                    [
                        "type": "object", "required": ["type"],
                        "properties": [
                            "type": [
                                "type": "string",
                                "enum": [
                                    "execution.completed", "execution.failed",
                                    "execution.cancelled",
                                ],
                            ]
                        ],
                    ],
                ],
            ]
        }
        var example = try JSONValue(encoding: Execution.example).objectValue ?? [:]
        example["type"] = "execution.completed"
        return [
            "executionEnded": [
                "{$request.body#/webhook_url}": [
                    "post": [
                        "operationId": "executionEnded",
                        "summary": "The execution has ended",
                        "description": .string(text),
                        "security": [],
                        "parameters": .array(parameters),
                        "requestBody": [
                            "required": true,
                            "content": [
                                "application/json": ["schema": body, "example": .object(example)]
                            ],
                        ],
                        "responses": [
                            "2XX": ["description": "It was received."],
                            "default": ["description": "It is tried again for a day."],
                        ],
                    ]
                ]
            ]
        ]
    }

    private static let text = """
        Made at least once for each execution with a `webhook_url`, also after a restart: first \
        retry after 5 seconds, then growing to an hour, for a day. The signature is \
        `v1,` and the base64 of HMAC-SHA256 over `{webhook-id}.{webhook-timestamp}.{body}`; its \
        key is the base64 behind `whsec_` in the server's webhook secret.
        """

    private static let parameters: [JSONValue] = [
        header("webhook-id", "The same at every try, to tell repeats.", isRequired: true),
        header("webhook-timestamp", "When this try was made, in Unix seconds.", isRequired: true),
        header(
            "webhook-signature", "Signatures with spaces between; none without a secret.",
            isRequired: false),
    ]

    private static func header(_ name: String, _ text: String, isRequired: Bool) -> JSONValue {
        [
            "name": .string(name), "in": "header", "required": .bool(isRequired),
            "description": .string(text), "schema": ["type": "string"],
        ]
    }
}
