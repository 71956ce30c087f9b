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
        let file = Self.docs.appending(path: "configuration.md")
        let text = try String(contentsOf: file, encoding: .utf8)
        let start = try #require(text.range(of: "<!-- settings -->\n")).upperBound
        let end = try #require(text.range(of: "\n<!-- end of settings -->")).lowerBound
        if records {
            let renewed = text.replacingCharacters(in: start..<end, with: SettingsTable.markdown)
            try renewed.write(to: file, atomically: true, encoding: .utf8)
            Issue.record("recorded \(file.lastPathComponent) again; look at the difference")
        }
        #expect(text[start..<end] == SettingsTable.markdown)
    }

    @Test(arguments: Setting.all.map(\.key))
    func everySettingHasItsFlag(key: String) throws {
        let setting = try #require(Setting.all.first { $0.key == key })
        let value: String
        switch setting.kind {
        case .toggle: value = ""
        case .number(let range): value = String(Int(range.upperBound))
        case .text, .path: value = "x"
        }
        let arguments = value.isEmpty ? [setting.flag] : [setting.flag, value]
        let flags = try SettingFlags.parse(arguments)
        #expect(flags.values == [key: value.isEmpty ? "true" : value])
    }
}
