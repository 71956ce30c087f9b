// Bytes from a terminal become keys here. A pure value: no descriptor, no clock. ncurses' own
// reader is not used, because it redraws the screen as a side effect of reading.

import TerminalUI

/// What a terminal sends: mostly keys, sometimes the answer to a question.
enum TerminalInput: Hashable, Sendable {
    case key(Key)
    /// The answer to "are you well" (`CSI 5 n`): all that was sent before it has been drawn.
    case statusReport
    /// The answer to a question about a private mode: its number, and 0 when it is unknown,
    /// 1 set, 2 reset, 3 always set, 4 always reset.
    case modeReport(mode: Int, setting: Int)
}

/// A state machine from bytes to keys, whatever way the bytes are cut into pieces.
///
/// ```
/// ground ─ ESC ─▶ escape ─ [ ─▶ control ─ final byte ─▶ ground (or paste after 200~)
///                    ├──── O ─▶ single ─ any byte ─▶ ground
///                    ├──── ] P X ^ _ ─▶ string ─ BEL or ESC \ ─▶ ground
///                    └──── any other ─▶ ground: Alt with that character
/// ```
/// The caller tells by `timeOut()` that `patience` has passed without another byte.
struct InputParser: Sendable {
    /// How long to wait for the rest of what has begun. Its length depends on what that is.
    enum Patience: Hashable, Sendable {
        /// The Esc key, or the start of a sequence: nobody may notice the wait.
        case escape
        /// A sequence or a character that a slow line has cut in two.
        case sequence
        /// A paste, whose end mark is still to come.
        case paste
    }

    /// A paste is cut off here: 1 MiB. What follows up to its end is thrown away.
    static let pasteLimit = 1 << 20
    /// Longer control sequences are swallowed; the longest known one has about 20 bytes.
    static let sequenceLimit = 64

    private enum State {
        case ground
        /// After Esc; `doubled` when two came, as some terminals send Alt with a cursor key.
        case escape(doubled: Bool)
        case control
        case single
        /// The linux console's F1 to F5: `ESC [ [ A`.
        case linuxFunction
        /// A mouse report of the old kind: three bytes after `ESC [ M`.
        case oldMouse
        /// A string answer of any length; `introducer` began it.
        case string(introducer: UInt8, isEmpty: Bool, escaped: Bool)
        case paste
        /// The rest of a character: how many bytes are still to come.
        case character(missing: Int)
    }

    private let special: [[UInt8]: Key]
    private let acceptsUTF8: Bool
    private var state = State.ground
    private var collected: [UInt8] = []
    /// Two Esc came before the sequence that is being read. Unless it is a key, with which some
    /// terminals send Alt so, the first of them was a key by itself: somebody pressed it just
    /// before the terminal's answer came.
    private var followsEscape = false
    /// The Esc key was reported because the rest of a sequence was late: the rest may follow.
    private var reportedEscape = false

    /// - Parameters:
    ///   - special: Sequences that mean a key on this terminal only, from terminfo.
    ///   - acceptsUTF8: False when the locale has another encoding: then only ASCII is a key.
    init(special: [[UInt8]: Key] = [:], acceptsUTF8: Bool = true) {
        self.special = special
        self.acceptsUTF8 = acceptsUTF8
    }

    /// What is being waited for; nil when nothing has begun.
    var patience: Patience? {
        switch state {
        case .ground: nil
        case .escape: .escape
        case .paste: .paste
        default: .sequence
        }
    }

    /// Takes bytes as they came and gives what they mean, in order.
    mutating func feed(_ bytes: some Collection<UInt8>) -> [TerminalInput] {
        var inputs: [TerminalInput] = []
        if reportedEscape {
            reportedEscape = false
            // One byte is a key somebody pressed after Esc; more at once are a late remainder.
            if bytes.count > 1, let first = bytes.first, first == 0x5B || first == 0x4F {
                state = .escape(doubled: false)
            }
        }
        for byte in bytes { take(byte, &inputs) }
        return inputs
    }

    /// Ends what has begun: the rest will not come.
    mutating func timeOut() -> [TerminalInput] {
        defer {
            state = .ground
            collected = []
            followsEscape = false
        }
        switch state {
        case .ground, .oldMouse, .linuxFunction:
            return []
        case .escape(let doubled):
            reportedEscape = true
            return doubled ? [.key(.escape), .key(.escape)] : [.key(.escape)]
        case .control:
            return collected.isEmpty ? [.key(.alt("["))] : []
        case .single:
            return [.key(.alt("O"))]
        case .string(let introducer, let isEmpty, _):
            let character = Character(Unicode.Scalar(introducer))
            return isEmpty ? [.key(.alt(character))] : []
        case .paste:
            return [pasted()]
        case .character:
            return [.key(.character("\u{FFFD}"))]
        }
    }

