// Which sequence is which key: the table behind `InputParser`. It covers xterm and what follows
// it, the linux console, rxvt, PuTTY, tmux and screen; terminfo adds what is special.

import TerminalUI

enum KeyTable {
    /// A control character as the key that sends it.
    static func control(_ byte: UInt8) -> Key {
        switch byte {
        case 0x0D: .enter
        case 0x0A: .control("j")
        case 0x09: .tab
        case 0x08, 0x7F: .backspace
        case 0x1B: .escape
        case 0x00: .control(" ")
        case 0x01...0x1A: .control(Character(Unicode.Scalar(byte + 0x60)))
        default: .control(Character(Unicode.Scalar(byte + 0x40)))
        }
    }

    /// `ESC O x`: cursor keys, F1 to F4 and the number pad in application mode.
    static func single(_ byte: UInt8) -> Key? {
        switch byte {
        case 0x41...0x48, 0x50...0x53: letter(byte)
        case 0x61...0x64: letter(byte - 0x20)
        case 0x4D: .enter
        case 0x49: .tab
        case 0x58: .character("=")
        case 0x6A...0x79: .character(Character(Unicode.Scalar(byte - 0x40)))
        default: nil
        }
    }

    /// `ESC [ parameters final`: a key, a mouse report, an answer, or nothing worth a name.
    static func control(parameters: [UInt8], final: UInt8) -> TerminalInput? {
        if parameters.first == 0x3C { return mouseReport(parameters.dropFirst(), final: final) }
        if parameters.first == 0x3F {
            guard final == 0x79, parameters.last == 0x24 else { return nil }
            let values = numbers(parameters.dropFirst().dropLast())
            guard values.count == 2 else { return nil }
            return .modeReport(mode: values[0], setting: values[1])
        }
        guard parameters.allSatisfy({ (0x30...0x3B).contains($0) }) else { return nil }
        let values = numbers(parameters[...])
        switch final {
        case 0x6E: return values == [0] ? .statusReport : nil
        case 0x7E, 0x24, 0x5E, 0x40: return numbered(values).map(TerminalInput.key)
        case 0x75: return unicode(values).map(TerminalInput.key)
        case 0x5A: return .key(.backTab)
        case 0x61...0x64: return letter(final - 0x20).map(TerminalInput.key)
        // Answers about the cursor look like F3 with modifiers; the first value tells.
        case 0x52 where values.first.map({ $0 > 1 }) ?? false: return nil
        default: return letter(final).map(TerminalInput.key)
        }
    }

    private static func letter(_ byte: UInt8) -> Key? {
        switch byte {
        case 0x41: .up
        case 0x42: .down
        case 0x43: .right
        case 0x44: .left
        case 0x46: .end
        case 0x48: .home
        case 0x50...0x53: .function(Int(byte) - 0x4F)
        default: nil
        }
    }

    /// `ESC [ number ; modifiers ~`. Modifiers are read and not told: the plain key does it.
    private static func numbered(_ values: [Int]) -> Key? {
        guard let number = values.first else { return nil }
        switch number {
        case 1, 7: return .home
        case 2: return .insert
        case 3: return .delete
        case 4, 8: return .end
        case 5: return .pageUp
        case 6: return .pageDown
        case 11...15: return .function(number - 10)
        case 17...21: return .function(number - 11)
        case 23, 24: return .function(number - 12)
        // xterm's way to send any key with modifiers: 27 ; modifiers ; character.
        case 27 where values.count == 3: return unicode([values[2], values[1]])
        default: return nil
        }
    }

    /// A character with modifiers (1 + 1 shift + 2 alt + 4 control), as `CSI u` sends it.
    private static func unicode(_ values: [Int]) -> Key? {
        guard let code = values.first,
            let scalar = UInt32(exactly: code).flatMap(Unicode.Scalar.init)
        else { return nil }
        let modifiers = max(0, (values.count > 1 ? values[1] : 1) - 1)
        let plain: Key =
            scalar.value < 0x20 || scalar.value == 0x7F
            ? control(UInt8(scalar.value)) : .character(Character(scalar))
        guard case .character(let character) = plain else {
            return plain == .tab && modifiers & 1 != 0 ? .backTab : plain
        }
        guard scalar.properties.generalCategory != .control else { return nil }
        let lower = Character(character.lowercased())
        if modifiers & 4 != 0 { return .control(lower) }
        if modifiers & 2 != 0 { return .alt(character) }
        return plain
    }

    // MARK: Mouse

    private static func mouseReport(_ parameters: ArraySlice<UInt8>, final: UInt8) -> TerminalInput?
    {
        guard final == 0x4D || final == 0x6D else { return nil }
        let values = numbers(parameters)
        guard values.count == 3 else { return nil }
        return mouse(
            button: values[0], column: values[1], row: values[2], isRelease: final == 0x6D
        ).map(TerminalInput.key)
    }

    /// - Parameters:
    ///   - button: The button with its modifiers, as reported: 64 and 65 are the wheel, 32 is a
    ///     movement.
    ///   - column: Counted from 1.
    ///   - row: Counted from 1.
    static func mouse(button: Int, column: Int, row: Int, isRelease: Bool) -> Key? {
        guard button >= 0, column >= 1, row >= 1 else { return nil }
        let point = Point(x: column - 1, y: row - 1)
        // Shift, Alt and Control are 4, 8 and 16; only the left button (0) acts.
        switch button & ~0b11100 {
        case 64: return isRelease ? nil : .mouse(.wheelUp, point)
        case 65: return isRelease ? nil : .mouse(.wheelDown, point)
        case 0: return .mouse(isRelease ? .release : .press, point)
        case 3 where isRelease: return .mouse(.release, point)
        default: return nil
        }
    }

    /// The numbers between semicolons; an absent one is 0, and none is larger than 9,999,999.
    private static func numbers(_ bytes: ArraySlice<UInt8>) -> [Int] {
        bytes.split(separator: 0x3B, omittingEmptySubsequences: false).map { digits in
            // After a colon stand details of the same value, which no key here needs.
            digits.prefix { $0 != 0x3A }.reduce(0) { value, byte in
                (0x30...0x39).contains(byte) ? min(value * 10 + Int(byte) - 0x30, 9_999_999) : value
            }
        }
    }
}
