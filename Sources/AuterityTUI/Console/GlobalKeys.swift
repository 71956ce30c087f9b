import TerminalUI

/// The keys that mean the same everywhere, unless a screen has its own use for them.
enum GlobalKeys {
    static let command: ActionID = "console.command"
    static let palette: ActionID = "console.palette"
    static let help: ActionID = "console.help"
    static let back: ActionID = "console.back"
    static let past: ActionID = "console.past"
    static let future: ActionID = "console.future"
    static let copy: ActionID = "console.copy"
    static let copyAs: ActionID = "console.copyAs"
    static let mouse: ActionID = "console.mouse"
    static let plain: ActionID = "console.plain"
    static let repaint: ActionID = "console.repaint"
    static let suspend: ActionID = "console.suspend"
    static let reconnect: ActionID = "console.reconnect"
    static let profiles: ActionID = "console.profiles"
    static let quit: ActionID = "console.quit"

    static let bindings: [KeyBinding] = [
        KeyBinding(
            .character(":"), action: command, label: "command",
            help: "Type a command, with completion and history", priority: 3),
        KeyBinding(
            .character("?"), .function(1), action: help, label: "help",
            help: "Show what the keys do here", priority: 9),
        KeyBinding(
            .control("k"), action: palette, label: "palette",
            help: "Find any action by its name", priority: -1),
        KeyBinding(
            .escape, .backspace, action: back, label: "back",
            help: "Leave this screen", priority: 4),
        KeyBinding(
            .control("o"), action: past, label: "before",
            help: "Go to where you were before", priority: -1),
        KeyBinding(
            .tab, .alt("o"), action: future, label: "forth",
            help: "Go forth again (Tab is Ctrl-I; Alt-O where Tab is taken)",
            shown: "Ctrl-I", priority: -1),
        KeyBinding(
            .character("y"), action: copy, label: "copy",
            help: "Copy something of what is shown", priority: -1),
        KeyBinding(
            .character("Y"), action: copyAs, label: "copy as",
            help: "Copy this view as a command line or a REST call", priority: -1),
        KeyBinding(
            .character("m"), action: mouse, label: "mouse",
            help: "Turn the mouse off or on; off lets the terminal select text", priority: -1),
        KeyBinding(
            .character("b"), action: plain, label: "borders",
            help: "Hide or show borders, for selecting text", priority: -1),
        KeyBinding(
            .control("l"), action: repaint, label: "repaint",
            help: "Draw everything again", priority: -1),
        KeyBinding(
            .control("r"), action: reconnect, label: "reconnect",
            help: "Try the connection now, or log in again; read everything afresh",
            priority: -1),
        KeyBinding(
            .character("P"), action: profiles, label: "profiles",
            help: "Go to another server", priority: -1),
        KeyBinding(
            .control("z"), action: suspend, label: "suspend",
            help: "Go to the shell; fg comes back", priority: -1),
        KeyBinding(
            .character("q"), .control("c"), action: quit, label: "quit",
            help: "Quit the console", priority: 8),
    ]

    /// The keys that work even while a text is being typed.
    static let always: Set<ActionID> = [repaint, suspend, quit, reconnect]

    static func isAlways(_ binding: KeyBinding, _ key: Key) -> Bool {
        guard let action = binding.action, always.contains(action) else { return false }
        if case .control = key { return true }
        return false
    }
}
