// ncurses, and nothing else: this file is the only one that imports it. It draws into memory.

import CNcurses
import CTerminal
import Glibc
import TerminalUI

/// The screen as ncurses knows it. ncurses has one state for the whole process and no locks, so
/// the object belongs to the terminal's thread, and there is one of it in the life of a process.
///
/// What ncurses wants to send is returned as bytes: the caller sends a frame by one `write`, and
/// may leave it when the line is not ready. Nothing here touches the terminal.
final class CursesScreen {
    let colors: ColorDepth
    let charset: Charset
    /// Whether terminfo says that there is a mouse: then paste, titles and OSC 52 are there too.
    let isXtermLike: Bool
    /// Whether entering the screen keeps the window's title by itself.
    let keepsTitle: Bool
    let specialKeys: [[UInt8]: Key]
    private(set) var size: Size
    /// What was drawn last; nil before the first frame and after a change of size.
    private(set) var shown: Frame?

    private let file: UnsafeMutablePointer<FILE>
    /// What ncurses sends to give the palette back its makers' colours. It must not be sent: the
    /// palette is the user's, and we never changed it.
    private let paletteReset: [UInt8]
    private var map: ColorMap
    private var pairs: ColorPairs
    private var text: [CChar] = []

    /// - Parameters:
    ///   - isUTF8: Whether the locale's encoding is UTF-8; ncurses can only write that one.
    ///   - wish: The user's wish for colours, which is stronger than `NO_COLOR`.
    init(
        surroundings: TerminalSurroundings, size: Size, isUTF8: Bool, ascii: Bool,
        wish: ColorDepth?
    ) throws(TerminalError) {
        try CursesScreen.check(surroundings.name)
        let direct = (wish ?? .truecolor) < .truecolor ? nil : CursesScreen.directName(surroundings)
        guard let file = fdopen(ct_memory_file("frame", nil, 0), "w+") else {
            throw TerminalError(
                "There is no memory for the screen (\(String(cString: strerror(errno)))).")
        }
        // The same file stands for the input, which ncurses is never asked to read.
        guard newterm(direct?.name ?? surroundings.name, file, file) != nil else {
            throw CursesScreen.unusable(surroundings.name)
        }
        guard cn_string("cup") != nil, cn_string("clear") != nil, cn_flag("gn") == 0,
            cn_flag("hc") == 0
        else { throw CursesScreen.unusable(surroundings.name) }
        self.file = file
        self.size = size
        paletteReset = cn_string("oc").map { Array(String(cString: $0).utf8) } ?? []
        charset = isUTF8 && !ascii ? .unicode : .ascii
        // The linux console has a mouse too, but shows titles and OSC 52 as text.
        isXtermLike = cn_string("kmous") != nil && !surroundings.name.hasPrefix("linux")
        keepsTitle = cn_string("smcup").map { String(cString: $0).contains("[22;0") } ?? false
        specialKeys = CursesScreen.readSpecialKeys()
        typeahead(-1)
        resizeterm(Int32(size.height), Int32(size.width))
        var depth = ColorDepth.mono
        var hasDefaults = false
        if has_colors(), start_color() == OK {
            depth = surroundings.depth(terminfoColors: Int(cn_colors()), wish: wish)
            hasDefaults = use_default_colors() == OK
        }
        colors = depth
        map = ColorMap(
            depth: depth, hasOnlyEight: cn_colors() < 16, directPalette: direct?.palette ?? 8,
            hasDefaultColors: hasDefaults)
        pairs = ColorPairs(count: Int(cn_color_pairs()))
        // Until the first pair of `endwin` and refresh, ncurses flushes at every cursor movement.
        cn_prepare_refresh()
        doupdate()
        endwin()
        _ = takeBytes()
    }

    private static func check(_ name: String) throws(TerminalError) {
        guard !name.isEmpty else {
            throw TerminalError(
                "The environment variable TERM is not set, so the terminal's abilities are "
                    + "unknown: set it, for example by `export TERM=xterm-256color`.")
        }
        switch name.contains("/") ? 0 : cn_find_terminal(name) {
        case 1: return
        case -1:
            throw TerminalError(
                "The terminal database is missing, so nothing is known of \(printable(name)): "
                    + "install the package ncurses-base.")
        default: throw unusable(name)
        }
    }

    private static func unusable(_ name: String) -> TerminalError {
        TerminalError(
            "The terminal type TERM=\(printable(name)) is unknown here or cannot place the "
                + "cursor: set TERM to what your terminal is, for example xterm-256color.")
    }

    private static func printable(_ name: String) -> String {
        "\"" + SafeText.line(name, limit: 40) + "\""
    }

