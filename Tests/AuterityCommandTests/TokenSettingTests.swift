import ArgumentParser
import AuterityAPI
import AuterityClient
import AuterityEngine
import AuterityServer
import Foundation
import Logging
import Testing

@testable import auterity

/// `AUTERITY_TOKEN`: a script speaks to a server without having logged in.
@Suite struct TokenSettingTests {
    /// A home directory, and what a command makes of settings there.
    private struct Home: ~Copyable {
        let path = FileManager.default.temporaryDirectory
            .appending(path: "auterity-home-\(UUID().uuidString)").path

        deinit { try? FileManager.default.removeItem(atPath: path) }

        func opening(_ url: String, token: String?) async throws -> ClientOpening {
            var environment = ["HOME": path]
            environment["AUTERITY_TOKEN"] = token
            let settings = try await Settings(
                flags: try StoreSettingFlags.parse(["--server", url]), environment: environment)
            return try ClientOpening(settings, environment)
        }
    }

    private static let email = "admin@example.com"
    private static let password = "correct horse battery"

    /// Runs a server, and hands its address and a good token to `body`.
    private static func withServer(
        _ body: (_ url: String, _ token: String, Engine) async throws -> Void
    ) async throws {
        let folder = FileManager.default.temporaryDirectory
            .appending(path: "auterity-\(UUID().uuidString)").path
        defer { try? FileManager.default.removeItem(atPath: folder) }
        var settings = EngineConfiguration(dataDirectory: folder, version: "test")
        settings.loadsStarters = false
        settings.accounts.firstAdministrator = .init(email: email, password: password)
        let engine = try await Engine.open(settings)
        var configuration = ServerConfiguration(version: "test")
        configuration.port = 0
        let (running, told) = AsyncStream.makeStream(
            of: String.self, bufferingPolicy: .bufferingNewest(1))
        let server = try Server(
            engine: engine, configuration: configuration,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        ) { addresses in
            told.yield(addresses.urls.first ?? "")
        }
        do {
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try? await server.run() }
                let url = try #require(await running.first { _ in true })
                let grant = try await engine.send(
                    Login(email: email, password: password), as: .anonymous())
                try await body(url, grant.accessToken, engine)
                group.cancelAll()
            }
        } catch {
            await engine.close()
            throw error
        }
        await engine.close()
    }

    @Test func theTokenOfTheEnvironmentNeedsNoLogin() async throws {
        try await Self.withServer { url, token, _ in
            let home = Home()
            let opening = try await home.opening(url, token: token)
            #expect(opening.credentials == nil)
            let client = try await opening.open()
            #expect(client.identity.user == Self.email)
            await opening.close()
            // Nothing of it is kept.
            #expect(
                !FileManager.default.fileExists(
                    atPath: home.path + "/.config/auterity/credentials.json"))
        }
    }

    @Test func aTokenThatIsRefusedIsNamedWithWhereItIsFrom() async throws {
        try await Self.withServer { url, token, engine in
            let home = Home()
            _ = try await engine.send(
                Logout(), as: try await engine.authenticate(token: token).caller)
            for bad in [token, "no token at all"] {
                let opening = try await home.opening(url, token: bad)
                let fault = await #expect(throws: APIError.self) {
                    _ = try await opening.open()
                }
                #expect(
                    fault?.message == "The server refused the token in AUTERITY_TOKEN: it has "
                        + "ended, was ended, or is another server's. Put a new one there, or take "
                        + "it away and log in: auterity login")
                #expect(fault.map(ExitStatus.of) == ExitStatus.refused)
                await opening.close()
            }
        }
    }

    @Test func withoutItOneMustLogIn() async throws {
        try await Self.withServer { url, _, _ in
            let home = Home()
            let opening = try await home.opening(url, token: nil)
            #expect(opening.credentials != nil)
            let fault = await #expect(throws: APIError.self) { _ = try await opening.open() }
            let name = url.dropFirst("http://".count)
            #expect(
                fault?.message == "Nobody is logged in to \(name). Log in with: auterity login")
            await opening.close()
        }
    }

    @Test func itGoesBeforeALoginThatIsKept() async throws {
        try await Self.withServer { url, token, _ in
            let home = Home()
            let kept = try await home.opening(url, token: nil)
            try await RemoteClient.login(
                try #require(kept.address), email: Self.email, password: Self.password,
                credentials: try #require(kept.credentials), environment: [:], version: "test")
            let opening = try await home.opening(url, token: "no token at all")
            await #expect(throws: APIError.self) { _ = try await opening.open() }
            await opening.close()
            let again = try await home.opening(url, token: nil)
            #expect(try await again.open().identity.user == Self.email)
            await again.close()
        }
    }
}