    private mutating func take(_ byte: UInt8, _ inputs: inout [TerminalInput]) {
        switch state {
        case .ground: takeGround(byte, &inputs)
        case .escape(let doubled): takeEscape(byte, doubled: doubled, &inputs)
        case .control: takeControl(byte, &inputs)
        case .single: takeSingle(byte, &inputs)
        case .linuxFunction:
            state = .ground
            if (0x41...0x45).contains(byte) { inputs.append(.key(.function(Int(byte) - 0x40))) }
        case .oldMouse: takeOldMouse(byte, &inputs)
        case .string(let introducer, _, let escaped):
            takeString(byte, introducer: introducer, escaped: escaped, &inputs)
        case .paste: takePaste(byte, &inputs)
        case .character(let missing): takeContinuation(byte, missing: missing, &inputs)
        }
    }

    // MARK: Characters

    private mutating func takeGround(_ byte: UInt8, _ inputs: inout [TerminalInput]) {
        switch byte {
        case 0x1B: state = .escape(doubled: false)
        case 0x20..<0x7F: inputs.append(.key(.character(Character(Unicode.Scalar(byte)))))
        case 0..<0x80: inputs.append(.key(KeyTable.control(byte)))
        default: beginCharacter(byte, &inputs)
        }
    }

    private mutating func beginCharacter(_ byte: UInt8, _ inputs: inout [TerminalInput]) {
        let missing =
            switch byte {
            case 0xC2...0xDF: 1
            case 0xE0...0xEF: 2
            case 0xF0...0xF4: 3
            default: 0
            }
        guard acceptsUTF8, missing > 0 else {
            inputs.append(.key(.character("\u{FFFD}")))
            return
        }
        collected = [byte]
        state = .character(missing: missing)
    }

    private mutating func takeContinuation(
        _ byte: UInt8, missing: Int, _ inputs: inout [TerminalInput]
    ) {
        guard byte & 0xC0 == 0x80, collected.count > 1 || isSecond(byte, after: collected[0])
        else {
            inputs.append(.key(.character("\u{FFFD}")))
            state = .ground
            takeGround(byte, &inputs)
            return
        }
        collected.append(byte)
        guard missing == 1 else {
            state = .character(missing: missing - 1)
            return
        }
        state = .ground
        let text = String(decoding: collected, as: UTF8.self)
        for scalar in text.unicodeScalars {
            let isControl = scalar.properties.generalCategory == .control
            inputs.append(.key(.character(isControl ? "\u{FFFD}" : Character(scalar))))
        }
    }

    /// The second byte is where overlong forms, surrogates and too large values show.
    private func isSecond(_ byte: UInt8, after first: UInt8) -> Bool {
        switch first {
        case 0xE0: byte >= 0xA0
        case 0xED: byte < 0xA0
        case 0xF0: byte >= 0x90
        case 0xF4: byte < 0x90
        default: true
        }
    }

    // MARK: Sequences

    private mutating func takeEscape(
        _ byte: UInt8, doubled: Bool, _ inputs: inout [TerminalInput]
    ) {
        collected = []
        followsEscape = doubled
        switch byte {
        case 0x5B: state = .control
        case 0x4F: state = .single
        case 0x1B:
            if doubled { inputs.append(.key(.escape)) }
            state = .escape(doubled: true)
        case 0x50, 0x58, 0x5D, 0x5E, 0x5F:
            if doubled { inputs.append(.key(.escape)) }
            state = .string(introducer: byte, isEmpty: true, escaped: false)
        case 0x20..<0x7F:
            if doubled { inputs.append(.key(.escape)) }
            state = .ground
            inputs.append(.key(.alt(Character(Unicode.Scalar(byte)))))
        default:
            // Esc and then Enter, typed quickly: both were meant.
            inputs.append(.key(.escape))
            if doubled { inputs.append(.key(.escape)) }
            state = .ground
            takeGround(byte, &inputs)
        }
    }

