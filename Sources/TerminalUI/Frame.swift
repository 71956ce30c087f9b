/// One screen, drawn in memory.
///
/// `put` is the only way text gets into a frame, and nothing that controls a terminal passes it.
public struct Frame: Equatable, Sendable {
    public let size: Size
    public let charset: Charset
    /// All cells, row after row.
    public private(set) var cells: [Cell]
    /// Where the terminal's cursor stands; nil hides it.
    public var cursor: Point?
    private var safeTitle: String?

    /// The widest and highest frame there is: larger terminals get blank margins.
    public static let maximumLength = 4096
    /// The farthest left of the screen that a text may begin, in columns.
    public static let maximumScroll = 1 << 30

    public init(size: Size, charset: Charset = .unicode, style: Style = .plain) {
        self.size = Size(
            width: min(size.width, Frame.maximumLength),
            height: min(size.height, Frame.maximumLength))
        self.charset = charset
        cells = Array(
            repeating: Cell(" ", style: style, width: 1),
            count: self.size.width * self.size.height)
    }

    public var bounds: Rect { Rect(size) }
    public var glyphs: Glyphs { Glyphs.of(charset) }

    /// The window title, on one line and safe, whatever was set.
    public var title: String? {
        get { safeTitle }
        set { safeTitle = newValue.map { SafeText.line($0, charset: charset, limit: 200) } }
    }

    /// The cell at a position, or nil outside of the frame.
    public subscript(x: Int, y: Int) -> Cell? {
        bounds.contains(Point(x: x, y: y)) ? cells[y * size.width + x] : nil
    }

    /// The cells of one row; empty for a row that does not exist.
    public func row(_ y: Int) -> ArraySlice<Cell> {
        guard y >= 0, y < size.height else { return [] }
        return cells[y * size.width..<(y + 1) * size.width]
    }

    /// Whether a row looks the same in `other`, which must be of the same width to be.
    public func rowEquals(_ other: Frame, at y: Int) -> Bool {
        guard size.width == other.size.width else { return false }
        return sameBytes(other, at: y) || row(y) == other.row(y)
    }

    /// Whether a row has the very same bytes, which is quick to see: then it is surely equal.
    private func sameBytes(_ other: Frame, at y: Int) -> Bool {
        guard y >= 0, y < min(size.height, other.size.height) else { return false }
        let length = size.width * MemoryLayout<Cell>.stride
        return cells.withUnsafeBytes { mine in
            other.cells.withUnsafeBytes { theirs in
                for offset in stride(from: y * length, to: (y + 1) * length, by: 8) {
                    let left = mine.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
                    let right = theirs.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
                    if left != right { return false }
                }
                return true
            }
        }
    }

    // MARK: Drawing

    /// Draws text on one row and returns how many columns of it, counted from `point`, fit.
    ///
    /// Columns before the clip rectangle count but are not drawn, so text may be scrolled
    /// sideways by a negative position. Nothing is drawn outside of `clip`.
    @discardableResult
    public mutating func put(
        _ text: some StringProtocol, at point: Point, style: Style = .plain,
        maxWidth: Int? = nil, in clip: Rect? = nil
    ) -> Int {
        let area = clip.map { bounds.intersection($0) } ?? bounds
        guard point.y >= area.y, point.y < area.maxY, point.x < area.maxX,
            point.x >= -Frame.maximumScroll
        else { return 0 }
        let left = area.x
        var right = area.maxX
        if let maxWidth, maxWidth < right - point.x { right = point.x + max(0, maxWidth) }
        var x = point.x
        let text = Substring(text)
        let rest = putASCII(text, x: &x, y: point.y, left: left, right: right, style: style)
        guard let rest else { return x - point.x }
        CellText.forEachCell(in: text[rest...]) { character, width in
            guard x < right else { return false }
            let shown = min(width, right - x)
            write(character, width: width, x: x, y: point.y, left: left, right: right, style)
            x += shown
            return true
        }
        return x - point.x
    }

    /// Draws one character; returns its columns.
    @discardableResult
    public mutating func put(
        _ character: Character, at point: Point, style: Style = .plain, in clip: Rect? = nil
    ) -> Int {
        let area = clip.map { bounds.intersection($0) } ?? bounds
        guard point.y >= area.y, point.y < area.maxY, point.x < area.maxX,
            point.x >= -Frame.maximumScroll
        else { return 0 }
        var x = point.x
        CellText.forEachCell(in: character) { character, width in
            guard x < area.maxX else { return false }
            write(
                character, width: width, x: x, y: point.y, left: area.x, right: area.maxX, style)
            x += min(width, area.maxX - x)
            return true
        }
        return x - point.x
    }

