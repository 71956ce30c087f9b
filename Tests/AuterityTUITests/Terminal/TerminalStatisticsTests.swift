import Testing

@testable import AuterityTUI

@Suite struct TerminalStatisticsTests {
    @Test func percentilesComeFromTheRecentKeys() {
        var statistics = TerminalStatistics()
        #expect(statistics.keyToPaint(percentile: 50) == nil)
        for milliseconds in 1...100 {
            statistics.recordKeyToPaint(.milliseconds(milliseconds))
        }
        #expect(statistics.keyToPaint(percentile: 50) == .milliseconds(50))
        #expect(statistics.keyToPaint(percentile: 99) == .milliseconds(99))
        #expect(statistics.keyToPaint(percentile: 100) == .milliseconds(100))
        #expect(statistics.keyToPaint(percentile: 0) == .milliseconds(1))
        for _ in 0..<TerminalStatistics.keptLatencies {
            statistics.recordKeyToPaint(.milliseconds(5))
        }
        #expect(statistics.keyToPaint(percentile: 100) == .milliseconds(5))
    }

    @Test func aFrameLongAfterAKeyIsNotItsFrame() {
        var statistics = TerminalStatistics()
        statistics.recordKeyToPaint(.seconds(2))
        #expect(statistics.keyToPaint(percentile: 50) == nil)
    }
}

@Suite struct MailboxTests {
    @Test func requestsToATerminalThatIsGoneAreAnswered() async {
        let mailbox = Mailbox()
        mailbox.close()
        #expect(await mailbox.send([1]) == false)
        #expect(await mailbox.run(["vi"]) == .failure(TerminalError("The terminal is not in use.")))
        await mailbox.stop()
    }
}
