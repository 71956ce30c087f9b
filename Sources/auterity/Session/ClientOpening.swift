import AuterityAPI
import AuterityClient
import AuterityEngine
import Glibc
import Synchronization

/// Opens what a command or the console speaks to: the server that was named, the one that owns
/// the store of this machine, or the store itself.
final class ClientOpening: Sendable {
    private enum Target: Sendable {
        case server(ServerAddress, RemoteLogin)
        case store(EmbeddedStore, socket: String?)
    }

    private let target: Target
    /// Where the tokens for the server are; `nil` on this machine, where there are none, and
    /// where a token was given.
    let credentials: CredentialFile?
    /// `nil`: the store of this machine.
    let address: ServerAddress?
    /// The server that owns the store of this machine, if there is one; `nil` for another server.
    let owner: ServerAddress?
    private let environment: [String: String]
    private let remote = Mutex<RemoteClient?>(nil)

    /// What the settings choose.
    convenience init(_ settings: Settings, _ environment: [String: String]) throws {
        if let profile = try settings.chosenProfile {
            self.init(
                profile.address(environment), settings, environment, profile: profile.name)
        } else if let url = try settings.chosenServer {
            self.init(ServerAddress(url: url), settings, environment)
        } else {
            self.init(store: settings, environment)
        }
    }

    /// A server, with the tokens that are kept for it, or the one that was given.
    init(
        _ address: ServerAddress, _ settings: Settings, _ environment: [String: String],
        profile: String? = nil
    ) {
        self.environment = environment
        var address = address
        if let profile { address.certificateOrigin = "ca_file of the profile \(profile)" }
        // A flag goes before a profile, and that before what is set for all servers.
        if address.certificateFile == nil || settings.layer("ca_file") == .flags,
            let file = settings.path("ca_file")
        {
            address.certificateFile = file
            address.certificateOrigin = settings.origin("ca_file") ?? address.certificateOrigin
        }
        address.timeout = settings.number("timeout") ?? address.timeout
        self.address = address
        owner = nil
        if let token = settings.token {
            credentials = nil
            target = .server(address, .token(token.text, origin: token.origin))
        } else {
            let file = CredentialFile(settings, server: address.url, profile: profile)
            credentials = file
            target = .server(address, .session(file))
        }
    }

    /// The store of this machine.
    init(store settings: Settings, _ environment: [String: String]) {
        self.environment = environment
        address = nil
        credentials = nil
        // A socket elsewhere may be that of any store.
        let place = settings.text("unix_socket") == nil ? nil : settings.unixSocket
        let name = Directories.shown(place ?? settings.dataDirectory, environment)
        let socket = settings.unixSocket
        var owner = socket.map { ServerAddress.local(socket: $0, store: name) }
        if let timeout = settings.number("timeout") { owner?.timeout = timeout }
        self.owner = owner
        target = .store(EmbeddedStore(settings), socket: socket)
    }

    /// - Throws: a sentence that says what is in the way; 401 where one must log in first.
    func open() async throws(APIError) -> any Client {
        switch target {
        case .server(let address, let login):
            return try await connect(address, login)
        case .store(let store, let socket):
            // A server that owns the store answers at its socket; the console and the commands
            // then go there, so that on a server they just work.
            if let socket, let owner, Self.answers(socket) {
                return try await connect(owner, .none)
            }
            return try await store.open()
        }
    }

    private func connect(
        _ address: ServerAddress, _ login: RemoteLogin
    ) async throws(APIError) -> any Client {
        let client = try remoteClient(address, login)
        do throws(APIError) {
            try await client.identify()
            return client
        } catch {
            if error.code.status == 401 { try await reach(address) }
            throw error
        }
    }

    /// Without a token nothing was asked of the server yet: nobody is to type a password for one
    /// that is not there.
    ///
    /// - Throws: 503 with a sentence when the server cannot be reached or is none.
    private func reach(_ address: ServerAddress) async throws(APIError) {
        let stranger = try RemoteClient(
            address, as: .none, environment: environment, version: Product.version)
        defer { stranger.close() }
        do throws(APIError) {
            try await stranger.identify()
        } catch {
            if error.code == .serviceUnavailable { throw error }
        }
    }

    /// The client of this opening: one, however often it is opened.
    private func remoteClient(
        _ address: ServerAddress, _ login: RemoteLogin
    ) throws(APIError) -> RemoteClient {
        if let client = remote.withLock({ $0 }) { return client }
        let made = try RemoteClient(
            address, as: login, environment: environment, version: Product.version)
        remote.withLock { $0 = made }
        return made
    }

    /// Begins a session. The client goes on with it, whether it is open already or not.
    func login(email: String, password: String) async throws(APIError) {
        guard case .server(let address, let login) = target else {
            throw APIError(.badRequest, "The store of this machine asks for no password")
        }
        if case .token(_, let origin) = login {
            throw APIError(
                .badRequest, "A token is given by \(origin): nobody logs in. Take it away to log in"
            )
        }
        try await remoteClient(address, login).login(email: email, password: password)
    }

    /// Ends connections; a later `open` makes new ones. The store stays open.
    func disconnect() {
        remote.withLock { client in
            defer { client = nil }
            return client
        }?.close()
    }

    func close() async {
        disconnect()
        if case .store(let store, _) = target { await store.close() }
    }

    /// Whether somebody listens at a Unix socket.
    static func answers(_ path: String) -> Bool {
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
