import AuterityAPI
import Testing

@testable import AuterityEngine

@Suite struct TemplateFillingTests {
    private func fill(
        _ data: JSONObject, type: String = "log", _ parameters: [TemplateParameter],
        _ values: JSONObject
    ) throws -> JSONValue {
        let definition: JSONValue = [
            "nodes": [["id": "{{name}}", "type": .string(type), "data": .object(data)]],
            "edges": [["source": "{{name}}", "target": "x"]],
        ]
        let filled = try TemplateFilling(definition, parameters: parameters, values: values)
        #expect(filled.definition["edges"] == definition["edges"], "edges are left alone")
        #expect(filled.definition["nodes"]?[0]?["id"] == "{{name}}", "ids are left alone")
        return filled.definition["nodes"]?[0]?["data"] ?? .null
    }

    private let name = TemplateParameter(name: "name", parameterType: .string)
    private let count = TemplateParameter(name: "count", parameterType: .integer)

    @Test func theExampleOfTheContractIsFilled() throws {
        let filled = try fill(["label": "Start: {{name}}"], [name], ["name": "John Doe"])
        #expect(filled == ["label": "Start: John Doe"])
    }

    @Test func aHoleThatIsTheWholeTextKeepsItsType() throws {
        let list = TemplateParameter(name: "list", parameterType: .array)
        let filled = try fill(
            ["a": "{{count}}", "b": "{{ count }} times", "c": ["{{list}}"], "d": "{{list}}"],
            [count, list], ["count": 3, "list": ["x", 1]])
        #expect(filled == ["a": 3, "b": "3 times", "c": [["x", 1]], "d": ["x", 1]])
    }

    @Test func aLabelIsATextWhateverItIsFilledWith() throws {
        let list = TemplateParameter(name: "list", parameterType: .array)
        for (label, text) in [("{{count}}", "3"), ("{{list}}", "x, 1"), ("{{name}}", "A")] {
            let filled = try fill(
                ["label": .string(label)], [name, count, list],
                ["name": "A", "count": 3, "list": ["x", 1]])
            #expect(filled == ["label": .string(text)])
        }
        // What is no text in the template either is judged as it stands.
        #expect(try fill(["label": 5], [], [:]) == ["label": 5])
    }

    @Test func otherHolesAreLeftForTheRun() throws {
        let filled = try fill(
            ["message": "{{name}} {{ input.name }} {{names}} {{ name + 'x' }} {{name"], [name],
            ["name": "A"])
        #expect(
            filled == ["message": "A {{ input.name }} {{names}} {{ name + 'x' }} {{name"])
    }

    @Test(arguments: ["{{evil}}", "a {{ 1 + 1 }} b", "{{", "}}", "{{{{name}}}}", "{ {x} }"])
    func bracesInAValueStayText(value: String) throws {
        for source in ["{{name}}", "<{{name}}>"] {
            let filled = try fill(["message": .string(source)], [name], ["name": .string(value)])
            let text = try #require(filled["message"]?.stringValue)
            let rendered = try TextTemplate(text).renderText(in: NamedValues())
            #expect(rendered == source.replacing("{{name}}", with: value))
        }
    }

    @Test(arguments: ["Main Street", "it's \"odd\"", "1 + 1", "{{x}}", "", "ünï"])
    func aTextInThePlaceOfAnExpressionStaysAText(value: String) throws {
        let filled = try fill(
            ["set": ["whole": "{{name}}", "part": "to {{name}}"]], type: "transform", [name],
            ["name": .string(value)])
        for (key, expected) in [("whole", value), ("part", "to \(value)")] {
            let template = try JSONTemplate(
                try #require(filled["set"]?[key]), place: .expression)
            #expect(try template.render(in: NamedValues()) == .string(expected), "\(filled)")
        }
    }

    @Test func aHoleWithinAConditionIsFilledAsItStands() throws {
        let filled = try fill(
            ["expression": "score > {{count}}"], type: "condition", [count], ["count": 70])
        #expect(filled == ["expression": "score > 70"])
    }

    @Test func aSecretIsNamedNotShown() throws {
        let key = TemplateParameter(name: "key", parameterType: .secret, isRequired: true)
        let definition: JSONValue = [
            "nodes": [["id": "a", "type": "http", "data": ["headers": ["A": "Bearer {{key}}"]]]]
        ]
        let filled = try TemplateFilling(
            definition, parameters: [key, count], values: ["key": "hunter2", "count": 1],
            secretName: { "\($0)_7" })
        #expect(
            filled.definition["nodes"]?[0]?["data"]
                == ["headers": ["A": "Bearer {{secrets.key_7}}"]])
        #expect(filled.secrets.map(\.name) == ["key_7"])
        #expect(filled.secrets.map(\.value) == ["hunter2"])
        #expect(filled.parameters == ["count": 1])
        #expect(!filled.definition.jsonText.contains("hunter2"))
    }

    @Test func defaultsFillWhatIsLeftOpen() throws {
        let parameters = [
            TemplateParameter(name: "a", parameterType: .integer, defaultValue: 5),
            TemplateParameter(name: "b", parameterType: .string),
        ]
        let filled = try TemplateFilling([:], parameters: parameters, values: ["a": ""])
        #expect(filled.parameters == ["a": 5, "b": nil])
    }

    @Test func everyFaultIsNamed() {
        let parameters = [
            name, TemplateParameter(name: "mail", parameterType: .email, isRequired: true),
        ]
        let error = #expect(throws: APIError.self) {
            try TemplateFilling([:], parameters: parameters, values: ["name": 7, "other": 1])
        }
        #expect(error?.code == .validationError)
        #expect(
            error?.details.map(\.field) == [
                "parameter_values.name", "parameter_values.mail", "parameter_values.other",
            ])
    }

    @Test func declarationsAreChecked() {
        let parameters = [
            TemplateParameter(name: "1a", parameterType: .string),
            TemplateParameter(name: "input", parameterType: .string),
            TemplateParameter(name: "a", parameterType: .select),
            TemplateParameter(name: "a", parameterType: .string),
            TemplateParameter(name: "b", parameterType: .string, pattern: "("),
            TemplateParameter(name: "c", parameterType: .integer, defaultValue: "x"),
            TemplateParameter(name: "d", parameterType: .number, minimum: 3, maximum: 1),
        ]
        #expect(
            TemplateDeclaration.faults(of: parameters).map(\.field) == [
                "parameters[0].name", "parameters[1].name", "parameters[2].options",
                "parameters[3].name", "parameters[4].pattern", "parameters[5].default_value",
                "parameters[6].minimum",
            ])
    }
}

