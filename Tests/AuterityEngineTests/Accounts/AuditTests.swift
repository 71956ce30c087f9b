import AuterityAPI
import Testing

@testable import AuterityEngine

@Suite(.timeLimit(.minutes(30)))
struct AuditTests {
    private func line(_ entry: AuditEntry) -> String {
        let parts = [entry.user ?? "-", entry.action, entry.target ?? "-", "\(entry.status)"]
        return (parts + [entry.code].compactMap(\.self)).joined(separator: " ")
    }

    @Test func itSaysWhoDidWhatAndWhatCameOfIt() async throws {
        let test = try await TestEngine.open()
        let user = try await test.account("ann@example.com")
        let origin = RequestOrigin(requestID: "request-7", address: "192.0.2.7")
        _ = await refusal {
            _ = try await test.send(
                Login(email: "ann@example.com", password: "wrong password"),
                as: .anonymous(origin))
        }
        var ann = try await test.session("ann@example.com")
        ann.origin = origin
        let workflow = try await test.workflow(WorkflowHandlerTests.minimal, as: ann)
        _ = try await test.send(
            ExecuteWorkflow(workflowID: workflow, inputData: ["card": "4111-1111"]), as: ann)
        _ = try await test.send(GetWorkflow(workflowID: workflow), as: ann)
        _ = try await test.send(
            ValidateDefinition(definition: WorkflowHandlerTests.minimal), as: ann)
        _ = try await test.send(
            CreateLogs(logs: [NewLogLine(level: .info, message: "hello")]), as: ann)
        _ = await refusal { _ = try await test.send(ListUsers(), as: ann) }
        _ = await refusal { _ = try await test.send(DeleteUser(userID: user.id), as: ann) }
        _ = await refusal {
            _ = try await test.send(DeleteWorkflow(workflowID: workflow), as: .anonymous(origin))
        }
        _ = try await test.send(PutSecret(name: "api_key", value: "sk-canary"))
        let entries = try await test.audited()
        #expect(
            entries.map(line) == [
                "admin@example.com POST /api/users ann@example.com 201",
                "ann@example.com POST /api/auth/login - 401 INVALID_CREDENTIALS",
                "ann@example.com POST /api/auth/login - 200",
                "ann@example.com POST /api/workflows - 201",
                "ann@example.com POST /api/workflows/{workflow_id}/execute \(workflow) 202",
                "ann@example.com GET /api/users - 403 FORBIDDEN",
                "ann@example.com DELETE /api/users/{user_id} \(user.id) 403 FORBIDDEN",
                "admin@example.com PUT /api/secrets/{name} api_key 200",
            ])
        #expect(entries[1].userID == nil && entries[1].requestID == "request-7")
        #expect(entries[2].userID == user.id)
        #expect(entries[1].address == "192.0.2.7")
        #expect(entries[3].userID == user.id && entries[3].timestamp == test.clock.now)
        #expect(entries[0].requestID == nil && entries[0].address == nil)
        // Of what was sent, nothing.
        let text = try entries.map { try JSONValue(encoding: $0).jsonText }.joined()
        for secret in ["wrong password", TestEngine.password, "4111", "sk-canary"] {
            #expect(!text.contains(secret))
        }
        await test.engine.close()
    }

    @Test func changesOfAccountsAreWrittenBeforeTheAnswer() async throws {
        let test = try await TestEngine.open()
        try await test.account("ann@example.com")
        // What a crash leaves is what was durable at the answer.
        await test.engine.abandon()
        let again = try await TestEngine.open(in: test.directory, seed: 2)
        #expect(try await again.send(ListAudit()).items.map(\.action) == ["POST /api/users"])
        await again.engine.close()
    }

    @Test func whatWasAnsweredIsInTheLogAfterACrash() async throws {
        let test = try await TestEngine.open()
        let workflow = try await test.workflow(FamilyTest.waiting)
        let id = try await test.start(workflow)
        _ = try await test.execution(id) { $0.status == .waiting }
        _ = try await test.send(CancelExecution(executionID: id))
        _ = try await test.send(RetryExecution(executionID: id))
        _ = try await test.send(DeleteWorkflow(workflowID: workflow))
        await test.engine.abandon()
        let again = try await TestEngine.open(in: test.directory, seed: 2)
        let execution = "POST /api/workflows/executions/{execution_id}"
        #expect(
            try await again.send(ListAudit()).items.map(\.action).reversed() == [
                "POST /api/workflows", "POST /api/workflows/{workflow_id}/execute",
                execution + "/cancel", execution + "/retry",
                "DELETE /api/workflows/{workflow_id}",
            ])
        await again.engine.close()
    }

    /// The entry of an execution is written with it: never without it, and never twice.
    @Test func aRepeatedCallLeavesAnEntryOfItsOwn() async throws {
        let test = try await TestEngine.open()
        let workflow = try await test.workflow(WorkflowHandlerTests.minimal)
        let call = ExecuteWorkflow(workflowID: workflow, idempotencyKey: "once")
        for _ in 0..<3 { _ = try await test.send(call) }
        _ = await refusal {
            _ = try await test.send(
                ExecuteWorkflow(
                    workflowID: workflow, inputData: ["other": 1], idempotencyKey: "once"))
        }
        let entries = try await test.audited().dropFirst()
        #expect(entries.map(\.status) == [202, 202, 202, 409])
        await test.engine.close()
    }

    @Test func itIsSearchedAndPaged() async throws {
        let test = try await TestEngine.open()
        let begin = test.clock.now
        var users: [User] = []
        for number in 0..<5 {
            users.append(try await test.account("user\(number)@example.com"))
            test.clock.advance(seconds: 60)
        }
        let ann = try await test.session("user3@example.com")
        _ = try await test.send(Logout(), as: ann)
        func targets(_ call: ListAudit) async throws -> [String] {
            try await test.send(call).items.map { $0.target ?? $0.action }
        }
        #expect(try await test.send(ListAudit(pageSize: 3)).total == 7)
        #expect(
            try await targets(ListAudit(userID: users[3].id))
                == ["POST /api/auth/logout", "POST /api/auth/login"])
        #expect(try await targets(ListAudit(search: "USER2")) == ["user2@example.com"])
        #expect(
            try await targets(
                ListAudit(
                    since: begin.adding(seconds: 60), until: begin.adding(seconds: 180)))
                == ["user2@example.com", "user1@example.com"])
        var cursor: String? = ""
        var sizes: [Int] = []
        while let next = cursor {
            let page = try await test.send(ListAudit(pageSize: 3, cursor: next))
            sizes.append(page.items.count)
            cursor = page.nextCursor
        }
        #expect(sizes == [3, 3, 1])
        let viewer = Caller(id: fixedID(5), name: "viewer", roles: [.viewer])
        #expect(
            await refusal { _ = try await test.send(ListAudit(), as: viewer) }?.code
                == .forbidden)
        await test.engine.close()
    }

    @Test func aNameOfAnyLengthIsCut() async throws {
        let test = try await TestEngine.open()
        let email = String(repeating: "a", count: 5000)
        _ = await refusal { _ = try await test.logIn(email) }
        #expect(try await test.audited().map(\.user) == [String(email.prefix(255))])
        await test.engine.close()
    }
}
