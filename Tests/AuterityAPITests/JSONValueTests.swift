import AuterityAPI
import Testing

@Suite struct JSONValueTests {
    @Test(arguments: [
        #"{"b":1,"a":1.0,"c":[true,false,null],"d":{"z":"","y":-0.5}}"#,
        #"[]"#, #"{}"#, #""""#, #"9223372036854775807"#, #"-9223372036854775808"#,
        #""\"\\\n\r\tü𝄞""#,
    ])
    func keepsOrderAndKindsThroughTextAndBack(text: String) throws {
        #expect(try JSONValue(parsing: text).jsonText == text)
    }

    @Test func numbersAreIntsOnlyWithoutFractionAndExponent() throws {
        #expect(
            try JSONValue(parsing: "[1, 1.0, 1e2, 9223372036854775808]")
                == [.int(1), .double(1), .double(100), .double(9_223_372_036_854_775_808)])
    }

    @Test func integersEndWhere64BitsEnd() throws {
        #expect(
            try JSONValue(
                parsing: "[9223372036854775807, -9223372036854775808, -9223372036854775809, -0]")
                == [.int(.max), .int(.min), .double(-9_223_372_036_854_775_808), .int(0)])
        #expect(
            try JSONValue(parsing: String(repeating: "9", count: 300))
                == .double(Double(String(repeating: "9", count: 300)) ?? .nan))
    }

    @Test(arguments: ["1.", "-", ".5", "1e", "1e+", "+1", "0x1", "1.e1", "00", "-01", "NaN"])
    func whatIsNoNumberIsRefused(text: String) {
        #expect(throws: JSONError.self) { try JSONValue(parsing: text) }
    }

    @Test func escapesAreRead() throws {
        #expect(
            try JSONValue(parsing: #""\u0041\u00fc\ud834\udd1e\/\b\f""#)
                == .string("Aü𝄞/\u{8}\u{c}"))
    }

    @Test(arguments: [
        ("", "line 1, column 1: the text ends where a value was expected"),
        ("{\"a\" 1}", "line 1, column 6: expected ':' after the key"),
        ("[1,\n 2,\n]", "line 3, column 1: expected a value"),
        ("[1] 2", "line 1, column 5: expected the end of the text"),
        ("\"a\nb\"", "line 1, column 3: a control character in a string"),
        ("\"\\ud834\"", "line 1, column 2: half of a surrogate pair"),
        ("\"\\x\"", "line 1, column 3: an unknown escape"),
        ("01", "line 1, column 2: expected the end of the text"),
        ("-", "line 1, column 2: expected a digit"),
        ("1e999", "line 1, column 1: the number is out of range"),
        ("tru", "line 1, column 1: expected a value"),
        ("\"abc", "line 1, column 1: the string does not end"),
    ])
    func errorsSayWhatAndWhere(text: String, message: String) {
        let error = #expect(throws: JSONError.self) { try JSONValue(parsing: text) }
        #expect(error?.description == message)
    }

    @Test func invalidUTF8IsRefused() {
        let error = #expect(throws: JSONError.self) {
            try JSONValue(parsing: [0x22, 0xFF, 0x22])
        }
        #expect(error?.message == "the string is not valid UTF-8")
    }

    @Test func depthIsBounded() throws {
        let deepest = String(repeating: "[", count: 64) + String(repeating: "]", count: 64)
        #expect(throws: Never.self) { try JSONValue(parsing: deepest) }
        let error = #expect(throws: JSONError.self) {
            try JSONValue(parsing: String(repeating: "[", count: 1_000_000))
        }
        #expect(error?.message == "nested deeper than 64")
    }

    @Test func controlCharactersAreEscapedWhenWritten() {
        #expect(JSONValue.string("\u{1b}[31m\u{0}\u{7f}").jsonText == #""\u001b[31m\u0000\u007f""#)
    }

    @Test func prettyTextIndentsByTwo() {
        let value: JSONValue = ["a": [1, 2], "b": [:], "c": []]
        #expect(
            value.prettyJSONText == """
                {
                  "a": [
                    1,
                    2
                  ],
                  "b": {},
                  "c": []
                }
                """)
    }

    @Test func objectsAreEqualWhateverTheOrder() {
        let left: JSONValue = ["a": 1, "b": 2]
        let right: JSONValue = ["b": 2, "a": 1]
        #expect(left == right)
        #expect(left.hashValue == right.hashValue)
        #expect(left != ["a": 1, "b": 3])
        #expect(JSONValue.int(1) != .double(1))
    }

    @Test func absentOptionalsAreWrittenAsNull() throws {
        let step = Step(stepID: "a", type: "log", label: "A", status: .pending)
        #expect(
            try JSONValue(encoding: step).jsonText
                == #"{"type":"log","label":"A","status":"pending","duration":null,"attempt":0,"#
                + #""input":null,"output":null,"error":null,"step_id":"a","started_at":null,"#
                + #""completed_at":null}"#)
    }

    @Test func decodingErrorsHaveThePathOfTheField() throws {
        let call: JSONValue = ["logs": [["level": "info", "message": "a"], ["level": 5]]]
        let error = #expect(throws: DecodingError.self) { try call.decoded(as: CreateLogs.self) }
        #expect(error?.fault.field == "logs[1].level")
    }
}
