import AuterityAPI

/// The OpenAPI 3.1 description of the server, made from the list of endpoints and their types.
struct OpenAPIDocument {
    let json: JSONValue

    /// - Throws: what a type throws whose schema cannot be made, or that has no example; a mistake
    ///   of the program that its tests find.
    init(version: String) throws {
        let catalog = SchemaCatalog(describe: Meanings.text)
        var paths: [(path: String, item: JSONObject)] = []
        for endpoint in Endpoints.all {
            let operation = try Operations.json(of: endpoint, catalog)
            let route = endpoint.route
            let method = route.method.rawValue.lowercased()
            if let index = paths.firstIndex(where: { $0.path == route.path }) {
                paths[index].item[method] = operation
            } else {
                paths.append((route.path, [method: operation]))
            }
        }
        paths += PlainRouteDescriptions.paths
        _ = try catalog.schema(of: ErrorBody.self)
        let stream = try StreamDescription.json(catalog)
        let errors = try ErrorDescriptions.components()
        _ = catalog.name("Definition") { DefinitionDescription.schema }
        _ = catalog.name("OAuthError") { ErrorDescriptions.oauthSchema }
        json = [
            "openapi": "3.1.0",
            "jsonSchemaDialect": "https://spec.openapis.org/oas/3.1/dialect/base",
            "info": Self.info(version),
            "servers": [["url": "/", "description": "The server that answers this document."]],
            "tags": .array(Tag.allCases.map(\.json)),
            "security": [["bearerAuth": []], ["oauth2": []]],
            "paths": .object(JSONObject(ordered: paths.map { ($0.path, .object($0.item)) })),
            "components": [
                "schemas": .object(catalog.components),
                "responses": .object(errors),
                "parameters": .object(Parameters.components),
                "headers": .object(Headers.components),
                "securitySchemes": Self.securitySchemes,
            ],
            "x-websocket": stream,
        ]
    }

    private static func info(_ version: String) -> JSONValue {
        [
            "title": "Auterity API", "version": .string(version),
            "summary": "Workflow automation: definitions, executions, templates, monitoring.",
            "description": .string(introduction),
            "license": ["name": "Apache 2.0", "identifier": "Apache-2.0"],
        ]
    }

    private static let securitySchemes: JSONValue = [
        "bearerAuth": [
            "type": "http", "scheme": "bearer", "bearerFormat": "JWT",
            "description": "The `access_token` of `POST /api/auth/login`.",
        ],
        "oauth2": [
            "type": "oauth2",
            "description": "Logs in with email and password.",
            "flows": [
                "password": [
                    "tokenUrl": "/api/auth/token", "refreshUrl": "/api/auth/token", "scopes": [:],
                ]
            ],
        ],
    ]
}

/// What the operations are grouped by.
enum Tag: String, CaseIterable {
    case authentication, workflows, executions, templates, logs, monitoring
    case users, messages, secrets, system

    init(path: String) {
        let parts = path.split(separator: "/")
        self =
            switch parts.count > 1 ? parts[1] : "" {
            case "auth": .authentication
            case "workflows":
                parts.contains("executions") || parts.last == "execute" ? .executions : .workflows
            case "templates": .templates
            case "logs": .logs
            case "monitoring": .monitoring
            case "users", "roles", "audit": .users
            case "messages": .messages
            case "secrets": .secrets
            default: .system
            }
    }

    var title: String { rawValue.prefix(1).uppercased() + rawValue.dropFirst() }

    var json: JSONValue { ["name": .string(title), "description": .string(text)] }

    private var text: String {
        switch self {
        case .authentication: "Accounts of one's own, sessions and tokens."
        case .workflows: "Definitions, their versions, and what is wrong with them."
        case .executions: "Runs of workflows: start, watch, cancel, retry, approve."
        case .templates: "Definitions with blanks, to make workflows from."
        case .logs: "Log lines of executions and of clients."
        case .monitoring: "Health, figures and alerts."
        case .users: "Accounts, roles, and who did what."
        case .messages: "Named messages that `email` steps send."
        case .secrets: "Values that steps may use and nobody can read."
        case .system: "What supervisors and tools ask."
        }
    }
}