@Suite struct TemplateParameterCheckTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let parameter: TemplateParameter
        let value: JSONValue
        let isRight: Bool

        init(_ parameter: TemplateParameter, _ value: JSONValue, _ isRight: Bool) {
            self.parameter = parameter
            self.value = value
            self.isRight = isRight
        }

        var testDescription: String { "\(parameter.parameterType) \(value)" }
    }

    private static func of(
        _ type: ParameterType, required: Bool = false, options: [JSONValue]? = nil,
        length: ClosedRange<Int>? = nil, pattern: String? = nil,
        range: ClosedRange<Double>? = nil, items: ClosedRange<Int>? = nil
    ) -> TemplateParameter {
        TemplateParameter(
            name: "p", parameterType: type, isRequired: required, options: options,
            minLength: length?.lowerBound, maxLength: length?.upperBound, pattern: pattern,
            minimum: range?.lowerBound, maximum: range?.upperBound, minItems: items?.lowerBound,
            maxItems: items?.upperBound)
    }

    static let cases = [
        Case(of(.string), "x", true), Case(of(.string), 7, false), Case(of(.string), nil, true),
        Case(of(.string, required: true), nil, false), Case(of(.string), "", true),
        Case(of(.string, required: true), "", false),
        Case(of(.string, length: 2...3), "a", false),
        Case(of(.string, length: 2...3), "äö", true),
        Case(of(.string, length: 2...3), "abcd", false),
        Case(of(.string, pattern: "a|bc"), "bc", true),
        Case(of(.string, pattern: "a|bc"), "abc", false),
        Case(of(.number), 1.5, true), Case(of(.number), 1, true), Case(of(.number), "1", false),
        Case(of(.number, range: 0...5), 5.1, false), Case(of(.number, range: 0...5), -1, false),
        Case(of(.integer), 1, true), Case(of(.integer), 1.0, true), Case(of(.integer), 1.5, false),
        Case(of(.boolean), true, true), Case(of(.boolean), "true", false),
        Case(of(.email), "ann@example.com", true), Case(of(.email), "ann", false),
        Case(of(.email), "ann@@example.com", false), Case(of(.email), "a b@example.com", false),
        Case(of(.email), "ann@example.com\nBcc: x@example.com", false),
        Case(of(.url), "https://example.com/x?y=1", true), Case(of(.url), "example.com", false),
        Case(of(.url), "ftp://example.com", false), Case(of(.url), "https://", false),
        Case(of(.url), "https://exam ple.com", false),
        Case(of(.date), "2026-01-31", true), Case(of(.date), "2026-02-30", false),
        Case(of(.date), "31.01.2026", false),
        Case(of(.phone), "+1 (555) 010-0200", true), Case(of(.phone), "12", false),
        Case(of(.phone), "555-CALL-NOW", false),
        Case(of(.select, options: ["a", 1]), "a", true),
        Case(of(.select, options: ["a", 1]), 1, true),
        Case(of(.select, options: ["a", 1]), "b", false), Case(of(.select), "a", false),
        Case(of(.secret), "s", true), Case(of(.secret), 7, false),
        Case(of(.array), [1], true), Case(of(.array), "x", false),
        Case(of(.array, items: 1...2), [], false),
        Case(of(.array, items: 1...2), [1, 2, 3], false),
        Case(of(.object), ["a": 1], true), Case(of(.object), [1], false),
        Case(of(.email, required: true), "", false), Case(of(.email), "", true),
    ]

    @Test(arguments: cases)
    func everyTypeAndRuleIsChecked(sample: Case) {
        let faults = TemplateFilling.faults(of: ["p": sample.value], for: [sample.parameter])
        #expect(faults.isEmpty == sample.isRight, "\(faults)")
    }

    @Test func aDefaultMakesARequiredOneOptional() {
        let parameter = TemplateParameter(
            name: "p", parameterType: .integer, isRequired: true, defaultValue: 1)
        #expect(parameter.check(nil) == nil)
    }
}
