import Testing

@testable import TerminalUI

@Suite struct ChartTests {
    private func drawn(
        _ chart: Chart, _ width: Int, _ height: Int, _ charset: Charset = .unicode
    ) -> [String] {
        var frame = Frame(size: Size(width: width, height: height), charset: charset)
        chart.draw(into: &frame, in: frame.bounds, theme: .midnight)
        return frame.lines()
    }

    private let rising: [Double?] = [0, 1, 2, 3, 4, 5, 6, 7, 8]

    @Test func aLineHasAScaleAndAnAxis() {
        let chart = Chart(
            [.init("rising", role: .chart1, values: rising)], start: "13:00", end: "14:00")
        #expect(
            drawn(chart, 24, 4) == [
                "8                ⣀⣀⠤⠔⠒⠊⠉", "         ⣀⣀⠤⠔⠒⠊⠉⠉", "0 ⣀⡠⠤⠔⠒⠉⠉",
                "  13:00            14:00",
            ])
        #expect(drawn(chart, 24, 4, .ascii).allSatisfy { $0.allSatisfy(\.isASCII) })
    }

    @Test func blocksStandForAnArea() {
        let chart = Chart([.init("rising", role: .chart1, values: rising)], form: .area)
        #expect(drawn(chart, 9, 2) == ["     ▂▄▆█", "▁▂▄▆█████"])
        #expect(drawn(chart, 9, 2, .ascii) == ["     .:-#", "_.:-#####"])
    }

    @Test func gapsStayGaps() {
        let chart = Chart(
            [.init("a", role: .chart1, values: [4, 4, nil, nil, 4, 4])], form: .area, minimum: 0)
        #expect(drawn(chart, 6, 1) == ["██  ██"])
    }

    @Test func severalSeriesShareOneScale() {
        let chart = Chart([
            .init("low", role: .chart1, values: [0, 0]),
            .init("high", role: .chart2, values: [1500, 1500]),
        ])
        let lines = drawn(chart, 24, 3)
        #expect(lines[0].hasPrefix("1.5k ⠉⠉"))
        #expect(lines[1].hasPrefix("   0 ⣀⣀"))
    }

    @Test(
        arguments: [
            (0, "0"), (0.256, "0.26"), (1, "1"), (9.99, "10"), (12.4, "12"), (1500, "1.5k"),
            (3_000_000, "3M"), (2e9, "2G"), (-5, "-5"), (.nan, "–"), (1e300, ">999T"),
        ] as [(Double, String)])
    func numbersAreShort(value: Double, text: String) {
        #expect(Chart.plainNumber(value) == text)
    }

    @Test(arguments: [(1, 1), (3, 1), (19, 2), (20, 2), (25, 3), (400, 60)])
    func anySizeAndAnyValuesAreNoTrouble(width: Int, height: Int) {
        for values in [[], [nil], [.nan, .infinity, -1e308, 1e308], [5]] as [[Double?]] {
            for form in [Chart.Form.lines, .area] {
                let chart = Chart([.init("x", role: .chart1, values: values)], form: form)
                #expect(drawn(chart, width, height).count == height)
            }
        }
    }
}
