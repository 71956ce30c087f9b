import ArgumentParser
import AuterityEngine
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
        return try await Settings(flags: try AllFlags.parse(flags), environment: variables)
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
        (["--environment", "moon"], "must be one of development, staging, production"),
    ])
    func badFlagsAreNamed(flags: [String], message: String) async {
        #expect(await failure(flags).contains(message))
    }

    @Test func badVariablesAreNamed() async {
        let message = await failure(environment: ["AUTERITY_READ_ONLY": "perhaps"])
        #expect(message == "AUTERITY_READ_ONLY is \"perhaps\"; it must be true or false")
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
}
