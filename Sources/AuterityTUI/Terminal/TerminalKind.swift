// What is known of a terminal by its name and its surroundings, before it is asked anything.

import TerminalUI

/// The environment as far as it says something about the terminal. A value, so that every
/// combination can be tested.
struct TerminalSurroundings: Sendable {
    let name: String
    let isRemote: Bool
    let isInsideTmux: Bool
    let refusesColor: Bool
    let offersDirectColor: Bool

    init(environment: [String: String]) {
        name = environment["TERM"] ?? ""
        isRemote = environment["SSH_CONNECTION"] != nil || environment["SSH_TTY"] != nil
        isInsideTmux = !(environment["TMUX"] ?? "").isEmpty
        refusesColor = !(environment["NO_COLOR"] ?? "").isEmpty
        offersDirectColor = ["truecolor", "24bit"].contains(environment["COLORTERM"] ?? "")
    }

    /// Names under which 24-bit colour may be described, the best first.
    ///
    /// `-direct16` keeps all of the user's 16 colours reachable, `-direct` only the first eight.
    var directNames: [(name: String, palette: Int)] {
        guard offersDirectColor, !refusesColor else { return [] }
        var stem = name[...]
        for ending in ["-256color", "-color", "-88color"] where stem.hasSuffix(ending) {
            stem = stem.dropLast(ending.count)
            break
        }
        return [("\(stem)-direct16", 16), ("\(stem)-direct", 8)]
    }

    /// Whether the terminal may be asked which modes it has. The linux console and old hardware
    /// would show a part of the question as text.
    var maySendModeQuestion: Bool {
        let families = [
            "xterm", "tmux", "alacritty", "foot", "kitty", "wezterm", "contour", "mintty",
        ]
        return families.contains { name == $0 || name.hasPrefix($0 + "-") }
    }

    var defaultEscapeDelay: Duration { isRemote ? .milliseconds(50) : .milliseconds(25) }

    /// The depth of colours by what terminfo says, `NO_COLOR` and the user's wish.
    func depth(terminfoColors: Int, wish: ColorDepth?) -> ColorDepth {
        if wish == .mono || (refusesColor && wish == nil) { return .mono }
        switch terminfoColors {
        case ..<8: return .mono
        case 8..<256: return .palette16
        case 256..<TerminalSurroundings.directColors: return min(.palette256, wish ?? .palette256)
        // Direct numbers are no palette: there is nothing between them and none.
        default: return .truecolor
        }
    }

    /// What terminfo says of a terminal whose colours are mixed, not numbered: 2 to the 24th.
    static let directColors = 16_777_216
}

/// The sequences that xterm and its kin share and terminfo does not have.
enum XtermSequence {
    static let pasteOn = "\u{1B}[?2004h"
    static let pasteOff = "\u{1B}[?2004l"
    /// Clicks and drags, reported in the form that has no limit at column 223.
    static let mouseOn = "\u{1B}[?1000h\u{1B}[?1002h\u{1B}[?1006h"
    static let mouseOff = "\u{1B}[?1006l\u{1B}[?1002l\u{1B}[?1000l"
    static let beginFrame = "\u{1B}[?2026h"
    static let endFrame = "\u{1B}[?2026l"
    static let synchronizedMode = 2026
    static let askSynchronized = "\u{1B}[?2026$p"
    static let saveTitle = "\u{1B}[22;0t"
    static let restoreTitle = "\u{1B}[23;0t"

    /// - Parameter text: Safe and on one line; `Frame` sees to that.
    static func title(_ text: String) -> String { "\u{1B}]2;\(text)\u{1B}\\" }
}
