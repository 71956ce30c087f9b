import ArgumentParser

/// A name as a shell is offered it, so that it is one word and nothing in it is executed.
enum ShellWord {
    /// `nil` for a name that cannot be shown on one line.
    static func offered(_ name: String, to shell: CompletionShell?) -> String? {
        guard !name.isEmpty, !name.unicodeScalars.contains(where: isControl) else { return nil }
        return switch shell {
        // Bash expands the list that it is offered, commands in it included, and then puts a word
        // on the command line as it is: so it is quoted once for each.
        case .some(.bash): quoted(quoted(name))
        // What stands behind a colon would be the description.
        case .some(.zsh): name.replacing("\\", with: "\\\\").replacing(":", with: "\\:")
        default: name
        }
    }

    /// With a backslash before everything that is neither a letter, a digit nor known to be plain.
    static func quoted(_ text: String) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            let isPlain =
                scalar.properties.isAlphabetic || scalar.properties.numericType != nil
                || "_-./@%+,".unicodeScalars.contains(scalar) || scalar.value > 0x7F
            if !isPlain { result.append("\\") }
            result.unicodeScalars.append(scalar)
        }
        return result
    }

    /// As a word to copy into a command line.
    static func pasted(_ text: String) -> String {
        let isPlain = text.unicodeScalars.allSatisfy { scalar in
            scalar.isASCII
                && (scalar.properties.isAlphabetic || scalar.properties.numericType != nil
                    || "_-./@%+,:=".unicodeScalars.contains(scalar))
        }
        if isPlain, !text.isEmpty { return text }
        return "'\(text.replacing("'", with: #"'\''"#))'"
    }

    private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate: true
        default: false
        }
    }
}
