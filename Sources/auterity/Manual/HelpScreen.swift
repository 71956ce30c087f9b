import ArgumentParser
import Glibc

/// What ArgumentParser says of a help request or a wrong command line, fitted to the terminal.
enum HelpScreen {
    /// Columns: enough for every line of a discussion.
    private static let unbounded = 10_000

    static func text(for error: any Error) -> String {
        let fitted = Auterity.fullMessage(for: error, columns: columns)
        let whole = Auterity.fullMessage(for: error, columns: unbounded)
        let text = withSettingsLast(withExamples(of: whole, in: fitted))
        let prefix = "Error: "
        return text.hasPrefix(prefix) ? "auterity: " + text.dropFirst(prefix.count) : text
    }

    /// A help in which the indented lines of the discussion stand as they were written: an example
    /// is to be copied, and a folder or a command is one word.
    ///
    /// - Parameters:
    ///   - whole: the help with no line wrapped.
    ///   - fitted: the help with lines wrapped.
    static func withExamples(of whole: String, in fitted: String) -> String {
        let usage = "\n\nUSAGE: "
        guard let end = fitted.firstRange(of: usage), let wholeEnd = whole.firstRange(of: usage),
            fitted.hasPrefix("OVERVIEW: ")
        else { return fitted }
        let overview = whole[..<wholeEnd.lowerBound]
            .split(separator: "\n", omittingEmptySubsequences: false)
            .map { $0.hasPrefix("  ") ? String($0) : wrapped($0) }
        return overview.joined(separator: "\n") + fitted[end.lowerBound...]
    }

    /// A help in which what is the command's own stands before the settings, which many have.
    static func withSettingsLast(_ help: String) -> String {
        var parts = help.split(separator: "\n\n", omittingEmptySubsequences: false)
        guard let settings = parts.firstIndex(where: { $0.hasPrefix("SETTINGS:\n") }),
            let options = parts.firstIndex(where: { $0.hasPrefix("OPTIONS:\n") }),
            settings < options
        else { return help }
        // The last part ends the help.
        let ending = parts[options].hasSuffix("\n") ? "\n" : ""
        parts[options] = parts[options].dropLast(ending.count)
        parts.insert(parts[settings] + ending, at: options + 1)
        parts.remove(at: settings)
        return parts.joined(separator: "\n\n")
    }

    /// Prose in lines that fit.
    private static func wrapped(_ line: Substring) -> String {
        var lines = [""]
        for word in line.split(separator: " ") {
            let last = lines[lines.count - 1]
            if last.isEmpty {
                lines[lines.count - 1] = String(word)
            } else if last.count + 1 + word.count <= columns {
                lines[lines.count - 1] = last + " " + word
            } else {
                lines.append(String(word))
            }
        }
        return lines.joined(separator: "\n")
    }

    /// Of the terminal, within what reads well.
    private static var columns: Int {
        var size = winsize()
        guard ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 80 }
        return min(max(Int(size.ws_col), 40), 120)
    }
}
