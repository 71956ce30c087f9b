import AuterityAPI
import Testing

@testable import AuterityClient

/// When a call is made again, and when it must not be.
@Suite struct RetryTests {
    private static func client(
        _ server: ScriptedServer, pauses: RecordedPauses = RecordedPauses()
    ) async throws -> RemoteClient {
        try await RemoteClient.connect(
            ServerAddress(url: server.url), as: .token("t", origin: "AUTERITY_TOKEN"),
            version: "test", times: .quick(pauses: pauses))
    }

    private static let empty = ScriptedServer.answer(
        "200 OK", #"{"workflows":[],"next_cursor":null}"#)
    private static let accepted = ScriptedServer.answer(
        "202 Accepted",
        """
        {"execution_id":"00000000-0000-7000-8000-000000000002",\
        "workflow_id":"00000000-0000-7000-8000-000000000003","status":"running",\
        "started_at":"2026-01-01T00:00:00Z","input_data":{}}
        """)

    private static func busy(_ status: String, after seconds: Int) -> String {
        ScriptedServer.answer(
            status,
            #"{"error":{"code":"SERVICE_UNAVAILABLE","message":"busy","details":[],"#
                + #""timestamp":"2026-01-01T00:00:00Z","request_id":"r 7"}}"#,
            type: "application/json", "Retry-After: \(seconds)")
    }

    /// Answers the client's first question, and what follows by a list.
    private static func script(_ answers: ScriptedServer.Answer...) -> ScriptedServer.Script {
        { number, _ in
            if number == 1 { return .text(ScriptedServer.me) }
            return answers.indices.contains(number - 2) ? answers[number - 2] : .end
        }
    }

    private static func failure<Call: Endpoint>(
        of call: Call, _ client: RemoteClient
    ) async -> APIError? {
        do {
            _ = try await client.send(call)
            return nil
        } catch {
            return error
        }
    }

    @Test func aReadThatWasCutIsMadeAgain() async throws {
        let script = Self.script(.end, .last("HTTP/1.1 200 OK\r\nContent-Le"), .text(Self.empty))
        try await ScriptedServer.run(script) { server in
            let client = try await Self.client(server)
            defer { client.close() }
            let page = try await client.send(ListWorkflows(cursor: ""))
            #expect(page.items.isEmpty)
            #expect(server.requests.count == 4)
        }
    }

    @Test func aTruncatedAnswerIsNotTakenForAWhole() async throws {
        let body = #"{"workflows":[],"next_cursor":null}"#
        let cut = ScriptedServer.answer("200 OK", body).dropLast(10)
        let script = Self.script(.last(String(cut)), .last(String(cut)), .last(String(cut)))
        try await ScriptedServer.run(script) { server in
            let client = try await Self.client(server)
            defer { client.close() }
            let fault = await Self.failure(of: ListWorkflows(cursor: ""), client)
            #expect(
                fault?.message
                    == "127.0.0.1 port \(server.port) closed the connection before its answer was "
                    + "whole. Try again; if it stays so, look at the server, and whether its "
                    + "address begins with https://")
            #expect(server.requests.count == 1 + RemoteHTTP.maximumTries)
        }
    }

