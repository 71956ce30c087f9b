import AuterityAPI
import AuterityClient
import AuterityEngine
import Glibc
import Synchronization

/// Opens what a command or the console speaks to: the server that was named, the one that owns
/// the store of this machine, or the store itself.
final class ClientOpening: Sendable {
    private enum Target: Sendable {
        case server(ServerAddress)
        case store(EmbeddedStore, socket: String?)
    }

    private let target: Target
    let credentials: CredentialFile
    /// `nil`: the store of this machine.
    let address: ServerAddress?
    private let environment: [String: String]
    private let remote = Mutex<RemoteClient?>(nil)

    init(
        _ settings: Settings, _ environment: [String: String]
    ) throws {
        self.environment = environment
        address = try Self.address(settings)
        credentials = CredentialFile(settings, server: address?.url ?? "")
        target =
            address.map(Target.server)
            ?? .store(
                EmbeddedStore(settings), socket: settings.unixSocket)
    }

    private static func address(_ settings: Settings) throws -> ServerAddress? {
        if let url = settings.text("server") {
            return ServerAddress(url: url, certificateFile: settings.path("ca_file"))
        }
        guard let name = settings.text("profile") else { return nil }
        return try settings.profiles.profile(named: name).address
    }

    /// - Throws: a sentence that says what is in the way.
    func open() async throws(APIError) -> any Client {
        switch target {
        case .server(let address):
            return try await connect(address, credentials)
        case .store(let store, let socket):
            // A server that owns the store answers at its socket; the console and the commands
            // then go there, so that on a server they just work.
            if let socket, Self.answers(socket) {
                return try await connect(.local(socket: socket), nil)
            }
            return try await store.open()
        }
    }

    private func connect(
        _ address: ServerAddress, _ credentials: CredentialFile?
    ) async throws(APIError) -> any Client {
        let client = try await RemoteClient.connect(
            address, credentials: credentials, environment: environment, version: Product.version)
        remote.withLock { $0 = client }
        return client
    }

    func close() async {
        remote.withLock { $0 }?.close()
        if case .store(let store, _) = target { await store.close() }
    }

    /// Whether somebody listens at a Unix socket.
    private static func answers(_ path: String) -> Bool {
        var address = sockaddr_un()
        let bytes = Array(path.utf8)
        guard bytes.count < MemoryLayout.size(ofValue: address.sun_path) else { return false }
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
        let kind = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
        let descriptor = socket(AF_UNIX, kind, 0)
        guard descriptor >= 0 else { return false }
        defer { Glibc.close(descriptor) }
        return withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                Glibc.connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size)) == 0
            }
        }
    }
}
