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

    @Test func onlyHealthIsOpenToAll() {
        let open = Endpoints.all.map { route(of: $0) }.filter { $0.access == .open }
        #expect(open.map(\.path) == ["/api/monitoring/health"])
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
        let error = #expect(throws: DecodingError.self) {
            try wire.call(ListWorkflows.self, pathValues: [:])
        }
        #expect(error?.fault.field == "page")
        #expect(error?.fault.message == "expected an integer, found string")
    }

    @Test func aMissingFieldIsNamed() throws {
        var wire = try WireRequest(CreateWorkflow.example)
        wire.body = ["definition": [:]]
        let error = #expect(throws: DecodingError.self) {
            try wire.call(CreateWorkflow.self, pathValues: [:])
        }
        #expect(error?.fault == FieldFault(field: "name", message: "is required"))
    }
}
