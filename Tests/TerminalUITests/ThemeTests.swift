import Glibc
import Testing

@testable import TerminalUI

@Suite struct ThemeTests {
    /// The folder of the theme files, found from this file.
    private static let folder =
        String(
            #filePath.prefix(upTo: #filePath.range(ofLast: "/Tests/"))) + "/themes"

    static let shipped = [
        "midnight", "daylight", "nord", "gruvbox", "solarized", "high-contrast", "colour-blind",
        "mono",
    ]

    private func text(of name: String) throws -> String {
        let file = try #require(fopen("\(Self.folder)/\(name).yaml", "r"))
        defer { fclose(file) }
        var bytes = [UInt8](repeating: 0, count: 65_536)
        let count = fread(&bytes, 1, bytes.count, file)
        return String(decoding: bytes[..<count], as: UTF8.self)
    }

    @Test(arguments: shipped)
    func everyFileLoadsAndNamesEveryRole(name: String) throws {
        let source = try text(of: name)
        let theme = try ThemeFile.parse(source)
        #expect(theme.name == name)
        let entries = source.split(separator: "\n").drop { $0 != "roles:" }
        for role in Role.allCases {
            let lines = entries.filter { $0.hasPrefix("  \(role.rawValue):") }
            #expect(lines.count == 1, "\(role.rawValue)")
            #expect(lines.allSatisfy { $0.contains(" # ") }, "\(role.rawValue) has no comment")
        }
    }

    @Test func theCompiledDefaultIsTheFile() throws {
        #expect(try ThemeFile.parse(text(of: "midnight")) == Theme.midnight)
    }

    /// Lines are no text: they need to be seen, not read.
    private static let lines: Set<Role> = [
        .border, .scrollbar, .progressTrough, .graphEdgeDead,
    ]

    @Test(arguments: shipped)
    func everyTextRoleCanBeRead(name: String) throws {
        let theme = try ThemeFile.parse(text(of: name))
        for role in Role.allCases {
            let style = theme[role]
            guard let contrast = style.foreground.contrast(with: style.background) else {
                #expect(name == "mono")
                continue
            }
            let least = Self.lines.contains(role) ? 3.0 : 4.5
            #expect(contrast >= least, "\(role.rawValue): \(contrast)")
        }
    }

    @Test(arguments: shipped, ColorDepth.allCases)
    func everyRoleCanBeReadUnderTheCursorAtEveryDepth(name: String, depth: ColorDepth) throws {
        let theme = try ThemeFile.parse(text(of: name)).downsampled(to: depth)
        for role in Role.allCases where !Self.lines.contains(role) {
            for style in [theme[role], theme[role].selected(theme[.selection])] {
                guard let contrast = style.foreground.contrast(with: style.background) else {
                    continue
                }
                let least = depth == .palette16 ? 2.0 : 3.0
                #expect(contrast >= least, "\(role.rawValue): \(contrast) \(style)")
            }
        }
        let selection = theme[.text].selected(theme[.selection])
        #expect(selection != theme[.text])
    }

    @Test(arguments: shipped, [ColorDepth.mono, .palette16])
    func whatStoodOutByItsBackgroundStillDoes(name: String, depth: ColorDepth) throws {
        let theme = try ThemeFile.parse(text(of: name)).downsampled(to: depth)
        let standing: [Role] = [.selection, .buttonFocused, .matchCurrent, .inputFocused]
        for role in standing {
            let isSeen =
                theme[role].background != theme.base
                || !theme[role].attributes.isDisjoint(with: [.reverse, .underline])
            #expect(isSeen, "\(role.rawValue)")
        }
    }

    @Test func statusesDifferInColour() throws {
        let roles: [Role] = [.statusRunning, .statusWaiting, .statusCompleted, .statusFailed]
        for name in Self.shipped where name != "mono" {
            let theme = try ThemeFile.parse(text(of: name))
            #expect(Set(roles.map { theme[$0] }).count == roles.count, "\(name)")
        }
    }

    @Test(arguments: [
        ("name: a\nroles:\n  text: redd", "line 3, role text: unknown colour 'redd'"),
        (
            "name: a\nroles:\n  text: red blink",
            "line 3, role text: unknown attribute 'blink'; "
                + "known are bold, dim, italic, underline, reverse"
        ),
        ("name: a\nroles:\n  txt: red", "line 3, role txt: there is no such role"),
        ("name: a\nroles:\n  text: red\n  text: red", "line 4, role text: is given twice"),
        (
            "name: a\npalette:\n  ink: #123456",
            "line 3, colour ink: has no value (one that begins with # needs quotes)"
        ),
        (
            "name: a\npalette:\n  ink: \"#12345\"",
            "line 3, colour ink: '#12345' is no colour: write # and six hexadecimal digits"
        ),
        (
            "name: a\nroles:\n  text: 256",
            "line 3, role text: '256' is no colour: "
                + "the palette ends at 255"
        ),
        ("name: a\nroles:\n  text: red on", "line 3, role text: a colour must follow 'on'"),
        ("name: a\nroles:\n\ttext: red", "line 3: indent with blanks, not with tabs"),
        ("name: a\n  text: red", "line 2: 'text' is indented, but belongs to nothing"),
        ("colours:\n", "line 1: unknown key 'colours'; known are name, palette, roles"),
        ("roles:\n  text: \"red", "line 2: the closing quote is missing"),
        ("roles:\n  text: red", "the theme has no name"),
        ("name: a\nroles:\n  text: \u{1B}[2J", "line 3, role text: unknown colour '␛[2J'"),
    ])
    func faultsNameTheLineAndTheRole(source: String, message: String) {
        #expect {
            try ThemeFile.parse(source)
        } throws: {
            "\($0)" == message
        }
    }

    @Test func aThemeReadsPaletteNamesCommentsAndInherits() throws {
        let theme = try ThemeFile.parse(
            """
            # A theme.
            name: tiny
            palette:
              ink: "#101010"   # nearly black
            roles:
              background: white on ink
              accent: bright_blue bold
              error: "#ff0000 on 17 underline"
            """)
        #expect("\(theme[.background])" == "white on #101010")
        #expect("\(theme[.text])" == "white on #101010")
        #expect("\(theme[.borderFocused])" == "bright_blue on #101010 bold")
        #expect("\(theme[.statusFailed])" == "#ff0000 on 17 underline")
    }

    @Test func coloursComeDownTheLadder() throws {
        let style = try Style(notation: "#ff0000 on #102030 bold")
        #expect("\(style.downsampled(to: .truecolor))" == "#ff0000 on #102030 bold")
        #expect("\(style.downsampled(to: .palette256))" == "196 on 234 bold")
        #expect("\(style.downsampled(to: .palette16))" == "red on black bold")
        #expect("\(style.downsampled(to: .mono))" == "terminal bold reverse")
        #expect("\(style.downsampled(to: .mono, base: style.background))" == "terminal bold")
        let near = try Style(notation: "#202020 on #101010").downsampled(to: .palette16)
        #expect(near.foreground != near.background)
    }
}

extension String {
    fileprivate func range(ofLast part: String) -> String.Index {
        var index = endIndex
        while index > startIndex {
            if self[index...].hasPrefix(part) { return index }
            index = self.index(before: index)
        }
        return startIndex
    }
}
