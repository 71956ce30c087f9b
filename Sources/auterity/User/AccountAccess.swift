import AuterityAPI
import AuterityClient

/// The way to the accounts: the server that has the store open, else the store itself.
final class AccountAccess: Sendable {
    private let server: LocalServer?
    private let store: EmbeddedStore

    private init(_ settings: Settings) {
        server = settings.unixSocket.flatMap { LocalServer(path: $0) }
        store = EmbeddedStore(settings)
    }

    /// - Throws: An `APIError` with what the server or the engine says.
    func send<Call: Endpoint>(_ call: Call) async throws(APIError) -> Call.Response {
        if let server { return try server.send(call) }
        return try await store.open().send(call)
    }

    /// The accounts, as long as the closure runs.
    static func use<Result>(
        _ settings: Settings, _ body: (AccountAccess) async throws -> Result
    ) async throws -> Result {
        let access = AccountAccess(settings)
        do {
            let result = try await body(access)
            await access.store.close()
            return result
        } catch {
            await access.store.close()
            throw error
        }
    }
}
