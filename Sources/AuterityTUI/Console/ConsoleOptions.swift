public import TerminalUI

/// What a start of the console may choose.
public struct ConsoleOptions: Sendable {
    /// The name of the theme to begin with, one of `themes`.
    public var theme: String
    /// Every theme that `:theme` offers.
    public var themes: [Theme]
    /// The server to begin with.
    public var server: ServerProfile
    /// Removes every action that changes something.
    public var isReadOnly: Bool
    /// Draws with ASCII alone, whatever the terminal says.
    public var isASCII: Bool
    /// The command that opens the first screen, such as `health`; the overview when `nil`.
    public var screen: String?
    /// Seconds east of UTC, for showing times.
    public var utcOffset: Int
    /// Such as `0.1.0`, for `:about`.
    public var version: String
    /// The command line of the editor, split into words, such as `["vim"]`.
    public var editor: [String]

    public init(
        theme: String = Theme.midnight.name, themes: [Theme] = [.midnight],
        server: ServerProfile = .thisMachine, isReadOnly: Bool = false, isASCII: Bool = false,
        screen: String? = nil,
        utcOffset: Int = 0, version: String = "", editor: [String] = ["vi"]
    ) {
        self.theme = theme
        self.themes = themes.isEmpty ? [.midnight] : themes
        self.server = server
        self.isReadOnly = isReadOnly
        self.isASCII = isASCII
        self.screen = screen
        self.utcOffset = utcOffset
        self.version = version
        self.editor = editor.isEmpty ? ["vi"] : editor
    }

    /// What `screen` can be, by the first word.
    public static var screens: [String] { CommandList.screens }

    /// What is wrong with `screen`, as a sentence; `nil` when nothing is.
    public var screenFault: String? { screen.flatMap(CommandList.fault(ofScreen:)) }

    /// The theme by its name, or the first there is.
    func theme(named name: String) -> Theme {
        themes.first { $0.name == name } ?? themes.first ?? .midnight
    }
}
