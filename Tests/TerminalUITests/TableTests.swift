import Testing

@testable import TerminalUI

@Suite struct TableTests {
    private let theme = Theme.midnight
    private var table: Table {
        Table(
            columns: [
                TableColumn("STATUS", least: 9),
                TableColumn("WORKFLOW", least: 8, ideal: 12, weight: 1),
                TableColumn("PROGRESS", least: 9, priority: 1),
                TableColumn("AGE", least: 5, priority: 2, alignment: .right),
            ], sort: TableSort(column: 3, isAscending: false), isFocused: true,
            emptyText: "nothing runs")
    }

    private func row(_ index: Int) -> TableRow {
        TableRow(
            [
                TableCell("▶ running"), TableCell("Lead Qualification \(index)"),
                TableCell(progress: 0.25), TableCell("\(index)s"),
            ], isMarked: index == 2)
    }

    @Test func aTableHasAHeaderRowsMarksAndAScrollbar() {
        let list = ListState(cursor: 1)
        #expect(
            drawing(50, 5) {
                table.draw(into: &$0, in: $1, theme: theme, list: list, count: 9, row: row)
            } == [
                " STATUS    WORKFLOW               PROGRESS   AGE▼",
                " ▶ running Lead Qualification 0   █░░░  25%    0s┃",
                " ▶ running Lead Qualification 1   █░░░  25%    1s┃",
                "▌▶ running Lead Qualification 2   █░░░  25%    2s│",
                " ▶ running Lead Qualification 3   █░░░  25%    3s│",
            ])
    }

    @Test func columnsGoAndTextIsShortened() {
        let list = ListState(cursor: 1)
        #expect(
            drawing(26, 3) {
                table.draw(into: &$0, in: $1, theme: theme, list: list, count: 2, row: row)
            } == [
                " STATUS    WORKFLOW",
                " ▶ running Lead Qualific…",
                " ▶ running Lead Qualific…",
            ])
    }

    @Test func onlyTheRowsInTheWindowAreAskedFor() {
        let list = ListState(cursor: 500_000)
        var asked: [Int] = []
        _ = drawing(40, 4) { frame, rect in
            table.draw(into: &frame, in: rect, theme: theme, list: list, count: 1_000_000) {
                asked.append($0)
                return nil
            }
        }
        #expect(asked == [499_998, 499_999, 500_000])
    }

    @Test func rowsThatAreNotThereYetAreAnEllipsisAndNoneSaysSo() {
        #expect(
            drawing(20, 2) {
                table.draw(into: &$0, in: $1, theme: theme, list: ListState(), count: 1) { _ in
                    nil
                }
            }[1] == " …")
        #expect(
            drawing(24, 4) {
                table.draw(
                    into: &$0, in: $1, theme: theme, list: ListState(), count: 0, row: row)
            }[1] == "      nothing runs")
    }

    @Test func theCursorRowAndMatchesAreStyled() {
        var table = table
        table.pattern = SearchPattern("qual")
        var frame = Frame(size: Size(width: 50, height: 4))
        table.draw(
            into: &frame, in: frame.bounds, theme: theme, list: ListState(cursor: 1), count: 3,
            row: row)
        #expect(frame[1, 2]?.style == theme[.text].selected(theme[.selection]))
        #expect(frame[45, 2]?.style.background == theme[.selection].background)
        #expect(frame[16, 1]?.style == theme[.match])
        #expect(frame[16, 2]?.style == theme[.match])
        #expect(frame[20, 1]?.style == theme[.text])
    }

    @Test func theMouseFindsRowsAndColumns() {
        let rect = Rect(x: 5, y: 2, width: 50, height: 5)
        let list = ListState(cursor: 8, offset: 5)
        #expect(table.row(at: Point(x: 9, y: 3), in: rect, list: list, count: 9) == 5)
        #expect(table.row(at: Point(x: 9, y: 2), in: rect, list: list, count: 9) == nil)
        #expect(table.column(at: Point(x: 17, y: 2), in: rect) == 1)
        #expect(table.column(at: Point(x: 17, y: 3), in: rect) == nil)
    }
}

@Suite struct ListStateTests {
    @Test func keysMoveTheCursorAndTheWindowFollows() {
        var list = ListState()
        let moves: [(Key, Int, Int)] = [
            (.down, 1, 0), (.pageDown, 10, 1), (.up, 9, 1), (.end, 99, 90), (.up, 98, 90),
            (.pageUp, 89, 89), (.control("u"), 84, 84), (.control("d"), 89, 84), (.home, 0, 0),
            (.up, 0, 0), (.character("G"), 99, 90), (.down, 99, 90),
        ]
        for (key, cursor, offset) in moves {
            #expect(list.handle(key, count: 100, height: 10) == true)
            #expect(list.cursor == cursor && list.offset == offset, "\(key)")
        }
        #expect(list.handle(.character("x"), count: 100, height: 10) == false)
    }

    @Test func theRowUnderTheCursorKeepsItsPlaceWhenRowsComeAbove() {
        var list = ListState(cursor: 23, offset: 20)
        list.follow(to: 26, count: 103, height: 10)
        #expect(list.cursor == 26 && list.offset == 23)
        list.follow(to: 1, count: 50, height: 10)
        #expect(list.cursor == 1 && list.offset == 0)
    }

    @Test func aListThatShrinksTakesTheCursorWithIt() {
        var list = ListState(cursor: 80, offset: 75)
        #expect(list.window(count: 10, height: 5) == 5..<10)
        list.settle(count: 3, height: 5)
        #expect(list.cursor == 2 && list.offset == 0)
        list.settle(count: 0, height: 5)
        #expect(list.cursor == 0)
        #expect(list.window(count: 0, height: 5) == 0..<0)
        #expect(list.window(count: 9, height: 0) == 0..<0)
    }
}
