/// The ASCII characters that stand in for others where the terminal or its locale has no UTF-8.
enum AsciiTwin {
    /// The twin of a safe character; a wide one is drawn with it twice.
    static func of(_ character: Character) -> Character {
        guard let scalar = character.unicodeScalars.first else { return "?" }
        if scalar.isASCII { return Character(scalar) }
        return table[scalar] ?? "?"
    }

    private static let table: [Unicode.Scalar: Character] = {
        var table: [Unicode.Scalar: Character] = [:]
        for (twin, originals) in groups {
            for original in originals.unicodeScalars { table[original] = twin }
        }
        for value in UInt32(0x2800)...0x28FF {
            let dots = (value & 0xFF).nonzeroBitCount
            let twin: Character = dots == 0 ? " " : dots < 3 ? "." : dots < 6 ? ":" : "#"
            Unicode.Scalar(value).map { table[$0] = twin }
        }
        return table
    }()

    private static let groups: [(Character, String)] = [
        ("-", "─━╌╍┄┅┈┉╴╶╸╺‐‑‒–—−⎯"), ("=", "═"), ("|", "│┃║╎╏┆┇┊┋╵╷╹╻¦"),
        ("+", "┌┐└┘╭╮╰╯├┤┬┴┼┏┓┗┛┣┫┳┻╋╔╗╚╝╠╣╦╩╬┍┎┑┒┕┖┙┚┝┞┟┠┡┢┥┦┧┨┩┪"),
        ("<", "←◀◂‹«◁◃"), (">", "→▶▸›»↷▷▹↦⇒"), ("^", "↑▲▴△"), ("v", "↓▼▾▽"),
        ("*", "●•·∗✱★"), ("o", "○◌◯◦"), ("x", "✖✗✘×⨯"), ("+", "✔✓"), ("%", "◔◑◕"),
        ("~", "…≈∼"), ("#", "█▓▉▊▋▇▆"), (":", "▒▌▄▅▍"), (".", "░▁▂▃▏▎"), ("!", "⚠¡"),
        ("/", "╱⊘"), ("\\", "╲"), ("X", "╳"), ("@", "◆◈◉"), ("$", "↵⏎"),
        ("'", "‘’‚‛′`´"), ("\"", "“”„‟″"), (" ", "\u{A0}\u{2002}\u{2003}\u{2009}\u{202F}"),
        ("A", "ÀÁÂÃÄÅĀĂĄ"), ("C", "ÇĆĈĊČ"), ("D", "ÐĎĐ"), ("E", "ÈÉÊËĒĔĖĘĚ"), ("I", "ÌÍÎÏĪĬĮİ"),
        ("L", "ĹĻĽŁ"), ("N", "ÑŃŅŇ"), ("O", "ÒÓÔÕÖØŌŎŐ"), ("R", "ŔŖŘ"), ("S", "ŚŜŞŠ"),
        ("T", "ŢŤŦ"), ("U", "ÙÚÛÜŨŪŬŮŰŲ"), ("Y", "ÝŶŸ"), ("Z", "ŹŻŽ"),
        ("a", "àáâãäåāăą"), ("c", "çćĉċč"), ("d", "ðďđ"), ("e", "èéêëēĕėęě"), ("g", "ĝğġģ"),
        ("i", "ìíîïĩīĭįı"), ("l", "ĺļľł"), ("n", "ñńņň"), ("o", "òóôõöøōŏő"), ("r", "ŕŗř"),
        ("s", "śŝşšß"), ("t", "ţťŧ"), ("u", "ùúûüũūŭůűųµ"), ("y", "ýÿŷ"), ("z", "źżž"),
    ]
}
