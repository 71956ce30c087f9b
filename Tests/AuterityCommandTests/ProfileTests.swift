import ArgumentParser
import AuterityAPI
import AuterityClient
import Foundation
import TerminalUI
import Testing

@testable import auterity

/// Profiles in the configuration file, and what they guard.
@Suite struct ProfileTests {
    /// A configuration of one test.
    private struct Place {
        let folder = FileManager.default.temporaryDirectory
            .appending(path: "auterity-profiles-\(UUID().uuidString)")
        var file: URL { folder.appending(path: ".config/auterity/config.yaml") }
        var environment: [String: String] { ["HOME": folder.path] }

        init(_ text: String) throws {
            try FileManager.default.createDirectory(
                at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
            try text.write(to: file, atomically: true, encoding: .utf8)
        }

        func settings(
            _ flags: [String] = [], _ variables: [String: String] = [:]
        ) async throws -> Settings {
            try await Settings(
                flags: try StoreSettingFlags.parse(flags),
                environment: environment.merging(variables) { $1 })
        }

        func remove() { try? FileManager.default.removeItem(at: folder) }
    }

    private static let text = """
        # mine
        theme: nord
        profiles:
          production:
            url: https://auterity.example.com
            color: "#b00020"
            theme: gruvbox
            confirm: yes
          history:
            url: https://old.example.com
            read_only: true
            color: yellow
            ca_file: ~/ca.pem
        """

    private func guardOf(
        _ flags: [String], confirmed: String? = nil
    ) async throws -> ChangeGuard {
        let place = try Place(Self.text)
        defer { place.remove() }
        return try ChangeGuard(try await place.settings(flags), confirmed: confirmed)
    }

    @Test(arguments: [
        "theme: nord\r\nprofiles:\r\n  p:\r\n    url: http://x\r\n",
        "theme: nord\n\"profiles\":\n  \"p\":\n    \"url\": http://x\n",
    ])
    func otherWaysOfWritingStayReadable(_ text: String) async throws {
        let place = try Place(text)
        defer { place.remove() }
        var profiles = try await place.settings().profiles
        profiles.add(Profile(name: "new", url: "http://x.io"))
        try profiles.save()
        let settings = try await place.settings()
        #expect(settings.profiles.all.map(\.name) == ["p", "new"])
        #expect(settings.profiles.all.map(\.url) == ["http://x", "http://x.io"])
        #expect(settings.theme == "nord")
        let written = try String(contentsOf: place.file, encoding: .utf8)
        let lines = written.split(separator: "\n" as Character).count
        #expect((lines > 1) == !text.contains("\r\n" as Character))
    }

    @Test func aFileThatWouldBeSpoiltStaysAsItIs() async throws {
        let text = "---\ntheme: nord\n...\n"
        let place = try Place(text)
        defer { place.remove() }
        var profiles = try await place.settings().profiles
        profiles.add(Profile(name: "new", url: "http://x.io"))
        let fault = #expect(throws: SettingError.self) { try profiles.save() }
        #expect(fault?.exitStatus == ExitStatus.failure)
        #expect(fault?.description.contains(place.file.path) == true)
        #expect(fault?.description.contains("by hand") == true)
        #expect(fault?.description.contains("\n  new:\n    url: ") == true)
        #expect(try String(contentsOf: place.file, encoding: .utf8) == text)
    }

    @Test func everyKeyIsRead() async throws {
        let place = try Place(Self.text)
        defer { place.remove() }
        let settings = try await place.settings(["--profile", "production"])
        let production = try #require(try settings.chosenProfile)
        #expect(production.color == .rgb(red: 0xB0, green: 0, blue: 0x20))
        #expect(production.theme == "gruvbox")
        #expect(production.confirmsChanges)
        #expect(!production.isReadOnly)
        let history = try settings.profiles.profile(named: "history")
        #expect(history.isReadOnly)
        #expect(history.color == .indexed(3))
        #expect(
            history.address(place.environment).certificateFile == place.folder.path + "/ca.pem")
    }

    @Test func whatIsWrittenIsReadAgainAndTheRestStays() async throws {
        let place = try Place("# mine\ntheme: nord\n")
        defer { place.remove() }
        var profiles = try await place.settings().profiles
        var profile = Profile(name: "a-1", url: "http://localhost:8000")
        profile.clientCertificate = "/c.pem"
        profile.clientKey = "/k.pem"
        profile.proxy = "socks5h://localhost:1080"
        profile.theme = "nord"
        profile.color = .indexed(208)
        profile.isReadOnly = true
        profile.confirmsChanges = true
        profiles.add(profile)
        try profiles.save()
        let again = try await place.settings()
        #expect(try again.profiles.profile(named: "a-1") == profile)
        #expect(again.theme == "nord")
        #expect(try String(contentsOf: place.file, encoding: .utf8).hasPrefix("# mine\n"))
    }

