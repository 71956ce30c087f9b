import AuterityAPI
import AuterityClient
import AuterityEngine
import FoundationEssentials
import Synchronization

/// The embedded engine of this process: opened once, when first asked for, and closed at the end.
final class EmbeddedStore: Sendable {
    private let configuration: EngineConfiguration
    private let makesParents: Bool
    private let client = Mutex<EmbeddedClient?>(nil)

    init(_ settings: Settings) {
        makesParents = settings.usesOwnDataDirectory
        configuration = settings.engine
    }

    /// Opens the store, or answers the client that has it open.
    ///
    /// - Throws: 503 with the engine's own sentence, which says what is in the way.
    func open() async throws(APIError) -> EmbeddedClient {
        if let client = client.withLock({ $0 }) { return client }
        if makesParents { Self.makeParents(of: configuration.dataDirectory) }
        do {
            let opened = try await EmbeddedClient.open(configuration)
            client.withLock { $0 = opened }
            return opened
        } catch {
            throw APIError(.serviceUnavailable, error.message)
        }
    }

    /// Makes what the XDG Base Directory Specification wants made for a program that writes:
    /// a new account has no `~/.local/share`. A directory that a person named is left to them,
    /// since the name may be a slip.
    static func makeParents(of directory: String) {
        // What goes wrong here is told by the engine, in its own words.
        try? FileManager.default.createDirectory(
            atPath: directory, withIntermediateDirectories: true,
            attributes: [.posixPermissions: 0o700])
    }

    func close() async {
        let open = client.withLock { client in
            defer { client = nil }
            return client
        }
        await open?.close()
    }
}
