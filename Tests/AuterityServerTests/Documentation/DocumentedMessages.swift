import AuterityAPI
import AuterityEngine
import Testing

@testable import AuterityServer

/// Holds the messages of the event stream against `x-websocket` of the OpenAPI document.
enum DocumentedMessages {
    /// Those of the server, by the constant of their `type`; events under an empty name.
    private static let server = Result { try schemas("serverMessages") }
    private static let client = Result { try schemas("clientMessages") }

    private static func schemas(_ side: String) throws -> [String: JSONSchema] {
        let document = try OpenAPIDocument(version: "1.2.3").json
        let book = SchemaBook(document)
        var schemas: [String: JSONSchema] = [:]
        for message in document["x-websocket"]?[side]?["oneOf"]?.arrayValue ?? [] {
            let type = message["properties"]?["type"]?["const"]?.stringValue ?? ""
            schemas[type] = try book.schema(message, isStrict: true)
        }
        return schemas
    }

    static func serverTypes() throws -> Set<String> { Set(try server.get().keys) }
    static func clientTypes() throws -> Set<String> { Set(try client.get().keys) }

    /// What the document does not say of a message that the server has sent.
    static func faults(ofServer message: JSONValue) throws -> [String] {
        let schemas = try server.get()
        let schema = schemas[message["type"]?.stringValue ?? ""] ?? schemas[""]
        return try #require(schema).faults(of: message, path: "message")
            .map { "\($0.field) \($0.message)" }
    }

    static func faults(ofClient message: JSONValue) throws -> [String] {
        try #require(try client.get()[message["type"]?.stringValue ?? "-"])
            .faults(of: message, path: "message").map { "\($0.field) \($0.message)" }
    }
}
