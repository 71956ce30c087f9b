import AuterityAPI

/// Parameters that many operations share.
enum Parameters {
    static func reference(_ name: String) -> JSONValue {
        ["$ref": .string("#/components/parameters/\(name)")]
    }

    static let components: JSONObject = [
        "fields": [
            "name": "fields", "in": "query", "required": false,
            "description": """
            Keys to answer, with commas between: of the items of a list, or of a single \
            answer. Unknown ones are ignored.
            """,
            "schema": ["type": "string"], "example": "id,name",
        ],
        "ifNoneMatch": [
            "name": "If-None-Match", "in": "header", "required": false,
            "description": "Entity tags that the caller has; 304 when one of them still holds.",
            "schema": ["type": "string"],
        ],
        "requestID": [
            "name": "X-Request-ID", "in": "header", "required": false,
            "description": """
            Names the request in the answer, the log and the audit. Taken when it has 1 to 128 \
            letters, digits, `.`, `_` and `-`; else the server makes one.
            """,
            "schema": ["type": "string"],
        ],
    ]
}

/// Headers of answers.
enum Headers {
    static func reference(_ name: String) -> JSONValue {
        ["$ref": .string("#/components/headers/\(name)")]
    }

    /// Of every answer.
    static let usual: JSONObject = ["X-Request-ID": reference("RequestID")]

    /// Of an answer that counts against a limit; they are left out when limits are off.
    static let limits: JSONObject = [
        "X-RateLimit-Limit": reference("RateLimitLimit"),
        "X-RateLimit-Remaining": reference("RateLimitRemaining"),
        "X-RateLimit-Reset": reference("RateLimitReset"),
        "X-RateLimit-Window": reference("RateLimitWindow"),
    ]

    static let components: JSONObject = [
        "RequestID": header(
            "Names the request; the caller's own when it was sane.", ["type": "string"],
            isRequired: true),
        "RateLimitLimit": header("Requests of the window.", count),
        "RateLimitRemaining": header("Requests that are left.", count),
        "RateLimitReset": header("When all of them are back, in Unix seconds.", count),
        "RateLimitWindow": header("The window, in seconds.", count),
        "RetryAfter": header("Seconds after which another try makes sense.", count),
        "ETag": header(
            "The version of the answer, for `If-None-Match` and, of a workflow, for `If-Match`.",
            ["type": "string"], isRequired: true),
        "WWWAuthenticate": header(
            "Begins with `Bearer` (RFC 6750).", ["type": "string"], isRequired: true),
        "IdempotencyReplayed": header(
            "`true` when the key was used before, and the first answer is given again.",
            ["type": "string", "const": "true"]),
    ]

    private static let count: JSONValue = ["type": "integer", "minimum": 0]

    private static func header(
        _ text: String, _ schema: JSONValue, isRequired: Bool = false
    ) -> JSONValue {
        ["description": .string(text), "required": .bool(isRequired), "schema": schema]
    }
}
