import Testing

@testable import auterity

/// What troff would take otherwise than it is meant, without a troff on this machine.
@Suite struct ManualSourceTests {
    @Test func everyPageIsSoundRoff() throws {
        for (name, text) in try Manual.pages() {
            for fault in RoffPage(text).faults { Issue.record("\(name): \(fault)") }
        }
    }

    private static let sound = """
        .TH A 1 "" "A 1" "User Commands"
        .SH NAME
        a \\- does what it says
        .SH OPTIONS
        .TP
        .B \\-\\-flag
        What it does, read-only.
        .PP
        .RS
        .nf
        a \\fBb\\fR c\\-d \\e \\&.e \\[u2026]
        .fi
        .RE
        """

    @Test func aSoundPageHasNoFault() {
        #expect(RoffPage(Self.sound).faults.isEmpty)
    }

    @Test(arguments: [
        (".RE", ".PP", "RS without RE"), (".RS\n", "", "RE without RS"),
        (".fi", ".PP", "nf without fi"), (".nf\n", "", "fi without nf"),
        (".PP", ".XX", "unknown macro .XX"), (".PP", "'a", "a line that is a request"),
        ("\\&.e", "\\q", "unknown escape \\q"), ("c\\-d", "c -d", "a hyphen that is no option's"),
        ("\\fR c", " c", "a font that does not end"),
        ("What it", ".TP\nWhat it", "a tag with no text"),
        ("What it", "Wh\u{E4}t it", "not ASCII"), ("What it", "\nWhat it", "an empty line"),
        ("What it", "\tWhat it", "a tab or a blank at the end"),
        ("does what", "does what ", nil),
        ("a \\- does", "a - does", "NAME is not name \\- summary"),
        (".SH NAME", ".SH OTHER", "does not begin with TH and NAME"),
    ])
    func everyFaultIsFound(text: String, replacement: String, fault: String?) {
        let page = Self.sound.replacing(text, with: replacement)
        let faults = RoffPage(page).faults
        if let fault {
            #expect(faults.contains { $0.contains(fault) }, "\(faults)")
        } else {
            #expect(faults.isEmpty, "\(faults)")
        }
    }
}

/// The source of a manual page (man(7)), and what is wrong with it.
private struct RoffPage {
    let faults: [String]

    private static let macros: Set<String> = [
        ".TH", ".SH", ".SS", ".PP", ".TP", ".B", ".BR", ".I", ".br", ".nf", ".fi", ".RS", ".RE",
    ]

    init(_ text: String) {
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        if lines.last == "" { lines.removeLast() }
        faults = Self.outline(lines) + Self.pairs(lines) + lines.flatMap(Self.line)
    }

    private static func macro(_ line: String) -> String? {
        line.hasPrefix(".") ? String(line.prefix { $0 != " " }) : nil
    }

    private static func outline(_ lines: [String]) -> [String] {
        var faults: [String] = []
        if lines.count < 3 || !lines[0].hasPrefix(".TH ") || lines[1] != ".SH NAME" {
            faults.append("it does not begin with TH and NAME")
        } else if lines[2].firstMatch(of: /^[a-z\\-]+ \\- \S/) == nil {
            faults.append("NAME is not name \\- summary, which whatis(1) reads")
        }
        for (index, line) in lines.enumerated() where line == ".TP" {
            let tag = lines.dropFirst(index + 1).first ?? ""
            let body = lines.dropFirst(index + 2).first ?? ""
            let isTag = macro(tag).map { [".B", ".BR", ".I"].contains($0) } ?? !tag.isEmpty
            let isText = macro(body).map { [".B", ".BR", ".I"].contains($0) } ?? !body.isEmpty
            if !isTag || !isText { faults.append("a tag with no text, or no tag: \(tag)") }
        }
        return faults
    }

    private static func pairs(_ lines: [String]) -> [String] {
        var faults: [String] = []
        var depth = 0
        var isVerbatim = false
        for name in lines.compactMap(macro) {
            switch name {
            case ".RS": depth += 1
            case ".RE":
                if depth == 0 { faults.append("RE without RS") } else { depth -= 1 }
            case ".nf":
                if isVerbatim { faults.append("nf without fi") }
                isVerbatim = true
            case ".fi":
                if !isVerbatim { faults.append("fi without nf") }
                isVerbatim = false
            case ".SH", ".SS":
                if depth > 0 { faults.append("RS without RE") }
                depth = 0
            default: break
            }
        }
        if depth > 0 { faults.append("RS without RE") }
        if isVerbatim { faults.append("nf without fi") }
        return faults
    }

    private static func line(_ line: String) -> [String] {
        var faults: [String] = []
        if line.isEmpty { faults.append("an empty line, which is a gap") }
        if let name = macro(line), !macros.contains(name) { faults.append("unknown macro \(name)") }
        if line.hasPrefix("'") { faults.append("a line that is a request: \(line)") }
        if line.contains("\t") || line.hasSuffix(" ") {
            faults.append("a tab or a blank at the end: \(line)")
        }
        if !line.unicodeScalars.allSatisfy(\.isASCII) { faults.append("not ASCII: \(line)") }
        guard line.contains(where: { $0 == "\\" || $0 == "-" }) else { return faults }
        let known = /\\(?:-|e|&|f[BIR]|\[u[0-9A-F]{4,6}\])/
        let rest = line.replacing(known, with: "")
        if let match = rest.firstMatch(of: /\\.?/) {
            faults.append("unknown escape \(match.output): \(line)")
        }
        // Troff sets it as a typographic hyphen, which nobody can copy into a shell.
        if line.firstMatch(of: /(?:^|[\s\[(])--?[A-Za-z]/) != nil {
            faults.append("a hyphen that is no option's: \(line)")
        }
        // A line of .B ends its font itself.
        if macro(line) == nil, let last = line.matches(of: /\\f([BIR])/).last?.output.1, last != "R"
        {
            faults.append("a font that does not end: \(line)")
        }
        return faults
    }
}
