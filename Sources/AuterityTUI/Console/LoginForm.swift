import TerminalUI

/// Email and password, asked for in front of whatever is shown.
struct LoginForm: Sendable {
    enum Field: Hashable, Sendable { case email, password }

    /// What a key made of it.
    enum Action: Hashable, Sendable {
        case stays, cancelled
        /// The form is to be sent.
        case entered
    }

    let server: ServerProfile
    /// Why it is asked for, or what was wrong with the last try.
    private(set) var reason: String
    /// Whether the server wanted it, and not only a person.
    let isNeeded: Bool
    private(set) var email: TextField
    private(set) var password = TextField("", maximumLength: LoginForm.longest)
    private(set) var focus: Field
    /// Whether the server is being asked.
    private(set) var isSending = false

    /// Characters of an email or a password, at most.
    private static let longest = 300
    private static let widest = 66

    init(_ server: ServerProfile, reason: String) {
        self.server = server
        self.reason = Self.cause(reason)
        isNeeded = !reason.isEmpty
        email = TextField(server.email, maximumLength: Self.longest)
        focus = server.email.isEmpty ? .email : .password
    }

    /// A reason without what to do about it: that is what the form is for.
    static func cause(_ reason: String) -> String {
        guard let end = reason.firstRange(of: " Log in")?.lowerBound else { return reason }
        return String(reason[..<end])
    }

    mutating func handle(_ key: Key) -> Action {
        if key == .escape { return .cancelled }
        guard !isSending else { return .stays }
        switch key {
        case .tab, .backTab, .up, .down: focus = focus == .email ? .password : .email
        case .enter where email.isEmpty: focus = .email
        case .enter where password.isEmpty: focus = .password
        case .enter: return .entered
        default:
            switch focus {
            case .email: _ = email.handle(key)
            case .password: _ = password.handle(key)
            }
        }
        return .stays
    }

    /// What is to be sent. The password leaves the form with it.
    mutating func send() -> (email: String, password: String) {
        defer { password.text = "" }
        isSending = true
        return (email.text.trimmed, password.text)
    }

    /// The server refused, or could not be reached.
    mutating func fail(_ reason: String) {
        self.reason = reason
        isSending = false
        focus = .password
    }

    /// The server refused the session again, meanwhile; what is typed stays.
    mutating func restate(_ reason: String) {
        guard isNeeded, !isSending else { return }
        self.reason = Self.cause(reason)
    }

    // MARK: Drawing

    func draw(into frame: inout Frame, in area: Rect, theme: Theme) {
        let width = min(area.width, Self.widest)
        let lines = TextWidth.wrap(SafeText.line(reason), to: max(1, width - 4))
        let place = area.centered(Size(width: width, height: min(area.height, lines.count + 7)))
        guard place.width > 12, place.height > 3 else { return }
        let style = theme[.dialog]
        frame.fill(place, style: style)
        Pane.box(into: &frame, in: place, style: theme[.dialogBorder])
        frame.putLine(
            " Log in to \(SafeText.line(server.title)) ",
            in: place.row(0).inset(horizontal: 2, vertical: 0),
            style: theme[.heading].on(style.background))
        var inside = place.inset(horizontal: 2, vertical: 1)
        let isRoomy = inside.height >= 5
        if isRoomy {
            let keys =
                isSending
                ? "Logging in\(frame.glyphs.ellipsis)   Esc not now"
                : "Enter log in   Tab next field   Esc not now"
            frame.putLine(
                keys, in: inside.takeBottom(1), style: theme[.muted].on(style.background))
            _ = inside.takeBottom(1)
        }
        let fields = inside.takeBottom(2)
        for (row, line) in lines.prefix(max(0, inside.height)).enumerated() {
            frame.putLine(
                line, in: inside.row(row), style: theme[.warning].on(style.background))
        }
        frame.cursor = nil
        draw(.email, email, into: &frame, in: fields.row(0), theme: theme)
        draw(.password, password, into: &frame, in: fields.row(1), theme: theme)
    }

    private func draw(
        _ which: Field, _ field: TextField, into frame: inout Frame, in line: Rect, theme: Theme
    ) {
        let style = theme[.dialog]
        var room = line
        let label = room.takeLeft(10)
        frame.putLine(
            which == .email ? "Email" : "Password", in: label,
            style: theme[.label].on(style.background))
        let isFocused = which == focus && !isSending
        field.draw(
            into: &frame, in: room, theme: theme,
            style: theme[isFocused ? .inputFocused : .input], isFocused: isFocused,
            isSecret: which == .password)
    }
}
