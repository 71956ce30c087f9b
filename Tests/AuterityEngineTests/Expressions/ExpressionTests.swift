import AuterityAPI
import Testing

@testable import AuterityEngine

@Suite struct ExpressionTests {
    private static let input: JSONObject = [
        "input": ["deal_amount": 25_000, "email": "ada@example.org", "rate": 1.5],
        "customer_tier": "gold",
        "items": [["name": "bolt", "price": 5], ["name": "engine", "price": 900]],
        "steps": ["fetch": ["output": ["status": 200]]],
        "nothing": nil,
    ]

    @Test(
        arguments: [
            ("input.deal_amount > 20000 && customer_tier == 'gold'", true),
            ("size(items)", 2), ("has(input.email)", true), ("has(input.phone)", false),
            ("items.filter(i, i.price > 10).map(i, i.name)", ["engine"]),
            ("items.exists(i, i.price == 5)", true), ("customer_tier in ['gold', 'silver']", true),
            ("customer_tier.startsWith('g') ? 'yes' : 'no'", "yes"),
            ("steps.fetch.output.status == 200", true), ("steps['fetch'].output['status']", 200),
            ("double(input.deal_amount) * input.rate", 37500.0),
            ("input.email.matches('^[^@]+@[^@]+$')", true), ("nothing == null", true),
            ("input.?phone.orValue('none')", "none"),
            ("items.map(i, i.price)[1] - 1", 899),
            ("{'total': items.map(i, i.price)}", ["total": [5, 900]]),
            ("items.all(i, v, i < 2 && v.price > 0)", true),
            ("cel.bind(n, size(items), n * n)", 4),
            ("'%s has %d'.format(['cart', size(items)])", "cart has 2"),
            ("items", [["name": "bolt", "price": 5], ["name": "engine", "price": 900]]),
        ] as [(String, JSONValue)])
    func evaluatesWhatWorkflowsWrite(source: String, value: JSONValue) throws {
        #expect(try evaluate(source, Self.input) == value)
    }

    @Test(
        arguments: [
            (" \t1\n+\r\n\u{0C}2 ", 3), ("1 // one\n + 2 // two", 3), ("// first\n7", 7),
            ("'a // no comment'", "a // no comment"), ("8 /*2*/", nil), ("8//2", 8),
            ("[1,\n 2, // two\n]", [1, 2]), ("{'a': 1,}", ["a": 1]), ("-  5", -5),
        ] as [(String, JSONValue?)])
    func skipsWhiteSpaceAndComments(source: String, value: JSONValue?) throws {
        #expect((try? evaluate(source)) == value)
    }

    @Test(arguments: [
        ("1 +", 1, 4), ("1 + + 2", 1, 5), ("(1", 1, 3), ("a.b.", 1, 5), ("'abc", 1, 1),
        ("1\n  + 'a' * 2", 2, 9), ("true &&\n\n [1, 2][7] > 1", 3, 8), ("'é' + nope", 1, 7),
        ("1 / 0", 1, 3), ("size(1)", 1, 1), ("a = 1", 1, 3), ("", 1, 1), ("1 2", 1, 3),
        ("'\\q'", 1, 2), ("0x", 1, 1), ("12abc", 1, 1), ("9223372036854775808", 1, 1),
        ("true.x", 1, 6), ("[1][2]", 1, 4), ("{'a': 1}.b", 1, 10), ("for", 1, 1),
    ])
    func saysWhereItFails(source: String, line: Int, column: Int) throws {
        let error = try #require(failure(of: source))
        #expect(error.line == line)
        #expect(error.column == column, "\(error)")
    }

    @Test(arguments: [
        ("input.deal_amount * 1.2", "write double(input.deal_amount) * 1.2"),
        ("1.5 + size(items)", "write 1.5 + double(size(items))"),
        ("'Total: ' + input.deal_amount", "write 'Total: ' + string(input.deal_amount)"),
        ("custmer_tier == 'gold'", "did you mean 'customer_tier'?"),
        ("input.emial", "did you mean 'email'?"),
        ("customer_tier.startswith('g')", "did you mean 'startsWith'?"),
        ("items[5]", "index 5 is out of range of a list of 2"),
        ("items.filter(i)", "another number of arguments"),
        ("missing + 1", "nothing provides the name 'missing'"),
        ("startsWith('abc', 'a')", "write 'abc'.startsWith(…)"),
        ("9223372036854775807 + 1", "overflow"), ("a.b && true", "'a'"),
    ])
    func saysWhatToWriteInstead(source: String, hint: String) throws {
        let error = try #require(failure(of: source, Self.input))
        #expect(error.message.contains(hint), "\(error)")
    }

