import Foundation

/// The checkout as the tidy rules see it.
struct SourceTree {
    /// A Swift file: where it is, and its lines.
    struct File: Sendable, CustomStringConvertible {
        /// Relative to the root, such as `Sources/TerminalUI/Cell.swift`.
        let path: String
        let lines: [String]

        var description: String { path }
        var name: String { String(path.split(separator: "/").last ?? "") }
        var folder: String { path.split(separator: "/").dropLast().joined(separator: "/") }
    }

    static let root = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    /// Every Swift file below the given folders.
    static func swiftFiles(_ folders: [String] = ["Sources", "Tests", "Benchmarks"]) throws
        -> [File]
    {
        var files: [File] = []
        for folder in folders {
            let base = root.appending(path: folder)
            let names = try FileManager.default.subpathsOfDirectory(atPath: base.path)
            for name in names.sorted() where name.hasSuffix(".swift") {
                let text = try String(contentsOf: base.appending(path: name), encoding: .utf8)
                files.append(
                    File(
                        path: "\(folder)/\(name)",
                        lines: text.split(separator: "\n", omittingEmptySubsequences: false)
                            .map(String.init)))
            }
        }
        return files
    }
}

/// Swift source with comments and the contents of string literals blanked out, line by line, so
/// that a rule never trips over a word in a text.
struct CodeLines {
    let lines: [String]

    init(_ source: [String]) {
        var stripper = Stripper()
        lines = source.map { stripper.strip($0) }
    }

    private struct Stripper {
        var inMultilineString = false

        mutating func strip(_ line: String) -> String {
            var code = ""
            var rest = Substring(line)
            while let character = rest.first {
                if inMultilineString {
                    if rest.hasPrefix("\"\"\"") {
                        inMultilineString = false
                        rest = rest.dropFirst(3)
                    } else {
                        rest = rest.dropFirst()
                    }
                } else if rest.hasPrefix("//") {
                    return code
                } else if rest.hasPrefix("\"\"\"") {
                    inMultilineString = true
                    rest = rest.dropFirst(3)
                } else if character == "\"" {
                    rest = skipString(rest.dropFirst())
                    code += "\"\""
                } else if rest.hasPrefix("(of: /") || rest.hasPrefix("(/") {
                    // A regular expression: its braces are none of the code's.
                    code += "("
                    rest = rest[rest.index(before: rest.endIndex)...]
                } else {
                    code.append(character)
                    rest = rest.dropFirst()
                }
            }
            return code
        }

        /// Behind the closing quote of a one-line string; interpolations are part of it.
        private func skipString(_ text: Substring) -> Substring {
            var rest = text
            var depth = 0
            while let character = rest.first {
                rest = rest.dropFirst()
                if character == "\\" {
                    if rest.first == "(" { depth += 1 }
                    rest = rest.dropFirst()
                } else if depth > 0 {
                    if character == "(" { depth += 1 }
                    if character == ")" { depth -= 1 }
                } else if character == "\"" {
                    return rest
                }
            }
            return rest
        }
    }
}

/// A function, initializer or accessor in a file.
struct FunctionSpan {
    let name: String
    /// Counted from 1.
    let line: Int
    let length: Int

    /// Every `func`, `init`, `deinit` and `subscript` with a body, from brace to brace.
    static func all(in code: CodeLines) -> [FunctionSpan] {
        var spans: [FunctionSpan] = []
        for (index, line) in code.lines.enumerated() {
            guard line.contains("func ") || line.contains("init") || line.contains("subscript"),
                let match = line.firstMatch(of: /\b(func\s+\S+?|init[?]?|deinit|subscript)[(<{\s]/),
                let end = endOfBody(code.lines, from: index)
            else { continue }
            spans.append(
                FunctionSpan(
                    name: String(match.1), line: index + 1, length: end - index + 1))
        }
        return spans
    }

    private static func endOfBody(_ lines: [String], from start: Int) -> Int? {
        var depth = 0
        var parentheses = 0
        var opened = false
        for index in start..<lines.count {
            for character in lines[index] {
                switch character {
                case "(": parentheses += 1
                case ")": parentheses -= 1
                case "{" where parentheses == 0 || opened:
                    depth += 1
                    opened = true
                case "}" where parentheses == 0 || opened:
                    depth -= 1
                    if depth < 0 { return nil }
                    if opened && depth == 0 { return index }
                default: break
                }
            }
            // A requirement of a protocol or a call has no body.
            if !opened && parentheses == 0 && !continues(lines, after: index) { return nil }
        }
        return nil
    }

    private static func continues(_ lines: [String], after index: Int) -> Bool {
        guard index + 1 < lines.count else { return false }
        let next = lines[index + 1].trimmingCharacters(in: .whitespaces)
        return next.hasPrefix("->") || next.hasPrefix("{") || next.hasPrefix("where")
            || next.hasPrefix("throws") || next.hasPrefix("async")
            || lines[index].trimmingCharacters(in: .whitespaces).hasSuffix("->")
    }
}
