/// A type that codes itself, and so says itself what its wire form looks like.
public protocol SchemaDescribed: Decodable {
    /// A JSON Schema (draft 2020-12). Named schemas are had from the catalog.
    static func schema(in catalog: SchemaCatalog) throws -> JSONValue
    /// A value in its wire form.
    static var wireSample: JSONValue { get }
}

extension Identifier: SchemaDescribed {
    public static func schema(in catalog: SchemaCatalog) -> JSONValue {
        ["type": "string", "format": "uuid"]
    }
    public static var wireSample: JSONValue { .string(Identifier.none.description) }
}

extension Timestamp: SchemaDescribed {
    public static func schema(in catalog: SchemaCatalog) -> JSONValue {
        ["type": "string", "format": "date-time"]
    }
    public static var wireSample: JSONValue { "2025-08-08T10:30:00Z" }
}

extension JSONValue: SchemaDescribed {
    /// Whatever it is.
    public static func schema(in catalog: SchemaCatalog) -> JSONValue { [:] }
    public static var wireSample: JSONValue { nil }
}

extension JSONObject: SchemaDescribed {
    public static func schema(in catalog: SchemaCatalog) -> JSONValue { ["type": "object"] }
    public static var wireSample: JSONValue { [:] }
}

extension SecretScope: SchemaDescribed {
    public static func schema(in catalog: SchemaCatalog) throws -> JSONValue {
        catalog.name("SecretScope") {
            [
                "description": "Which workflows may use a secret: all, or those of these ids.",
                "oneOf": [
                    ["type": "string", "const": "*"],
                    ["type": "array", "items": WorkflowID.schema(in: catalog)],
                ],
            ]
        }
    }
    public static var wireSample: JSONValue { "*" }
}

extension ExecutionOutcome: SchemaDescribed {
    public static func schema(in catalog: SchemaCatalog) throws -> JSONValue {
        [
            "oneOf": [
                try catalog.schema(of: ExecutionAccepted.self),
                try catalog.schema(of: Execution.self),
            ]
        ]
    }
    public static var wireSample: JSONValue {
        [
            "execution_id": ExecutionID.wireSample, "workflow_id": WorkflowID.wireSample,
            "status": "running", "started_at": Timestamp.wireSample, "input_data": [:],
        ]
    }
}

extension Page: SchemaDescribed {
    public static func schema(in catalog: SchemaCatalog) throws -> JSONValue {
        [
            "oneOf": [
                try numberedSchema(in: catalog), try cursorSchema(in: catalog),
            ]
        ]
    }
    public static var wireSample: JSONValue { [Item.listKey: [], "next_cursor": nil] }

    /// Of a page that was asked for by its number.
    public static func numberedSchema(in catalog: SchemaCatalog) throws -> JSONValue {
        let integer: JSONValue = ["type": "integer", "minimum": 0]
        return try catalog.name("\(SchemaCatalog.name(of: Item.self))Page") {
            try schema(
                in: catalog,
                ["total": integer, "page": integer, "page_size": integer, "total_pages": integer])
        }
    }

    /// Of a page behind a cursor.
    public static func cursorSchema(in catalog: SchemaCatalog) throws -> JSONValue {
        try catalog.name("\(SchemaCatalog.name(of: Item.self))Stretch") {
            try schema(
                in: catalog,
                [
                    "next_cursor": [
                        "type": ["string", "null"], "description": "`null` at the end.",
                    ]
                ])
        }
    }

    private static func schema(
        in catalog: SchemaCatalog, _ others: JSONObject
    ) throws -> JSONValue {
        var properties: JSONObject = [
            Item.listKey: [
                "type": "array", "items": try catalog.schemaOfSelectable(of: Item.self),
            ]
        ]
        properties.merge(others)
        return [
            "type": "object", "required": .array(properties.keys.map(JSONValue.string)),
            "properties": .object(properties),
        ]
    }
}

extension Event: SchemaDescribed {
    public static func schema(in catalog: SchemaCatalog) throws -> JSONValue {
        let kinds: [(type: String, data: JSONValue, isKept: Bool)] = [
            (
                "workflow_execution_update", try catalog.schema(of: ExecutionUpdate.self), true
            ),
            ("system_alert", try catalog.schema(of: Alert.self), true),
            ("error_notification", try catalog.schema(of: ErrorNotification.self), true),
            ("metrics_update", try catalog.schema(of: Metrics.self), false),
        ]
        return catalog.name("Event") {
            let kinds = kinds.map { kind -> JSONValue in
                var properties: JSONObject = [
                    "type": ["type": "string", "const": .string(kind.type)], "data": kind.data,
                    "timestamp": Timestamp.schema(in: catalog),
                ]
                if kind.isKept {
                    properties["id"] = [
                        "type": "integer", "format": "int64",
                        "description": "Only grows; what `last_event_id` goes on from.",
                    ]
                }
                return [
                    "type": "object", "required": .array(properties.keys.map(JSONValue.string)),
                    "properties": .object(properties),
                ]
            }
            return ["description": "A change that clients are told of.", "oneOf": .array(kinds)]
        }
    }
    public static var wireSample: JSONValue {
        [
            "type": "error_notification",
            "data": [
                "execution_id": ExecutionID.wireSample, "workflow_id": WorkflowID.wireSample,
                "code": "TIMEOUT", "message": "",
            ],
            "timestamp": Timestamp.wireSample, "id": 1,
        ]
    }
}
