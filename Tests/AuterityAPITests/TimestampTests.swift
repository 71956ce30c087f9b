import AuterityAPI
import Testing

@Suite struct TimestampTests {
    @Test(arguments: [
        ("1970-01-01T00:00:00Z", 0),
        ("2025-08-08T10:30:00Z", 1_754_649_000_000),
        ("2000-02-29T23:59:59.999Z", 951_868_799_999),
        ("1969-12-31T23:59:59Z", -1000),
        ("0000-01-01T00:00:00Z", -62_167_219_200_000),
        ("9999-12-31T23:59:59.999Z", 253_402_300_799_999),
    ])
    func readsAndWritesRFC3339(text: String, milliseconds: Int64) throws {
        let timestamp = try #require(Timestamp(text))
        #expect(timestamp.milliseconds == milliseconds)
        #expect(timestamp.description == text)
    }

    @Test(arguments: [
        ("2025-08-08T12:30:00+02:00", "2025-08-08T10:30:00Z"),
        ("2025-08-08t10:30:00.1239z", "2025-08-08T10:30:00.123Z"),
        ("2025-01-01T00:15:00-00:30", "2025-01-01T00:45:00Z"),
    ])
    func offsetsAndFractionsAreRead(text: String, utc: String) {
        #expect(Timestamp(text)?.description == utc)
    }

    @Test(arguments: [
        "", "2025-08-08", "2025-13-01T00:00:00Z", "2025-02-29T00:00:00Z", "2025-08-08T24:00:00Z",
        "2025-08-08T10:30:00", "2025-08-08T10:30:00.Z", "2025-08-08T10:30:00+2:00",
        "2025-08-08T10:30:61Z", "２０２５-08-08T10:30:00Z", "2025-08-00T10:30:00Z",
        "0000-01-01T00:00:00+00:01", "9999-12-31T23:59:59-00:01",
    ])
    func nonsenseIsRefused(text: String) {
        #expect(Timestamp(text) == nil)
    }

    @Test func addingStaysWithinTheYearsOfRFC3339() {
        let timestamp = Timestamp(milliseconds: 0)
        #expect(timestamp.adding(seconds: 1.5).milliseconds == 1500)
        #expect(timestamp.adding(seconds: .infinity).description == "9999-12-31T23:59:59.999Z")
        #expect(timestamp.adding(seconds: -1e300).description == "0000-01-01T00:00:00Z")
    }

    @Test(arguments: [Int64.min, -62_167_219_200_001, 253_402_300_800_000, .max])
    func noMomentLiesOutsideOfWhatCanBeWritten(milliseconds: Int64) {
        let timestamp = Timestamp(milliseconds: milliseconds)
        #expect(Timestamp(timestamp.description) == timestamp)
        #expect(timestamp.seconds(since: Timestamp(milliseconds: 0)).isFinite)
        #expect(Timestamp(milliseconds: .max).seconds(since: Timestamp(milliseconds: .min)) > 0)
    }

    @Test func whatIsNoNumberOfSecondsAddsNothing() {
        let timestamp = Timestamp(milliseconds: 1500)
        #expect(timestamp.adding(seconds: .nan) == timestamp)
    }
}
