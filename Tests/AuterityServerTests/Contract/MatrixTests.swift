import AuterityAPI
import Testing

@testable import AuterityEngine

/// Every endpoint × every role × own or foreign: allowed or refused, as the documents have it.
@Suite(.timeLimit(.minutes(30)))
struct MatrixTests {
    @Test func everyEndpointIsInTheMatrix() {
        let keys = Endpoints.all.map { MatrixRow.key($0.route) }
        #expect(Set(keys) == Set(MatrixRow.rows.keys))
        #expect(keys.count == Set(keys).count)
        for type in Endpoints.all {
            let key = MatrixRow.key(type.route)
            #expect(MatrixRow.rows[key]?.access == type.route.access, "\(key)")
        }
    }

    @Test func everyCellAnswersAsTheDocumentsSay() async throws {
        try await ContractServer.run { server in
            #expect(MatrixCell.all.count > 400)
            for (number, cell) in MatrixCell.all.enumerated() {
                let answer = try await MatrixVisit(server, cell, number).answer()
                #expect(answer.status == cell.expected, "\(cell.name): \(answer.text)")
                if let code = Self.codes[cell.expected] {
                    #expect(answer.code == code, "\(cell.name)")
                }
                if cell.expected == 401 { #expect(answer["www-authenticate"] != nil) }
            }
        }
    }

    private static let codes = [401: "UNAUTHORIZED", 403: "FORBIDDEN", 404: "NOT_FOUND"]
}

/// Makes what a cell needs, and asks.
private struct MatrixVisit {
    private let server: ContractServer
    private let cell: MatrixCell
    private let number: Int

    init(_ server: ContractServer, _ cell: MatrixCell, _ number: Int) {
        self.server = server
        self.cell = cell
        self.number = number
    }

    func answer() async throws -> Answer {
        let values = try await values()
        var target = cell.route.path
        for (key, value) in values { target = target.replacing("{\(key)}", with: value) }
        try #require(!target.contains("{"), "\(target)")
        let token = try await token()
        if cell.route.form == .oauth2 {
            return try await server.wire.send(
                Ask(
                    cell.route.method.rawValue, target, token: token,
                    text: "grant_type=password&username=user@example.com"
                        + "&password=\(ContractServer.password)",
                    type: "application/x-www-form-urlencoded"))
        }
        var body = cell.row.body?.jsonText ?? (cell.route.hasBody ? "{}" : nil)
        body = body?.replacing("{new}", with: "new\(number)@example.com")
        for (key, value) in values { body = body?.replacing("{\(key)}", with: value) }
        let json = try body.map { try JSONValue(parsing: $0) }
        return try await server.wire.send(
            Ask(cell.route.method.rawValue, target + cell.row.query, token: token, json: json))
    }

    private func token() async throws -> String? {
        switch cell.caller {
        case .anonymous: return nil
        case .badToken: return try server.token(.superAdmin) + "x"
        case .role(let role):
            guard cell.row.resource == .session else { return try server.token(role) }
            let email = "session\(number)@example.com"
            _ = try await server.engine.send(
                CreateUser(email: email, password: ContractServer.password, roles: [role]),
                as: ContractServer.owner)
            return try await server.logIn(email).json["access_token"]?.stringValue
        }
    }

    /// Whose resource it is. Some roles could not have made it by themselves.
    private var owner: Caller {
        guard cell.isOwn, case .role(let role) = cell.caller, let account = server.accounts[role]
        else { return ContractServer.owner }
        return Caller(id: account.id, name: account.email, roles: [.superAdmin])
    }

    /// Of the placeholders of the path.
    private func values() async throws -> [String: String] {
        let (engine, owner) = (server.engine, owner)
        switch cell.row.resource {
        case .none, .session: return [:]
        case .workflow:
            let workflow = try await engine.send(
                CreateWorkflow(name: "M", definition: ContractServer.minimal), as: owner)
            return ["workflow_id": workflow.id.description, "version": "1"]
        case .waitingExecution:
            return ["execution_id": try await execution(engine, owner)]
        case .template:
            let template = try await engine.send(
                CreateTemplate(
                    name: "M", description: "", category: "other",
                    definition: ContractServer.minimal, parameters: []), as: owner)
            return ["template_id": template.id.description]
        case .user:
            let user = try await engine.send(
                CreateUser(
                    email: "target\(number)@example.com", password: ContractServer.password),
                as: ContractServer.owner)
            return ["user_id": user.id.description]
        case .message:
            _ = try await engine.send(
                PutMessage(name: "matrix", subject: "s", text: "t"), as: owner)
            return ["name": "matrix"]
        case .secret:
            _ = try await engine.send(
                PutSecret(name: "matrix", value: "v", workflows: .all), as: owner)
            return ["name": "matrix"]
        case .alert: return ["alert_id": try await alert(engine)]
        }
    }

    /// One that waits; one that has ended where it is to be retried.
    private func execution(_ engine: Engine, _ owner: Caller) async throws -> String {
        let workflow = try await engine.send(
            CreateWorkflow(name: "M", definition: ContractServer.waiting), as: owner)
        let execution = try await engine.send(
            ExecuteWorkflow(workflowID: workflow.id), as: owner
        ).executionID
        if cell.route.path.hasSuffix("/retry") {
            _ = try await engine.send(CancelExecution(executionID: execution), as: owner)
        }
        return execution.description
    }

    private func alert(_ engine: Engine) async throws -> String {
        let core = engine.core
        let now = core.configuration.clock.now()
        let alert = Alert(
            id: core.foundation.ids.next(at: now), severity: .warning, source: "cpu_usage",
            message: "Busy", raisedAt: now)
        try await core.session.writer.perform { try AlertRecords.raise(alert, in: $0) }
        return alert.id.description
    }
}
