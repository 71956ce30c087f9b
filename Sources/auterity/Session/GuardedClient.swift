import AuterityAPI
import AuterityClient
import Glibc
import Synchronization

/// What stands between a command and a change.
struct ChangeGuard: Sendable {
    /// Why nothing may be changed, as a sentence; `nil` when it may.
    var refusal: String?
    /// The profile whose name must be given first; `nil` when none asks for it.
    var profile: Profile?
    /// The name that was given by `--confirm`.
    var confirmed: String?

    /// - Throws: `SettingError` when `--confirm` names anything but the profile that is used.
    init(_ settings: Settings, confirmed: String?) throws {
        let profile = try settings.chosenProfile
        if settings.isReadOnly {
            refusal = "This is read-only (read_only): nothing can be changed"
        } else if let profile, profile.isReadOnly {
            refusal = "The profile \(profile.name) is read-only: nothing can be changed there"
        }
        if let profile, profile.confirmsChanges { self.profile = profile }
        self.confirmed = confirmed
        // Who names a profile means no other, whether that asks for its name or not.
        guard let confirmed, confirmed != profile?.name else { return }
        let place =
            try profile?.name ?? settings.chosenServer ?? "the store of this machine"
        throw SettingError(
            "--confirm says \(confirmed), but this is \(place): nothing was changed",
            status: ExitStatus.refused)
    }
}

/// A client that changes nothing which the profile guards. Every call of a command goes through
/// it, so that no command can forget to ask.
final class GuardedClient: Client {
    private let client: any Client
    private let changes: ChangeGuard
    private let isConfirmed: Mutex<Bool>
    private let changed = Atomic(false)
    /// The address that is waited for; `nil` on this machine.
    private let server: String?

    init(_ client: any Client, _ changes: ChangeGuard, server: String? = nil) {
        self.client = client
        self.server = server
        self.changes = changes
        isConfirmed = Mutex(changes.profile == nil || changes.confirmed != nil)
    }

    var identity: ClientIdentity { client.identity }

    /// Whether something was changed through it.
    var hasChanged: Bool { changed.load(ordering: .relaxed) }

    func send<Call: Endpoint>(_ call: Call) async throws(APIError) -> Call.Response {
        if Call.changes { try check() }
        // Whoever runs an execution to its end waits for that, not for the server.
        let name = call is ExecuteWorkflow ? nil : server
        let response = try await WaitingNotice.during(name) {
            () async throws(APIError) in try await client.send(call)
        }
        if Call.changes { changed.store(true, ordering: .relaxed) }
        return response
    }

    func feed(after id: Int64?) -> AsyncStream<FeedItem> { client.feed(after: id) }

    /// Asks once for a command, however many calls it makes.
    private func check() throws(APIError) {
        if let refusal = changes.refusal { throw APIError(.forbidden, refusal) }
        guard let profile = changes.profile, !isConfirmed.withLock({ $0 }) else { return }
        guard isatty(STDIN_FILENO) == 1 else {
            throw APIError(
                .forbidden,
                "The profile \(profile.name) asks for its name before a change, and nobody can be "
                    + "asked here. Say --confirm \(profile.name)")
        }
        let question = Array(
            "This changes \(profile.name) (\(profile.url)). Type its name to go on: ".utf8)
        _ = write(STDERR_FILENO, question, question.count)
        guard readLine() == profile.name else {
            throw APIError(.forbidden, "That is not its name: nothing was changed")
        }
        isConfirmed.withLock { $0 = true }
    }
}
