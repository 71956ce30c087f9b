import Foundation
import Testing

/// What a stop and a kill leave behind, and what the next start makes of it.
@Suite(.serialized, .timeLimit(.minutes(30))) struct ServeStopTests {
    private static let approval = """
        {"name": "Asks", "definition": {
          "nodes": [{"id": "start", "type": "start"},
                    {"id": "ask", "type": "approval", "data": {"message": "Go on?"}},
                    {"id": "end", "type": "end"}],
          "edges": [{"id": "e1", "source": "start", "target": "ask"},
                    {"id": "e2", "source": "ask", "target": "end"}]}}
        """

    private static let pause = """
        {"name": "Pauses", "definition": {
          "nodes": [{"id": "start", "type": "start"},
                    {"id": "pause", "type": "delay", "data": {"seconds": 1}},
                    {"id": "end", "type": "end"}],
          "edges": [{"id": "e1", "source": "start", "target": "pause"},
                    {"id": "e2", "source": "pause", "target": "end"}]}}
        """

    private func workflow(_ body: String, on server: ServerProcess) throws -> String {
        let answer = try server.asAdministrator("POST", "/api/workflows", body)
        return try #require(member("id", of: answer.output), "\(answer.output)")
    }

    @Test(arguments: [SIGTERM, SIGKILL])
    func anExecutionThatRunsGoesOnAtTheNextStart(signal: Int32) throws {
        let directory = try TemporaryDirectory()
        let first = try ServerProcess(store: directory)
        let workflow = try workflow(Self.approval, on: first)
        let answer = try first.asAdministrator(
            "POST", "/api/workflows/\(workflow)/execute", "{\"input_data\": {}}")
        let execution = try #require(member("execution_id", of: answer.output))
        let path = "/api/workflows/executions/\(execution)"
        _ = try first.ask(path, until: "\"status\":\"waiting\"")
        first.signal(signal)
        #expect(first.waitForExit() == (signal == SIGTERM ? 0 : 128 + signal))

        let second = try ServerProcess(store: directory)
        #expect(try second.asAdministrator("GET", path).output.contains(execution))
        _ = try second.ask(path, until: "\"status\":\"waiting\"")
        let approved = try second.asAdministrator(
            "POST", path + "/approve", "{\"approved\": true}")
        #expect(approved.output.contains(execution), "\(approved.output)")
        _ = try second.ask(path, until: "\"status\":\"completed\"")
    }

    @Test func aRequestUnderWayIsAnsweredAtAStop() async throws {
        let server = try ServerProcess()
        let workflow = try workflow(Self.pause, on: server)
        let arguments = [server.url, server.socket]
        async let answer = Task.detached {
            try Subprocess.run(
                "curl",
                [
                    "-sS", "-i", "--unix-socket", arguments[1], "-X", "POST",
                    "http://localhost/api/workflows/\(workflow)/execute",
                    "-H", "Content-Type: application/json",
                    "-d", "{\"input_data\": {}, \"execution_mode\": \"sync\"}",
                ])
        }.value
        _ = try server.ask("/api/workflows/executions", until: "\"status\":\"waiting\"")
        server.signal(SIGTERM)
        let output = try await answer.output
        #expect(output.hasPrefix("HTTP/1.1 200"), "\(output)")
        #expect(output.contains("\"status\":\"completed\""))
        #expect(server.waitForExit() == 0)
    }

    @Test func aSecondSignalEndsItAtOnce() async throws {
        let server = try ServerProcess()
        let workflow = try workflow(Self.approval, on: server)
        let socket = server.socket
        async let answer = Task.detached {
            try Subprocess.run(
                "curl",
                [
                    "-sS", "--unix-socket", socket, "-X", "POST",
                    "http://localhost/api/workflows/\(workflow)/execute",
                    "-H", "Content-Type: application/json",
                    "-d", "{\"input_data\": {}, \"execution_mode\": \"sync\"}",
                ])
        }.value
        _ = try server.ask("/api/workflows/executions", until: "\"status\":\"waiting\"")
        server.signal(SIGINT)
        let deadline = Date().addingTimeInterval(ConsoleSession.patience)
        while !server.log.contains("Stopping"), Date() < deadline {}
        server.signal(SIGINT)
        #expect(server.waitForExit() == 128 + SIGINT)
        #expect(try await answer.status != 0)
    }
}
