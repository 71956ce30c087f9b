import AuterityAPI
import AuterityEngine
import Glibc

/// What the server answers in a second, and how fast: the program as it is shipped, with `wrk`
/// (https://github.com/wg/wrk) on the same machine at 32 connections.
struct ServerBenchmark {
    private static let connections = 32
    /// Seconds that each measurement takes.
    private static let duration = 8
    /// Executions that the lists have before anything is measured.
    private static let executionsBefore = 1000

    private let process: ServerProcess
    private let token: String
    private let workflow: String
    private let scripts: String

    static func run(program: String) async throws {
        try await withScratchDirectory { directory in
            let process = try await ServerProcess.start(program, in: directory)
            defer { process.stop() }
            let benchmark = try await ServerBenchmark(process, scripts: directory)
            try await benchmark.measure()
        }
    }

    private init(_ process: ServerProcess, scripts: String) async throws {
        self.process = process
        self.scripts = scripts
        let login = try await process.call(
            "POST", "/api/auth/login",
            ["email": .string(ServerProcess.email), "password": .string(ServerProcess.password)])
        guard let token = login["access_token"]?.stringValue else {
            throw BenchmarkError("the login answered no token")
        }
        self.token = token
        let definition: JSONValue = [
            "nodes": [
                ["id": "start", "type": "start", "data": [:]],
                [
                    "id": "score", "type": "transform",
                    "data": ["set": ["score": "input.amount * 2"]],
                ],
                ["id": "end", "type": "end", "data": ["output": ["score": "steps.score.output"]]],
            ],
            "edges": [
                ["id": "e1", "source": "start", "target": "score"],
                ["id": "e2", "source": "score", "target": "end"],
            ],
        ]
        let made = try await process.call(
            "POST", "/api/workflows", ["name": "Benchmark", "definition": definition],
            token: token)
        guard let id = made["id"]?.stringValue else {
            throw BenchmarkError("the workflow was not made: \(made.jsonText)")
        }
        workflow = id
    }

    private func measure() async throws {
        print("server: \(Self.connections) connections, wrk on the same machine")
        print("  call                    requests/s   p50 ms   p99 ms   not 2xx")
        let path = "/api/workflows/\(workflow)"
        var execution = ""
        for _ in 0..<Self.executionsBefore {
            let accepted = try await process.call(
                "POST", "\(path)/execute", ["input_data": ["amount": 21]], token: token)
            execution = accepted["execution_id"]?.stringValue ?? ""
        }
        let idle = process.residentMegabytes
        try report("health", "/api/monitoring/health")
        try report("list of 20", "/api/workflows/executions?page_size=20")
        try report("workflow", path)
        try report("execution with steps", "/api/workflows/executions/\(execution)")
        try await reportExecute("\(path)/execute")
        print(
            "  memory: \(fixed(idle)) MiB before, \(fixed(process.residentMegabytes)) MiB after, "
                + "\(fixed(process.peakMegabytes)) MiB at most")
    }

    private func report(_ name: String, _ path: String, script: String? = nil) throws {
        let result = try Wrk.run(
            url: process.url + path, connections: Self.connections, seconds: Self.duration,
            token: token, script: script, output: scripts + "/wrk.txt")
        let padded = name + String(repeating: " ", count: max(0, 22 - name.count))
        print(
            "  \(padded)  \(pad(fixed(result.requestsPerSecond, 0), 10))  "
                + "\(pad(fixed(result.p50, 2), 7))  \(pad(fixed(result.p99, 2), 7))  "
                + pad(String(result.failures), 8))
    }

    /// What is accepted, and how long it takes until all of it has ended.
    private func reportExecute(_ path: String) async throws {
        let script = scripts + "/execute.lua"
        try writeFile(
            """
            wrk.method = "POST"
            wrk.body = '{"input_data":{"amount":21}}'
            wrk.headers["Content-Type"] = "application/json"
            """, to: script)
        let before = try await finishedExecutions()
        let start = monotonicNanoseconds()
        try report("execute (202, durable)", path, script: script)
        try await waitUntilAllEnded()
        let seconds = Double(monotonicNanoseconds() - start) / 1e9
        let ended = Double(try await finishedExecutions() - before)
        print("  end to end              \(pad(fixed(ended / seconds, 0), 10))  executions/s")
    }

    private func finishedExecutions() async throws -> Int64 {
        let metrics = try await process.call("GET", "/api/monitoring/metrics", token: token)
        return metrics["workflows"]?["successful_executions"]?.intValue ?? 0
    }

    private func waitUntilAllEnded() async throws {
        while true {
            let list = try await process.call(
                "GET",
                "/api/workflows/executions?status=pending&status=running&cursor=&page_size=1",
                token: token)
            if list["executions"]?.arrayValue?.isEmpty ?? true { return }
        }
    }

    private func pad(_ text: String, _ width: Int) -> String {
        String(repeating: " ", count: max(0, width - text.count)) + text
    }
}

/// A server of its own, on a port that the system chose.
final class ServerProcess {
    static let email = "admin@example.com"
    static let password = "benchmark-password"

    let url: String
    private let id: pid_t
    private let http: OutboundHTTP

    private init(id: pid_t, url: String) throws {
        http = OutboundHTTP(addressGuard: try AddressGuard(allowedHosts: ""))
        self.id = id
        self.url = url
    }

    static func start(_ program: String, in directory: String) async throws -> ServerProcess {
        let log = directory + "/server.log"
        let arguments = [
            program, "serve", "--port", "0", "--data-dir", directory + "/store",
            "--no-rate-limits", "--log-level", "warning",
        ]
        let environment = [
            "PATH=/usr/bin:/bin", "HOME=\(directory)", "AUTERITY_ADMIN_EMAIL=\(email)",
            "AUTERITY_ADMIN_PASSWORD=\(password)",
        ]
        let id = try spawn(arguments, environment: environment, output: log)
        // The server says where it listens once it does.
        for _ in 0..<200 {
            try await Task.sleep(for: .milliseconds(50))
            if let match = fileText(log).firstMatch(of: /http:\/\/127\.0\.0\.1:[0-9]+/) {
                return try ServerProcess(id: id, url: String(match.output))
            }
        }
        kill(id, SIGKILL)
        throw BenchmarkError("the server did not start:\n\(fileText(log))")
    }

    func stop() {
        kill(id, SIGTERM)
        var status: Int32 = 0
        waitpid(id, &status, 0)
        http.close()
    }

    func call(
        _ method: String, _ path: String, _ body: JSONValue? = nil, token: String? = nil
    ) async throws -> JSONValue {
        var fields = [HTTPField("Content-Type", "application/json")]
        if let token { fields.append(HTTPField("Authorization", "Bearer \(token)")) }
        let response = try await http.send(
            OutboundRequest(
                method: method, url: url + path, fields: fields, body: body?.jsonBytes,
                origin: .configured))
        return try JSONValue(parsing: response.body)
    }

    var residentMegabytes: Double { status("VmRSS") }
    var peakMegabytes: Double { status("VmHWM") }

    private func status(_ key: String) -> Double {
        for line in fileText("/proc/\(id)/status").split(separator: "\n")
        where line.hasPrefix("\(key):") {
            let digits = line.filter(\.isNumber)
            return (Double(digits) ?? 0) / 1024
        }
        return 0
    }
}
