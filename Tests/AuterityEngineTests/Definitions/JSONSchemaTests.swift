import AuterityAPI
import Testing

@testable import AuterityEngine

@Suite struct JSONSchemaTests {
    struct Case: CustomTestStringConvertible, Sendable {
        let schema: String
        let value: String
        /// Paths of the faults; empty when it fits.
        let faults: [String]

        init(_ schema: String, _ value: String, _ faults: [String] = []) {
            self.schema = schema
            self.value = value
            self.faults = faults
        }

        var testDescription: String { "\(schema) with \(value)" }
    }

    static let cases = [
        Case("true", "7"),
        Case("false", "7", ["v"]),
        Case("{}", "null"),
        Case(#"{"type": "integer"}"#, "3"),
        Case(#"{"type": "integer"}"#, "3.0"),
        Case(#"{"type": "integer"}"#, "3.5", ["v"]),
        Case(#"{"type": "number"}"#, "3"),
        Case(#"{"type": "number"}"#, "\"3\"", ["v"]),
        Case(#"{"type": ["string", "null"]}"#, "null"),
        Case(#"{"type": ["string", "null"]}"#, "true", ["v"]),
        Case(#"{"enum": [1, "a"]}"#, "1.0"),
        Case(#"{"const": 9007199254740993}"#, "9007199254740992", ["v"]),
        Case(#"{"enum": [1, "a"]}"#, "\"b\"", ["v"]),
        Case(#"{"const": {"a": 1}}"#, #"{"a": 1}"#),
        Case(#"{"const": 1}"#, "2", ["v"]),
        Case(#"{"required": ["a", "b"]}"#, "{}", ["v.a", "v.b"]),
        Case(#"{"properties": {"a": {"type": "string"}}}"#, #"{"a": 1}"#, ["v.a"]),
        Case(#"{"properties": {"a": {}}, "additionalProperties": false}"#, #"{"b": 1}"#, ["v.b"]),
        Case(#"{"additionalProperties": {"type": "string"}}"#, #"{"b": 1}"#, ["v.b"]),
        Case(#"{"items": {"type": "string"}}"#, #"["a", 1, 2]"#, ["v[1]", "v[2]"]),
        Case(#"{"minItems": 1, "maxItems": 2}"#, "[]", ["v"]),
        Case(#"{"maxItems": 2}"#, "[1,2,3]", ["v"]),
        Case(#"{"uniqueItems": true}"#, "[1,1]", ["v"]),
        Case(#"{"minLength": 2, "maxLength": 3}"#, "\"a\"", ["v"]),
        Case(#"{"minLength": 2, "maxLength": 3}"#, "\"äöü\""),
        Case(#"{"maxLength": 3}"#, "\"abcd\"", ["v"]),
        Case(#"{"minLength": 2}"#, "[]"),
        Case(#"{"minimum": 2}"#, "1", ["v"]),
        Case(#"{"exclusiveMinimum": 2}"#, "2", ["v"]),
        Case(#"{"maximum": 2.5}"#, "2.5"),
        Case(#"{"exclusiveMaximum": 2}"#, "2", ["v"]),
        Case(#"{"multipleOf": 0.1}"#, "0.3"),
        Case(#"{"multipleOf": 2}"#, "3", ["v"]),
        Case(#"{"pattern": "^a+$"}"#, "\"aaa\""),
        Case(#"{"pattern": "^a+$"}"#, "\"aab\"", ["v"]),
        Case(#"{"pattern": "b"}"#, "\"abc\""),
        Case(#"{"pattern": "(a*)*c"}"#, "\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab\"", ["v"]),
        Case(#"{"format": "email"}"#, "\"ann@example.com\""),
        Case(#"{"format": "email"}"#, "\"ann@example\"", ["v"]),
        Case(#"{"format": "uri"}"#, "\"https://example.com/x\""),
        Case(#"{"format": "uri"}"#, "\"example\"", ["v"]),
        Case(#"{"format": "date"}"#, "\"2026-02-29\"", ["v"]),
        Case(#"{"format": "date"}"#, "\"2028-02-29\""),
        Case(#"{"format": "date-time"}"#, "\"2026-01-31T09:00:00+01:00\""),
        Case(#"{"format": "date-time"}"#, "\"tomorrow\"", ["v"]),
        Case(#"{"anyOf": [{"type": "string"}, {"minimum": 5}]}"#, "6"),
        Case(#"{"anyOf": [{"type": "string"}, {"minimum": 5}]}"#, "4", ["v"]),
        Case(#"{"oneOf": [{"type": "integer"}, {"minimum": 5}]}"#, "6", ["v"]),
        Case(#"{"oneOf": [{"type": "integer"}, {"minimum": 5}]}"#, "4"),
        Case(#"{"allOf": [{"minimum": 1}, {"maximum": 0}]}"#, "3", ["v"]),
        Case(#"{"not": {"type": "string"}}"#, "\"a\"", ["v"]),
        Case(
            ##"{"$defs": {"p": {"minimum": 1}}, "items": {"$ref": "#/$defs/p"}}"##, "[0]",
            ["v[0]"]),
        Case(
            ##"{"properties": {"next": {"$ref": "#"}}, "required": ["a"]}"##,
            #"{"a": 1, "next": {"a": 2, "next": {}}}"#, ["v.next.next.a"]),
        Case(##"{"$ref": "#"}"##, "1", ["v"]),
        Case(##"{"allOf": [{"$ref": "#"}, {"$ref": "#"}]}"##, "1", ["v"]),
    ]

    @Test(arguments: cases)
    func valuesAreHeldAgainstTheirSchema(sample: Case) throws {
        let schema = try JSONSchema(JSONValue(parsing: sample.schema))
        let faults = schema.faults(of: try JSONValue(parsing: sample.value), path: "v")
        #expect(faults.map(\.field) == sample.faults, "\(faults)")
    }

    static let refused: [(String, String)] = [
        (#"7"#, "schema"),
        (#"{"type": "text"}"#, "schema.type"),
        (#"{"enum": []}"#, "schema.enum"),
        (#"{"pattern": "("}"#, "schema.pattern"),
        (#"{"items": {"minimum": "x"}}"#, "schema.items.minimum"),
        (#"{"properties": {"a": 7}}"#, "schema.properties.a"),
        (##"{"$ref": "#/nowhere"}"##, "schema.$ref"),
        (#"{"$ref": "https://example.com/schema"}"#, "schema.$ref"),
        (#"{"minLength": -1}"#, "schema.minLength"),
        (#"{"multipleOf": 0}"#, "schema.multipleOf"),
    ]

    @Test(arguments: refused)
    func whatIsNoSchemaIsRefusedWithItsPath(schema: String, field: String) throws {
        let json = try JSONValue(parsing: schema)
        let error = #expect(throws: SchemaFaults.self) { try JSONSchema(json) }
        #expect(error?.faults.map(\.field) == [field])
    }

    @Test func keywordsThatAreNotCheckedAreTold() throws {
        let schema = try JSONSchema(["if": [:], "title": "x", "format": "hostname"])
        #expect(Set(schema.ignored.map(\.field)) == ["schema.if", "schema.format"])
    }

    @Test func manyFaultsAreBounded() throws {
        let schema = try JSONSchema(["items": ["type": "string"]])
        let value = JSONValue.array(Array(repeating: 1, count: 10_000))
        #expect(schema.faults(of: value, path: "v").count == JSONSchema.maximumFaults)
    }
}
