import AuterityAPI
import Testing

@testable import AuterityEngine

/// A search of log lines looks at the newest 100,000, those before `until`.
@Suite(.timeLimit(.minutes(30)))
struct LogSearchWindowTests {
    @Test func lineBehindTheWindowIsFoundWhenItBeginsEarlier() async throws {
        let test = try await TestEngine.open()
        let count = PageLimits.maximumSearchedLines + 1
        _ = try await test.engine.core.session.writer.perform { context in
            try context.run(
                """
                WITH RECURSIVE numbers (n) AS
                    (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < $1)
                INSERT INTO execution_logs (public_id, at, level, message)
                SELECT '01977420-dc00-7cc1-beeb-8da1658eec67', n * 1000, 1,
                    CASE n WHEN 1 THEN 'needle' ELSE 'hay' END FROM numbers
                """, [.int(count)])
        }
        #expect(try await test.send(ListLogs(search: "needle")).items.isEmpty)
        let newest = Timestamp(milliseconds: Int64(count) * 1000)
        let found = try await test.send(ListLogs(search: "needle", until: newest)).items
        #expect(found.map(\.timestamp.milliseconds) == [1000])
        await test.engine.close()
    }
}
