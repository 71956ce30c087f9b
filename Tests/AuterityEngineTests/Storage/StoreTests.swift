import AuterityAPI
import Logging
import Synchronization
import Testing

@testable import AuterityEngine

/// Run on every backend; each makes an empty store in the directory.
@Suite(.timeLimit(.minutes(30)))
struct StoreTests {
    enum Backend: String, CaseIterable, CustomTestStringConvertible {
        case sqlite

        var testDescription: String { rawValue }

        func open(in directory: ScratchDirectory) throws -> any Store {
            switch self {
            case .sqlite: try SQLiteStore(path: directory.path + "/auterity.db", readers: 2)
            }
        }
    }

    private func withWriter(
        _ backend: Backend, queueLimit: Int = 100, migrated: Bool = false,
        _ body: (Writer, any Store) async throws -> Void
    ) async throws {
        let directory = try ScratchDirectory()
        let store = try backend.open(in: directory)
        if migrated {
            try Migrator(
                database: directory.path, migrations: Migration.all,
                now: Timestamp(milliseconds: 0)
            ).run(on: store)
        } else {
            try store.write { connection in
                _ = try connection.run("CREATE TABLE numbers (n INTEGER UNIQUE)", [])
            }
        }
        let writer = Writer(
            store: store, seq: 0, queueLimit: queueLimit, clock: .system,
            logger: Logger(label: "test"), publish: { _, _ in }, failed: { _ in })
        try await body(writer, store)
        await writer.close()
        store.close()
    }

    private final class Holder: Sendable {
        let lock = Mutex(())
    }

    private func count(_ store: any Store) async throws -> Int64 {
        try await store.read { try $0.number("SELECT count(*) FROM numbers") }
    }

