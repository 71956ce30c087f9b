import AuterityAPI
import Glibc
import Testing

@testable import AuterityEngine

@Suite(.timeLimit(.minutes(30)))
struct OpeningTests {
    private func refusal(
        _ directory: String, _ adjust: (inout EngineConfiguration) -> Void = { _ in }
    ) async throws -> EngineError {
        var configuration = EngineConfiguration(dataDirectory: directory, version: "1.2.3")
        adjust(&configuration)
        do {
            let engine = try await Engine.open(configuration)
            await engine.close()
        } catch {
            return error
        }
        throw Opened()
    }

    private struct Opened: Error {}

    @Test func itsFilesAreForTheirOwnerOnly() async throws {
        let test = try await TestEngine.open()
        _ = try await test.workflow(RunnerTests.chain([]))
        for name in [
            "auterity.db", "auterity.db-wal", "auterity.db-shm", "auterity.lock",
            "secrets.key", "jwt.key", "webhook.key",
        ] {
            var status = stat()
            #expect(stat(test.directory.path + "/" + name, &status) == 0, "\(name)")
            #expect(status.st_mode & 0o777 == 0o600, "\(name)")
        }
        var status = stat()
        #expect(stat(test.directory.path, &status) == 0)
        #expect(status.st_mode & 0o777 == 0o700)
        await test.engine.close()
    }

    @Test func aSecondOwnerIsToldWhoTheFirstIs() async throws {
        let test = try await TestEngine.open()
        let error = try await refusal(test.directory.path)
        #expect(error.reason == .storeInUse)
        #expect(error.message.contains("process \(getpid()), since \(test.clock.now)"))
        await test.engine.close()
        let again = try await TestEngine.open(in: test.directory)
        await again.engine.close()
    }

    @Test func aMissingDirectoryAboveIsNamed() async throws {
        let directory = try ScratchDirectory()
        let error = try await refusal(directory.path + "/missing/store")
        #expect(error.reason == .directoryMissing)
        #expect(error.message.contains(directory.path + "/missing/store"))
    }

    @Test func whatIsNoDatabaseIsLeftAlone() async throws {
        let directory = try ScratchDirectory()
        let path = directory.path + "/auterity.db"
        let text = Array(String(repeating: "no database ", count: 100).utf8)
        try write(text, to: path)
        let error = try await refusal(directory.path)
        #expect(error.reason == .notADatabase)
        #expect(try read(path) == text)
    }

    @Test func aNewerDatabaseIsLeftAlone() async throws {
        let test = try await TestEngine.open()
        await test.engine.close()
        let path = test.directory.path + "/auterity.db"
        var bytes = try read(path)
        bytes[63] = 77
        try write(bytes, to: path)
        let error = try await refusal(test.directory.path)
        #expect(error.reason == .newerDatabase)
        #expect(error.message.contains("version 77"))
        #expect(error.message.contains("up to \(Migrator.newestVersion)"))
        #expect(try read(path) == bytes)
    }

    @Test func aChangedMigrationIsRefused() async throws {
        let directory = try ScratchDirectory()
        let store = try SQLiteStore(path: directory.path + "/auterity.db", readers: 1)
        let now = Timestamp(milliseconds: 1)
        let first = Migration(version: 1, name: "first", statements: ["CREATE TABLE a (b INTEGER)"])
        try Migrator(database: "x", migrations: [first], now: now).run(on: store)
        try Migrator(database: "x", migrations: [first], now: now).run(on: store)
        let changed = Migration(
            version: 1, name: "first", statements: ["CREATE TABLE a (c INTEGER)"])
        #expect(throws: EngineError.self) {
            try Migrator(database: "x", migrations: [changed], now: now).run(on: store)
        }
        store.close()
    }

    @Test func aKeyOfTheWrongLengthIsRefused() async throws {
        let directory = try ScratchDirectory()
        try write([1, 2, 3], to: directory.path + "/secrets.key")
        #expect(try await refusal(directory.path).reason == .keyUnusable)
    }

    private func read(_ path: String) throws -> [UInt8] {
        let file = try #require(fopen(path, "r"))
        defer { fclose(file) }
        var bytes = [UInt8](repeating: 0, count: 4 << 20)
        let count = fread(&bytes, 1, bytes.count, file)
        return Array(bytes.prefix(count))
    }

    private func write(_ bytes: [UInt8], to path: String) throws {
        let file = try #require(fopen(path, "w"))
        defer { fclose(file) }
        try #require(fwrite(bytes, 1, bytes.count, file) == bytes.count)
    }
}
