// What has to be done to the process before anything else runs in it.

import CTerminal
import Glibc

/// The process around the terminal: its locale, its environment, and the watcher that puts the
/// terminal back when the console is killed.
///
/// **Contract:** `start()` is the first statement of `main`, while the process has one thread. It
/// changes the environment and the locale, which other threads might be reading, and it forks.
/// The parent of the fork goes on as the console, so it stays the shell's job: Ctrl-Z, `fg` and
/// the exit status work as with any program. The child is the watcher and never returns. It makes
/// only calls that are allowed after a fork in a threaded process, executes nothing and allocates
/// nothing, so it costs a few pages. It ends as soon as the console has ended.
public struct Supervisor: Sendable {
    /// The pipe to the watcher, or -1 without one.
    let channel: Int32
    /// The watcher's process id; nil when there is none, because there is no terminal to watch.
    public let watcher: Int32?
    /// Whether the locale's encoding is UTF-8.
    public let isUTF8: Bool

    /// Prepares the process and starts the watcher. Call it once, first in `main`.
    public static func start() -> Supervisor {
        // Set by a shell, they would freeze the size of the screen for ncurses.
        unsetenv("LINES")
        unsetenv("COLUMNS")
        setlocale(LC_CTYPE, "")
        let encoding = nl_langinfo(Int32(CODESET)).map { String(cString: $0) } ?? ""
        let isUTF8 = ["UTF-8", "UTF8", "utf8", "utf-8"].contains(encoding)
        guard isatty(STDIN_FILENO) == 1, isatty(STDOUT_FILENO) == 1 else {
            return Supervisor(channel: -1, watcher: nil, isUTF8: isUTF8)
        }
        var channel: Int32 = -1
        let process = ct_watcher_start(&channel)
        return Supervisor(
            channel: channel, watcher: process > 0 ? process : nil, isUTF8: isUTF8)
    }

    /// The terminal is ours now; this is how to put it back.
    func terminalTaken(_ restoration: ct_restoration) {
        guard channel >= 0 else { return }
        withUnsafePointer(to: restoration) { ct_watcher_tell(channel, $0) }
    }

    /// The terminal has been put back: there is nothing to do when the console ends.
    func terminalGivenBack() {
        guard channel >= 0 else { return }
        ct_watcher_tell(channel, nil)
    }
}
