// Putting text on the user's clipboard, from wherever the console runs.

import CTerminal
import Glibc

/// Which ways lead to the clipboard, by what the environment says.
///
/// Inside tmux only tmux itself gets through (its default takes OSC 52 from programs away); else
/// the terminal is asked by OSC 52, which also works through SSH but is never answered; and on
/// the user's own machine a local program is asked as well, which says whether it worked.
struct Clipboard: Sendable {
    /// The longest encoded text that terminals take by OSC 52.
    static let escapeLimit = 74_994
    /// A program that has not taken the text by then is ended.
    static let programLimitMilliseconds: Int32 = 2000

    private let environment: [String: String]

    init(environment: [String: String]) {
        self.environment = environment
    }

    private func has(_ name: String) -> Bool { !(environment[name] ?? "").isEmpty }

    /// The programs to try, the best first.
    var programs: [[String]] {
        if has("TMUX") { return [["tmux", "load-buffer", "-w", "-"]] }
        guard !has("SSH_CONNECTION"), !has("SSH_TTY") else { return [] }
        var programs: [[String]] = []
        if has("WAYLAND_DISPLAY") { programs.append(["wl-copy"]) }
        if has("DISPLAY") {
            programs.append(["xclip", "-selection", "clipboard"])
            programs.append(["xsel", "--clipboard", "--input"])
        }
        return programs
    }

    /// The sequence that hands a text to the terminal; nil when the text is too long for it.
    static func escapeSequence(for text: String) -> [UInt8]? {
        let encoded = Base64.encode(Array(text.utf8))
        guard encoded.count <= escapeLimit else { return nil }
        return Array("\u{1B}]52;c;".utf8) + encoded + Array("\u{1B}\\".utf8)
    }

    /// - Parameters:
    ///   - takesEscapeSequence: Whether the terminal swallows OSC 52 at least; others show it.
    ///   - send: Sends bytes to the terminal; false when it is gone.
    func copy(
        _ text: String, takesEscapeSequence: Bool, send: ([UInt8]) async -> Bool
    ) async -> ClipboardResult {
        var sent = false
        var reason = "this terminal has no clipboard"
        if takesEscapeSequence, !has("TMUX") {
            if let sequence = Clipboard.escapeSequence(for: text) {
                sent = await send(sequence)
            } else {
                reason = "the text is longer than terminals take (56,244 bytes)"
            }
        }
        let bytes = Array(text.utf8)
        for command in programs where await Clipboard.run(command, bytes, environment) {
            return .program(command[0])
        }
        if sent { return .escapeSequence }
        if has("TMUX") { reason = "tmux did not take it (tmux 3.2 or later is needed)" }
        return .failed("The text was not copied: \(reason). Save it to a file instead.")
    }

    /// Runs a program with the text as its input; true when it ended well. It runs beside a
    /// thread of its own, so that a program that hangs holds up nobody.
    private static func run(
        _ command: [String], _ bytes: [UInt8], _ environment: [String: String]
    ) async -> Bool {
        await withCheckedContinuation { reply in
            let isStarted = SystemThread.start("clipboard") {
                reply.resume(returning: runAndWait(command, bytes, environment))
            }
            if !isStarted { reply.resume(returning: false) }
        }
    }

    private static func runAndWait(
        _ command: [String], _ bytes: [UInt8], _ environment: [String: String]
    ) -> Bool {
        let input = ct_memory_file("clipboard", bytes, bytes.count)
        guard input >= 0 else { return false }
        defer { close(input) }
        var process: pid_t = 0
        let failed = ChildArguments.with(command, environment) { arguments, environment in
            ct_spawn_quiet(command[0], arguments, environment, input, &process)
        }
        guard failed == 0 else { return false }
        if !ct_wait_until_ended(process, programLimitMilliseconds) { kill(process, SIGKILL) }
        var status: Int32 = 0
        while waitpid(process, &status, 0) < 0 {
            guard errno == EINTR else { return false }
        }
        var value: Int32 = 0
        return ct_wait_kind(status, &value) == 0 && value == 0
    }
}

/// RFC 4648, section 4.
enum Base64 {
    private static let alphabet = Array(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

    static func encode(_ bytes: [UInt8]) -> [UInt8] {
        var encoded: [UInt8] = []
        encoded.reserveCapacity((bytes.count + 2) / 3 * 4)
        for start in stride(from: 0, to: bytes.count, by: 3) {
            let group = bytes[start..<min(start + 3, bytes.count)]
            var bits = 0
            for byte in group { bits = bits << 8 | Int(byte) }
            bits <<= 8 * (3 - group.count)
            for place in 0..<4 {
                let isFilled = place <= group.count
                encoded.append(isFilled ? alphabet[bits >> (18 - 6 * place) & 63] : 0x3D)
            }
        }
        return encoded
    }
}
