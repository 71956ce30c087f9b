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

    @Test func theManualPageIsUpToDate() throws {
        let file = Self.docs.appending(path: "auterity.1")
        if records {
            try ManualPage.text.write(to: file, atomically: true, encoding: .utf8)
            Issue.record("recorded \(file.lastPathComponent) again; look at the difference")
        }
        #expect(try String(contentsOf: file, encoding: .utf8) == ManualPage.text)
    }

    @Test func theTableOfSettingsIsUpToDate() throws {
        try hold("configuration.md", SettingsTable.markdown(.store, .console, .engine, .server))
    }

    /// Holds what stands between the marks of a page against what it is made from.
    private func hold(_ name: String, _ table: String) throws {
        let file = Self.docs.appending(path: name)
        let text = try String(contentsOf: file, encoding: .utf8)
        let start = try #require(text.range(of: "<!-- settings -->\n")).upperBound
        let end = try #require(text.range(of: "\n<!-- end of settings -->")).lowerBound
        if records {
            let renewed = text.replacingCharacters(in: start..<end, with: table)
            try renewed.write(to: file, atomically: true, encoding: .utf8)
            Issue.record("recorded \(file.lastPathComponent) again; look at the difference")
        }
        #expect(text[start..<end] == table)
    }

    @Test func theTableOfTheServerIsUpToDate() throws {
        try hold("server.md", SettingsTable.markdown(.store, .server))
    }

    @Test func theFlagsOfTheGroupsAreThoseOfTheList() throws {
        let groups: [(Setting.Group, [String])] = [
            (.store, try StoreFlags.parse([]).values.map(\.0)),
            (.engine, try EngineFlags.parse([]).values.map(\.0)),
            (.console, try ConsoleFlags.parse([]).values.map(\.0)),
            (.server, try ServerFlags.parse([]).values.map(\.0)),
        ]
        for (group, keys) in groups { #expect(keys == Setting.list(group).map(\.key)) }
        #expect(Set(Setting.all.map(\.key)).count == Setting.all.count)
    }

    @Test(arguments: Setting.all.map(\.key))
    func everySettingHasItsFlag(key: String) throws {
        let setting = try #require(Setting.all.first { $0.key == key })
        let value: String
        switch setting.kind {
        case .toggle: value = ""
        case .number(let range): value = String(Int(range.upperBound))
        case .text, .path: value = "x"
        case .choice(let choices): value = choices[0]
        case .rate: value = "7/60"
        }
        let arguments = value.isEmpty ? [setting.flag] : [setting.flag, value]
        let flags = try AllFlags.parse(arguments)
        #expect(flags.values == [key: value.isEmpty ? "true" : value])
    }
}

/// The flags of every group at once.
struct AllFlags: SettingFlags {
    @OptionGroup var store: StoreFlags
    @OptionGroup var engine: EngineFlags
    @OptionGroup var console: ConsoleFlags
    @OptionGroup var server: ServerFlags

    var config: String? { store.config }
    var values: [String: String] {
        let lists = [store.values, engine.values, console.values, server.values]
        return lists.joined().reduce(into: [:]) { given, value in
            if let text = value.1 { given[value.0] = text }
        }
    }
}
