import AuterityAPI
import AuterityEngine

/// The schema of a definition, which types read leniently and nodes judge themselves.
enum DefinitionDescription {
    static let reference: JSONObject = ["$ref": "#/components/schemas/Definition"]

    static var schema: JSONValue {
        [
            "type": "object",
            "description": """
            The nodes and edges of a workflow, without a cycle and with one `start`. What else \
            an editor puts here is kept.
            """,
            "required": ["nodes"],
            "properties": [
                "nodes": ["type": "array", "minItems": 1, "items": node],
                "edges": ["type": "array", "items": edge],
            ],
        ]
    }

    private static let text: JSONValue = ["type": "string", "minLength": 1]

    private static var node: JSONValue {
        let types = NodeCatalog.all.map { $0.documentation }
        let list = types.map { "`\($0.name)`: \($0.summary)" }
        return [
            "type": "object", "required": ["id", "type"],
            "properties": [
                "id": ["type": "string", "minLength": 1, "description": "Unique."],
                "type": [
                    "type": "string",
                    "enum": .array(types.flatMap { [$0.name] + $0.aliases }.map(JSONValue.string)),
                    "description": .string(list.joined(separator: "\n\n")),
                ],
                "data": [
                    "type": ["object", "null"],
                    "description": """
                    What the type takes, and for all types `label`, `timeout`, `retry`, \
                    `on_error` and `output_key`. Texts may hold `{{ expression }}`.
                    """,
                ],
                "position": [
                    "type": ["object", "null"],
                    "properties": ["x": ["type": "number"], "y": ["type": "number"]],
                    "description": "Where an editor puts it, in its own units.",
                ],
            ],
        ]
    }

    private static let edge: JSONValue = [
        "type": "object", "required": ["source", "target"],
        "properties": [
            "id": ["type": ["string", "null"], "description": "Names the edge. Unique."],
            "source": text, "target": text,
            "source_handle": [
                "type": ["string", "null"],
                "description": "Which outcome of the source it hangs on, such as `true`.",
            ],
            "condition": [
                "type": ["string", "null"], "description": "An expression that must hold besides.",
            ],
        ],
    ]
}
