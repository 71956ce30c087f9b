import AuterityAPI
import AuterityClient
import Foundation
import Testing

@testable import auterity

/// The file with the tokens of all servers.
@Suite struct CredentialFileTests {
    /// A directory that goes away with the test.
    private final class Folder {
        let path = FileManager.default.temporaryDirectory
            .appending(path: "auterity-tokens-\(UUID().uuidString)").path

        deinit { try? FileManager.default.removeItem(atPath: path) }

        var file: String { path + "/auterity/credentials.json" }

        func store(_ server: String = "https://a.example") -> CredentialFile {
            CredentialFile(path: file, server: server)
        }

        func write(_ text: String, mode: Int = 0o600) throws {
            try FileManager.default.createDirectory(
                atPath: path + "/auterity", withIntermediateDirectories: true)
            try text.write(toFile: file, atomically: false, encoding: .utf8)
            try FileManager.default.setAttributes(
                [.posixPermissions: mode], ofItemAtPath: file)
        }

        func mode(_ path: String) throws -> Int? {
            try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
        }

        /// What reading fails with.
        func failure() -> String? {
            do throws(APIError) {
                _ = try store().load()
                return nil
            } catch {
                #expect(error.status == 401)
                return error.message
            }
        }
    }

    private static func credentials(_ name: String) -> Credentials {
        Credentials(
            TokenGrant(
                accessToken: "access \(name)", expiresIn: 1800, refreshToken: "refresh \(name)",
                refreshExpiresIn: 604_800),
            email: "\(name)@example.com", now: Timestamp(milliseconds: 1_800_000_000_000))
    }

    @Test func whatIsKeptIsFoundAgainAndNobodyElseMayReadIt() throws {
        let before = umask(0)
        defer { umask(before) }
        let folder = Folder()
        #expect(try folder.store().load() == nil)
        try folder.store().save(Self.credentials("ann"))
        #expect(try folder.store().load() == Self.credentials("ann"))
        #expect(try folder.mode(folder.file) == 0o600)
        #expect(try folder.mode(folder.path + "/auterity") == 0o700)
    }

