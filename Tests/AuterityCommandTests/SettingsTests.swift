import ArgumentParser
import AuterityClient
import AuterityEngine
import AuterityServer
import Foundation
import Testing

@testable import auterity

@Suite struct SettingsTests {
    private func settings(
        _ flags: [String] = [], environment: [String: String] = [:], file: String? = nil
    ) async throws -> Settings {
        let folder = FileManager.default.temporaryDirectory
            .appending(path: "auterity-settings-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        var variables = ["HOME": folder.path].merging(environment) { $1 }
        if let file {
            let place = folder.appending(path: ".config/auterity")
            try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
            try file.write(
                to: place.appending(path: "config.yaml"), atomically: true, encoding: .utf8)
        }
        variables["HOME"] = folder.path
        return try await read(try AnyFlags.parse(flags), variables)
    }

    private func read(
        _ flags: some SettingFlags, _ environment: [String: String]
    ) async throws -> Settings {
        try await Settings(flags: flags, environment: environment)
    }

    private func failure(
        _ flags: [String] = [], environment: [String: String] = [:], file: String? = nil
    ) async -> String {
        do {
            _ = try await settings(flags, environment: environment, file: file)
            return ""
        } catch {
            return String(describing: error)
        }
    }

    @Test(arguments: ["0", "x"])
    func aFlagWithAWrongValueIsAWrongCommandLine(text: String) async {
        await #expect {
            try await settings(["--timeout", text])
        } throws: {
            ($0 as? SettingError)?.exitStatus == ExitStatus.usage
        }
        await #expect {
            try await settings(environment: ["AUTERITY_TIMEOUT": text])
        } throws: {
            ($0 as? SettingError)?.exitStatus == ExitStatus.failure
        }
    }

    @Test func theServerThatOwnsTheStoreIsWaitedForAsLongAsIsSaid() async throws {
        let flags = ["--timeout", "2", "--unix-socket", "owner.sock"]
        let opening = ClientOpening(store: try await settings(flags), [:])
        #expect(opening.owner?.timeout == 2)
    }

    @Test func flagsGoBeforeVariablesAndThoseBeforeTheFile() async throws {
        let file = "theme: nord\nread_only: yes\nsmtp_url: smtp://one.example\n"
        let variables = ["AUTERITY_THEME": "gruvbox", "AUTERITY_SMTP_URL": "smtp://two.example"]
        let settings = try await settings(
            ["--theme", "solarized"], environment: variables, file: file)
        #expect(settings.theme == "solarized")
        #expect(settings.integrations.smtpURL == "smtp://two.example")
        #expect(settings.isReadOnly)
    }

    @Test func withoutAnythingTheDefaultsHold() async throws {
        let settings = try await settings()
        #expect(settings.theme == "midnight")
        #expect(!settings.isReadOnly)
        #expect(settings.isASCII == nil)
        #expect(settings.usesMouse)
        #expect(settings.dataDirectory.hasSuffix("/.local/share/auterity"))
        #expect(settings.retentionDays == 90)
    }

    @Test func theXDGDirectoriesAreHonouredWhenAbsolute() async throws {
        let absolute = try await settings(environment: ["XDG_DATA_HOME": "/srv/data"])
        #expect(absolute.dataDirectory == "/srv/data/auterity")
        let relative = try await settings(environment: ["XDG_DATA_HOME": "data"])
        #expect(relative.dataDirectory.hasSuffix("/.local/share/auterity"))
    }

    @Test func zeroDaysOfRetentionKeepForEver() async throws {
        #expect(try await settings(["--retention-days", "0"]).retentionDays == nil)
    }

    @Test(arguments: [
        (["--max-concurrency", "none"], "the flag --max-concurrency is \"none\""),
        (["--escape-delay", "5000"], "must be a number from 0 to 1000"),
        (["--provider-probe-interval", "99999"], "must be a number from 0 to 86400"),
        (["--environment", "moon"], "must be one of development, staging, production"),
    ])
    func badFlagsAreNamed(flags: [String], message: String) async {
        #expect(await failure(flags).contains(message))
    }

    @Test func badVariablesAreNamed() async {
        let message = await failure(environment: ["AUTERITY_READ_ONLY": "perhaps"])
        #expect(
            message == "AUTERITY_READ_ONLY is \"perhaps\"; it must be on or off "
                + "(or true, false, yes, no, 1, 0)")
    }

    @Test func aKeyThatNobodyReadsIsATypingError() async {
        let message = await failure(file: "# mine\ntheem: nord\n")
        #expect(message.contains("config.yaml, line 2: there is no setting theem"))
        #expect(message.contains("did you mean theme?"))
    }

    @Test func aFileThatIsNotYAMLIsNamed() async {
        #expect(await failure(file: "theme: [").contains("config.yaml cannot be read"))
    }

    @Test func whatStandsInTheWayOfTheFileIsSaidInWords() async {
        let message = await failure(environment: ["XDG_CONFIG_HOME": #filePath])
        #expect(message.contains("config.yaml cannot be read: Not a directory"))
        #expect(message.contains("--config"))
        #expect(!message.contains("Cocoa"))
    }

    @Test func aNamedFileMustBeThere() async {
        #expect(await failure(["--config", "/nonexistent/a.yaml"]).contains("/nonexistent/a.yaml"))
    }

    // MARK: The server

    @Test func theServerIsToldWhatIsSet() async throws {
        let settings = try await settings(
            ["--port", "0", "--cors-origins", "https://a.example, https://b.example"],
            environment: ["AUTERITY_RATE_LIMIT_WORKFLOWS": "7/30", "HOME": "/home/x"],
            file: "idle_timeout: 5\nmetrics_public: true\n")
        let server = try settings.server()
        #expect(server.port == 0)
        #expect(server.corsOrigins == ["https://a.example", "https://b.example"])
        #expect(server.rateLimits?.workflows.requests == 7)
        #expect(server.rateLimits?.workflows.window == 30)
        #expect(server.rateLimits?.templates.requests == 50)
        #expect(server.connections.idleTimeout == 5)
        #expect(server.metricsArePublic)
        #expect(server.unixSocket?.hasSuffix("/auterity/auterity.sock") == true)
    }

    @Test(arguments: [["AUTERITY_RATE_LIMITS": "off"], ["AUTERITY_RATE_LIMITS": "false"]])
    func rateLimitsCanBeLifted(environment: [String: String]) async throws {
        #expect(try await settings(environment: environment).server().rateLimits == nil)
        #expect(try await settings(["--no-rate-limits"]).server().rateLimits == nil)
        let lockout = try await settings(environment: environment).serverEngine.accounts.lockout
        #expect(lockout.freeFailures == nil)
        #expect(lockout.freeFailuresPerAddress == nil)
    }

    @Test func howOftenALoginMayFailIsSet() async throws {
        let flags = ["--login-failures", "3", "--login-failures-per-address", "7"]
        let lockout = try await settings(flags).serverEngine.accounts.lockout
        #expect(lockout.freeFailures == 3)
        #expect(lockout.freeFailuresPerAddress == 7)
        let standard = try await settings().serverEngine.accounts.lockout
        #expect(standard.freeFailures == 10)
    }

    @Test func theSocketCanBeLeftOut() async throws {
        #expect(try await settings(["--unix-socket", "off"]).server().unixSocket == nil)
    }

    @Test(arguments: [
        (["AUTERITY_TLS_CERT": "/a"], "tls_key"), (["AUTERITY_TLS_KEY": "/a"], "tls_cert"),
        (["AUTERITY_ADMIN_EMAIL": "a@example.com"], "AUTERITY_ADMIN_PASSWORD"),
    ])
    func whatNeedsAnotherSettingSaysSo(environment: [String: String], text: String) async throws {
        let settings = try await settings(environment: environment)
        #expect { try settings.server() } throws: { "\($0)".contains(text) }
    }

    @Test(arguments: ["100", "0/60", "1/0", "a/b", "1/2/3"])
    func aRateIsRequestsAndSeconds(text: String) async {
        let message = await failure(["--rate-limit-other", text])
        #expect(message.contains("requests and seconds, such as 100/60"))
    }

    @Test(arguments: ["AUTERITY_DATABASE_URL", "AUTERITY_REDIS_URL"])
    func otherStoresAreRefused(name: String) async {
        #expect(await failure(environment: [name: "x://y"]).contains("not in this build"))
        let key = name.dropFirst("AUTERITY_".count).lowercased()
        #expect(await failure(file: "\(key): x://y\n").contains("not in this build"))
    }

    @Test func aSecretMayBeACredential() async throws {
        let folder = FileManager.default.temporaryDirectory
            .appending(path: "auterity-credentials-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let secret = String(repeating: "s", count: 40)
        try "\(secret)\n".write(
            to: folder.appending(path: "jwt_secret"), atomically: true, encoding: .utf8)
        let variables = ["CREDENTIALS_DIRECTORY": folder.path]
        #expect(try await settings(environment: variables).engine.accounts.jwtSecret == secret)
        let both = variables.merging(["AUTERITY_JWT_SECRET": "given"]) { $1 }
        #expect(try await settings(environment: both).engine.accounts.jwtSecret == "given")
    }

    @Test func aSecretThatIsWrongIsNotRepeated() async throws {
        let settings = try await settings(environment: ["AUTERITY_JWT_SECRET": "not told"])
        #expect(settings.secretTexts == ["not told"])
    }
}