    private mutating func takeControl(_ byte: UInt8, _ inputs: inout [TerminalInput]) {
        switch byte {
        case 0x1B:
            state = .escape(doubled: false)
        case 0..<0x20:
            // A control character ends no sequence; a key pressed meanwhile must not get lost.
            inputs.append(.key(KeyTable.control(byte)))
        case 0x5B where collected.isEmpty:
            state = .linuxFunction
        case 0x4D where collected.isEmpty:
            giveEscape(&inputs)
            state = .oldMouse
        case 0x24 where isShiftedKey:
            finishControl(byte, &inputs)
        case 0x20..<0x40:
            if collected.count < Self.sequenceLimit { collected.append(byte) }
        case 0x40..<0x7F:
            finishControl(byte, &inputs)
        default:
            state = .ground
        }
    }

    /// rxvt ends its shifted keys by `$`, which elsewhere stands before the last byte.
    private var isShiftedKey: Bool {
        !collected.isEmpty && collected.allSatisfy { (0x30...0x39).contains($0) }
    }

    private mutating func finishControl(_ final: UInt8, _ inputs: inout [TerminalInput]) {
        state = .ground
        guard collected.count < Self.sequenceLimit else { return }
        if let key = special[[0x1B, 0x5B] + collected + [final]] {
            inputs.append(.key(key))
            return
        }
        if final == 0x7E, collected == [0x32, 0x30, 0x30] {
            giveEscape(&inputs)
            collected = []
            state = .paste
            return
        }
        let input = KeyTable.control(parameters: collected, final: final)
        switch input {
        case .key(.mouse), .statusReport, .modeReport, nil: giveEscape(&inputs)
        case .key: break
        }
        if let input { inputs.append(input) }
    }

    /// Gives the Esc that was a key by itself.
    private mutating func giveEscape(_ inputs: inout [TerminalInput]) {
        if followsEscape { inputs.append(.key(.escape)) }
        followsEscape = false
    }

    private mutating func takeSingle(_ byte: UInt8, _ inputs: inout [TerminalInput]) {
        switch byte {
        case 0x1B:
            state = .escape(doubled: false)
        case 0x30...0x39 where collected.count < 2:
            // Old xterm put the modifiers between: `ESC O 5 A`.
            collected.append(byte)
        default:
            state = .ground
            if let key = special[[0x1B, 0x4F, byte]] ?? KeyTable.single(byte) {
                inputs.append(.key(key))
            }
        }
    }

    private mutating func takeOldMouse(_ byte: UInt8, _ inputs: inout [TerminalInput]) {
        collected.append(byte)
        guard collected.count == 3 else { return }
        state = .ground
        let values = collected.map { Int($0) - 32 }
        let isRelease = values[0] & 3 == 3 && values[0] & 64 == 0
        if let key = KeyTable.mouse(
            button: values[0], column: values[1], row: values[2], isRelease: isRelease)
        {
            inputs.append(.key(key))
        }
    }

    private mutating func takeString(
        _ byte: UInt8, introducer: UInt8, escaped: Bool, _ inputs: inout [TerminalInput]
    ) {
        if escaped {
            state = .escape(doubled: false)
            if byte == 0x5C { state = .ground } else { take(byte, &inputs) }
            return
        }
        let endsString = byte == 0x07 || byte == 0x18 || byte == 0x1A
        state =
            endsString
            ? .ground : .string(introducer: introducer, isEmpty: false, escaped: byte == 0x1B)
    }

    // MARK: Paste

    private static let pasteEnd: [UInt8] = Array("\u{1B}[201~".utf8)

    private mutating func takePaste(_ byte: UInt8, _ inputs: inout [TerminalInput]) {
        // Beyond the limit only as many bytes are kept as are needed to find the end mark.
        if collected.count >= Self.pasteLimit + 2 * Self.pasteEnd.count {
            collected.removeSubrange(Self.pasteLimit..<Self.pasteLimit + Self.pasteEnd.count)
        }
        collected.append(byte)
        guard byte == 0x7E, collected.suffix(Self.pasteEnd.count).elementsEqual(Self.pasteEnd)
        else { return }
        collected.removeLast(Self.pasteEnd.count)
        state = .ground
        inputs.append(pasted())
        collected = []
    }

    /// Terminals send a line's end as CR; the text has LF. Everything else is left as it came.
    private func pasted() -> TerminalInput {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(min(collected.count, Self.pasteLimit))
        var afterReturn = false
        for byte in collected.prefix(Self.pasteLimit) {
            if byte == 0x0A, afterReturn {
                afterReturn = false
                continue
            }
            afterReturn = byte == 0x0D
            bytes.append(afterReturn ? 0x0A : byte)
        }
        return .key(.paste(String(decoding: bytes, as: UTF8.self)))
    }
}
