import Dispatch
import Glibc
import Synchronization

/// A bar on standard error, when that is a terminal, and Ctrl-C as a wish to stop: whoever copies
/// then cleans up.
final class CopyProgress {
    private static let width = 30

    private let title: String
    private let isTerminal = isatty(STDERR_FILENO) == 1
    private let interruption = Interruption()
    private var shown = -1

    init(_ title: String) { self.title = title }

    /// - Parameter part: 0 to 1.
    func goesOn(_ part: Double) -> Bool {
        let percent = Int(part * 100)
        if isTerminal, percent != shown {
            shown = percent
            let filled = Self.width * percent / 100
            put(
                "\r\u{1B}[K\(title) " + String(repeating: "█", count: filled)
                    + String(repeating: "░", count: Self.width - filled) + " \(percent)%")
        }
        return !interruption.hasCome
    }

    func end() {
        if isTerminal, shown >= 0 { put("\r\u{1B}[K") }
        interruption.cancel()
    }

    private func put(_ text: String) {
        let bytes = Array(text.utf8)
        _ = write(STDERR_FILENO, bytes, bytes.count)
    }
}

/// Whether Ctrl-C has been pressed, or the program told to end, since this was made.
final class Interruption: Sendable {
    private final class Flag: Sendable {
        let isSet = Atomic<Bool>(false)
    }

    private let flag = Flag()
    // Dispatch sources may be used from any thread, and are not marked so on Linux.
    private nonisolated(unsafe) let sources: [any DispatchSourceSignal]

    init() {
        let flag = flag
        sources = [SIGINT, SIGTERM].map { number in
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
            source.setEventHandler { flag.isSet.store(true, ordering: .relaxed) }
            source.activate()
            return source
        }
    }

    var hasCome: Bool { flag.isSet.load(ordering: .relaxed) }

    func cancel() {
        sources.forEach { $0.cancel() }
        for number in [SIGINT, SIGTERM] { signal(number, SIG_DFL) }
    }
}
