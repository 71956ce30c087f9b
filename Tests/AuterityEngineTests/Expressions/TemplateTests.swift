import AuterityAPI
import Testing

@testable import AuterityEngine

@Suite struct TemplateTests {
    private let scope = NamedValues(
        [
            "name": "Ada", "amount": 1250, "rate": 2.0, "ok": true, "none": nil, "list": [1, "a"],
            "map": ["k": [1.5]], "hole": "{{ name }}", "items": [["n": 1], ["n": 2]],
        ] as JSONObject)

    private func text(_ source: String) throws -> String {
        try TextTemplate(source).renderText(in: scope)
    }

    @Test(arguments: [
        ("Hello {{ name }}!", "Hello Ada!"), ("{{name}}{{ name}}", "AdaAda"), ("plain", "plain"),
        ("{{ amount }} at {{ rate }}", "1250 at 2"), ("[{{ ok }}|{{ none }}]", "[true|]"),
        ("{{ list }} {{ map }}", "[1,\"a\"] {\"k\":[1.5]}"), ("", ""), ("{ } }} {", "{ } }} {"),
        ("a {{ {'a': {'b': 1}} }} b", "a {\"a\":{\"b\":1}} b"), ("{{{'a':1}.a}}", "1"),
        ("{{{ name }}}", "{Ada}"), ("{{{{name}}}}", "{{Ada}}"), ("{\"n\":{{name}}}", "{\"n\":Ada}"),
        ("{{ {'a':{'b':2}}}}!", "{\"a\":{\"b\":2}}!"), ("{{ '}}' }}", "}}"), ("{{ '{{' }}x", "{{x"),
        ("{{ \"a\\\"}}\" }}", "a\"}}"), ("{{ name // }}\n}}", "Ada"),
        ("{{ hole }} {{ hole }}", "{{ name }} {{ name }}"), ("{{\n  name\n}}", "Ada"),
        ("{{ items.map(i, i.n) }}", "[1,2]"), ("é {{ name }} ü", "é Ada ü"),
        ("{{ items.exists(i, i.n == 2) ? 'yes' : 'no' }}", "yes"),
    ])
    func fillsHoles(source: String, expected: String) throws {
        #expect(try text(source) == expected)
    }

    @Test func keepsTheTypeOfASingleHole() throws {
        let render = { (source: String) in
            try TextTemplate(source).render(in: self.scope).json()
        }
        #expect(try render("{{ amount }}") == 1250)
        #expect(try render("{{ list }}") == [1, "a"])
        #expect(try render("{{ none }}") == nil)
        #expect(try render(" {{ amount }}") == " 1250")
        #expect(try render("{{ amount }}{{ amount }}") == "12501250")
        #expect(try TextTemplate("{{ amount }}").isSingleHole)
    }

    @Test(arguments: [
        ("Dear {{ nmae }}", "did you mean 'name'?", 1, 9), ("a\nb {{ 1 + }}", "value", 2, 10),
        ("{{ name", "no '}}' ends", 1, 1), ("x {{ }}", "empty", 1, 3),
        ("{{ name } }}", "'}}'", 1, 9),
        ("{{ name name }}", "'}}'", 1, 9), ("é{{ map.x }}", "no such key", 1, 9),
    ])
    func saysWhereATextIsWrong(source: String, hint: String, line: Int, column: Int) throws {
        let error = try #require(throws: ExpressionError.self) { try text(source) }
        #expect(error.message.contains(hint), "\(error)")
        #expect(error.line == line)
        #expect(error.column == column, "\(error)")
    }

    @Test(arguments: [
        "{{ name }}", "{{", "{", "{{{", "a{", "{a", "{{{{", "{ {{ x", "}}", "'{{'", "{{ '{{' }}",
        "plain", "{é{", "a{b{{c{{{d",
    ])
    func escapesTextsSoThatTheyStayTexts(source: String) throws {
        let escaped = TextTemplate.escape(source)
        #expect(try text(escaped) == source)
        // Also between braces that are there already, and twice.
        #expect(try text("{" + escaped + "{") == "{" + source + "{")
        #expect(try text(TextTemplate.escape(escaped)) == escaped)
        #expect(try text("\(escaped){{ name }}\(escaped)") == source + "Ada" + source)
    }

    @Test func rendersATree() throws {
        let tree: JSONValue = [
            "to": "{{ name }}@example.org", "count": "{{ amount }}", "same": [1, nil, "x"],
            "deep": [["{{ list }}"]], "{{ name }}": true,
        ]
        #expect(
            try JSONTemplate(tree).render(in: scope) == [
                "to": "Ada@example.org", "count": 1250, "same": [1, nil, "x"],
                "deep": [[[1, "a"]]], "{{ name }}": true,
            ])
        #expect(try JSONTemplate(["a": [1, "b"]]).isConstant)
    }

    @Test func readsExpressionsInTheirPlaces() throws {
        let render = { (value: JSONValue) in
            try JSONTemplate(value, place: .expression).render(in: self.scope)
        }
        #expect(try render("amount * 2") == 2500)
        #expect(try render("{{ amount }} * 2") == "1250 * 2")
        #expect(try render("{{ amount * 2 }}") == 2500)
        #expect(try render(5) == 5)
        #expect(try render(["a": "amount", "b": "{{ amount }}"]) == ["a": "amount", "b": 1250])
        #expect(try JSONTemplate("amount", place: .expression).value(in: scope) != nil)
    }

    @Test func saysWhereInATreeATextIsWrong() throws {
        let late = try JSONTemplate(["headers": ["X": ["a", "{{ nope }}"]]])
        let error = try #require(throws: ExpressionError.self) { try late.render(in: scope) }
        #expect(error.place == "headers.X[1]")
        let early = try #require(throws: ExpressionError.self) {
            try JSONTemplate(["set": ["a": "{{ 1 + }}"]])
        }
        #expect(early.place == "set.a")
        #expect(early.description.hasPrefix("set.a: line 1, column 8"))
    }

    @Test func listsTheNamesOfAllTexts() throws {
        let template = try JSONTemplate(["a": "{{ steps.x.output }}", "b": ["{{ params.y }}"]])
        #expect(template.names.map { "\($0.root).\($0.member ?? "")" } == ["steps.x", "params.y"])
    }

    @Test func boundsWhatATreeGrowsTo() throws {
        let big = NamedValues(["t": .string(String(repeating: "x", count: 1 << 20))])
        let tree = JSONValue.array(Array(repeating: "{{ t }}{{ t }}", count: 40))
        let error = #expect(throws: ExpressionError.self) {
            try JSONTemplate(tree).render(in: big)
        }
        #expect(error?.kind == .limit)
        var deep: JSONValue = "{{ map }}"
        for _ in 0..<63 { deep = [deep] }
        let deepError = #expect(throws: ExpressionError.self) {
            try JSONTemplate(deep).render(in: scope)
        }
        #expect(deepError?.kind == .limit)
    }
}
