import AuterityAPI
import Foundation
import GRDB
import Testing

/// A server that is killed under load: what it had answered is there at the next start and comes
/// to its end, and a call that is repeated by its key is done once.
@Suite(.serialized, .timeLimit(.minutes(30))) struct ServeCrashTests {
    private static let rounds = 4
    private static let clients = 8
    /// Answers of a round before the kill.
    private static let answers = 40...240

    @Test func whatWasAnsweredOverHTTPEndsOnceAfterKills() throws {
        let directory = try TemporaryDirectory()
        var random = SystemRandomNumberGenerator()
        var load: Load?
        for round in 1...Self.rounds {
            let server = try start(directory)
            var calls = try load ?? Load(server)
            try calls.repeatByKey(on: server)
            let limit = Int.random(in: Self.answers, using: &random)
            try calls.run(on: server, clients: Self.clients, killAfter: limit)
            #expect(server.waitForExit() == 128 + SIGKILL, "round \(round)")
            load = calls
        }
        var calls = try #require(load)
        let server = try start(directory)
        try calls.repeatByKey(on: server)
        #expect(calls.answered.count >= Self.rounds * Self.answers.lowerBound)
        _ = try server.ask(
            "/api/workflows/executions?status=pending&status=running&status=waiting",
            until: "\"total\":0")
        try check(calls, on: server)
        server.signal(SIGTERM)
        #expect(server.waitForExit() == 0)
        try checkJournal(directory.path + "/auterity.db")
    }

    private func start(_ directory: TemporaryDirectory) throws -> ServerProcess {
        try ServerProcess(
            store: directory,
            environment: [
                "AUTERITY_ADMIN_EMAIL": Load.email, "AUTERITY_ADMIN_PASSWORD": Load.password,
                "AUTERITY_RATE_LIMITS": "off",
            ])
    }

    /// Every answered call is an execution that completed, and no call is two.
    private func check(_ calls: Load, on server: ServerProcess) throws {
        let connection = try RawConnection(port: server.port)
        for (number, execution) in calls.answered {
            let answer = try connection.ask(
                "GET", "/api/workflows/executions/\(execution)", headers: [calls.token])
            #expect(answer.status == 200, "call \(number) was answered and is lost")
            #expect(answer.json["status"] == "completed", "call \(number)")
            #expect(answer.json["input_data"] == ["n": .int(Int64(number))])
        }
        var made: [Int64: Int] = [:]
        var cursor: String? = ""
        while let position = cursor {
            let page = try connection.ask(
                "GET", "/api/workflows/executions?page_size=100&cursor=\(position)",
                headers: [calls.token])
            for item in page.json["executions"]?.arrayValue ?? [] {
                let id = item["id"]?.stringValue ?? ""
                let whole = try connection.ask(
                    "GET", "/api/workflows/executions/\(id)", headers: [calls.token])
                made[try #require(whole.json["input_data"]?["n"]?.intValue), default: 0] += 1
            }
            cursor = page.json["next_cursor"]?.stringValue
        }
        #expect(made.values.allSatisfy { $0 == 1 }, "a call was done twice")
        #expect(calls.keyed.allSatisfy { made[Int64($0)] == 1 }, "a repeated call is lost")
    }

    private func checkJournal(_ path: String) throws {
        try DatabaseQueue(path: path).read { database in
            let twice = try Int.fetchOne(
                database,
                sql: """
                    SELECT count(*) FROM (SELECT 1 FROM execution_journal
                    WHERE kind IN ('execution_completed', 'step_completed')
                    GROUP BY execution_id, kind, step_id HAVING count(*) > 1)
                    """)
            #expect(twice == 0, "an execution or a step ended twice")
            #expect(try String.fetchOne(database, sql: "PRAGMA integrity_check") == "ok")
        }
    }
}

/// Calls of `POST /api/workflows/{workflow_id}/execute`, each with a number of its own in its
/// input, and what became of them.
private struct Load {
    static let email = "root@example.com"
    static let password = "correct horse battery"

    /// As a header.
    let token: String
    /// One that ends at once, and one that waits a while.
    private let workflows: [String]
    /// By number, the execution of every call that was answered with 202.
    private(set) var answered: [Int: String] = [:]
    /// Those that were sent with a key.
    private(set) var keyed: [Int] = []
    private var sent = 0

    init(_ server: ServerProcess) throws {
        let connection = try RawConnection(port: server.port)
        let grant = try connection.ask(
            "POST", "/api/auth/login",
            body: "{\"email\": \"\(Self.email)\", \"password\": \"\(Self.password)\"}")
        let token =
            "Authorization: Bearer "
            + (try #require(grant.json["access_token"]?.stringValue))
        self.token = token
        workflows = try [#""set": {"twice": "input.n * 2"}"#, #""seconds": 1"#].map { data in
            let type = data.hasPrefix("\"set") ? "transform" : "delay"
            let made = try connection.ask(
                "POST", "/api/workflows", headers: [token],
                body: """
                    {"name": "Load", "definition": {"nodes": [
                      {"id": "start", "type": "start"},
                      {"id": "work", "type": "\(type)", "data": {\(data)}},
                      {"id": "end", "type": "end"}],
                     "edges": [{"id": "e1", "source": "start", "target": "work"},
                               {"id": "e2", "source": "work", "target": "end"}]}}
                    """)
            return try #require(made.json["id"]?.stringValue)
        }
    }

    private func path(_ number: Int) -> String {
        "/api/workflows/\(workflows[number.isMultiple(of: 4) ? 1 : 0])/execute"
    }

    private func headers(_ number: Int) -> [String] {
        number.isMultiple(of: 2) ? [token, "Idempotency-Key: call-\(number)"] : [token]
    }

    private func body(_ number: Int) -> String { "{\"input_data\": {\"n\": \(number)}}" }

    /// Keeps every client calling, and kills the server after so many answers, while calls of
    /// the other clients are under way.
    mutating func run(on server: ServerProcess, clients: Int, killAfter limit: Int) throws {
        var waiting: [(client: RawConnection, number: Int)] = []
        for _ in 0..<clients {
            let client = try RawConnection(port: server.port)
            waiting.append((client, call(client)))
        }
        var count = 0
        while !waiting.isEmpty {
            for client in firstReadable(of: waiting.map(\.client)) {
                guard let index = waiting.firstIndex(where: { $0.client === client }) else {
                    continue
                }
                guard client.receive() else {
                    waiting.remove(at: index)
                    continue
                }
                guard let answer = try client.answer() else { continue }
                try note(answer, of: waiting[index].number)
                count += 1
                if count == limit { server.signal(SIGKILL) }
                waiting[index].number = call(client)
            }
        }
        #expect(count >= limit)
    }

    private mutating func call(_ client: RawConnection) -> Int {
        sent += 1
        if sent.isMultiple(of: 2) { keyed.append(sent) }
        client.send("POST", path(sent), headers: headers(sent), body: body(sent))
        return sent
    }

    private mutating func note(_ answer: RawConnection.Answer, of number: Int) throws {
        #expect(answer.status == 202, "\(String(decoding: answer.body, as: UTF8.self))")
        answered[number] = try #require(answer.json["execution_id"]?.stringValue)
    }

    /// Repeats every call that has a key. An answered one gets the same execution again.
    mutating func repeatByKey(on server: ServerProcess) throws {
        let client = try RawConnection(port: server.port)
        for number in keyed {
            let answer = try client.ask(
                "POST", path(number), headers: headers(number), body: body(number))
            if let known = answered[number] {
                #expect(answer.json["execution_id"]?.stringValue == known, "call \(number)")
                #expect(answer.head.lowercased().contains("idempotency-replayed: true"))
            }
            try note(answer, of: number)
        }
    }
}
