import TerminalUI

/// What stands in front of the screen and has the keyboard.
enum Overlay: Sendable {
    /// A question of a screen.
    case question(ScreenID, Question, Dialog)
    /// Leaving would lose something; the work is what was asked for.
    case leaving(Leaving, Dialog)
    case prompt(ScreenID, Prompt, TextField)
    case command(CommandLine)
    case picker(Picker, PickerPurpose)
    /// Changes wait for the profile's name.
    case confirming(HeldChanges)
    /// A session is to be begun.
    case login(LoginForm)
    /// A server that was to be gone to could not be.
    case unreached(ServerProfile, Dialog)
}

/// A way out that a screen with unsaved answers holds up.
enum Leaving: Hashable, Sendable {
    case back
    case quit
    case travel(forward: Bool)
    case open(Destination)
}

/// What is done with the choice of a picker.
enum PickerPurpose: Hashable, Sendable {
    /// Ids are those of actions, or `:` and a command.
    case actions
    /// Ids are names of themes; the theme under the cursor is shown at once, and this one comes
    /// back when nothing is chosen.
    case themes(before: String)
    /// Ids are positions in the list.
    case copies([CopyOffer])
    /// Several things have the name that a command was given; ids are positions.
    case destinations([Destination])
    /// Ids are positions in the list of servers.
    case servers([ServerProfile])
    /// A choice of a screen.
    case choice(ScreenID, tag: String)
}

/// A list to choose from that shrinks as one types.
struct Picker: Hashable, Sendable {
    let title: String
    let options: [Choice.Option]
    private(set) var field = TextField("", maximumLength: 200)
    private(set) var list = ListState()

    /// Rows of the list, at most.
    static let mostRows = 14
    private static let widest = 76

    init(title: String, options: [Choice.Option], selected: String? = nil) {
        self.title = title
        self.options = options
        if let index = options.firstIndex(where: { $0.id == selected }) {
            list.move(to: index, count: options.count, height: Picker.mostRows)
        }
    }

    /// The options that have every word that was typed.
    var shown: [Choice.Option] {
        let words = field.text.split(separator: " ").compactMap { SearchPattern(String($0)) }
        guard !words.isEmpty else { return options }
        let found = options.filter { option in
            let text = "\(option.label) \(option.detail) \(option.id)"
            return words.allSatisfy { $0.matches(text) }
        }
        // What is named so comes before what only speaks of it.
        let start = field.text.trimmed.lowercased()
        func isNamed(_ option: Choice.Option) -> Bool {
            option.label.lowercased().hasPrefix(start) || option.id.hasPrefix(":" + start)
        }
        return found.filter(isNamed) + found.filter { !isNamed($0) }
    }

    /// The option under the cursor.
    var selected: Choice.Option? {
        let shown = shown
        return shown.indices.contains(list.cursor) ? shown[list.cursor] : shown.last
    }

    /// What a key made of it.
    enum Action: Hashable, Sendable { case stays, chose(Choice.Option), cancelled }

    mutating func handle(_ key: Key) -> Action {
        let count = shown.count
        switch key {
        case .escape: return .cancelled
        case .enter: return selected.map(Action.chose) ?? .cancelled
        case .up, .down, .pageUp, .pageDown, .control("n"), .control("p"),
            .mouse(.wheelUp, _), .mouse(.wheelDown, _):
            _ = list.handle(key, count: count, height: Picker.mostRows)
        case .tab: _ = list.handle(.down, count: count, height: Picker.mostRows)
        case .backTab: _ = list.handle(.up, count: count, height: Picker.mostRows)
        default:
            if field.handle(key) {
                list.move(to: 0, count: shown.count, height: Picker.mostRows)
            }
        }
        return .stays
    }

    func draw(into frame: inout Frame, in screen: Rect, theme: Theme) {
        let shown = shown
        let rows = min(Picker.mostRows, max(1, options.count))
        let place = screen.centered(
            Size(width: min(Picker.widest, screen.width - 2), height: rows + 4))
        guard place.width > 6, place.height > 3 else { return }
        let style = theme[.dialog]
        frame.fill(place, style: style)
        Pane.box(into: &frame, in: place, style: theme[.dialogBorder])
        frame.putLine(
            " \(title) ", in: place.row(0).inset(horizontal: 2, vertical: 0),
            style: theme[.heading].on(style.background))
        var inside = place.inset(horizontal: 2, vertical: 1)
        field.draw(
            into: &frame, in: inside.takeTop(1), theme: theme, style: theme[.inputFocused],
            isFocused: true, hint: "type to find")
        if inside.height > 2 { _ = inside.takeTop(1) }
        guard !shown.isEmpty else {
            frame.putLine("nothing has this name", in: inside, style: style.with(.dim))
            return
        }
        for (line, index) in list.window(count: shown.count, height: inside.height).enumerated() {
            draw(shown[index], into: &frame, in: inside.row(line), theme: theme)
            if index == min(list.cursor, shown.count - 1) {
                frame.restyle(inside.row(line)) { $0.selected(theme[.selection]) }
            }
        }
    }

    private func draw(
        _ option: Choice.Option, into frame: inout Frame, in line: Rect, theme: Theme
    ) {
        let style = theme[.dialog]
        let detail = TextWidth.columns(of: option.detail)
        let label = TextWidth.columns(of: option.label)
        var room = line
        if !option.detail.isEmpty, detail < max(line.width / 2, line.width - label - 1) {
            let place = room.takeRight(detail)
            _ = room.takeRight(1)
            frame.putLine(option.detail, in: place, style: theme[.muted].on(style.background))
        }
        frame.putLine(option.label, in: room, style: style)
    }
}