    @Test func findsFaultsOfTypesBeforeItRuns() {
        for source in ["1 + 'a'", "'a' < 1", "!5", "size(1)", "nope(1)", "1 ? 2 : 3", "'x'.y"] {
            #expect(throws: ExpressionError.self) { try Expression(source) }
        }
        let known = Declarations(["amount": .int, "name": .string], isClosed: true)
        for source in ["amount * 1.5", "amount.x", "name > 5", "nmae", "amount == 'a'"] {
            #expect(throws: ExpressionError.self) { try Expression(source, declarations: known) }
        }
        #expect(throws: Never.self) {
            try Expression("amount > 5 && name == 'x' && amount != 1.0", declarations: known)
        }
        #expect(throws: Never.self) { try Expression("name != null", declarations: known) }
    }

    @Test func namesWhatItTakesFromItsScope() throws {
        let source =
            "steps.a.output > steps['b'].x && has(params.c) && params.?d.orValue(x) == "
            + "items.exists(i, i == y)"
        let uses = try Expression(source).names.map {
            "\($0.root).\($0.member ?? "-")\($0.isGuarded ? "?" : "")"
        }
        #expect(
            uses == [
                "steps.a", "steps.b", "params.c?", "params.d?", "x.-", "items.-", "y.-",
            ])
    }

    @Test func absorbsErrorsOnlyWhereTheLogicDoes() throws {
        #expect(try evaluate("1 / 0 > 1 || true") == true)
        #expect(try evaluate("nope && false") == false)
        #expect(try evaluate("[0, 1].exists(x, 1 / x == 1)") == true)
        #expect(failure(of: "[0, 1].filter(x, 1 / x == 1)") != nil)
        #expect(failure(of: "nope || false")?.message.contains("nope") == true)
    }

    @Test func prefersAVariableToATypeOfTheSameName() throws {
        #expect(try evaluate("type == 'lead'", ["type": "lead"]) == true)
        #expect(try evaluate("type(1) == int") == true)
    }

    @Test func comparesStringsByTheirScalars() throws {
        #expect(try evaluate("'\\u00e9' == 'e\\u0301'") == false)
        #expect(try evaluate("size('e\\u0301')") == 2)
        #expect(try evaluate("'🐱a'.charAt(1)") == "a")
        #expect(try evaluate("'\\U0001F431' > '\\uFFFD'") == true)
        #expect(try evaluate("{'\\u00e9': 1, 'e\\u0301': 2}['e\\u0301']") == 2)
        #expect(try evaluate("'e\\u0301x'.contains('e')") == true)
    }

    @Test func needsABoolForACondition() throws {
        let scope = NamedValues()
        #expect(try Expression("1 < 2").evaluateCondition(in: scope))
        #expect(throws: ExpressionError.self) {
            try Expression("'true'").evaluateCondition(in: scope)
        }
    }

    @Test(
        arguments: [
            ("timestamp('2026-07-01T12:00:00Z').getHours('Europe/Berlin')", 14),
            ("timestamp('2026-01-01T12:00:00Z').getHours('Europe/Berlin')", 13),
            ("timestamp('2060-07-01T12:00:00Z').getHours('America/New_York')", 8),
            ("timestamp('1900-01-01T12:00:00Z').getFullYear('UTC')", 1900),
            ("timestamp('2026-07-01T12:00:00Z').getHours('Australia/Sydney')", 22),
            ("timestamp('2026-12-31T23:59:59Z').getDayOfYear()", 364),
            ("timestamp('2024-12-31T23:59:59Z').getDayOfYear()", 365),
            ("timestamp('1969-12-28T00:00:00Z').getDayOfWeek()", 0),
            ("timestamp('0001-01-01T00:00:00Z').getFullYear()", 1),
            ("int(timestamp('1969-12-31T23:59:58.5Z'))", -2),
            ("timestamp('2026-01-01T00:00:00Z').getHours('No/Zone')", nil),
            ("timestamp('2026-01-01T00:00:00Z').getHours('../../etc/passwd')", nil),
        ] as [(String, JSONValue?)])
    func knowsTimeZones(source: String, value: JSONValue?) {
        #expect((try? evaluate(source)) == value)
    }

    @Test(
        arguments: [
            ("'%.2f'.format([0.005])", "0.01"), ("'%.1f'.format([0.25])", "0.2"),
            ("'%.0f'.format([0.5])", "0"), ("'%.3f'.format([1e21])", "1000000000000000000000.000"),
            ("'%.2f'.format([-0.001])", "-0.00"), ("'%e'.format([0.0])", "0.000000e+00"),
            ("'%.1f'.format([9.96])", "10.0"), ("'%.2e'.format([9.999])", "1.00e+01"),
            ("'%.3e'.format([5e-324])", "4.941e-324"), ("'%x'.format([-255])", "-ff"),
            ("'%s'.format([{'b': 1, 'a': [true, null]}])", "{a: [true, null], b: 1}"),
            ("'abc'.replace('', '-')", "-a-b-c-"), ("'a,b,c'.split(',', 2)[1]", "b,c"),
            ("'éa'.split('')[0]", "é"), ("string(1250000.0)", "1250000"),
            ("'abcabc'.lastIndexOf('bc', 3)", 1), ("'abc'.indexOf('c', 3)", -1),
        ] as [(String, JSONValue)])
    func formatsAndTakesTextsApart(source: String, value: JSONValue) throws {
        #expect(try evaluate(source) == value)
    }
}
