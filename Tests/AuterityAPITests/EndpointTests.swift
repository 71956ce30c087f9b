import AuterityAPI
import Testing

@Suite struct EndpointTests {
    @Test(arguments: Endpoints.all.indices)
    func everyEndpointSurvivesItsWireForm(index: Int) throws {
        try roundTrip(Endpoints.all[index])
    }

    private func roundTrip<Call: Endpoint>(_ type: Call.Type) throws {
        let wire = try WireRequest(Call.example)
        #expect(!wire.path.contains("{"), "a parameter of the path is missing: \(wire.path)")
        let values = try #require(pathValues(of: wire.path, in: Call.route))
        let parsed = try wire.call(Call.self, pathValues: values)
        #expect(parsed == Call.example)
        if !Call.route.hasBody { #expect(wire.body == nil) }
    }

    /// What a router would find for the placeholders.
    private func pathValues(of path: String, in route: Route) -> [String: String]? {
        let template = route.path.split(separator: "/")
        let parts = path.split(separator: "/")
        guard template.count == parts.count else { return nil }
        var values: [String: String] = [:]
        for (name, part) in zip(template, parts) {
            if name.hasPrefix("{") {
                values[String(name.dropFirst().dropLast())] = String(part)
            } else if name != part {
                return nil
            }
        }
        return values
    }

    @Test func noTwoEndpointsShareMethodAndPath() {
        let routes = Endpoints.all.map { route(of: $0) }
        let keys = routes.map { "\($0.method.rawValue) \($0.path)" }
        #expect(Set(keys).count == keys.count)
    }

    @Test func littleIsOpenToAll() {
        let routes = Endpoints.all.map { route(of: $0) }
        #expect(
            routes.filter { $0.access == .open }.map(\.path) == [
                "/api/monitoring/health", "/api/auth/register", "/api/auth/login",
                "/api/auth/token",
            ])
        #expect(
            routes.filter { $0.access == .optional }.map(\.path) == ["/api/auth/refresh"])
    }

    private func route(of type: any Endpoint.Type) -> Route { type.route }

    @Test func listsGoIntoTheQueryOneItemAnElement() throws {
        let wire = try WireRequest(ListExecutions.example)
        let statuses = wire.query.filter { $0.name == "status" }.map(\.value)
        #expect(statuses == ["failed", "cancelled"])
        #expect(wire.query.contains { $0.name == "cursor" && $0.value.isEmpty })
    }

    @Test func headersCarryWhatTheRouteNames() throws {
        var call = ExecuteWorkflow.example
        call.idempotencyKey = "order-17"
        let wire = try WireRequest(call)
        #expect(wire.headers == ["Idempotency-Key": "order-17"])
        #expect(wire.body?["idempotency_key"] == nil)
    }

    @Test func pathsArePercentEncoded() throws {
        let wire = try WireRequest(GetMessage(name: "a/b ü"))
        #expect(wire.path == "/api/messages/a%2Fb%20%C3%BC")
    }

    @Test func aBadQueryValueNamesItsField() throws {
        var wire = try WireRequest(ListWorkflows.example)
        wire.query = [.init(name: "page", value: "two")]
        let error = #expect(throws: APIError.self) {
            try wire.call(ListWorkflows.self, pathValues: [:])
        }
        #expect(
            error?.details
                == [FieldFault(field: "page", message: "expected an integer, found string")])
    }

    @Test func everyFieldThatDoesNotFitIsNamed() throws {
        var wire = try WireRequest(CreateWorkflow.example)
        wire.body = ["description": 5, "is_active": "yes"]
        let error = #expect(throws: APIError.self) {
            try wire.call(CreateWorkflow.self, pathValues: [:])
        }
        #expect(error?.code == .validationError)
        #expect(
            error?.details == [
                FieldFault(field: "name", message: "is required"),
                FieldFault(field: "description", message: "expected a string, found integer"),
                FieldFault(field: "definition", message: "is required"),
                FieldFault(field: "is_active", message: "expected true or false, found string"),
            ])
    }

    /// The example has no list there, from which something that fits could be taken.
    @Test(
        arguments: [
            (["x"], [0]), (["x", "y"], [0, 1]), ([id, "x", id, "y"], [1, 3]),
            (["x", id, "y", 5], [0, 2, 3]), (["x", "y", id], [0, 1]), ([], []), ([id], []),
        ] as [(JSONValue, [Int])])
    func eachElementThatDoesNotFitIsNamedOnce(list: JSONValue, wrong: [Int]) throws {
        var wire = try WireRequest(PutSecret.example)
        wire.body = ["value": "v", "workflows": list]
        let faults = try wire.read(PutSecret.self, pathValues: ["name": "n"]).faults
        #expect(faults.map(\.field) == wrong.map { "workflows[\($0)]" })
        #expect(!faults.contains { $0.message.contains("null") }, "\(faults)")
    }

    private static let id: JSONValue = "01977420-dc00-7cc1-beeb-8da1658eec67"

    @Test(arguments: Endpoints.all.indices)
    func aBodyOfNothingButWrongTypesEndsInFaults(index: Int) throws {
        try sendNonsense(Endpoints.all[index])
    }

    private func sendNonsense<Call: Endpoint>(_ type: Call.Type) throws {
        let example = try #require(try JSONValue(encoding: Call.example).objectValue)
        var wire = try WireRequest(Call.example)
        let values = Dictionary(
            uniqueKeysWithValues: Call.route.pathKeys.map { ($0, text(example[$0])) })
        let wrong: JSONValue = [["nonsense": [1.5, nil]]]
        let keys = example.keys.filter {
            values[$0] == nil && Call.route.headers[$0] == nil && $0 != "definition"
        }
        guard Call.route.hasBody, !keys.isEmpty else { return }
        wire.body = .object(JSONObject(ordered: keys.map { ($0, wrong) }))
        let error = #expect(throws: APIError.self) {
            try wire.call(Call.self, pathValues: values)
        }
        let named = Set((error?.details ?? []).map { String($0.field.prefix { $0 != "[" }) })
        #expect(named.isSuperset(of: keys), "\(Call.self)")
    }

    private func text(_ value: JSONValue?) -> String {
        value?.stringValue ?? value?.jsonText ?? ""
    }

    @Test func aMalformedIDInThePathIsNotFound() throws {
        let wire = try WireRequest(GetWorkflow.example)
        let error = #expect(throws: APIError.self) {
            try wire.call(GetWorkflow.self, pathValues: ["workflow_id": "validate"])
        }
        #expect(error?.code == .notFound)
        #expect(error?.message.contains("workflow") == true)
    }

    @Test func aMalformedIDInTheQueryIsAFault() throws {
        var wire = try WireRequest(ListExecutions())
        wire.query = [.init(name: "workflow_id", value: "17")]
        let error = #expect(throws: APIError.self) {
            try wire.call(ListExecutions.self, pathValues: [:])
        }
        #expect(
            error?.details == [FieldFault(field: "workflow_id", message: "expected a UUID")])
    }

    @Test func headersAreFoundWhateverTheirCase() throws {
        var wire = try WireRequest(ExecuteWorkflow.example)
        wire.headers = ["idempotency-key": "order-17"]
        let id = ExecuteWorkflow.example.workflowID.description
        let call = try wire.call(ExecuteWorkflow.self, pathValues: ["workflow_id": id])
        #expect(call.idempotencyKey == "order-17")
    }

    @Test func theBodyCannotSpeakForPathAndHeaders() throws {
        var wire = try WireRequest(ExecuteWorkflow.example)
        wire.body = ["workflow_id": "nonsense", "idempotency_key": "from the body"]
        let id = ExecuteWorkflow.example.workflowID.description
        let call = try wire.call(ExecuteWorkflow.self, pathValues: ["workflow_id": id])
        #expect(call == ExecuteWorkflow(workflowID: ExecuteWorkflow.example.workflowID))
    }

    @Test func aListGivenOnceInTheQueryIsStillAList() throws {
        var wire = try WireRequest(ListExecutions())
        wire.query = [.init(name: "status", value: "failed")]
        #expect(try wire.call(ListExecutions.self, pathValues: [:]).status == [.failed])
        wire.query = [.init(name: "page", value: "1"), .init(name: "page", value: "2")]
        let error = #expect(throws: APIError.self) {
            try wire.call(ListExecutions.self, pathValues: [:])
        }
        #expect(error?.details.map(\.field) == ["page"])
    }
}
