import AuterityTUI
import Glibc
import TerminalUI

/// The terminal, as the console would find it.
enum TerminalFindings {
    static func all(_ environment: [String: String]) -> [Finding] {
        let found = TerminalExamination.examine(environment: environment)
        guard isatty(STDIN_FILENO) == 1, isatty(STDOUT_FILENO) == 1 else {
            return [elsewhere(found), colors(found, environment)]
        }
        return [
            kind(found), colors(found, environment), size(found), widths(), clipboard(found),
        ]
    }

    /// Input or output is a pipe or a file; what the console would be told is known all the same.
    private static func elsewhere(_ found: TerminalExamination) -> Finding {
        let text = "none here: input or output is a pipe or a file"
        guard !found.name.isEmpty else { return .ok("terminal.kind", "\(text), TERM is not set") }
        let known = kind(found)
        return Finding(
            "terminal.kind", known.status == .ok ? .ok : .warn, "\(text); \(known.detail)",
            advice: known.advice)
    }

    private static func colors(
        _ found: TerminalExamination, _ environment: [String: String]
    ) -> Finding {
        let variables = ["COLORTERM", "NO_COLOR"].compactMap { name in
            environment[name].map { "\(name)=\($0)" }
        }
        return .ok(
            "terminal.colors", ([found.colors] + variables).joined(separator: ", "))
    }

    private static func kind(_ found: TerminalExamination) -> Finding {
        let place =
            (found.isInsideTmux ? ", inside tmux" : "") + (found.isRemote ? ", over SSH" : "")
        switch found.description {
        case .known(let colors):
            let detail =
                "TERM=\(found.name)\(place), described with \(colors) colours, drawn with "
                + found.colors
            return .ok("terminal.kind", detail)
        case .unknown:
            return .fail(
                "terminal.kind", "TERM=\(found.name)\(place), which this system does not know",
                "Install its description (ncurses-term), or try TERM=xterm-256color")
        case .noDatabase:
            return .fail(
                "terminal.kind", "TERM=\(found.name)\(place), and there is no terminfo database",
                "Install it (ncurses-base), or name it in TERMINFO")
        }
    }

    /// Columns and rows below which the console shows a sentence only.
    private static let smallest = (width: 20, height: 6)

    private static func size(_ found: TerminalExamination) -> Finding {
        guard let size = found.size, size.width > 0, size.height > 0 else {
            return .warn(
                "terminal.size", "the terminal does not know its size",
                "Set it with `stty rows 24 cols 80`")
        }
        let text = "\(size.width)x\(size.height)"
        guard size.width >= smallest.width, size.height >= smallest.height else {
            return .warn(
                "terminal.size", text,
                "Make it at least \(smallest.width)x\(smallest.height)")
        }
        return .ok("terminal.size", text)
    }

    private static func widths() -> Finding {
        switch WidthProbe.run() {
        case nil: return .ok("terminal.widths", "not examined")
        case .silent:
            return .warn(
                "terminal.widths", "the terminal does not say where its cursor is",
                "Nothing needs to be done; wide characters may stand a column off")
        case .answered(let disagreements) where disagreements.isEmpty:
            return .ok("terminal.widths", "as expected")
        case .answered(let disagreements):
            let list = disagreements.map { "\($0.what) \($0.drawn) instead of \($0.expected)" }
            return .warn(
                "terminal.widths", list.joined(separator: ", "),
                "Rows with such characters may be out of line; a newer terminal, or tmux inside "
                    + "this one, may agree")
        }
    }

    private static func clipboard(_ found: TerminalExamination) -> Finding {
        guard found.clipboards.isEmpty else {
            return .ok("terminal.clipboard", found.clipboards.joined(separator: ", "))
        }
        return .warn(
            "terminal.clipboard", "there is no way to it",
            "Install tmux 3.2 or later inside tmux; the console saves to a file instead")
    }
}
