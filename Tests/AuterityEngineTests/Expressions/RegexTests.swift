import AuterityAPI
import Testing

@testable import AuterityEngine

@Suite struct RegexTests {
    private func matches(_ text: String, _ pattern: String) throws -> Bool {
        let program = try RegexProgram(pattern)
        var run = Run(scope: NamedValues(), slotCount: 0, limits: .standard)
        return try program.matches(text, &run)
    }

    @Test(arguments: [
        ("hubba", "ubb", true), ("hubba", "^ubb", false), ("abc", "^abc$", true),
        ("abc\n", "^abc$", false), ("abc\nd", "(?m)^abc$", true), ("", "^$", true),
        ("ab", "a.b", false), ("a\nb", "a.b", false), ("a\nb", "(?s)a.b", true),
        ("aaa", "^a{2}$", false), ("aaa", "^a{2,}$", true), ("aaa", "^a{1,3}?$", true),
        ("a{,2}", "a{,2}", true), ("x", "[^a-w]", true), ("]", "[]]", true), ("-", "[a-]", true),
        ("Ä", "(?i)ä", true), ("ABC", "(?i)^abc$", true), ("Ab", "(?i:a)b", true),
        ("AB", "(?i:a)b", false), ("foo bar", "\\bbar\\b", true), ("foobar", "\\bbar", false),
        ("foobar", "\\Bbar", true), ("a.b", "\\Qa.b\\E", true), ("axb", "\\Qa.b\\E", false),
        ("é", "^\\p{L}$", true), ("É", "\\p{Lu}", true), ("5", "\\P{L}", true),
        ("٣", "^\\d$", false), ("٣", "^\\p{Nd}$", true), ("🐱", "^.$", true),
        ("x1", "^[[:alpha:]][[:digit:]]$", true), ("\t", "\\x09", true),
        ("😀", "\\x{1F600}", true),
        ("abab", "^(?:ab)+$", true), ("ab", "^(?P<n>a)(?<m>b)$", true), ("", "()", true),
        ("b", "^(a|b|)$", true), ("aXbX", "^(a|aX|b|bX)*$", true), ("a", "(a*)*$", true),
        ("c", "^[^\\d\\s]$", true), ("a|b", "a\\|b", true),
    ])
    func matchesAsRE2Does(text: String, pattern: String, expected: Bool) throws {
        #expect(try matches(text, pattern) == expected)
    }

    @Test(arguments: [
        "(", ")", "[", "a**", "*a", "a{2}{3}", "[z-a]", "\\", "\\q", "(?<=a)b", "(?=a)", "(a)\\1",
        "a{1001}", "\\p{Nope}", "[[:nope:]]", "(?P<n", "((a{1000}){1000}){1000}", "(?z)",
        "\\x{FFFFFFF}", "((((){1000}){1000}){1000}){1000}", "a{3,2}",
    ])
    func refusesOtherPatterns(pattern: String) {
        #expect(throws: RegexError.self) { try RegexProgram(pattern) }
        #expect(failure(of: "'a'.matches(p)", ["p": .string(pattern)]) != nil)
    }

    @Test func refusesDeepAndLongPatterns() {
        for pattern in [
            String(repeating: "(", count: 100_000), String(repeating: "a", count: 5000),
            String(repeating: "(?:", count: 1000) + String(repeating: ")", count: 1000),
        ] {
            #expect(throws: RegexError.self) { try RegexProgram(pattern) }
        }
    }

    /// Each of these takes an engine that tries one way after the other longer than the universe
    /// has existed.
    @Test(arguments: ["^(a+)+$", "^(a|aa)+$", "^(a|a?)+$", "(.*)*x", "^(([a-z])+.)+[A-Z]([a-z])+$"])
    func takesLinearTimeForHostilePatterns(pattern: String) throws {
        let text = String(repeating: "a", count: 3000) + "!"
        #expect(try !matches(text, pattern))
    }

    @Test func countsTheStepsOfMatching() {
        let text = JSONValue.string(String(repeating: "a", count: 200_000))
        let error = failure(of: "t.matches('(a?){500}(a?){500}b')", ["t": text])
        #expect(error?.kind == .limit)
    }

    @Test func findsAFaultyPatternBeforeItRuns() throws {
        let error = #expect(throws: ExpressionError.self) { try Expression("x.matches('(a')") }
        #expect(error?.kind == .type)
        #expect(error?.column == 11)
    }
}
