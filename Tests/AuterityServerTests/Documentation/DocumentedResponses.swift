import AuterityAPI
import AuterityEngine
import Synchronization
import Testing

@testable import AuterityServer

/// Holds what a server answers against its OpenAPI document, so that every test over HTTP checks
/// that the document is true.
enum DocumentedResponses {
    /// Records an issue for everything that the document does not say.
    ///
    /// - Parameters:
    ///   - headers: names in any case.
    static func check(
        _ request: SentRequest, status: Int, headers: [String: String], body: [UInt8],
        sourceLocation: SourceLocation
    ) {
        let (method, path) = (request.method, request.target)
        let faults = faults(method, path, status: status, headers: headers, body: body)
        for fault in faults {
            Issue.record("\(method) \(path) \(status): \(fault)", sourceLocation: sourceLocation)
        }
    }

    /// What the document does not say.
    ///
    /// - Parameter path: with its query.
    static func faults(
        _ method: String, _ path: String, status: Int, headers: [String: String], body: [UInt8]
    ) -> [String] {
        guard let document = try? document.get() else { return ["there is no document"] }
        let parts = path.split(separator: "?", maxSplits: 1).map(String.init)
        let headers = Dictionary(
            headers.map { ($0.key.lowercased(), $0.value) }, uniquingKeysWith: { $1 })
        guard method != "OPTIONS", !isOfNoRoute(status, headers, body) else { return [] }
        guard let (template, item) = find(parts.first ?? "", document) else {
            // Pages and sockets are in no document.
            let isPage = !(parts.first ?? "").hasPrefix("/api/")
            return isPage ? [] : undocumented(status, [404], body)
        }
        let name = method == "HEAD" ? "get" : method.lowercased()
        guard let operation = item[name] else { return undocumented(status, [404, 405], body) }
        let book = SchemaBook(document)
        guard let response = operation["responses"]?[String(status)].map(book.resolved) else {
            return ["the status is not documented"]
        }
        var faults = headerFaults(response, headers, book)
        let isSelecting = parts.count > 1 && parts[1].contains("fields=")
        let schemas = Schemas(
            book: book, key: "\(name) \(template) \(status) \(isSelecting)",
            isSelecting: isSelecting)
        faults += bodyFaults(response, method, headers, body, schemas)
        return faults
    }

    /// What is answered before any route is looked for, and so can be answered to anything: to what
    /// is no HTTP, after which the connection ends, and to a head that names no host, two hosts, or
    /// too long an address. Each has the body of an error.
    private static func isOfNoRoute(
        _ status: Int, _ headers: [String: String], _ body: [UInt8]
    ) -> Bool {
        guard let error = try? JSONValue(parsing: body).decoded(as: ErrorBody.self).error,
            error.code == .badRequest
        else { return false }
        let isOfParser = [400, 431].contains(status) && headers["connection"] == "close"
        let isOfHost = status == 400 && error.message.hasPrefix("The request names ")
        return isOfParser || isOfHost || status == 414
    }

    // MARK: - Finding

    private static let document = Result { try OpenAPIDocument(version: "1.2.3").json }

    /// The path of the document that fits; one that names a segment goes before one that does not.
    private static func find(
        _ path: String, _ document: JSONValue
    ) -> (template: String, item: JSONValue)? {
        // One slash at the end counts for nothing, and an empty segment is one.
        let path = path.hasSuffix("/") ? path.dropLast() : path[...]
        let segments = path.split(separator: "/", omittingEmptySubsequences: false)
        var best: (template: String, item: JSONValue, holes: Int)?
        for (template, item) in document["paths"]?.objectValue ?? [:] {
            let names = template.split(separator: "/", omittingEmptySubsequences: false)
            guard names.count == segments.count,
                zip(names, segments).allSatisfy({ $0.hasPrefix("{") && !$1.isEmpty || $0 == $1 })
            else { continue }
            let holes = names.count { $0.hasPrefix("{") }
            if holes < best?.holes ?? .max { best = (template, item, holes) }
        }
        return best.map { ($0.template, $0.item) }
    }

    /// What is answered where there is no operation.
    private static func undocumented(
        _ status: Int, _ expected: [Int], _ body: [UInt8]
    ) -> [String] {
        // Limits and tokens are looked at first.
        guard (expected + [401, 429]).contains(status) else {
            return ["is not documented"]
        }
        guard !body.isEmpty else { return [] }
        let error = try? JSONValue(parsing: body).decoded(as: ErrorBody.self)
        return error == nil ? ["the body is no error of the contract"] : []
    }

    // MARK: - Checking

    private static func headerFaults(
        _ response: JSONValue, _ headers: [String: String], _ book: SchemaBook
    ) -> [String] {
        (response["headers"]?.objectValue ?? [:]).compactMap { name, reference in
            let header = book.resolved(reference)
            guard let value = headers[name.lowercased()] else {
                return header["required"] == true ? "the header \(name) is missing" : nil
            }
            let isNumber = header["schema"]?["type"] == "integer"
            return isNumber && UInt(value) == nil ? "\(name) is no number: \(value)" : nil
        }
    }

    private static func bodyFaults(
        _ response: JSONValue, _ method: String, _ headers: [String: String], _ body: [UInt8],
        _ schemas: Schemas
    ) -> [String] {
        guard method != "HEAD" else { return [] }
        guard let content = response["content"]?.objectValue else {
            return body.isEmpty ? [] : ["there is a body where none is documented"]
        }
        let type = headers["content-type"]?.split(separator: ";").first.map(String.init) ?? ""
        guard let described = content[type] else {
            return ["the content type is not documented: \(type)"]
        }
        guard type == "application/json" else { return [] }
        guard let json = try? JSONValue(parsing: body) else { return ["the body is no JSON"] }
        do {
            let schema = try schemas.schema(described["schema"] ?? [:])
            return schema.faults(of: json, path: "body").map { "\($0.field) \($0.message)" }
        } catch {
            return ["the schema cannot be read: \(error)"]
        }
    }

    /// Schemas that were made ready once.
    private struct Schemas {
        let book: SchemaBook
        let key: String
        let isSelecting: Bool

        private static let ready = Mutex<[String: JSONSchema]>([:])

        func schema(_ json: JSONValue) throws -> JSONSchema {
            if let schema = Self.ready.withLock({ $0[key] }) { return schema }
            let schema = try book.schema(json, isStrict: true, allowsSelection: isSelecting)
            Self.ready.withLock { $0[key] = schema }
            return schema
        }
    }
}
