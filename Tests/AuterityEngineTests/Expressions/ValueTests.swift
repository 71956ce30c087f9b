import AuterityAPI
import Testing

@testable import AuterityEngine

@Suite struct ValueTests {
    @Test(arguments: [
        (0.1, "0.1"), (1_250_000, "1250000"), (-2.5, "-2.5"), (1e21, "1e+21"),
        (6.02214e23, "6.02214e+23"), (1.38e-23, "1.38e-23"), (0.000001, "0.000001"),
        (1e-7, "1e-7"), (0, "0"), (.nan, "NaN"), (-.infinity, "-Infinity"), (100.25, "100.25"),
    ])
    func writesDoublesShortly(value: Double, text: String) {
        #expect(numberText(value) == text)
    }

    @Test(arguments: ["1h45m47s", "-1.5s", "250ms", "1us", "999999999ns", "0"])
    func readsDurations(text: String) throws {
        #expect(CELDuration(text) != nil)
    }

    @Test(arguments: ["", "-", "1", "s", "1.s2", "1d", "320000000000s", "--1s"])
    func refusesOtherDurations(text: String) {
        #expect(CELDuration(text) == nil)
    }

    @Test func writesDurationsInSeconds() {
        #expect(CELDuration("1h45m47s")?.description == "6347s")
        #expect(CELDuration("-0.5s")?.description == "-0.5s")
        #expect(CELDuration("-1ns")?.description == "-0.000000001s")
    }

    @Test func keepsNanosecondsOfTimestamps() {
        let text = "1969-12-31T23:59:59.000000001Z"
        #expect(CELTimestamp(text)?.description == text)
        #expect(CELTimestamp("0000-01-01T00:00:00Z") == nil)
        let shifted = CELTimestamp("2009-02-13T23:31:30.5+01:00")
        #expect(shifted?.description == "2009-02-13T22:31:30.5Z")
    }

    @Test func convertsToJSONAndNamesWhatItCannotSay() throws {
        #expect(try CELValue.bytes([0x61, 0xFF]).json() == "Yf8=")
        #expect(try CELValue.uint(7).json() == 7)
        #expect(throws: ExpressionError.self) { try CELValue.double(.nan).json() }
        #expect(throws: ExpressionError.self) { try CELValue.uint(.max).json() }
    }

    @Test func findsJSONKeysByTheirScalars() {
        let map = CELMap(["e\u{301}": 1])
        #expect(map["e\u{301}"] != nil)
        #expect(map["\u{E9}"] == nil)
    }
}
