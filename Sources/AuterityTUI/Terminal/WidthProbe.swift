// Asking a terminal how wide it draws what programs disagree about.

import CTerminal
import Glibc
import TerminalUI

/// Whether the terminal and the table of widths agree.
public enum WidthProbe: Sendable {
    /// A text that the terminal draws otherwise than the table says.
    public struct Disagreement: Hashable, Sendable {
        /// What it is, in words.
        public let what: String
        public let expected: Int
        public let drawn: Int
    }

    /// The terminal answered nothing, as over a pipe that looks like one.
    case silent
    case answered([Disagreement])

    private static let samples: [(what: String, text: String)] = [
        ("a letter", "a"), ("a letter with a combining accent", "e\u{301}"),
        ("a Chinese character", "中"), ("a half-wide katakana", "ｱ"), ("an emoji", "😀"),
        ("a flag", "🇩🇪"), ("an emoji of several", "👩‍👩‍👧"), ("an emoji by a selector", "❤\u{FE0F}"),
        ("a box character", "─"), ("a braille character", "⣿"), ("a status sign", "●"),
        ("a Devanagari syllable", "क्षि"), ("a Hangul syllable of parts", "\u{1112}\u{1161}\u{11AB}"),
    ]

    /// Milliseconds; the slowest line that is still of use answers sooner.
    private static let patience: Int32 = 1000
    /// Bytes; an answer is far shorter.
    private static let answerLimit = 64

    /// Draws each sample at the left margin and asks where the cursor is (ECMA-48, DSR 6).
    /// `nil` when standard input and output are no terminal.
    public static func run() -> WidthProbe? {
        guard isatty(STDIN_FILENO) == 1, isatty(STDOUT_FILENO) == 1 else { return nil }
        var found = termios()
        guard tcgetattr(STDIN_FILENO, &found) == 0 else { return nil }
        var raw = found
        // Signals stay: Ctrl-C ends the probe's process, and the shell puts its modes back.
        raw.c_lflag &= ~tcflag_t(ECHO | ICANON)
        guard tcsetattr(STDIN_FILENO, TCSAFLUSH, &raw) == 0 else { return nil }
        defer {
            put("\r\u{1B}[K")
            tcsetattr(STDIN_FILENO, TCSAFLUSH, &found)
        }
        var disagreements: [Disagreement] = []
        for (what, text) in samples {
            put("\r\u{1B}[K\(text)\u{1B}[6n")
            guard let column = answer() else { return .silent }
            let expected = TextWidth.columns(of: text)
            guard column - 1 != expected else { continue }
            disagreements.append(
                Disagreement(what: what, expected: expected, drawn: column - 1))
        }
        return .answered(disagreements)
    }

    private static func put(_ text: String) {
        let bytes = Array(text.utf8)
        _ = write(STDOUT_FILENO, bytes, bytes.count)
    }

    /// The column of `ESC [ row ; column R`, from 1; `nil` when none comes.
    private static func answer() -> Int? {
        var bytes: [UInt8] = []
        while bytes.count < answerLimit {
            var entry = pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0)
            guard poll(&entry, 1, patience) == 1 else { return nil }
            var byte: UInt8 = 0
            guard read(STDIN_FILENO, &byte, 1) == 1 else { return nil }
            // What was typed meanwhile stands before it.
            if byte == 0x1B { bytes = [] }
            bytes.append(byte)
            guard byte == UInt8(ascii: "R"), bytes.starts(with: [0x1B, UInt8(ascii: "[")]) else {
                continue
            }
            let parts = String(decoding: bytes.dropFirst(2).dropLast(), as: UTF8.self)
                .split(separator: ";")
            return parts.count == 2 ? Int(parts[1]) : nil
        }
        return nil
    }
}
