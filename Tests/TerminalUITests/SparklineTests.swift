import Testing

@testable import TerminalUI

@Suite struct SparklineTests {
    @Test func barsGrowWithTheirValuesAndGapsStayBlank() {
        let line = Sparkline([0, 1, 4, nil, 8, 2])
        #expect(line.text(width: 10) == "▁▂▅ █▃")
        #expect(line.text(width: 10, charset: .ascii) == "_.: #.")
    }

    @Test func moreValuesThanColumnsAreShownByTheirGreatest() {
        #expect(Sparkline([1, 8, 2, 2, nil, nil]).text(width: 3) == "█▃ ")
        #expect(Sparkline([1, 2]).text(width: 0) == "")
    }

    @Test(arguments: [[0, 0], [-1, -5], [.nan, .infinity]] as [[Double]])
    func nothingPositiveIsNoTrouble(values: [Double]) {
        let text = Sparkline(values).text(width: 2)
        #expect(text == "▁▁" || text == "  ")
    }

    @Test func aGivenMaximumIsTheScale() {
        #expect(Sparkline([50, 200], maximum: 100).text(width: 2) == "▅█")
    }

    @Test func theNewestStandsAtTheRight() {
        var frame = Frame(size: Size(width: 6, height: 1))
        Sparkline([8, 1]).draw(into: &frame, in: frame.bounds, style: .plain)
        #expect(frame.lines() == ["    █▂"])
    }
}
