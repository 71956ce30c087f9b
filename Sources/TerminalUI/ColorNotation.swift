/// Why a colour or style in a theme cannot be read: the sentence after "line 12, role text: ".
public struct StyleNotationError: Error, Hashable, Sendable, CustomStringConvertible {
    public let description: String
}

extension Color {
    /// The sixteen colours of the terminal's own palette, in their order.
    public static let names = [
        "black", "red", "green", "yellow", "blue", "magenta", "cyan", "white",
        "bright_black", "bright_red", "bright_green", "bright_yellow", "bright_blue",
        "bright_magenta", "bright_cyan", "bright_white",
    ]

    /// Reads `#rrggbb`, `0` to `255`, one of the 16 names, `terminal`, or a name of `palette`.
    public init(notation: String, palette: [String: Color] = [:]) throws(StyleNotationError) {
        if let color = palette[notation] {
            self = color
        } else if notation == "terminal" {
            self = .terminal
        } else if let index = Color.names.firstIndex(of: notation) {
            self = .indexed(UInt8(index))
        } else if notation.hasPrefix("#") {
            let digits = notation.utf8.dropFirst()
            guard digits.count == 6, digits.allSatisfy(Color.isHexDigit),
                let value = UInt32(notation.dropFirst(), radix: 16)
            else {
                throw StyleNotationError(
                    description: "'\(SafeText.line(notation, limit: 40))' is no colour: "
                        + "write # and six hexadecimal digits")
            }
            self = .rgb(
                red: UInt8(value >> 16), green: UInt8(value >> 8 & 0xFF), blue: UInt8(value & 0xFF))
        } else if !notation.isEmpty, notation.utf8.allSatisfy({ (0x30...0x39).contains($0) }) {
            guard let index = UInt8(notation) else {
                throw StyleNotationError(
                    description: "'\(SafeText.line(notation, limit: 40))' is no colour: "
                        + "the palette ends at 255")
            }
            self = .indexed(index)
        } else {
            throw StyleNotationError(
                description: "unknown colour '\(SafeText.line(notation, limit: 40))'")
        }
    }

    private static func isHexDigit(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x46, 0x61...0x66: true
        default: false
        }
    }
}

extension Color: CustomStringConvertible {
    /// The colour as themes write it.
    public var description: String {
        switch self {
        case .terminal: return "terminal"
        case .indexed(let index):
            return Int(index) < Color.names.count ? Color.names[Int(index)] : String(index)
        case .rgb(let red, let green, let blue):
            let value = UInt32(red) << 16 | UInt32(green) << 8 | UInt32(blue)
            let digits = String(value, radix: 16)
            return "#" + String(repeating: "0", count: 6 - digits.count) + digits
        }
    }
}

extension Style {
    private static let attributeNames: [(String, Attributes)] = [
        ("bold", .bold), ("dim", .dim), ("italic", .italic), ("underline", .underline),
        ("reverse", .reverse),
    ]

    /// Reads `colour [on colour] [attributes…]`: `#ff0000 on ink bold underline`.
    ///
    /// The colours may be left out (`bold`): then the text has the terminal's own, and the
    /// background is `background`.
    public init(
        notation: String, palette: [String: Color] = [:], background: Color = .terminal
    ) throws(StyleNotationError) {
        self.init(background: background)
        var words = notation.split(whereSeparator: { $0 == " " || $0 == "\t" })[...]
        guard !words.isEmpty else { throw StyleNotationError(description: "no colour is given") }
        if let first = words.first, Style.attribute(first) == nil, first != "on" {
            foreground = try Color(notation: String(first), palette: palette)
            words.removeFirst()
        }
        if words.first == "on" {
            words.removeFirst()
            guard let name = words.popFirst() else {
                throw StyleNotationError(description: "a colour must follow 'on'")
            }
            self.background = try Color(notation: String(name), palette: palette)
        }
        for word in words {
            guard let attribute = Style.attribute(word) else {
                throw StyleNotationError(
                    description: "unknown attribute '\(SafeText.line(String(word), limit: 40))'; "
                        + "known are bold, dim, italic, underline, reverse")
            }
            attributes.insert(attribute)
        }
    }

    private static func attribute(_ word: Substring) -> Attributes? {
        attributeNames.first { $0.0 == word }?.1
    }
}

extension Style: CustomStringConvertible {
    /// The style as themes write it.
    public var description: String {
        var words = ["\(foreground)"]
        if background != .terminal { words += ["on", "\(background)"] }
        words += Style.attributeNames.filter { attributes.contains($0.1) }.map(\.0)
        return words.joined(separator: " ")
    }
}