    private static func directName(
        _ surroundings: TerminalSurroundings
    ) -> (name: String, palette: Int)? {
        surroundings.directNames.first { cn_find_terminal($0.name) == 1 }
    }

    // MARK: Drawing

    /// Draws what differs from the last frame and gives the bytes for it.
    ///
    /// - Parameter everything: Sends all rows and clears the screen first, for a screen of which
    ///   nobody knows what it shows.
    func draw(_ frame: Frame, everything: Bool) -> [UInt8] {
        if everything { cn_clear_all() }
        let known = everything ? nil : shown
        drawRows(of: frame, unlike: known)
        if pairs.isExhausted {
            pairs.startAgain()
            drawRows(of: frame, unlike: nil)
        }
        place(frame.cursor)
        cn_prepare_refresh()
        doupdate()
        shown = frame
        return ColorThrift.thin(takeBytes())
    }

    /// Tells whether drawing the frame would change nothing.
    func shows(_ frame: Frame) -> Bool { shown == frame }

    private func drawRows(of frame: Frame, unlike known: Frame?) {
        for y in 0..<size.height {
            if let known, known.size == frame.size, frame.rowEquals(known, at: y) { continue }
            drawRow(frame.row(y), at: y)
        }
    }

    /// One row, run by run of the same style; what the frame does not fill becomes blank.
    private func drawRow(_ cells: ArraySlice<Cell>, at y: Int) {
        var x = 0
        var index = cells.startIndex
        var style = Style.plain
        let end = min(cells.endIndex, cells.startIndex + size.width)
        while index < end {
            // The right half of a wide character goes with its left half, whatever its style.
            if cells[index].isContinuation {
                x += 1
                index += 1
                continue
            }
            if !fits(cells[index], into: style) { style = cells[index].style }
            let start = x
            text.removeAll(keepingCapacity: true)
            while index < end, fits(cells[index], into: style) {
                append(cells[index], columnsLeft: end - index)
                x += 1
                index += 1
            }
            send(style, y: y, x: start)
        }
        guard x < size.width else { return }
        text = [CChar](repeating: 0x20, count: size.width - x)
        send(.plain, y: y, x: x)
    }

    /// Whether a cell looks the same in that style. A blank shows its background alone, so it
    /// goes on in the style before it: on a row of columns that saves most changes of colour.
    private func fits(_ cell: Cell, into style: Style) -> Bool {
        guard cell.style != style else { return true }
        return cell.character == " " && cell.style.background == style.background
            && cell.style.attributes.isDisjoint(with: [.underline, .reverse])
            && style.attributes.isDisjoint(with: [.underline, .reverse])
    }

    private func send(_ style: Style, y: Int, x: Int) {
        let mapped = map.map(style)
        var attributes: attr_t = 0
        if mapped.attributes.contains(.bold) { attributes |= cn_bold() }
        if mapped.attributes.contains(.dim) { attributes |= cn_dim() }
        if mapped.attributes.contains(.italic) { attributes |= cn_italic() }
        if mapped.attributes.contains(.underline) { attributes |= cn_underline() }
        if mapped.attributes.contains(.reverse) { attributes |= cn_reverse() }
        _ = cn_style(attributes, pair(of: mapped))
        // Writing the last cell of the screen says ERR, because the cursor cannot go on.
        _ = cn_add_text(Int32(y), Int32(x), text, Int32(text.count))
    }

    private func pair(of style: MappedStyle) -> Int32 {
        switch pairs.pair(foreground: style.foreground, background: style.background) {
        case .known(let number):
            return Int32(number)
        case .new(let number):
            init_extended_pair(Int32(number), Int32(style.foreground), Int32(style.background))
            return Int32(number)
        }
    }

    // MARK: Characters

    private func append(_ cell: Cell, columnsLeft: Int) {
        if cell.isContinuation { return }
        let width = Int(cell.width)
        guard width <= columnsLeft else { return appendBlank(1) }
        let bytes = cell.character.utf8
        if bytes.count == 1, let byte = bytes.first {
            text.append(byte >= 0x20 && byte < 0x7F ? CChar(bitPattern: byte) : 0x3F)
        } else if charset == .ascii {
            text.append(0x3F)
            appendBlank(width - 1)
        } else {
            appendScalars(of: cell.character, width: width)
        }
    }

    /// ncurses counts columns by `wcwidth`. What it would count differently from the frame is
    /// changed until both agree, so that no character ever moves the rest of its row: an emoji
    /// of several parts is shown by its first part.
    private func appendScalars(of character: Character, width: Int) {
        let scalars = character.unicodeScalars
        guard let first = scalars.first else { return appendBlank(width) }
        let columns = Int(cn_wcwidth(first.value))
        guard columns > 0, columns <= width else {
            append("\u{FFFD}")
            return appendBlank(width - 1)
        }
        append(first)
        if columns < width { return appendBlank(width - columns) }
        for mark in scalars.dropFirst().prefix(4) {
            guard mark.value != 0x200D, cn_wcwidth(mark.value) == 0 else { return }
            append(mark)
        }
    }

