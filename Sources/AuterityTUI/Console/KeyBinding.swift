import AuterityAPI
import TerminalUI

/// The name of something that can be done, in the palette and in dispatch: `execution.cancel`.
struct ActionID: RawRepresentable, Hashable, Sendable, ExpressibleByStringLiteral {
    let rawValue: String

    init(rawValue: String) { self.rawValue = rawValue }
    init(stringLiteral value: String) { rawValue = value }
}

/// One row of a key table.
struct KeyBinding: Hashable, Sendable {
    /// The keys that do it; the first one is shown.
    let keys: [Key]
    /// `nil` for a row that only describes keys which the screen handles itself as raw keys.
    let action: ActionID?
    /// A word or two for the footer: `cancel`.
    let label: String
    /// A sentence for help and palette, without a full stop: `Cancel this execution`.
    let help: String
    /// What the footer shows for the keys; by default the name of the first key.
    let shown: String
    /// The permission it takes.
    let permission: Permission?
    /// Whether it changes something, which `--read-only` takes away.
    let isChanging: Bool
    /// Hints with the lowest number leave a narrow footer first; below 0 it is never in it.
    private(set) var priority: Int

    init(
        _ keys: Key..., action: ActionID, label: String, help: String, shown: String? = nil,
        permission: Permission? = nil, changes: Bool = false, priority: Int = 0
    ) {
        self.keys = keys
        self.action = action
        self.label = label
        self.help = help
        self.shown = shown ?? keys.first.map(\.name) ?? ""
        self.permission = permission
        self.isChanging = changes
        self.priority = priority
    }

    /// A row of help for keys that the screen handles as raw keys.
    init(
        describing shown: String, label: String, help: String, permission: Permission? = nil,
        changes: Bool = false, priority: Int = -1
    ) {
        keys = []
        action = nil
        self.label = label
        self.help = help
        self.shown = shown
        self.permission = permission
        isChanging = changes
        self.priority = priority
    }

    /// The same where there is nothing to do it with: help explains it, the footer is silent.
    var hiddenInFooter: KeyBinding {
        var binding = self
        binding.priority = -1
        return binding
    }
}

/// The key tables that help is made from.
struct HelpTable: Hashable, Sendable {
    /// The title of the screen that help was asked from.
    var screenTitle = ""
    var screen: [KeyBinding] = []
    var global: [KeyBinding] = []
}

extension Key {
    /// As footers and help write it: `↵`, `Esc`, `^D`, `Tab`.
    var name: String {
        switch self {
        case .character(" "): "Space"
        case .character(let character): String(character)
        case .control(let character): "Ctrl-" + String(character).uppercased()
        case .alt(let character): "Alt-" + String(character)
        case .enter: "↵"
        case .tab: "Tab"
        case .backTab: "Shift-Tab"
        case .escape: "Esc"
        case .backspace: "Backspace"
        case .delete: "Del"
        case .insert: "Ins"
        case .up: "↑"
        case .down: "↓"
        case .left: "←"
        case .right: "→"
        case .home: "Home"
        case .end: "End"
        case .pageUp: "PgUp"
        case .pageDown: "PgDn"
        case .function(let number): "F\(number)"
        case .mouse: "mouse"
        case .paste: "paste"
        }
    }
}