    @Test func theProfilesThatShareALoginAreKnown() throws {
        let folder = Folder()
        let server = "https://a.example"
        let profiles =
            ["main", "other", "own"].map { Profile(name: $0, url: server) }
            + [Profile(name: "far", url: "https://b.example")]
        func file(_ profile: String) -> CredentialFile {
            CredentialFile(path: folder.file, server: server, profile: profile)
        }
        try folder.store().save(Self.credentials("ann"))
        try file("own").save(Self.credentials("bob"))
        #expect(try file("main").sharing(profiles) == ["other"])
        #expect(try folder.store().sharing(profiles) == ["main", "other"])
        #expect(try file("own").sharing(profiles) == [])
        #expect(
            LogoutCommand.sentence(of: "a.example", ["main", "other"])
                == "Logged out of a.example, and so are the profiles with the same login: "
                + "main, other.")
    }

    @Test func eachServerHasItsOwn() throws {
        let folder = Folder()
        let (one, other) = (folder.store(), folder.store("https://b.example"))
        try one.save(Self.credentials("ann"))
        try other.save(Self.credentials("bob"))
        try one.save(nil)
        #expect(try one.load() == nil)
        #expect(try other.load() == Self.credentials("bob"))
        #expect(try folder.mode(folder.file) == 0o600)
    }

    @Test func profilesOfOneAddressEachHaveTheirOwn() throws {
        let folder = Folder()
        let (url, file) = ("https://a.example", folder.file)
        let ann = CredentialFile(path: file, server: url, profile: "ann")
        let bob = CredentialFile(path: file, server: url, profile: "bob")
        try ann.save(Self.credentials("ann"))
        try bob.save(Self.credentials("bob"))
        #expect(try ann.load() == Self.credentials("ann"))
        #expect(try bob.load() == Self.credentials("bob"))
        #expect(try folder.store().load() == nil)
        try bob.save(nil)
        #expect(try ann.load() == Self.credentials("ann"))
        #expect(try bob.load() == nil)
        // Led elsewhere, a profile takes no tokens along.
        let moved = CredentialFile(path: file, server: "https://b.example", profile: "ann")
        #expect(try moved.load() == nil)
    }

    @Test func aProfileSharesTheLoginOfItsAddressUntilItHasItsOwn() throws {
        let folder = Folder()
        let old = folder.store()
        try old.save(Self.credentials("ann"))
        let one = CredentialFile(path: folder.file, server: old.server, profile: "one")
        let two = CredentialFile(path: folder.file, server: old.server, profile: "two")
        #expect(try one.load() == Self.credentials("ann"))
        // A renewal: whoever else shares it must not be left with tokens that are used up.
        var renewed = Self.credentials("ann")
        renewed.accessToken = "renewed"
        try one.save(renewed)
        #expect(try two.load() == renewed)
        #expect(try old.load() == renewed)
        // Somebody else.
        try two.save(Self.credentials("bob"))
        #expect(try one.load() == renewed)
        #expect(try two.load() == Self.credentials("bob"))
        try one.save(nil)
        #expect(try old.load() == nil)
        #expect(try two.load() == Self.credentials("bob"))
    }

    @Test func manyWhoWriteAtOnceLoseNothing() async throws {
        let folder = Folder()
        let path = folder.file
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<20 {
                group.addTask {
                    try CredentialFile(path: path, server: "https://\(number).example")
                        .save(Self.credentials("\(number)"))
                }
            }
            try await group.waitForAll()
        }
        for number in 0..<20 {
            let store = folder.store("https://\(number).example")
            #expect(try store.load() == Self.credentials("\(number)"))
        }
    }

    @Test(arguments: [0o644, 0o640, 0o604, 0o660])
    func aFileThatOthersMayReadIsRefused(mode: Int) throws {
        let folder = Folder()
        try folder.write("{}", mode: mode)
        #expect(
            folder.failure() == "Others may read the tokens in \(folder.file). Make it yours "
                + "alone: chmod 600 \(folder.file)")
    }

    @Test(arguments: [
        "", "{", #"{"https://a.example":{"access_token":"a"#, "[]", "\u{0}\u{0}", "null",
    ])
    func aFileThatWasWrittenByHalfIsRefused(text: String) throws {
        let folder = Folder()
        try folder.write(text)
        #expect(
            folder.failure() == "\(folder.file) cannot be read as tokens. Delete it and log in "
                + "again: auterity login")
        // Nor is it written over.
        #expect(throws: APIError.self) { try folder.store().save(Self.credentials("ann")) }
        #expect(try String(contentsOfFile: folder.file, encoding: .utf8) == text)
    }

    @Test func damagedTokensOfOneServerAreNamed() throws {
        let folder = Folder()
        try folder.write(#"{"https://a.example":{"access_token":7}}"#)
        #expect(
            folder.failure() == "The tokens for https://a.example in \(folder.file) are damaged. "
                + "Delete the file and log in again: auterity login")
        #expect(try folder.store("https://b.example").load() == nil)
    }

    @Test func aLinkIsNotFollowed() throws {
        let folder = Folder()
        try folder.write("{}")
        let target = folder.path + "/elsewhere.json"
        try FileManager.default.moveItem(atPath: folder.file, toPath: target)
        try FileManager.default.createSymbolicLink(
            atPath: folder.file, withDestinationPath: target)
        let sentence =
            "\(folder.file) is a link, and tokens in it are not safe. Remove it and log in again: "
            + "auterity login"
        #expect(folder.failure() == sentence)
        #expect(throws: APIError.self) { try folder.store().save(Self.credentials("ann")) }
        #expect(try String(contentsOfFile: target, encoding: .utf8) == "{}")
    }

    @Test func aPipeInItsPlaceDoesNotHoldTheProgramUp() throws {
        let folder = Folder()
        try folder.write("{}")
        try FileManager.default.removeItem(atPath: folder.file)
        try #require(mkfifo(folder.file, 0o600) == 0)
        #expect(folder.failure()?.contains("is no file") == true)
    }

    @Test(.enabled(if: geteuid() == 0, "only root can give a file away"))
    func aFileOfAnotherUserIsRefused() throws {
        let folder = Folder()
        try folder.write("{}")
        try #require(chown(folder.file, 65_534, 65_534) == 0)
        #expect(
            folder.failure() == "\(folder.file) belongs to another user, and tokens in it are not "
                + "safe. Remove it and log in again: auterity login")
    }

    @Test func aFileThatIsTooLargeIsNoneOfOurs() throws {
        let folder = Folder()
        try folder.write("{\"a\":\"" + String(repeating: "x", count: 1 << 20) + "\"}")
        #expect(folder.failure()?.contains("cannot be read as tokens") == true)
    }

    @Test func oneRenewsAtATime() throws {
        let folder = Folder()
        var first = try folder.store().lock()
        #expect(first != nil)
        #expect(try folder.store("https://b.example").lock() == nil)
        // Keeping tokens goes on meanwhile.
        try folder.store().save(Self.credentials("ann"))
        first = nil
        #expect(try folder.store().lock() != nil)
    }
}