    /// Fills a rectangle with blanks.
    public mutating func fill(_ rect: Rect, style: Style) {
        fill(rect, with: " ", style: style)
    }

    /// Fills a rectangle with a character of one column; any other fills with blanks.
    public mutating func fill(_ rect: Rect, with character: Character, style: Style) {
        let area = bounds.intersection(rect)
        guard !area.isEmpty else { return }
        var shown: Character = " "
        if TextWidth.columns(of: character) == 1 {
            CellText.forEachCell(in: character) { safe, _ in
                shown = charset == .unicode ? safe : AsciiTwin.of(safe)
                return false
            }
        }
        let cell = Cell(shown, style: style, width: 1)
        for y in area.y..<area.maxY {
            let start = y * size.width
            mend(before: area.x, y: y)
            mend(after: area.maxX, y: y)
            for index in start + area.x..<start + area.maxX { cells[index] = cell }
        }
    }

    /// Gives every cell of a rectangle another style; what stands in it stays.
    public mutating func restyle(_ rect: Rect, with style: Style) {
        restyle(rect) { _ in style }
    }

    public mutating func restyle(_ rect: Rect, _ change: (Style) -> Style) {
        let area = bounds.intersection(rect)
        guard !area.isEmpty else { return }
        for y in area.y..<area.maxY {
            for index in y * size.width + area.x..<y * size.width + area.maxX {
                cells[index].style = change(cells[index].style)
            }
        }
    }

    // MARK: Cells

    /// The printable ASCII at the start of `text`. Returns where the rest begins, or nil at the
    /// end: one character early, because a combining mark may follow.
    private mutating func putASCII(
        _ text: Substring, x: inout Int, y: Int, left: Int, right: Int, style: Style
    ) -> Substring.Index? {
        let utf8 = text.utf8
        let start = x
        let base = y * size.width
        let count = utf8.withContiguousStorageIfAvailable { bytes -> Int in
            // One byte more than fits is enough to know whether a mark follows the last cell.
            let limit = min(bytes.count, right - start + 1)
            var count = 0
            while count < limit, bytes[count] >= 0x20, bytes[count] < 0x7F { count += 1 }
            if count < limit, count > 0 { count -= 1 }
            let first = max(start, left)
            let last = min(start + count, right)
            guard first < last else { return count }
            mend(before: first, y: y)
            mend(after: last, y: y)
            for column in first..<last {
                let character = Frame.ascii[Int(bytes[column - start])]
                cells[base + column] = Cell(character, style: style, width: 1)
            }
            return count
        }
        guard let count else { return text.startIndex }
        x = min(start + count, right)
        return start + count >= right || count == utf8.count
            ? nil : utf8.index(utf8.startIndex, offsetBy: count)
    }

    private static let ascii: [Character] = (UInt8(0)...127).map {
        Character(Unicode.Scalar($0))
    }

    private mutating func write(
        _ character: Character, width: Int, x: Int, y: Int, left: Int, right: Int, _ style: Style
    ) {
        let base = y * size.width
        let from = max(x, left)
        let to = min(x + width, right)
        guard from < to else { return }
        mend(before: from, y: y)
        mend(after: to, y: y)
        if to - from < width {
            cells[base + from] = Cell(" ", style: style, width: 1)
        } else if charset == .ascii, !character.isASCII {
            let twin = Cell(AsciiTwin.of(character), style: style, width: 1)
            for column in from..<to { cells[base + column] = twin }
        } else {
            cells[base + from] = Cell(character, style: style, width: UInt8(width))
            if width == 2 { cells[base + from + 1] = .continuation(style: style) }
        }
    }

    /// Blanks the left half of a wide character whose right half is about to be overwritten.
    private mutating func mend(before x: Int, y: Int) {
        let index = y * size.width + x
        guard x > 0, x < size.width, cells[index].isContinuation else { return }
        cells[index - 1] = Cell(" ", style: cells[index - 1].style, width: 1)
    }

    /// Blanks the right half of a wide character whose left half is about to be overwritten.
    private mutating func mend(after x: Int, y: Int) {
        let index = y * size.width + x
        guard x > 0, x < size.width, cells[index].isContinuation else { return }
        cells[index] = Cell(" ", style: cells[index].style, width: 1)
    }
}
