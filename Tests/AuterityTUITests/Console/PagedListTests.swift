import AuterityAPI
import TerminalUI
import Testing

@testable import AuterityTUI

@Suite struct PagedListTests {
    private static let rows = (0..<10_000).map {
        Fixtures.execution($0, age: Double($0) + 100)
    }

    /// A list that is answered from `rows`, as a server would.
    private struct Reader {
        var list = PagedList<ExecutionSummary>()
        var rows = PagedListTests.rows
        var asked = 0

        mutating func read(height: Int = 20) {
            var wanted = list.wanted(height: height, isPartial: false)
            while !wanted.isEmpty {
                for page in wanted { answer(page, height: height) }
                wanted = list.wanted(height: height, isPartial: false)
            }
        }

        mutating func answer(_ page: Int, height: Int = 20) {
            asked += 1
            let answer = Fixtures.page(
                rows, page: nil, size: 100, cursor: list.start(of: page) ?? "")
            list.take(
                answer, at: page, next: answer.nextCursor, now: Fixtures.now, height: height,
                filter: nil)
        }
    }

    @Test func readsOnlyWhatIsInView() {
        var reader = Reader()
        reader.read()
        #expect(reader.asked == 1)
        #expect(reader.list.count == 100)
        #expect(reader.list.selected == Self.rows[0])
    }

    @Test func goesThroughTenThousandRowsInAWindow() {
        var reader = Reader()
        reader.read()
        for row in 1...9_999 {
            _ = reader.list.handle(.down, height: 20)
            reader.read()
            #expect(reader.list.selected?.id == Self.rows[row].id)
            #expect(reader.list.loadedRows <= 500)
        }
        #expect(reader.list.isComplete)
        for row in stride(from: 9_998, through: 0, by: -1) {
            _ = reader.list.handle(.up, height: 20)
            reader.read()
            #expect(reader.list.selected?.id == Self.rows[row].id)
            #expect(reader.list.loadedRows <= 500)
        }
    }

    @Test func newRowsDoNotMoveTheRowUnderTheCursor() {
        var reader = Reader()
        reader.read()
        _ = reader.list.handle(.down, height: 20)
        _ = reader.list.handle(.down, height: 20)
        let before = reader.list.selected
        let new = (0..<7).map { Fixtures.execution(20_000 + $0, age: Double($0)) }
        reader.list.change(height: 20, filter: nil, updates: [], new: new)
        #expect(reader.list.selected == before)
        #expect(reader.list.list.cursor == 9)
        #expect(reader.list[0] == new[0])
    }

    @Test func followingStaysAtTheNewest() {
        var reader = Reader()
        reader.read()
        let new = Fixtures.execution(20_000, age: 0)
        reader.list.change(height: 20, filter: nil, updates: [], new: [new])
        #expect(reader.list.isFollowing)
        #expect(reader.list.selected == new)
    }

    @Test func readingAfreshKeepsTheRowUnderTheCursorHoweverFarDown() {
        var reader = Reader()
        reader.read()
        for _ in 0..<250 {
            _ = reader.list.handle(.down, height: 20)
            reader.read()
        }
        let before = reader.list.selected
        reader.rows = (0..<3).map { Fixtures.execution(20_000 + $0, age: Double($0)) } + reader.rows
        let asked = reader.asked
        let pages = reader.list.startOver()
        for page in pages { reader.answer(page) }
        reader.read()
        #expect(reader.asked == asked + 3)
        #expect(reader.list.selected == before)
        #expect(reader.list[0]?.id == Fixtures.id(20_000))
        #expect((0..<300).map { reader.list[$0] } == Array(reader.rows.prefix(300)))
    }

    @Test func readingAfreshFarDownReadsTheWindow() {
        var reader = Reader()
        reader.read()
        for _ in 0..<900 {
            _ = reader.list.handle(.down, height: 20)
            reader.read()
        }
        let before = reader.list.selected?.id
        reader.rows = reader.rows.map { row in
            Fixtures.execution(0, "Changed", age: 1).id == row.id
                ? row
                : ExecutionSummary(
                    id: row.id, workflowID: row.workflowID, workflowName: "Changed",
                    status: .failed, progress: 1, currentStep: nil, startedAt: row.startedAt,
                    completedAt: nil, error: nil)
        }
        let pages = reader.list.startOver()
        for page in pages { reader.answer(page) }
        reader.read()
        #expect(reader.list.selected?.id == before)
        #expect(reader.list.shown.allSatisfy { $0.workflowName == "Changed" })
    }

    @Test func aFailureIsKeptAndTheRowsStay() {
        var reader = Reader()
        reader.read()
        let pages = reader.list.startOver()
        for page in pages {
            reader.list.take(
                APIError(.serviceUnavailable, "The engine is away"), at: page, height: 20,
                filter: nil)
        }
        #expect(reader.list.error?.message == "The engine is away")
        #expect(reader.list.count == 100)
    }

    @Test func anAnswerThatNobodyAwaitsIsDropped() {
        var reader = Reader()
        reader.read()
        reader.answer(5)
        #expect(reader.list.count == 100)
    }
}
