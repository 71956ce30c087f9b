import AuterityAPI
import AuterityClient
import AuterityTUI
import Synchronization

/// The servers that the console can go to: the store of this machine, the one that was named by
/// its address, and the profiles.
final class ServerList: ServerDirectory {
    private let settings: Settings
    private let environment: [String: String]
    /// The server to begin with.
    let first: ServerProfile
    private let openings: Mutex<[String: ClientOpening]>

    init(_ settings: Settings, _ environment: [String: String]) throws {
        self.settings = settings
        self.environment = environment
        let opening = try ClientOpening(settings, environment)
        if let profile = try settings.chosenProfile {
            var server = Self.server(profile, settings)
            // Who names a theme for this start means it for this server too.
            if settings.layer("theme") == .flags { server.theme = nil }
            first = server
        } else if let url = try settings.chosenServer {
            first = ServerProfile(address: url, email: Self.email(url, settings))
        } else {
            first = .thisMachine
        }
        openings = Mutex([Self.key(first): opening])
    }

    func servers() throws(APIError) -> [ServerProfile] {
        let profiles: Profiles
        do {
            profiles = try Profiles(path: settings.configurationPath)
        } catch {
            throw APIError(.validationError, error.description)
        }
        let named = profiles.all.map { Self.server($0, settings) }
        let unnamed = first.name == nil && first != .thisMachine ? [first] : []
        return [.thisMachine] + unnamed + named
    }

    /// Another address under the same name is another server.
    private static func key(_ server: ServerProfile) -> String {
        server.title + "\n" + server.address
    }

    private static func server(_ profile: Profile, _ settings: Settings) -> ServerProfile {
        ServerProfile(
            name: profile.name, address: profile.url, color: profile.color, theme: profile.theme,
            isReadOnly: profile.isReadOnly, confirmsChanges: profile.confirmsChanges,
            email: email(profile.url, settings, profile.name))
    }

    /// Who logged in there last.
    private static func email(
        _ url: String, _ settings: Settings, _ profile: String? = nil
    ) -> String {
        let address = ServerAddress(url: url)
        let file = CredentialFile(settings, server: address.url, profile: profile)
        // A file that cannot be read is told of when its tokens are needed.
        return (try? file.load())?.email ?? ""
    }

    func open(_ server: ServerProfile) async throws(APIError) -> any Client {
        try await opening(server).open()
    }

    func login(
        _ server: ServerProfile, email: String, password: String
    ) async throws(APIError) {
        try await opening(server).login(email: email, password: password)
    }

    func leave(_ server: ServerProfile) async {
        openings.withLock { $0[Self.key(server)] }?.disconnect()
    }

    func close() async {
        let all = openings.withLock { openings in
            defer { openings = [:] }
            return Array(openings.values)
        }
        for opening in all { await opening.close() }
    }

    private func opening(_ server: ServerProfile) throws(APIError) -> ClientOpening {
        if let known = openings.withLock({ $0[Self.key(server)] }) { return known }
        let made: ClientOpening
        if let name = server.name {
            do {
                // As the file says now: the profile may be newer than this console.
                let profile = try Profiles(path: settings.configurationPath).profile(named: name)
                made = ClientOpening(
                    profile.address(environment), settings, environment, profile: name)
            } catch {
                throw APIError(.notFound, error.description)
            }
        } else {
            made = ClientOpening(store: settings, environment)
        }
        return openings.withLock { openings in
            if let known = openings[Self.key(server)] { return known }
            openings[Self.key(server)] = made
            return made
        }
    }
}
