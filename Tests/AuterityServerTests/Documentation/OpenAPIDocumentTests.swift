import AuterityAPI
import AuterityEngine
import Testing

@testable import AuterityServer

@Suite struct OpenAPIDocumentTests {
    private let document: JSONValue

    init() throws {
        document = try OpenAPIDocument(version: "1.2.3").json
    }

    private static func route(_ index: Int) -> Route { Endpoints.all[index].route }

    private func described(_ route: Route) -> JSONValue? {
        document["paths"]?[route.path]?[route.method.rawValue.lowercased()]
    }

    @Test(arguments: Endpoints.all.indices)
    func everyEndpointIsDescribed(index: Int) throws {
        let route = Self.route(index)
        let operation = try #require(described(route), "\(route.path) is missing")
        #expect(operation["summary"]?.stringValue == route.summary)
        #expect(operation["responses"]?[String(route.success)] != nil)
        let names = (operation["parameters"]?.arrayValue ?? [])
            .filter { $0["in"] == "path" }.compactMap { $0["name"]?.stringValue }
        #expect(names == route.pathKeys)
        for header in route.headers.values {
            let parameter = operation["parameters"]?.arrayValue?
                .first { $0["name"]?.stringValue == header }
            #expect(parameter?["in"] == "header", "\(header)")
        }
        let scopes = operation["security"]?.arrayValue ?? []
        #expect(scopes.isEmpty == (route.access == .open))
    }

    @Test func nothingIsDescribedThatIsNotThere() {
        var described: Set<String> = []
        for (path, item) in document["paths"]?.objectValue ?? [:] {
            for method in item.objectValue?.keys ?? [] { described.insert("\(method) \(path)") }
        }
        let endpoints = Endpoints.all.map { endpoint -> String in
            let route = endpoint.route
            return "\(route.method.rawValue.lowercased()) \(route.path)"
        }
        let plain = PlainRoute.all(ServerConfiguration(version: "1.2.3"))
            .map { "get \($0.path)" }.filter { !$0.hasPrefix("get /docs") && $0 != "get /redoc" }
        #expect(described == Set(endpoints + plain))
    }

    @Test func namesOfOperationsAreUnique() {
        var names: [String] = []
        for (_, item) in document["paths"]?.objectValue ?? [:] {
            for (_, operation) in item.objectValue ?? [:] {
                names.append(operation["operationId"]?.stringValue ?? "")
            }
        }
        #expect(!names.contains(""))
        #expect(Set(names).count == names.count)
    }

    @Test func everyReferencePointsSomewhere() {
        var pointers: Set<String> = []
        walk(document) { value in
            if let pointer = value["$ref"]?.stringValue { pointers.insert(pointer) }
        }
        #expect(pointers.count > 50)
        for pointer in pointers {
            let target = pointer.dropFirst(2).split(separator: "/")
                .reduce(JSONValue?.some(document)) { $0?[String($1)] }
            #expect(pointer.hasPrefix("#/") && target != nil, "\(pointer)")
        }
    }

    @Test func everyComponentIsUsed() {
        var pointers: Set<String> = []
        walk(document) { value in
            if let pointer = value["$ref"]?.stringValue { pointers.insert(pointer) }
        }
        for kind in ["schemas", "responses", "parameters", "headers"] {
            for name in document["components"]?[kind]?.objectValue?.keys ?? [] {
                #expect(pointers.contains("#/components/\(kind)/\(name)"), "\(kind) \(name)")
            }
        }
    }

    private func walk(_ value: JSONValue, _ visit: (JSONValue) -> Void) {
        visit(value)
        switch value {
        case .object(let object): for (_, member) in object { walk(member, visit) }
        case .array(let array): for element in array { walk(element, visit) }
        default: break
        }
    }

    @Test func everySchemaCanBeRead() throws {
        let schemas = SchemaBook(document)
        for name in document["components"]?["schemas"]?.objectValue?.keys ?? [] {
            _ = try schemas.schema(["$ref": .string("#/components/schemas/\(name)")])
        }
    }

    @Test(arguments: Endpoints.all.indices)
    func everyFieldOfARequestIsExplained(index: Int) throws {
        let route = Self.route(index)
        let operation = try #require(described(route))
        for parameter in operation["parameters"]?.arrayValue ?? [] where parameter["$ref"] == nil {
            let name = parameter["name"]?.stringValue ?? ""
            #expect(parameter["description"]?.stringValue?.isEmpty == false, "\(name)")
        }
        let content = operation["requestBody"]?["content"]?.objectValue
        for (_, body) in content ?? [:] {
            let schema = SchemaBook(document).resolved(body["schema"] ?? nil)
            for (name, property) in schema["properties"]?.objectValue ?? [:] {
                #expect(property["description"]?.stringValue?.isEmpty == false, "\(name)")
            }
        }
    }

    @Test(arguments: Endpoints.all.indices)
    func everyExampleFitsItsSchema(index: Int) throws {
        let route = Self.route(index)
        let operation = try #require(described(route))
        let schemas = SchemaBook(document)
        for parameter in operation["parameters"]?.arrayValue ?? [] {
            guard let example = parameter["example"] else { continue }
            let schema = try schemas.schema(parameter["schema"] ?? nil)
            #expect(schema.faults(of: example, path: "example").isEmpty)
        }
        var contents = [operation["requestBody"]?["content"]]
        for (_, response) in operation["responses"]?.objectValue ?? [:] {
            contents.append(schemas.resolved(response)["content"])
        }
        for (_, content) in contents.compactMap({ $0?.objectValue }).joined() {
            let schema = try schemas.schema(content["schema"] ?? nil)
            let several = (content["examples"]?.objectValue ?? [:]).compactMap { $0.value["value"] }
            let examples = several + (content["example"].map { [$0] } ?? [])
            if content["schema"] != ["type": "object"] { #expect(!examples.isEmpty) }
            for example in examples {
                #expect(schema.faults(of: example, path: "example") == [])
            }
        }
    }
}