    @Test(arguments: [ScriptedServer.Answer.end, .last("HTTP/1.1 201 Cre")])
    func aChangeThatWasCutIsNotMadeAgainAndTheDoubtIsSaid(
        answer: ScriptedServer.Answer
    ) async throws {
        try await ScriptedServer.run(Self.script(answer, .text(Self.empty))) { server in
            let client = try await Self.client(server)
            defer { client.close() }
            let fault = await Self.failure(of: CreateWorkflow.example, client)
            #expect(fault?.code == .serviceUnavailable)
            #expect(
                fault?.message
                    == "Whether it was done is unknown: look before you do it again. "
                    + "127.0.0.1:\(server.port) closed the connection before its answer was whole. "
                    + "If it stays so, look at the server, and whether its address begins with "
                    + "https://")
            #expect(server.requests.filter { $0.hasPrefix("POST ") }.count == 1)
            #expect(server.requests.count == 2)
        }
    }

    @Test(arguments: [Route.Method.put, .patch, .delete])
    func noChangeIsMadeTwice(method: Route.Method) async throws {
        try await ScriptedServer.run(Self.script(.end, .end, .end)) { server in
            let client = try await Self.client(server)
            defer { client.close() }
            let fault =
                switch method {
                case .put: await Self.failure(of: ReplaceWorkflow.example, client)
                case .patch: await Self.failure(of: UpdateWorkflow.example, client)
                default: await Self.failure(of: DeleteWorkflow.example, client)
                }
            #expect(fault != nil)
            #expect(server.requests.count == 2)
        }
    }

    @Test func anExecutionIsStartedAgainUnderTheSameKey() async throws {
        let script = Self.script(.end, .text(Self.accepted))
        try await ScriptedServer.run(script) { server in
            let client = try await Self.client(server)
            defer { client.close() }
            _ = try await client.send(ExecuteWorkflow(workflowID: .none))
            #expect(server.keys.count == 2)
            #expect(server.keys[0] == server.keys[1])
            // Another call has another key.
            _ = await Self.failure(of: ExecuteWorkflow(workflowID: .none), client)
            #expect(server.keys.count > 2)
            #expect(!server.keys.dropFirst(2).contains(server.keys[0]))
        }
    }

    @Test func whatIsStartedAgainByHandIsTheSameUntilItsAnswerIsKnown() async throws {
        let isDown = Slot(true)
        let script: ScriptedServer.Script = { number, _ in
            number == 1 ? .text(ScriptedServer.me) : isDown.value ? .end : .text(Self.accepted)
        }
        try await ScriptedServer.run(script) { server in
            let client = try await Self.client(server)
            defer { client.close() }
            let call = ExecuteWorkflow(workflowID: .none, inputData: ["of": "this run"])
            let fault = await Self.failure(of: call, client)
            #expect(
                fault?.message.hasPrefix(
                    "Whether it was done is unknown. Do it again: it is done once only. ") == true)
            let lost = Set(server.keys)
            #expect(lost.count == 1)
            let key = try #require(fault?.idempotencyKey)
            #expect(lost.first?.hasSuffix(" \(key)") == true)
            let tries = server.keys.count
            isDown.value = false
            let other = ExecuteWorkflow(workflowID: .none, inputData: ["of": "another"])
            for call in [other, call, call] { _ = try await client.send(call) }
            let keys = server.keys.dropFirst(tries).map { lost.contains($0) }
            // Once it was answered, again is once more.
            #expect(keys == [false, true, false])
        }
    }

    @Test func keysOfLostCallsAreBoundedInTimeAndNumber() {
        let made = Slot(0)
        let keys = IdempotencyKeys {
            made.value += 1
            return "\(made.value)"
        }
        let start = Timestamp(milliseconds: 0)
        let first = keys.key(for: "/a", [], at: start)
        // Two at once are two.
        #expect(keys.key(for: "/a", [], at: start).text == "2")
        keys.lose(first, at: start)
        #expect(keys.key(for: "/a", [1], at: start).text == "3")
        #expect(keys.key(for: "/b", [], at: start).text == "4")
        #expect(
            keys.key(for: "/a", [], at: start.adding(seconds: IdempotencyKeys.patience - 1)).text
                == "1")
        keys.lose(first, at: start)
        #expect(
            keys.key(for: "/a", [], at: start.adding(seconds: IdempotencyKeys.patience)).text
                == "5")
        keys.lose(first, at: start)
        for number in 1...IdempotencyKeys.capacity {
            let later = start.adding(seconds: Double(number) / 100)
            keys.lose(keys.key(for: "/c/\(number)", [], at: later), at: later)
        }
        #expect(keys.key(for: "/a", [], at: start.adding(seconds: 1)).text != "1")
        #expect(keys.key(for: "/c/2", [], at: start.adding(seconds: 1)).text == "7")
    }

    @Test func theServerIsAskedAgainWhenItSaysSo() async throws {
        let pauses = RecordedPauses()
        let script = Self.script(
            .text(Self.busy("503 Service Unavailable", after: 2)), .text(Self.empty))
        try await ScriptedServer.run(script) { server in
            let client = try await Self.client(server, pauses: pauses)
            defer { client.close() }
            _ = try await client.send(ListWorkflows(cursor: ""))
            #expect(pauses.seconds == [2])
        }
    }

    @Test func aLongPauseIsLeftToThePerson() async throws {
        let pauses = RecordedPauses()
        let script = Self.script(.text(Self.busy("503 Service Unavailable", after: 60)))
        try await ScriptedServer.run(script) { server in
            let client = try await Self.client(server, pauses: pauses)
            defer { client.close() }
            let fault = await Self.failure(of: ListWorkflows(cursor: ""), client)
            #expect(fault?.retryAfter == 60)
            #expect(fault?.status == 503)
            #expect(fault?.message == "busy")
            #expect(fault?.requestID == "r 7")
            #expect(pauses.seconds.isEmpty)
            #expect(server.requests.count == 2)
        }
    }

    @Test func whatTheServerWasTooBusyToReadIsSentAgain() async throws {
        let pauses = RecordedPauses()
        let script = Self.script(
            .text(Self.busy("429 Too Many Requests", after: 1)), .text(Self.accepted))
        try await ScriptedServer.run(script) { server in
            let client = try await Self.client(server, pauses: pauses)
            defer { client.close() }
            _ = await Self.failure(of: CancelExecution.example, client)
            #expect(pauses.seconds == [1])
            #expect(server.requests.filter { $0.hasPrefix("POST ") }.count == 2)
        }
    }

    @Test func aBusyServerIsNotAskedForAChangeAgain() async throws {
        let script = Self.script(.text(Self.busy("503 Service Unavailable", after: 1)))
        try await ScriptedServer.run(script) { server in
            let client = try await Self.client(server)
            defer { client.close() }
            let fault = await Self.failure(of: CreateWorkflow.example, client)
            #expect(fault?.retryAfter == 1)
            #expect(server.requests.count == 2)
        }
    }

    @Test func aMuteServerIsWaitedForOnce() async throws {
        try await ScriptedServer.run(Self.script(.nothing, .nothing, .nothing)) { server in
            var times = ClientTimes.quick
            times.silence = .seconds(1)
            let client = try await RemoteClient.connect(
                ServerAddress(url: server.url), as: .token("t", origin: "AUTERITY_TOKEN"),
                version: "test", times: times)
            defer { client.close() }
            let fault = await Self.failure(of: ListWorkflows(cursor: ""), client)
            #expect(
                fault?.message
                    == "127.0.0.1:\(server.port) did not answer within 1 s. Look at the server and "
                    + "at the line to it")
            #expect(server.requests.count == 2)
        }
    }

    @Test func aHandshakeThatIsRefusedForAWhileIsTriedWhenTheServerWants() async throws {
        let pauses = RecordedPauses()
        let script: ScriptedServer.Script = { number, _ in
            number == 1
                ? .text(ScriptedServer.me)
                : number == 2 ? .last(Self.busy("503 Service Unavailable", after: 7)) : .nothing
        }
        try await ScriptedServer.run(script) { server in
            let client = try await Self.client(server, pauses: pauses)
            defer { client.close() }
            let reader = FeedReader(client.feed(after: nil))
            #expect(await reader.failure() == "\(server.url.dropFirst(7)): busy")
            await server.requests(3)
            #expect(pauses.seconds.first ?? 0 >= 7)
        }
    }

    @Test func aCancelledCallClosesItsConnection() async throws {
        try await ScriptedServer.run(Self.script(.nothing)) { server in
            let client = try await Self.client(server)
            defer { client.close() }
            let call = Task { await Self.failure(of: ListWorkflows(cursor: ""), client) }
            await server.requests(2)
            call.cancel()
            #expect(await call.value?.message == "The call was cancelled")
            await server.ends(1)
            #expect(server.requests.count == 2)
        }
    }
}

extension ScriptedServer {
    /// Those of the requests that have one.
    fileprivate var keys: [String] {
        requests.compactMap { request in
            request.split(separator: "\r\n").first {
                $0.lowercased().hasPrefix("idempotency-key:")
            }.map(String.init)
        }
    }
}
