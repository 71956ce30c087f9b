import AuterityAPI
import AuterityClient
import TerminalUI

/// Changes that wait until the name of the profile is typed.
struct HeldChanges: Sendable {
    struct Change: Sendable {
        let screen: ScreenID
        let request: Request
    }

    private(set) var changes: [Change]
    /// Asks for the name.
    var dialog: Dialog

    init(_ change: Change, of server: ServerProfile) {
        changes = [change]
        dialog = Self.dialog(changes, of: server)
    }

    mutating func add(_ change: Change, of server: ServerProfile) {
        changes.append(change)
        dialog = Self.dialog(changes, of: server)
    }

    private static func dialog(_ changes: [Change], of server: ServerProfile) -> Dialog {
        var lines = ["This is \(SafeText.line(server.title)) (\(SafeText.line(server.address)))."]
        let first = changes.first.map { type(of: $0.request.call).route.summary } ?? ""
        lines.append(changes.count == 1 ? first : "\(first), \(changes.count) times")
        return Dialog(
            title: "Change \(SafeText.line(server.title))?", body: lines,
            buttons: [
                DialogButton("Keep"), DialogButton("Change", isDestructive: true),
            ], nameToType: server.title)
    }
}

// Every call of the console goes through here, so that nothing can be changed that the profile,
// the role or the line does not let through, whatever screen asks for it.
extension Model {
    /// Begins a call, unless something speaks against it; then the screen is told so.
    mutating func start(_ request: Request, from screen: ScreenID) -> [Work] {
        guard request.changes else { return makeCall(request, from: screen) }
        if let refusal = refusal(of: request) { return refuse(request, from: screen, refusal) }
        guard server.confirmsChanges else { return makeCall(request, from: screen) }
        let change = HeldChanges.Change(screen: screen, request: request)
        if case .confirming(var held)? = overlay {
            held.add(change, of: server)
            overlay = .confirming(held)
        } else {
            overlay = .confirming(HeldChanges(change, of: server))
        }
        return []
    }

    /// Why a change cannot be made now, as a sentence.
    private func refusal(of request: Request) -> APIError? {
        var permission: Permission?
        if case .permission(let needed) = request.route.access { permission = needed }
        if let text = access.refusal(permission, changing: true) {
            return APIError(.forbidden, text)
        }
        return offlineRefusal.map { APIError(.serviceUnavailable, $0) }
    }

    /// Why nothing can be changed while the line is as it is; `nil` when it can.
    var offlineRefusal: String? {
        guard line.isOffline else { return nil }
        let why =
            line.isRefused
            ? "Log in first (Ctrl-R)" : "Offline: the server is not reached (Ctrl-R tries again)"
        return "\(why); nothing was sent and nothing has changed"
    }

    /// The screen hears of it as of any other failure.
    private mutating func refuse(
        _ request: Request, from screen: ScreenID, _ error: APIError
    ) -> [Work] {
        say(error.description, .warning)
        guard screen != Model.consoleID else { return [] }
        return deliver(.reply(Reply(request, .failure(error))), to: screen)
    }

    /// A key for the question after the profile's name.
    mutating func press(_ key: Key, in held: HeldChanges) -> [Work] {
        var held = held
        switch held.dialog.handle(key) {
        case .chose(1):
            return held.changes.flatMap { makeCall($0.request, from: $0.screen) }
        case .chose, .cancelled:
            let error = APIError(.forbidden, "Nothing was changed: the name was not confirmed")
            say(error.message, .info)
            return held.changes.flatMap { change -> [Work] in
                guard change.screen != Model.consoleID else { return [] }
                return deliver(
                    .reply(Reply(change.request, .failure(error))), to: change.screen)
            }
        case .stays, .ignored:
            overlay = .confirming(held)
            return []
        }
    }
}

extension Request {
    var route: Route { type(of: call).route }
    /// Whether it changes what the server keeps.
    var changes: Bool { type(of: call).changes }
}
