public import AuterityAPI
public import AuterityClient
public import TerminalUI

/// A server that the console can speak to, how the console looks there, and what guards it.
public struct ServerProfile: Hashable, Sendable {
    /// Of the profile; `nil` for the store of this machine, and for a server that was named by
    /// its address.
    public var name: String?
    /// What lists say of it, such as `https://auterity.example.com`.
    public var address: String
    /// Of the header's background.
    public var color: Color?
    /// The name of a theme; the console's own when `nil`.
    public var theme: String?
    /// Whether nothing may be changed there.
    public var isReadOnly: Bool
    /// Whether `title` must be typed before something is changed there.
    public var confirmsChanges: Bool
    /// Who logged in there last, for the next time.
    public var email: String

    public init(
        name: String? = nil, address: String, color: Color? = nil, theme: String? = nil,
        isReadOnly: Bool = false, confirmsChanges: Bool = false, email: String = ""
    ) {
        self.name = name
        self.address = address
        self.color = color
        self.theme = theme
        self.isReadOnly = isReadOnly
        self.confirmsChanges = confirmsChanges
        self.email = email
    }

    /// The store of this machine, or the server that has it open.
    public static let thisMachine = ServerProfile(address: "this machine")

    /// What `:profile` and people call it.
    public var title: String { name ?? address }

    /// Which server it is, whatever is set for it.
    var key: String { "\(name ?? "")\n\(address)" }
}

/// The servers that a console can speak to.
public protocol ServerDirectory: Sendable {
    /// All there are, as they are set now; the first is the store of this machine.
    ///
    /// - Throws: A sentence that says what is wrong with the configuration.
    func servers() throws(APIError) -> [ServerProfile]

    /// Opens a client, or opens it again.
    ///
    /// - Throws: 401 when one must log in first; otherwise what is in the way.
    func open(_ server: ServerProfile) async throws(APIError) -> any Client

    /// Begins a session. A client that is open goes on with it; without one, `open` succeeds
    /// from then on.
    func login(
        _ server: ServerProfile, email: String, password: String
    ) async throws(APIError)

    /// The console has gone to another server: connections can be given up.
    func leave(_ server: ServerProfile) async
}

/// The one server of a console that cannot go anywhere else.
struct SingleServer: ServerDirectory {
    let opening: Runtime.Opening

    func servers() -> [ServerProfile] { [.thisMachine] }

    func open(_ server: ServerProfile) async throws(APIError) -> any Client {
        try await opening()
    }

    func login(
        _ server: ServerProfile, email: String, password: String
    ) throws(APIError) {
        throw APIError(.badRequest, "This console logs in nowhere")
    }

    func leave(_ server: ServerProfile) {}
}