    @Test(arguments: Backend.allCases)
    func whatWasAnsweredIsThere(_ backend: Backend) async throws {
        try await withWriter(backend) { writer, store in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 0..<50 {
                    group.addTask {
                        _ = try await writer.perform { context in
                            try context.run(
                                "INSERT INTO numbers (n) VALUES ($1)", [.int(number)])
                        }
                    }
                }
                try await group.waitForAll()
            }
            #expect(try await count(store) == 50)
            #expect(writer.figures.snapshot.operations == 50)
        }
    }

    @Test(arguments: Backend.allCases, [true, false])
    func aFailedOperationTakesNoOtherWithIt(_ backend: Backend, mayFail: Bool) async throws {
        try await withWriter(backend) { writer, store in
            // All in one batch: the first holds the writer until the others have gathered.
            try await withThrowingTaskGroup(of: Bool.self) { group in
                for number in [1, 2, 2, 3] {
                    group.addTask {
                        do {
                            _ = try await writer.perform(mayFail: mayFail) { context in
                                try context.run(
                                    "INSERT INTO numbers (n) VALUES ($1)", [.int(number)])
                            }
                            return true
                        } catch let error as StoreError {
                            #expect(error.kind == .constraint)
                            return false
                        }
                    }
                }
                let outcomes = try await group.reduce(into: []) { $0.append($1) }
                #expect(outcomes.count { $0 } == 3)
            }
            #expect(try await count(store) == 3)
        }
    }

    @Test(arguments: Backend.allCases)
    func beyondItsBoundTheQueueRefuses(_ backend: Backend) async throws {
        try await withWriter(backend, queueLimit: 2) { writer, _ in
            let gate = Holder()
            gate.lock.withLock { _ in
                // Two may be taken before the writer looks and waits for the lock; two more queue.
                var refusals = 0
                for _ in 0..<20 {
                    do {
                        try writer.submit(
                            WriteOperation(
                                apply: { _ in gate.lock.withLock { _ in } }, finish: { _ in })
                        )
                    } catch {
                        refusals += 1
                    }
                }
                #expect((16...18).contains(refusals))
            }
        }
    }

    @Test(arguments: Backend.allCases)
    func afterItsEndTheWriterTakesNothing(_ backend: Backend) async throws {
        try await withWriter(backend) { writer, _ in
            await writer.close()
            await #expect(throws: WriterError.self) { try await writer.perform { _ in } }
        }
    }

    @Test(arguments: Backend.allCases)
    func placesAreNumberedWhateverTheirOrder(_ backend: Backend) async throws {
        try await withWriter(backend) { _, store in
            let row = try await store.read { connection in
                try connection.first("SELECT $2, $1, $2", [.int(1), .text("two")]) { row in
                    [row.text(0), String(row.int(1)), row.text(2)]
                }
            }
            #expect(row == ["two", "1", "two"])
        }
    }

    @Test(arguments: Backend.allCases)
    func aBriefReadSeesWhatWasAnsweredBefore(_ backend: Backend) async throws {
        try await withWriter(backend) { writer, store in
            for number in 1...20 {
                _ = try await writer.perform { context in
                    try context.run("INSERT INTO numbers (n) VALUES ($1)", [.int(number)])
                }
                let counted = try await store.readBriefly {
                    try $0.number("SELECT count(*) FROM numbers")
                }
                #expect(counted == Int64(number))
            }
        }
    }

    /// There are two connections: whoever finds both taken still reads.
    @Test(arguments: Backend.allCases)
    func moreBriefReadsThanConnectionsAreAnswered(_ backend: Backend) async throws {
        try await withWriter(backend) { _, store in
            let numbers = try await withThrowingTaskGroup(of: Int64.self) { group in
                for number in 0..<200 {
                    group.addTask {
                        try await store.readBriefly { try $0.number("SELECT $1", [.int(number)]) }
                    }
                }
                return try await group.reduce(into: Set<Int64>()) { $0.insert($1) }
            }
            #expect(numbers == Set(0..<200))
        }
    }

    @Test(arguments: Backend.allCases)
    func aBriefReadThatFailsLeavesTheConnectionUsable(_ backend: Backend) async throws {
        try await withWriter(backend) { _, store in
            for _ in 0..<5 {
                await #expect(throws: APIError.self) {
                    try await store.readBriefly { connection -> Int64 in
                        _ = try connection.number("SELECT count(*) FROM numbers")
                        throw APIError.notFound("number")
                    }
                }
                await #expect(throws: StoreError.self) {
                    try await store.readBriefly { try $0.number("SELECT nothing FROM numbers") }
                }
                await #expect(throws: StoreError.self) {
                    try await store.readBriefly {
                        try $0.run("INSERT INTO numbers (n) VALUES (1)", [])
                    }
                }
            }
            let counted = try await store.readBriefly {
                try $0.number("SELECT count(*) FROM numbers")
            }
            #expect(counted == 0)
        }
    }

    @Test(arguments: Backend.allCases)
    func aClosedStoreIsReadBrieflyByNobody(_ backend: Backend) async throws {
        let directory = try ScratchDirectory()
        let store = try backend.open(in: directory)
        _ = try await store.readBriefly { try $0.number("SELECT 1") }
        store.close()
        await #expect(throws: (any Error).self) {
            try await store.readBriefly { try $0.number("SELECT 1") }
        }
    }

    @Test(arguments: Backend.allCases)
    func largeContentIsKeptOnce(_ backend: Backend) async throws {
        try await withWriter(backend, migrated: true) { writer, store in
            let text = String(repeating: "x", count: 100_000)
            let draft = JournalDraft(
                .executionCompleted(output: .string(text)), step: nil, attempt: nil,
                at: Timestamp(milliseconds: 5))
            let encoded = JournalRecords.Encoded(draft)
            for _ in 0..<3 {
                _ = try await writer.perform { context in
                    try JournalRecords.append(encoded, execution: nil, epoch: 1, to: context)
                }
            }
            let blobs = try await store.read { try $0.number("SELECT count(*) FROM blobs") }
            #expect(blobs == 1)
            let rows = try await store.read {
                try JournalRecords.rows(after: 0, limit: 10, in: $0)
            }
            #expect(rows.map(\.entry.seq) == [1, 2, 3])
            #expect(rows.last?.entry.data == ["output": .string(text)])
        }
    }

    @Test(arguments: Backend.allCases)
    func theSchemaIsWhole(_ backend: Backend) async throws {
        try await withWriter(backend, migrated: true) { _, store in
            let tables = try await store.read { connection in
                try connection.all("SELECT name FROM sqlite_master WHERE type = 'table'") {
                    $0.text(0)
                }
            }
            let named = [
                "users", "workflows", "workflow_executions", "templates", "template_parameters",
                "execution_logs", "roles", "permissions", "user_roles",
            ]
            #expect(Set(named).isSubset(of: tables))
            let vacuum = try await store.read { try $0.number("PRAGMA auto_vacuum") }
            #expect(vacuum == 2)
            let mode = try store.write { try $0.number("PRAGMA synchronous") }
            #expect(mode == 2)
        }
    }
}
