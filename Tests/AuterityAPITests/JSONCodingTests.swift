import AuterityAPI
import Testing

/// What encoders are asked for beyond what the contract's own types ask.
@Suite struct JSONCodingTests {
    /// The wire form, checked to be the same by way of a tree and straight to text.
    private func wireForm(_ value: some Encodable) throws -> String {
        let text = String(decoding: try JSONValue.jsonBytes(encoding: value), as: UTF8.self)
        #expect(try JSONValue(encoding: value).jsonText == text)
        return text
    }

    private struct Numbers: Codable, Hashable {
        var a: Int8? = nil
        var b: Int16? = nil
        var c: Int32? = nil
        var d: Int64? = nil
        var e: Int? = nil
        var f: UInt8? = nil
        var g: UInt16? = nil
        var h: UInt32? = nil
        var i: UInt64? = nil
        var j: UInt? = nil
        var k: Float? = nil
        var l: Double? = nil
        var m: Bool? = nil
        var n: String? = nil
    }

    @Test func absentOptionalsOfEveryTypeAreNull() throws {
        let keys = "abcdefghijklmn".map { "\"\($0)\":null" }.joined(separator: ",")
        #expect(try wireForm(Numbers()) == "{\(keys)}")
    }

    @Test func numbersOfEveryTypeComeBack() throws {
        let numbers = Numbers(
            a: -1, b: 2, c: -3, d: .min, e: .max, f: 255, g: 7, h: 8, i: 9, j: 10, k: 0.5,
            l: -0.25, m: true, n: "ä")
        #expect(try JSONValue(encoding: numbers).decoded(as: Numbers.self) == numbers)
        #expect(
            try wireForm(numbers)
                == #"{"a":-1,"b":2,"c":-3,"d":-9223372036854775808,"e":9223372036854775807,"#
                + #""f":255,"g":7,"h":8,"i":9,"j":10,"k":0.5,"l":-0.25,"m":true,"n":"ä"}"#)
    }

    @Test func whatDoesNotFitInto64BitsIsAnError() {
        #expect(throws: EncodingError.self) { try wireForm(Numbers(i: .max)) }
        #expect(throws: EncodingError.self) { try wireForm([UInt64.max]) }
        #expect(throws: DecodingError.self) {
            try JSONValue.object(["f": 256]).decoded(as: Numbers.self)
        }
    }

    @Test func listsHoldNullsListsAndJSON() throws {
        #expect(try wireForm([[1, nil], [], [3]]) == "[[1,null],[],[3]]")
        #expect(try wireForm([JSONValue.null, ["a": [1.0]]]) == #"[null,{"a":[1.0]}]"#)
        #expect(try wireForm([JSONValue?.none, "x"]) == #"[null,"x"]"#)
        #expect(try wireForm("plain") == #""plain""#)
        let object: JSONObject = ["b": 1, "a": 2]
        #expect(try wireForm(object) == #"{"b":1,"a":2}"#)
        #expect(try wireForm([String: Int]()) == "{}")
    }

    private struct Silent: Encodable {
        func encode(to encoder: any Encoder) throws {}
    }

    @Test func aTypeThatWritesNothingIsNull() throws {
        #expect(try wireForm(Silent()) == "null")
        #expect(try wireForm([Silent(), Silent()]) == "[null,null]")
        #expect(try wireForm(["a": Silent()]) == #"{"a":null}"#)
    }

    private struct ByHand: Encodable {
        enum Key: String, CodingKey {
            case list, inner, deep, last
        }

        func encode(to encoder: any Encoder) throws {
            var object = encoder.container(keyedBy: Key.self)
            var list = object.nestedUnkeyedContainer(forKey: .list)
            try list.encode(1)
            var inList = list.nestedContainer(keyedBy: Key.self)
            try inList.encode("x", forKey: .deep)
            try list.encodeNil()
            #expect(list.count == 3)
            var inner = object.nestedContainer(keyedBy: Key.self, forKey: .inner)
            var deep = inner.nestedContainer(keyedBy: Key.self, forKey: .deep)
            try deep.encode(true, forKey: .last)
            try object.encode(2, forKey: .last)
            // The same container, asked for again.
            var again = encoder.container(keyedBy: Key.self)
            try again.encode(0.5, forKey: .deep)
        }
    }

    @Test func containersWithinContainersAreClosedInOrder() throws {
        #expect(
            try wireForm([ByHand()])
                == #"[{"list":[1,{"deep":"x"},null],"inner":{"deep":{"last":true}},"last":2,"#
                + #""deep":0.5}]"#)
    }

    @Test(arguments: Endpoints.all.indices)
    func treeAndTextAgreeForEveryEndpoint(index: Int) throws {
        func check<Call: Endpoint>(_ type: Call.Type) throws { _ = try wireForm(Call.example) }
        try check(Endpoints.all[index])
    }

    @Test func missingAndNullAreBothAbsent() throws {
        let call = try JSONValue.object(["name": "a", "definition": [:], "is_active": nil])
            .decoded(as: CreateWorkflow.self)
        #expect(call == CreateWorkflow(name: "a", definition: [:]))
    }

    @Test func nullIsNoValueForWhatIsRequired() {
        let error = #expect(throws: DecodingError.self) {
            try JSONValue.object(["name": nil, "definition": [:]]).decoded(as: CreateWorkflow.self)
        }
        #expect(
            error?.fault == FieldFault(field: "name", message: "expected a string, found null"))
    }

    @Test func decodingErrorsHaveTheirPathInEveryContainer() {
        struct Outer: Decodable {
            let rows: [[String: [Int]]]
        }
        let error = #expect(throws: DecodingError.self) {
            try JSONValue.object(["rows": [[:], ["a": [1, 2, "3"]]]]).decoded(as: Outer.self)
        }
        #expect(
            error?.fault
                == FieldFault(
                    field: "rows[1].a[2]", message: "expected an integer, found string"))
    }
}
