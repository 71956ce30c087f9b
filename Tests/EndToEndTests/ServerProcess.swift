import Foundation

/// A real `auterity serve`, on a port that the system chose and a store of its own unless one is
/// given. It has begun to answer when this is made.
final class ServerProcess {
    let directory: TemporaryDirectory
    private let process = Process()
    private let output = Pipe()
    /// What it said until it answered.
    private(set) var greeting: [String] = []

    init(
        _ arguments: [String] = [], store: TemporaryDirectory? = nil,
        environment: [String: String] = [:]
    ) throws {
        directory = try store ?? TemporaryDirectory()
        process.executableURL = URL(filePath: Subprocess.auterity)
        process.arguments = ["serve", "--port", "0"] + arguments
        var variables = ProcessInfo.processInfo.environment
        for name in variables.keys where name.hasPrefix("AUTERITY_") { variables[name] = nil }
        variables.merge(ConsoleSession.environment(data: directory.path)) { $1 }
        variables.merge(environment) { $1 }
        process.environment = variables
        process.standardOutput = output
        let log = FileManager.default.createFile(atPath: logFile, contents: nil)
        process.standardError = log ? FileHandle(forWritingAtPath: logFile) : nil
        try process.run()
        while let line = nextLine() {
            greeting.append(line)
            if line.hasPrefix("Ctrl-C") { return }
        }
        process.waitUntilExit()
        throw TerminalTestError("the server did not begin: \(self.log)")
    }

    deinit {
        guard process.isRunning else { return }
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
    }

    private var logFile: String { directory.path + "/serve.log" }
    var log: String { (try? String(contentsOfFile: logFile, encoding: .utf8)) ?? "" }
    var socket: String { directory.path + "/auterity.sock" }

    /// Such as `http://127.0.0.1:40123`.
    var url: String {
        greeting.first?.split(separator: " ").last.map(String.init) ?? ""
    }

    var port: Int { url.split(separator: ":").last.flatMap { Int($0) } ?? 0 }

    func signal(_ number: Int32) { kill(process.processIdentifier, number) }

    /// The exit status; 128 and more for a signal.
    func waitForExit() -> Int32 {
        process.waitUntilExit()
        let status = process.terminationStatus
        return process.terminationReason == .uncaughtSignal ? 128 + status : status
    }

    private var pending: [UInt8] = []

    private func nextLine() -> String? {
        while true {
            if let end = pending.firstIndex(of: UInt8(ascii: "\n")) {
                let line = String(decoding: pending[..<end], as: UTF8.self)
                pending.removeSubrange(...end)
                return line
            }
            let data = output.fileHandleForReading.availableData
            if data.isEmpty { return nil }
            pending += data
        }
    }

    // MARK: Requests

    /// A request over the Unix socket, as the administrator.
    func asAdministrator(
        _ method: String, _ path: String, _ body: String? = nil
    ) throws -> Subprocess.Result {
        try curl(["--unix-socket", socket, "http://localhost\(path)"], method, body)
    }

    func curl(
        _ arguments: [String], _ method: String = "GET", _ body: String? = nil
    ) throws -> Subprocess.Result {
        var words = ["-sS", "--max-time", "90", "-X", method] + arguments
        if let body { words += ["-H", "Content-Type: application/json", "-d", body] }
        return try Subprocess.run("curl", words)
    }

    /// Asks until the answer holds a text.
    func ask(_ path: String, until text: String) throws -> String {
        let deadline = Date().addingTimeInterval(ConsoleSession.patience)
        var answer = ""
        while Date() < deadline {
            answer = try asAdministrator("GET", path).output
            if answer.contains(text) { return answer }
        }
        throw TerminalTestError("waited for \(text) at \(path); the answer is \(answer)")
    }
}

/// The text of the first member of that name in a JSON text.
func member(_ name: String, of json: String) -> String? {
    guard let start = json.range(of: "\"\(name)\":\"")?.upperBound,
        let end = json[start...].firstIndex(of: "\"")
    else { return nil }
    return String(json[start..<end])
}
