/// The characters a frame may hold.
public enum Charset: String, Hashable, Sendable, CaseIterable {
    case unicode
    /// Nothing but printable ASCII: for terminals and locales without UTF-8.
    case ascii
}

/// The signs the console draws with: each one column wide, in Unicode and as an ASCII twin.
///
/// An immutable object, shared by reference, because every drawing function asks for it.
public final class Glyphs: Sendable {
    // Lines.
    public let horizontal: Character
    public let vertical: Character
    public let topLeft: Character
    public let topRight: Character
    public let bottomLeft: Character
    public let bottomRight: Character
    public let teeLeft: Character
    public let teeRight: Character
    public let teeTop: Character
    public let teeBottom: Character
    public let cross: Character
    public let dashed: Character
    public let heavyHorizontal: Character
    public let heavyVertical: Character

    // Arrows and marks.
    public let arrowLeft: Character
    public let arrowRight: Character
    public let arrowUp: Character
    public let arrowDown: Character
    public let sortAscending: Character
    public let sortDescending: Character
    public let folded: Character
    public let unfolded: Character
    public let ellipsis: Character
    public let enter: Character
    public let dot: Character
    public let ring: Character
    public let diamond: Character
    public let bullet: Character
    public let marked: Character
    public let secret: Character
    public let separator: Character

    // Status signs: each differs in shape, so that colour is never needed to tell them apart.
    public let pending: Character
    public let running: Character
    public let waiting: Character
    public let completed: Character
    public let failed: Character
    public let cancelled: Character
    public let skipped: Character
    public let warning: Character

    // Bars.
    /// Eighths of a cell from the left, from one eighth to a full block.
    public let eighths: [Character]
    /// Eighths of a cell from the bottom, from one eighth to a full block.
    public let sparks: [Character]
    public let full: Character
    /// What stands where a bar has not come to yet.
    public let trough: Character
    public let scrollTrack: Character
    public let scrollThumb: Character

    public let charset: Charset

    public static let unicode = Glyphs(charset: .unicode)
    public static let ascii = Glyphs(charset: .ascii)

    public static func of(_ charset: Charset) -> Glyphs {
        charset == .unicode ? unicode : ascii
    }

    private init(charset: Charset) {
        self.charset = charset
        func pick(_ unicode: Character, _ ascii: Character) -> Character {
            charset == .unicode ? unicode : ascii
        }
        horizontal = pick("─", "-")
        vertical = pick("│", "|")
        topLeft = pick("╭", "+")
        topRight = pick("╮", "+")
        bottomLeft = pick("╰", "+")
        bottomRight = pick("╯", "+")
        teeLeft = pick("├", "+")
        teeRight = pick("┤", "+")
        teeTop = pick("┬", "+")
        teeBottom = pick("┴", "+")
        cross = pick("┼", "+")
        dashed = pick("┄", "-")
        heavyHorizontal = pick("━", "=")
        heavyVertical = pick("┃", "|")
        arrowLeft = pick("←", "<")
        arrowRight = pick("→", ">")
        arrowUp = pick("↑", "^")
        arrowDown = pick("↓", "v")
        sortAscending = pick("▲", "^")
        sortDescending = pick("▼", "v")
        folded = pick("▸", "+")
        unfolded = pick("▾", "-")
        ellipsis = pick("…", "~")
        enter = pick("↵", "$")
        dot = pick("●", "*")
        ring = pick("○", "o")
        diamond = pick("◆", "@")
        bullet = pick("•", "*")
        marked = pick("▌", "*")
        secret = pick("•", "*")
        separator = pick("·", "|")
        pending = pick("◌", ".")
        running = pick("▶", ">")
        waiting = pick("◔", "%")
        completed = pick("✔", "+")
        failed = pick("✖", "x")
        cancelled = pick("⊘", "/")
        skipped = pick("↷", "-")
        warning = pick("⚠", "!")
        eighths = charset == .unicode ? Array("▏▎▍▌▋▊▉█") : Array("...::###")
        sparks = charset == .unicode ? Array("▁▂▃▄▅▆▇█") : Array("_..::-=#")
        full = pick("█", "#")
        trough = pick("░", ".")
        scrollTrack = pick("│", "|")
        scrollThumb = pick("┃", "#")
    }

    /// A braille cell. Bit 0 to 7 are dots 1 to 8 as Unicode counts them; ASCII shows how full.
    public func braille(_ dots: UInt8) -> Character {
        guard let scalar = Unicode.Scalar(0x2800 + UInt32(dots)) else { return " " }
        return charset == .unicode ? Character(scalar) : AsciiTwin.of(Character(scalar))
    }
}
