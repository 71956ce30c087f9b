import AuterityAPI
import Foundation
import Testing

/// What the doctor finds, on things that are wrong.
@Suite(.timeLimit(.minutes(30))) struct DoctorTests {
    private func examine(
        _ words: [String] = [], _ environment: [String: String], in directory: TemporaryDirectory
    ) throws -> (status: Int32, findings: [String: JSONValue]) {
        var variables = ConsoleSession.environment(data: directory.path + "/store")
        variables.merge(environment) { $1 }
        let result = try Subprocess.run(
            Subprocess.auterity, ["doctor", "--fast", "-o", "json"] + words,
            environment: variables)
        let list = try JSONValue(parsing: Array(result.output.utf8)).arrayValue ?? []
        var findings: [String: JSONValue] = [:]
        for finding in list { findings[finding["id"]?.stringValue ?? ""] = finding }
        return (result.status, findings)
    }

    /// Each with what is found of it, and what to do.
    @Test(arguments: [
        ("HOME", "/dev/null", "program.home", "fail", "no directory"),
        ("HOME", "/proc/self", "program.home", "fail", "/proc"),
        ("XDG_STATE_HOME", "/dev/null", "program.log", "fail", "Not a directory"),
        ("XDG_CONFIG_HOME", "/proc/self", "configuration.folder", "fail", "/proc"),
        ("AUTERITY_DATA_DIR", "/dev/null/store", "data.directory", "fail", "Not a directory"),
        ("AUTERITY_DATA_DIR", "/proc/auterity", "data.directory", "fail", "/proc"),
        ("AUTERITY_DATA_DIR", "/nowhere/at/all", "data.directory", "fail", "is not there"),
        ("TZ", "Nowhere/Town", "program.time_zone", "warn", "does not know"),
        ("TERM", "nonsense", "terminal.kind", "warn", "does not know"),
        ("LC_ALL", "xx_XX", "program.locale", "warn", "does not have"),
        ("AUTERITY_PROFILE", "absent", "server.address", "fail", "no profile"),
        ("AUTERITY_SERVER", "http://127.0.0.1:9", "server.reachable", "fail", "127.0.0.1"),
        ("AUTERITY_CA_FILE", "/dev/null", "certificates.ca_file", "fail", "as a certificate"),
    ])
    func whatIsWrongIsFoundWithWhatToDo(
        variable: String, value: String, id: String, status: String, text: String
    ) throws {
        let directory = try TemporaryDirectory()
        var environment = ["TZ": "UTC", "LC_ALL": "C.UTF-8"]
        environment["HOME"] = directory.path
        environment[variable] = value
        let (ended, findings) = try examine(environment, in: directory)
        let finding = try #require(findings[id], "\(findings.keys.sorted())")
        #expect(finding["status"]?.stringValue == status, "\(finding)")
        #expect(finding["detail"]?.stringValue?.contains(text) == true, "\(finding)")
        #expect(finding["advice"]?.stringValue?.isEmpty == false, "\(finding)")
        let fails = findings.values.contains { $0["status"] == .string("fail") }
        #expect(ended == (fails ? 1 : 0))
    }

    @Test func whatIsWellIsFoundWell() throws {
        let directory = try TemporaryDirectory()
        let environment = [
            "HOME": directory.path, "TZ": "Europe/Berlin", "LC_ALL": "C.UTF-8", "TERM": "xterm",
        ]
        let (status, findings) = try examine(environment, in: directory)
        #expect(status == 0)
        for id in [
            "program.home", "program.time_zone", "program.locale", "program.log", "terminal.kind",
            "terminal.colors", "configuration.folder", "data.directory",
        ] {
            #expect(findings[id]?["status"] == .string("ok"), "\(id): \(findings[id] ?? .null)")
        }
        // It has changed nothing.
        #expect(try FileManager.default.contentsOfDirectory(atPath: directory.path).isEmpty)
    }

    @Test func aWrongConfigurationFileDoesNotHideTheStore() throws {
        let directory = try TemporaryDirectory()
        let file = directory.path + "/config.yaml"
        try "nonsense: 1\n".write(toFile: file, atomically: true, encoding: .utf8)
        let (status, findings) = try examine(["--config", file], [:], in: directory)
        #expect(status == 1)
        #expect(findings["configuration.settings"] != nil)
        #expect(findings["data.directory"] != nil)
    }

    @Test func profilesAreAskedAndTheirTokensHeld() throws {
        let server = try ServerProcess()
        let directory = try TemporaryDirectory()
        let folder = directory.path + "/auterity"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        try """
        profiles:
          here:
            url: \(server.url)
          gone:
            url: http://127.0.0.1:9
        """.write(toFile: folder + "/config.yaml", atomically: true, encoding: .utf8)
        try "{}".write(toFile: folder + "/credentials.json", atomically: true, encoding: .utf8)
        chmod(folder + "/credentials.json", 0o644)
        let (status, findings) = try examine(["XDG_CONFIG_HOME": directory.path], in: directory)
        #expect(findings["profiles.here"]?["status"] == .string("ok"), "\(findings)")
        #expect(findings["profiles.gone"]?["status"] == .string("warn"), "\(findings)")
        #expect(findings["configuration.tokens"]?["status"] == .string("fail"))
        #expect(status == 1)
    }

    private func examine(
        _ environment: [String: String], in directory: TemporaryDirectory
    ) throws -> (status: Int32, findings: [String: JSONValue]) {
        try examine([], environment, in: directory)
    }
}
