/// An error on the way, placed by its offset in the source. The front door turns it into an
/// `ExpressionError` with line and column.
struct Fault: Error {
    let kind: ExpressionError.Kind
    let message: String
    /// In bytes of UTF-8 from the start of the source.
    let offset: Int

    init(_ kind: ExpressionError.Kind, _ message: String, at offset: Int) {
        self.kind = kind
        self.message = message
        self.offset = offset
    }
}

extension Fault {
    func located(in source: String) -> ExpressionError {
        ExpressionError(kind, message, at: Position(ofOffset: offset, in: source))
    }
}

extension Position {
    /// The line and column of an offset in bytes of UTF-8.
    init(ofOffset offset: Int, in source: String) {
        self.init()
        for byte in source.utf8.prefix(offset) {
            advance(over: byte)
        }
    }

    mutating func advance(over byte: UInt8) {
        if byte == UInt8(ascii: "\n") {
            line += 1
            column = 1
        } else if byte & 0xC0 != 0x80 {
            column += 1
        }
    }
}