    @Test func changingOneLeavesTheOthersAndTheirCommentsAlone() async throws {
        let place = try Place(
            """
            profiles:
                # where it matters
                production:
                    url: https://auterity.example.com  # the new one
                    confirm: true

                # kept for the auditors
                'history':
                    url: https://old.example.com
            # the rest
            theme: nord

            """)
        defer { place.remove() }
        var profiles = try await place.settings().profiles
        var production = try profiles.profile(named: "production")
        production.color = .indexed(1)
        profiles.add(production)
        profiles.add(Profile(name: "staging", url: "https://staging.example.com"))
        try profiles.save()
        try profiles.remove("history")
        try profiles.save()
        #expect(
            try String(contentsOf: place.file, encoding: .utf8) == """
                profiles:
                    # where it matters
                    production:
                      url: "https://auterity.example.com"
                      color: red
                      confirm: true

                    # kept for the auditors
                    staging:
                      url: "https://staging.example.com"
                # the rest
                theme: nord

                """)
        #expect(
            try await place.settings().profiles.all.map(\.name) == ["production", "staging"])
    }

    @Test func profilesInOneLineAreWrittenAnew() async throws {
        let place = try Place("profiles: {a: {url: \"http://a.example\"}}\ntheme: nord\n")
        defer { place.remove() }
        var profiles = try await place.settings().profiles
        profiles.add(Profile(name: "b", url: "http://b.example"))
        try profiles.save()
        let settings = try await place.settings()
        #expect(settings.profiles.all.map(\.name) == ["a", "b"])
        #expect(settings.theme == "nord")
    }

    @Test(arguments: [
        ("colour: red", "line 3: the profile x has an unknown setting colour; there are url"),
        ("color: pinkish", "line 3: color of the profile x: unknown colour 'pinkish'"),
        ("read_only: perhaps", "line 3: read_only of the profile x must be true or false"),
        ("confirm: [a]", "line 3: confirm of the profile x must be one value"),
    ])
    func aFaultIsToldWithItsLine(line: String, message: String) async throws {
        let place = try Place("profiles:\n  x:\n    \(line)\n    url: http://a.example\n")
        defer { place.remove() }
        await #expect { try await place.settings() } throws: { error in
            "\(error)".contains("config.yaml, \(message)")
        }
    }

    @Test func aProfileNeedsAnAddress() async throws {
        let place = try Place("profiles:\n  x:\n    color: red\n")
        defer { place.remove() }
        await #expect { try await place.settings() } throws: { "\($0)".contains("needs a url") }
    }

    @Test(arguments: ["a b", "", "ä", String(repeating: "x", count: 65), "a/b"])
    func aNameIsPlain(name: String) {
        #expect(!Profile.isName(name))
    }

    /// Who says `--profile` must not end up elsewhere because of what their shell has set.
    @Test func theStrongerLayerChoosesTheServer() async throws {
        let place = try Place(Self.text + "\nprofile: history\n")
        defer { place.remove() }
        let other = ["AUTERITY_SERVER": "https://other.example.com"]
        let named = try await place.settings(["--profile", "production"], other)
        #expect(try named.chosenProfile?.name == "production")
        #expect(try named.chosenServer == nil)
        let byVariable = try await place.settings([], other)
        #expect(try byVariable.chosenProfile == nil)
        #expect(try byVariable.chosenServer == "https://other.example.com")
        #expect(try await place.settings().chosenProfile?.name == "history")
    }

    /// A change that is meant for a scratch store must not go to the current profile's server.
    @Test func aStoreThatIsNamedGoesBeforeTheCurrentProfile() async throws {
        let place = try Place(Self.text + "\nprofile: history\n")
        defer { place.remove() }
        let named = try await place.settings(["--data-dir", "/scratch"])
        #expect(try named.chosenProfile == nil)
        #expect(try named.chosenServer == nil)
        let byVariable = try await place.settings(
            ["--data-dir", "/scratch"], ["AUTERITY_SERVER": "https://other.example.com"])
        #expect(try byVariable.chosenServer == nil)
        let both = try await place.settings(
            ["--data-dir", "/scratch", "--profile", "production"])
        #expect(try both.chosenProfile?.name == "production")
    }

    // MARK: Guards

    @Test func aReadOnlyProfileRefusesChangesAndLetsReadingThrough() async throws {
        let client = GuardedClient(
            EmptyClient(), try await guardOf(["--profile", "history"]))
        let error = await #expect(throws: APIError.self) {
            try await client.send(CancelExecution(executionID: CancelExecution.example.executionID))
        }
        #expect(error?.message.contains("profile history is read-only") == true)
        #expect(error.map(ExitStatus.of) == ExitStatus.refused)
        // It went through to the client, which knows nothing.
        await #expect { try await client.send(GetHealth()) } throws: {
            ($0 as? APIError)?.code == .notFound
        }
    }

    @Test func theFlagMakesAnyServerReadOnly() async throws {
        let guarded = try await guardOf(["--read-only"])
        #expect(guarded.refusal?.contains("read_only") == true)
    }

    @Test func aChangeTakesTheNameOfTheProfile() async throws {
        let unnamed = GuardedClient(
            EmptyClient(), try await guardOf(["--profile", "production"]))
        // Tests have no terminal to ask on.
        let error = await #expect(throws: APIError.self) {
            try await unnamed.send(DeleteWorkflow.example)
        }
        #expect(error?.message.contains("--confirm production") == true)
        let named = GuardedClient(
            EmptyClient(),
            try await guardOf(["--profile", "production"], confirmed: "production"))
        await #expect { try await named.send(DeleteWorkflow.example) } throws: {
            ($0 as? APIError)?.code == .notFound
        }
    }

    @Test func anotherNameIsRefused() async throws {
        await #expect {
            try await guardOf(["--profile", "production"], confirmed: "staging")
        } throws: { "\($0)".contains("but this is production") }
    }
}

/// Knows nothing, and says so: what reaches it has passed the guard.
private struct EmptyClient: Client {
    let identity = ClientIdentity(name: "none", user: "nobody", permissions: [])

    func send<Call: Endpoint>(_ call: Call) async throws(APIError) -> Call.Response {
        throw APIError(.notFound, "nothing is here")
    }

    func feed(after id: Int64?) -> AsyncStream<FeedItem> {
        AsyncStream(bufferingPolicy: .bufferingNewest(1)) { $0.finish() }
    }
}