    private func append(_ scalar: Unicode.Scalar) {
        for byte in UTF8.encode(scalar) ?? UTF8.EncodedScalar() {
            text.append(CChar(bitPattern: byte))
        }
    }

    private func appendBlank(_ count: Int) {
        for _ in 0..<max(0, count) { text.append(0x20) }
    }

    // MARK: Cursor, size, end

    private func place(_ cursor: Point?) {
        guard let cursor, Rect(size).contains(cursor) else {
            curs_set(0)
            cn_leave_cursor(1)
            return
        }
        curs_set(1)
        cn_leave_cursor(0)
        cn_move(Int32(cursor.y), Int32(cursor.x))
    }

    /// The next frame must be drawn with `everything`.
    func resize(to size: Size) {
        self.size = size
        shown = nil
        resizeterm(Int32(size.height), Int32(size.width))
        cn_erase()
    }

    /// The bytes that leave the screen; the next frame, drawn with `everything`, enters it again.
    func leave() -> [UInt8] {
        endwin()
        // Without a screen of its own, as on the console of Linux, the frame stays: what comes next
        // begins below it.
        return takeBytes() + (hasOwnScreen ? [] : Array("\r\n".utf8))
    }

    /// Whether leaving it brings back what was there before.
    private var hasOwnScreen: Bool { !sequence("rmcup").isEmpty }

    /// The bytes that put the modes of any moment back, for when nothing else can be done.
    func emergencyBytes() -> [UInt8] {
        var bytes: [UInt8] = []
        for capability in ["sgr0", "op", "cnorm", "rmcup"] { bytes += sequence(capability) }
        if !hasOwnScreen, let move = cn_cursor_move(Int32(size.height - 1), 0) {
            bytes += CursesScreen.withoutPadding(String(cString: move)) + Array("\r\n".utf8)
        }
        return bytes
    }

    private func sequence(_ capability: String) -> [UInt8] {
        guard let value = cn_string(capability) else { return [] }
        return CursesScreen.withoutPadding(String(cString: value))
    }

    /// Terminfo marks delays for terminals of the 1970s by `$<5>`.
    private static func withoutPadding(_ text: String) -> [UInt8] {
        var bytes: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while let byte = rest.popFirst() {
            if byte == 0x24, rest.first == 0x3C, let end = rest.firstIndex(of: 0x3E) {
                rest = rest[(end + 1)...]
            } else {
                bytes.append(byte)
            }
        }
        return bytes
    }

    private static func readSpecialKeys() -> [[UInt8]: Key] {
        var names: [(String, Key)] = [
            ("kcuu1", .up), ("kcud1", .down), ("kcub1", .left), ("kcuf1", .right),
            ("khome", .home), ("kend", .end), ("kpp", .pageUp), ("knp", .pageDown),
            ("kich1", .insert), ("kdch1", .delete), ("kcbt", .backTab),
        ]
        for number in 1...12 { names.append(("kf\(number)", .function(number))) }
        var keys: [[UInt8]: Key] = [:]
        for (name, key) in names {
            guard let value = cn_string(name) else { continue }
            let bytes = Array(String(cString: value).utf8)
            if bytes.count > 2, bytes[0] == 0x1B { keys[bytes] = key }
        }
        return keys
    }

    /// What ncurses has written since the last time.
    private func takeBytes() -> [UInt8] {
        fflush(file)
        let descriptor = fileno(file)
        let count = max(0, Int(lseek(descriptor, 0, SEEK_END)))
        let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, taken in
            taken = max(0, pread(descriptor, buffer.baseAddress, count, 0))
        }
        ftruncate(descriptor, 0)
        lseek(descriptor, 0, SEEK_SET)
        return withoutPaletteReset(bytes)
    }

    private func withoutPaletteReset(_ bytes: [UInt8]) -> [UInt8] {
        guard let first = paletteReset.first else { return bytes }
        var kept: [UInt8] = []
        kept.reserveCapacity(bytes.count)
        var rest = bytes[...]
        while let start = rest.firstIndex(of: first) {
            kept += rest[..<start]
            if rest[start...].starts(with: paletteReset) {
                rest = rest[(start + paletteReset.count)...]
            } else {
                kept.append(first)
                rest = rest[(start + 1)...]
            }
        }
        return kept + rest
    }
}
