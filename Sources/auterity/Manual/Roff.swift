/// Text as roff has it (man(7)).
enum Roff {
    /// Hyphens that are to be typed, no backslash that is a command, no line that is a request.
    static func text(_ text: String) -> String {
        text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
            let escaped = line.replacing("\\", with: "\\e").replacing("-", with: "\\-")
            return escaped.hasPrefix(".") || escaped.hasPrefix("'") ? "\\&" + escaped : escaped
        }.joined(separator: "\n")
    }

    /// A page in ASCII, with everything else by its number: troff itself reads no UTF-8.
    static func plain(_ page: String) -> String {
        var result = ""
        for scalar in page.unicodeScalars {
            if scalar.isASCII {
                result.unicodeScalars.append(scalar)
            } else {
                let digits = String(scalar.value, radix: 16, uppercase: true)
                result +=
                    "\\[u" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits + "]"
            }
        }
        return result
    }

    static func bold(_ text: String) -> String { "\\fB\(self.text(text))\\fR" }
    static func italic(_ text: String) -> String { "\\fI\(self.text(text))\\fR" }

    /// Prose: blank lines part paragraphs, indented lines stay as they are.
    static func paragraphs(_ text: String) -> String {
        var lines: [String] = []
        var isVerbatim = false
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            let wantsVerbatim = line.hasPrefix("  ")
            if wantsVerbatim != isVerbatim, !line.isEmpty {
                lines.append(wantsVerbatim ? ".RS\n.nf" : ".fi\n.RE")
                isVerbatim = wantsVerbatim
            }
            lines.append(
                line.isEmpty
                    ? isVerbatim ? "" : ".PP"
                    : Self.text(String(isVerbatim ? line.dropFirst(2) : line[...])))
        }
        if isVerbatim { lines.append(".fi\n.RE") }
        return lines.filter { !$0.isEmpty }.joined(separator: "\n")
    }
}
