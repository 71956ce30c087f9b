import ArgumentParser
import Foundation
import Testing

@testable import auterity

@Suite struct EmbeddedStoreTests {
    private func opening(_ flags: [String], home: URL) async throws {
        let settings = try await Settings(
            flags: try ConsoleSettingFlags.parse(flags), environment: ["HOME": home.path])
        let store = EmbeddedStore(settings)
        _ = try await store.open()
        await store.close()
    }

    @Test func aNewAccountNeedsNothingPrepared() async throws {
        let home = FileManager.default.temporaryDirectory
            .appending(path: "auterity-home-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: home) }
        try FileManager.default.createDirectory(at: home, withIntermediateDirectories: true)
        try await opening([], home: home)
        let place = home.appending(path: ".local/share/auterity")
        #expect(
            FileManager.default.fileExists(atPath: place.appending(path: "auterity.db").path))
        let attributes = try FileManager.default.attributesOfItem(atPath: place.path)
        #expect(attributes[.posixPermissions] as? Int == 0o700)
    }

    @Test func aDirectoryThatWasNamedIsNotMadeAboveItself() async throws {
        let home = FileManager.default.temporaryDirectory
            .appending(path: "auterity-home-\(UUID().uuidString)")
        let slip = home.appending(path: "does/not/exist").path
        await #expect {
            try await opening(["--data-dir", slip], home: home)
        } throws: { error in
            String(describing: error).contains("the directory above it does not exist")
        }
        #expect(!FileManager.default.fileExists(atPath: home.path))
    }
}
