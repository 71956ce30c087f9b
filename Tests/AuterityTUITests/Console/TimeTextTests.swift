import AuterityAPI
import Testing

@testable import AuterityTUI

@Suite struct TimeTextTests {
    @Test(arguments: [
        (0.0, "0s"), (59.9, "59s"), (60, "1m"), (3599, "59m"), (3600, "1h"), (86_400, "1d"),
        (-5, "0s"),
    ])
    func saysHowLongAgo(seconds: Double, text: String) {
        #expect(TimeText.age(of: Fixtures.ago(seconds), at: Fixtures.now) == text)
    }

    @Test(arguments: [
        (0.0004, "0.4ms"), (0.012, "12ms"), (1.2, "1.2s"), (3, "3s"), (42.7, "42s"),
        (185, "3m 5s"), (180, "3m"), (7800, "2h 10m"), (352_800, "4d 2h"), (-1, "–"),
        (.infinity, "–"), (.nan, "–"),
    ])
    func saysHowLongItTook(seconds: Double, text: String) {
        #expect(TimeText.duration(seconds: seconds) == text)
    }

    @Test func showsTheTimeOfTheUsersPlace() {
        #expect(TimeText.clock(Fixtures.now, utcOffset: 0, withSeconds: true) == "14:03:27")
        #expect(TimeText.clock(Fixtures.now, utcOffset: 7200) == "16:03")
    }

    @Test func namesTheDayOnlyWhenItIsAnother() {
        let yesterday = Fixtures.ago(86_400)
        #expect(
            TimeText.moment(yesterday, at: Fixtures.now, utcOffset: 0) == "2025-08-07 14:03:27")
        #expect(TimeText.moment(Fixtures.ago(7), at: Fixtures.now, utcOffset: 0) == "14:03:20")
    }
}
