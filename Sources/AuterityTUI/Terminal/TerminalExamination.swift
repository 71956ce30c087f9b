// What can be said of a terminal without taking it, for `auterity doctor`.

import CNcurses
import CTerminal
import Glibc
public import TerminalUI

/// A terminal as the console would find it.
public struct TerminalExamination: Sendable {
    /// What the database of terminals says of `TERM`.
    public enum Description: Hashable, Sendable {
        case known(colors: Int)
        case unknown
        /// The system has no database of terminals.
        case noDatabase
    }

    /// `TERM`.
    public let name: String
    public let description: Description
    /// Colours that the console would use: `truecolor`, `256`, `16` or `none`.
    public let colors: String
    /// `nil` when standard output is no terminal, or one that does not know.
    public let size: Size?
    /// The ways to the clipboard, the best first.
    public let clipboards: [String]
    public let isRemote: Bool
    public let isInsideTmux: Bool

    /// Asks the environment and the database; nothing is sent to the terminal. To be called while
    /// no console runs in this process.
    public static func examine(environment: [String: String]) -> TerminalExamination {
        TerminalExamination(environment)
    }

    private init(_ environment: [String: String]) {
        let surroundings = TerminalSurroundings(environment: environment)
        name = surroundings.name
        isRemote = surroundings.isRemote
        isInsideTmux = surroundings.isInsideTmux
        let described = Self.describe(surroundings.name)
        description = described
        var known = 0
        if case .known(let colors) = described { known = colors }
        if surroundings.directNames.contains(where: { cn_find_terminal($0.name) == 1 }) {
            known = TerminalSurroundings.directColors
        }
        colors =
            switch surroundings.depth(terminfoColors: known, wish: nil) {
            case .mono: "none"
            case .palette16: "16"
            case .palette256: "256"
            case .truecolor: "truecolor"
            }
        size = Self.windowSize()
        var ways = Clipboard(environment: environment).programs.map { $0[0] }
            .filter { Self.isInstalled($0, environment) }
        if !surroundings.isInsideTmux { ways.insert("OSC 52", at: 0) }
        clipboards = ways
    }

    private static func describe(_ name: String) -> Description {
        // A name with a slash would be a path to the database.
        guard !name.isEmpty, !name.contains("/") else { return .unknown }
        switch cn_find_terminal(name) {
        case 1: return .known(colors: Int(cn_described_colors(name)))
        case 0: return .unknown
        default: return .noDatabase
        }
    }

    private static func windowSize() -> Size? {
        var columns: Int32 = 0
        var rows: Int32 = 0
        guard ct_window_size(STDOUT_FILENO, &columns, &rows) == 0 else { return nil }
        return Size(width: Int(columns), height: Int(rows))
    }

    private static func isInstalled(_ program: String, _ environment: [String: String]) -> Bool {
        (environment["PATH"] ?? "").split(separator: ":").contains { folder in
            access("\(folder)/\(program)", X_OK) == 0
        }
    }
}
