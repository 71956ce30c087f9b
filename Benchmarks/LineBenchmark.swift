import AuterityAPI
import Glibc

/// What the console costs on a slow line to its server: the program as it is shipped on both
/// ends, 9,600 baud and 300 ms each way between them.
struct LineBenchmark {
    /// Seconds of each measurement.
    private static let duration = 60.0
    /// Executions a second of the busy screen.
    private static let rates = [0.5, 2.0, 8.0]
    /// Seconds that are waited for something to be shown.
    private static let longest: UInt64 = 180
    /// Executions that the lists have before anything is measured.
    private static let executionsBefore = 200

    private let process: ServerProcess
    private let line: SlowLine
    private let terminal: PseudoTerminal
    private let token: String
    private let workflow: String
    /// Runs once behind each measurement, to see how late it is shown.
    private let marker: String

    /// No letter of it stands at the same place in the name of the other.
    private static let markerName = "XQZVJYUP"

    static func run(program: String) async throws {
        try await withScratchDirectory { directory in
            let process = try await ServerProcess.start(program, in: directory)
            defer { process.stop() }
            print(
                "line: \(SlowLine.bytesPerSecond) bytes/s and "
                    + "\(SlowLine.delayMilliseconds) ms each way, 120x32")
            let token = try await logIn(process)
            let workflow = try await makeWorkflow("Small work", process, token)
            let marker = try await makeWorkflow(markerName, process, token)
            for _ in 0..<executionsBefore { try await execute(process, workflow, token) }
            guard let port = process.url.split(separator: ":").last.flatMap({ Int($0) }) else {
                throw BenchmarkError("the server has no port")
            }
            let line = try SlowLine(to: port)
            defer { line.end() }
            let begin = monotonicNanoseconds()
            let terminal = try PseudoTerminal(
                [program, "--server", "http://127.0.0.1:\(line.port)"], width: 120, height: 32,
                environment: [
                    "TERM": "xterm-256color", "LC_ALL": "C.UTF-8", "HOME": directory,
                    "XDG_DATA_HOME": directory + "/none", "PATH": "/usr/bin:/bin",
                    "AUTERITY_TOKEN": token,
                ])
            defer { terminal.end() }
            let benchmark = LineBenchmark(
                process: process, line: line, terminal: terminal, token: token,
                workflow: workflow, marker: marker)
            benchmark.waitUntilLive(since: begin)
            try await benchmark.measure()
        }
    }

    private func waitUntilLive(since begin: UInt64) {
        var seen: [UInt8] = []
        let name = seconds(until: "Small work", since: begin, in: &seen)
        let live = seconds(until: "live", since: begin, in: &seen)
        let traffic = line.traffic
        print(
            "  from start: lists after \(text(name)) s, live after \(text(live)) s, "
                + "\(traffic.down) bytes from the server, \(traffic.up) to it")
        // What is read besides comes behind.
        drain()
        print(
            "  all that was asked for: \(line.traffic.down) bytes from the server, "
                + "\(line.traffic.up) to it")
    }

    private func text(_ seconds: Double?) -> String {
        seconds.map { fixed($0) } ?? "more than \(Self.longest)"
    }

    private func measure() async throws {
        print("  screen            from server  to server  bytes/min   key ms   late s")
        try await report("quiet", rate: 0)
        for rate in Self.rates {
            try await report("\(fixed(rate)) executions/s", rate: rate)
        }
    }

