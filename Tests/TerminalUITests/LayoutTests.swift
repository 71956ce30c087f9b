import Testing

@testable import TerminalUI

@Suite struct LayoutTests {
    @Test func lengthsAreDividedByKind() {
        #expect(Layout.divide(100, among: [.fixed(10), .fill(), .fraction(0.25)]) == [10, 65, 25])
        #expect(Layout.divide(10, among: [.fill(weight: 2), .fill()]) == [6, 4])
        #expect(Layout.divide(7, among: [.fill(), .fill(), .fill()]) == [2, 2, 3])
        #expect(Layout.divide(10, among: [.fraction(0.1, min: 4), .fill()]) == [4, 6])
    }

    @Test func whatDoesNotFitGoesFromTheEnd() {
        #expect(Layout.divide(10, among: [.fixed(6), .fixed(6), .fill(min: 3)]) == [6, 4, 0])
        #expect(Layout.divide(-5, among: [.fixed(6), .fill()]) == [0, 0])
    }

    @Test func rectanglesAreCutSideBySideAndAboveEachOther() {
        let rect = Rect(x: 2, y: 3, width: 20, height: 10)
        #expect(
            rect.columns([.fixed(5), .fill()], gap: 1) == [
                Rect(x: 2, y: 3, width: 5, height: 10), Rect(x: 8, y: 3, width: 14, height: 10),
            ])
        #expect(
            rect.rows([.fill(), .fixed(1)]) == [
                Rect(x: 2, y: 3, width: 20, height: 9), Rect(x: 2, y: 12, width: 20, height: 1),
            ])
        #expect(
            rect.centered(Size(width: 4, height: 100)) == Rect(x: 10, y: 3, width: 4, height: 10))
    }

    private let columns = [
        TableColumn("STATUS", least: 8), TableColumn("WORKFLOW", least: 8, ideal: 20, weight: 1),
        TableColumn("STEP", least: 6, ideal: 12, priority: 2),
        TableColumn("AGE", least: 4, priority: 1), TableColumn("ID", least: 4, priority: 2),
    ]

    @Test(arguments: [
        (80, [0, 1, 2, 3, 4]), (34, [0, 1, 2, 3, 4]), (33, [0, 1, 2, 3]), (28, [0, 1, 3]),
        (21, [0, 1]), (16, [0]), (3, [0]), (0, []),
    ])
    func columnsGoInTheirStatedOrder(width: Int, kept: [Int]) {
        let placed = Layout.place(columns, in: width, gap: 1)
        #expect(placed.map(\.index) == kept)
        #expect(placed.allSatisfy { $0.x + $0.width <= width })
    }

    @Test func columnsGrowToTheirIdealAndThenByWeight() {
        let placed = Layout.place(columns, in: 80, gap: 1)
        #expect(placed.map(\.width) == [8, 48, 12, 4, 4])
        #expect(placed.map(\.x) == [0, 9, 58, 71, 76])
    }

    @Test func aSearchIgnoresCaseUntilItHasACapital() throws {
        let lower = try #require(SearchPattern("err"))
        let upper = try #require(SearchPattern("Err"))
        #expect(lower.ranges(in: "Error, ERR, terror").count == 3)
        #expect(upper.ranges(in: "Error, ERR, terror").count == 1)
        #expect(try #require(SearchPattern("ö")).matches("GRÖSSE"))
        #expect(lower.matches("日本 err") && !lower.matches("er"))
        #expect(SearchPattern("") == nil)
        #expect(try #require(SearchPattern("aa")).ranges(in: "aaaaa").count == 2)
    }
}
