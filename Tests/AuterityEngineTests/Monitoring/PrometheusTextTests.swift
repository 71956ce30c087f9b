import AuterityAPI
import Testing

@testable import AuterityEngine

@Suite struct PrometheusTextTests {
    private func text(_ make: (inout PrometheusText) -> Void) -> String {
        var text = PrometheusText()
        make(&text)
        return String(decoding: text.bytes, as: UTF8.self)
    }

    @Test func aCounterHasItsHelpItsTypeAndItsValue() {
        let text = text { $0.counter("calls_total", "Calls.", 3) }
        #expect(
            text == """
                # HELP calls_total Calls.
                # TYPE calls_total counter
                calls_total 3

                """)
    }

    @Test func aFigureThatIsNotKnownIsLeftOut() {
        #expect(text { $0.gauge("heat", "Heat.", nil) } == "")
    }

    @Test func whatAnybodyMayHaveWrittenIsEscaped() {
        let text = text {
            $0.family(
                .gauge, "heat", "A \\ and\na line.",
                [.init(1.5, .init("place", "a\"b\\c\nd"), .init("other", "ü{}"))])
        }
        #expect(
            text == #"""
                # HELP heat A \\ and\na line.
                # TYPE heat gauge
                heat{place="a\"b\\c\nd",other="ü{}"} 1.5

                """#)
    }

    @Test(arguments: [
        (0.0, "0"), (-0.0, "0"), (12, "12"), (-3, "-3"), (0.1, "0.1"), (.infinity, "+Inf"),
        (-.infinity, "-Inf"), (.nan, "NaN"), (1e300, "1e+300"), (0.00005, "5e-05"),
    ])
    func numbersAreWrittenAsGoReadsThem(value: Double, text: String) {
        #expect(PrometheusText.number(value) == text)
    }

    @Test func bucketsOfAHistogramAreCumulative() {
        var counts = BucketCounts(bounds: [1, 2.5])
        for value in [0.5, 1, 2, 100] { counts.record(value) }
        let text = text { $0.histogram("size", "Sizes.", [([.init("of", "x")], counts)]) }
        #expect(
            text == """
                # HELP size Sizes.
                # TYPE size histogram
                size_bucket{of="x",le="1"} 2
                size_bucket{of="x",le="2.5"} 3
                size_bucket{of="x",le="+Inf"} 4
                size_sum{of="x"} 103.5
                size_count{of="x"} 4

                """)
    }

    @Test func mergedCountsAreThoseOfBoth() {
        var one = BucketCounts(bounds: [1, 2])
        var other = one
        var both = one
        for value in [0.1, 1.5, 9] {
            one.record(value)
            both.record(value)
        }
        for value in [2.0, 2.1] {
            other.record(value)
            both.record(value)
        }
        one.merge(other)
        #expect(one == both)
        #expect(one.counts == [1, 2, 2])
    }

    @Test(arguments: [
        BucketCounts.answers, .work, .flushes, .batches,
    ])
    func boundsGrow(counts: BucketCounts) {
        #expect(zip(counts.bounds, counts.bounds.dropFirst()).allSatisfy { $0 < $1 })
        #expect(counts.counts.count == counts.bounds.count + 1)
    }

    @Test func theProcessIsMeasured() throws {
        let probe = ProcessProbe.now()
        #expect(try #require(probe.residentMemory) > 1_000_000)
        #expect(try #require(probe.virtualMemory) >= probe.residentMemory ?? 0)
        #expect(try #require(probe.cpuSeconds) >= 0)
        #expect(try #require(probe.threads) >= 1)
        #expect(try #require(probe.openFiles) >= 3)
        #expect(try #require(probe.openFilesLimit) >= probe.openFiles ?? 0)
        // 2020-09-13, and before now.
        let now = Double(EngineClock.system.now().milliseconds) / 1000
        #expect((1_600_000_000...now + 1).contains(try #require(probe.startTime)))
    }
}