    private func report(_ name: String, rate: Double) async throws {
        let before = line.traffic
        let drawn = terminal.bytes
        let start = monotonicNanoseconds()
        let end = start + UInt64(Self.duration * 1e9)
        var keys: [Double] = []
        var executed = 0.0
        while monotonicNanoseconds() < end {
            let passed = Double(monotonicNanoseconds() - start) / 1e9
            while executed < passed * rate {
                try await Self.execute(process, workflow, token)
                executed += 1
            }
            keys.append(contentsOf: pressKey(keys.count))
            _ = terminal.read(quiet: 200, longest: 500)
        }
        let after = line.traffic
        // The newest row is in view again.
        terminal.write("f")
        _ = terminal.read(quiet: 200, longest: 500)
        let stopped = monotonicNanoseconds()
        try await Self.execute(process, marker, token)
        var seen: [UInt8] = []
        let late = seconds(until: Self.markerName, since: stopped, in: &seen)
        drain()
        let minutes = Self.duration / 60
        let (down, up) = (after.down - before.down, after.up - before.up)
        print(
            "  \(pad(name, 18))\(pad(down, 11))\(pad(up, 11))"
                + "\(pad(Int(Double(down + up) / minutes), 11))"
                + "\(pad(fixed(percentile(keys, 0.99)), 9))\(pad(text(late), 9))"
                + "   (\(terminal.bytes - drawn) drawn)")
    }

    /// Moves the cursor; milliseconds to what it draws.
    private func pressKey(_ count: Int) -> [Double] {
        let begin = monotonicNanoseconds()
        terminal.write(count % 8 < 4 ? "j" : "k")
        let (_, first, _) = terminal.read(quiet: 20, longest: 500)
        return first.map { [Double($0 - begin) / 1e6] } ?? []
    }

    /// Reads until nothing but figures comes any more.
    private func drain() {
        for _ in 0..<120 {
            let before = line.traffic.down
            _ = terminal.read(quiet: 3000, longest: 3000)
            if line.traffic.down - before < 300 { return }
        }
    }

    private func seconds(
        until text: String, since begin: UInt64, in seen: inout [UInt8]
    ) -> Double? {
        let wanted = Array(text.utf8)
        if seen.firstRange(of: wanted) != nil {
            return Double(monotonicNanoseconds() - begin) / 1e9
        }
        while monotonicNanoseconds() < begin + Self.longest * 1_000_000_000 {
            let (bytes, _, last) = terminal.read(quiet: 30, longest: 1000)
            seen += bytes
            if seen.firstRange(of: wanted) != nil {
                return Double((last ?? monotonicNanoseconds()) - begin) / 1e9
            }
        }
        return nil
    }

    // MARK: - Work

    private static func logIn(_ process: ServerProcess) async throws -> String {
        let login = try await process.call(
            "POST", "/api/auth/login",
            ["email": .string(ServerProcess.email), "password": .string(ServerProcess.password)])
        guard let token = login["access_token"]?.stringValue else {
            throw BenchmarkError("the login answered no token")
        }
        return token
    }

    private static func makeWorkflow(
        _ name: String, _ process: ServerProcess, _ token: String
    ) async throws -> String {
        let ids = ["start", "one", "two", "three", "end"]
        let nodes = ids.map { id -> JSONValue in
            switch id {
            case "start", "end": ["id": .string(id), "type": .string(id), "data": [:]]
            default:
                ["id": .string(id), "type": "transform", "data": ["set": ["x": "input.amount"]]]
            }
        }
        let edges = zip(ids, ids.dropFirst()).map { source, target -> JSONValue in
            ["id": .string(target), "source": .string(source), "target": .string(target)]
        }
        let made = try await process.call(
            "POST", "/api/workflows",
            [
                "name": .string(name),
                "definition": ["nodes": .array(nodes), "edges": .array(edges)],
            ],
            token: token)
        guard let id = made["id"]?.stringValue else {
            throw BenchmarkError("the workflow was not made: \(made.jsonText)")
        }
        return id
    }

    private static func execute(
        _ process: ServerProcess, _ workflow: String, _ token: String
    ) async throws {
        _ = try await process.call(
            "POST", "/api/workflows/\(workflow)/execute", ["input_data": ["amount": 21]],
            token: token)
    }

    private func pad(_ value: some CustomStringConvertible, _ width: Int) -> String {
        let text = value.description
        return String(repeating: " ", count: max(0, width - text.count)) + text
    }
}
