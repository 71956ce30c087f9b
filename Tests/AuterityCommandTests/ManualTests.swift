import ArgumentParser
import Foundation
import Testing

@testable import auterity

/// What the manual says of the settings is made from their list; these tests hold the two
/// together. `AUTERITY_RECORD=1` writes the files again, and fails, so that somebody looks.
@Suite struct ManualTests {
    private static let docs = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "docs")

    private var records: Bool { ProcessInfo.processInfo.environment["AUTERITY_RECORD"] == "1" }

    @Test func theManualPagesAreUpToDate() throws {
        let folder = Self.docs.appending(path: "man")
        let pages = try Manual.pages()
        #expect(pages.count > 15)
        let there = try FileManager.default.contentsOfDirectory(atPath: folder.path)
        for name in there where pages[name] == nil {
            Issue.record("\(name) is the page of no command; delete it")
        }
        for (name, text) in pages {
            let file = folder.appending(path: name)
            if records, (try? String(contentsOf: file, encoding: .utf8)) != text {
                try text.write(to: file, atomically: true, encoding: .utf8)
                Issue.record("recorded \(name) again; look at the difference")
            }
            #expect(try String(contentsOf: file, encoding: .utf8) == text, "\(name)")
        }
    }

    @Test func theTableOfCommandsIsUpToDate() throws {
        try hold("cli.md", Manual.commandTable(), marks: "commands")
    }

    @Test func everyCommandHasAnExampleInItsHelp() throws {
        for command in try CommandDescription.root().leaves {
            #expect(!command.examples.isEmpty, "\(command.name)")
            #expect(!command.abstract.isEmpty, "\(command.name)")
            for example in command.examples {
                #expect(example.contains(command.name), "\(example)")
            }
        }
    }

    @Test func whatRoffWouldTakeForItsOwnIsEscaped() {
        #expect(Roff.text(".SH a") == "\\&.SH a")
        #expect(Roff.text("'a\\n --b") == "\\&'a\\en \\-\\-b")
        #expect(Roff.paragraphs("a\n\n  b -c\n\nd") == "a\n.PP\n.RS\n.nf\nb \\-c\n.fi\n.RE\nd")
    }

    /// A page with a character that troff does not know is shown with a hole in it.
    @Test func thePagesAreASCII() throws {
        #expect(Roff.plain("a…b 😀") == "a\\[u2026]b \\[u1F600]")
        for (name, text) in try Manual.pages() {
            let others = text.unicodeScalars.filter { !$0.isASCII }
            #expect(others.isEmpty, "\(name)")
        }
    }

    @Test func theTableOfSettingsIsUpToDate() throws {
        let groups: [Setting.Group] = [.store, .connection, .console, .engine, .server]
        try hold("configuration.md", SettingsTable.markdown(groups))
    }

    /// Holds what stands between the marks of a page against what it is made from.
    private func hold(_ name: String, _ table: String, marks: String = "settings") throws {
        let file = Self.docs.appending(path: name)
        let text = try String(contentsOf: file, encoding: .utf8)
        let start = try #require(text.range(of: "<!-- \(marks) -->\n")).upperBound
        let end = try #require(text.range(of: "\n<!-- end of \(marks) -->")).lowerBound
        if records {
            let renewed = text.replacingCharacters(in: start..<end, with: table)
            try renewed.write(to: file, atomically: true, encoding: .utf8)
            Issue.record("recorded \(file.lastPathComponent) again; look at the difference")
        }
        #expect(text[start..<end] == table)
    }

    @Test func theTableOfTheServerIsUpToDate() throws {
        try hold("server.md", SettingsTable.markdown([.store, .server]))
    }

    @Test func noKeyStandsTwice() {
        #expect(Set(Setting.all.map(\.key)).count == Setting.all.count)
    }

    @Test(arguments: Setting.all.filter(\.hasFlag).map(\.key))
    func everySettingHasItsFlag(key: String) throws {
        let setting = try #require(Setting.all.first { $0.key == key })
        let value: String
        switch setting.kind {
        case .toggle: value = ""
        case .number(let range): value = String(Int(range.upperBound))
        case .text, .path: value = "https://x.example"
        case .choice(let choices): value = choices[0]
        case .rate: value = "7/60"
        }
        let arguments = value.isEmpty ? [setting.flag] : [setting.flag, value]
        let flags = try AnyFlags.parse(arguments, for: key)
        #expect(flags.values == [key: value.isEmpty ? "true" : value])
    }

    @Test(arguments: Setting.all.filter { !$0.hasFlag }.map(\.key))
    func whatIsNoFlagIsRefusedAsOne(key: String) {
        let flag = "--" + key
        #expect(throws: (any Error).self) { try ConsoleSettingFlags.parse([flag, "x"]) }
        #expect(throws: (any Error).self) { try ServerSettingFlags.parse([flag, "x"]) }
    }
}

/// The flags of the command that has a setting.
enum AnyFlags {
    static func parse(_ arguments: [String], for key: String? = nil) throws -> any SettingFlags {
        let words = key.map { [$0] } ?? arguments.map { $0.replacing("-", with: "_") }
        let own = (Setting.list(.console) + Setting.list(.connection)).map(\.key)
        let isConsoles = words.contains { word in
            let name = String(word.drop { $0 == "_" })
            return own.contains(name) || own.contains { name == "no_" + $0 }
        }
        return isConsoles
            ? try ConsoleSettingFlags.parse(arguments) : try ServerSettingFlags.parse(arguments)
    }
}
