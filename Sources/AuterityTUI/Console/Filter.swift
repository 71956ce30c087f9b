import AuterityAPI
import TerminalUI

/// What a row must be like to be shown, as it is typed behind `/`: words, `status:failed`,
/// `workflow:lead`, `age:<1h`, `!word` for not, `~re` for a regular expression. All must hold.
struct Filter: Hashable, Sendable {
    /// The longest filter, in characters.
    static let maximumLength = 500
    /// The longest text of a row that is looked at, in characters: a regular expression on a
    /// megabyte would hold the keyboard up.
    static let maximumSubject = 2000

    struct Term: Hashable, Sendable {
        var isNegated = false
        var test: Test
    }

    enum Test: Hashable, Sendable {
        /// In any of the texts; case counts only where the word has an upper case letter.
        case word(String)
        /// A regular expression over any of the texts.
        case pattern(String)
        /// The named field has one of the values in it.
        case field(String, [String])
        /// How many seconds ago it happened.
        case age(isBelow: Bool, seconds: Double)
    }

    let text: String
    let terms: [Term]
    /// What is wrong with it, as a sentence; what is right of it works all the same.
    let fault: String?

    static let none = Filter("")

    init(_ text: String) {
        self.text = String(text.prefix(Filter.maximumLength)).trimmed
        var terms: [Term] = []
        var fault: String?
        for word in RunArguments.words(of: self.text) {
            switch Filter.term(of: word) {
            case .success(let term?): terms.append(term)
            case .success(nil): break
            case .failure(let found): fault = fault ?? found.sentence
            }
        }
        self.terms = terms
        self.fault = fault
    }

    var isEmpty: Bool { terms.isEmpty }

    // MARK: Reading

    private struct Fault: Error { let sentence: String }

    private static func term(of word: String) -> Result<Term?, Fault> {
        var rest = word[...]
        var isNegated = false
        if rest.first == "!" {
            isNegated = true
            rest.removeFirst()
        }
        // Half a term is being typed: nothing yet, and nothing wrong.
        guard !rest.isEmpty, rest != "~" else { return .success(nil) }
        return test(of: rest).map { test in
            test.map { Term(isNegated: isNegated, test: $0) }
        }
    }

    private static func test(of word: Substring) -> Result<Test?, Fault> {
        if word.first == "~" {
            let pattern = String(word.dropFirst())
            guard (try? Regex(pattern)) != nil else {
                return .failure(Fault(sentence: "~\(pattern) is not a regular expression"))
            }
            return .success(.pattern(pattern))
        }
        guard let colon = word.firstIndex(of: ":"), colon != word.startIndex else {
            return .success(.word(String(word)))
        }
        let name = word[..<colon].lowercased()
        let value = word[word.index(after: colon)...]
        guard names.contains(name) else {
            // A colon stands in many texts: an unknown name is a word like any other.
            return .success(.word(String(word)))
        }
        guard !value.isEmpty else { return .success(nil) }
        guard name == "age" else {
            let values = value.split(separator: ",").map(String.init)
            return .success(values.isEmpty ? nil : .field(name, values))
        }
        return age(value)
    }

    /// The fields that a filter can name, over all lists.
    static let names: Set<String> = [
        "status", "workflow", "step", "error", "id", "age", "category", "level", "source",
        "severity", "name",
    ]

    private static func age(_ text: Substring) -> Result<Test?, Fault> {
        var digits = text
        var isBelow = true
        if let first = digits.first, first == "<" || first == ">" {
            isBelow = first == "<"
            digits.removeFirst()
        }
        guard !digits.isEmpty else { return .success(nil) }
        let units: [Character: Double] = [
            "s": 1, "m": 60, "h": 3600, "d": 86_400, "w": 604_800,
        ]
        let unit = digits.last.flatMap { units[$0] }
        let number = unit == nil ? digits : digits.dropLast()
        guard let value = Double(number), value >= 0, value.isFinite else {
            return .failure(
                Fault(sentence: "age:\(text) is no age; write age:<1h or age:>30m"))
        }
        return .success(.age(isBelow: isBelow, seconds: value * (unit ?? 1)))
    }
}

/// What a filter looks at in a row.
struct FilterSubject: Sendable {
    /// What words and expressions are looked for in.
    var texts: [String]
    var fields: [String: String] = [:]
    /// When it happened.
    var moment: Timestamp?
}

extension Filter {
    /// The positions of the rows that fulfil all terms.
    func matches<Row>(
        in rows: [Row], at now: Timestamp, subject: (Row) -> FilterSubject
    ) -> [Int] {
        guard !isEmpty else { return Array(rows.indices) }
        let tests = terms.map { PreparedTerm($0) }
        return rows.indices.filter { index in
            let subject = subject(rows[index])
            return tests.allSatisfy { $0.holds(for: subject, at: now) }
        }
    }

    func matches(_ subject: FilterSubject, at now: Timestamp) -> Bool {
        terms.allSatisfy { PreparedTerm($0).holds(for: subject, at: now) }
    }
}

/// A term with its expression compiled, for as long as a list is gone through.
private struct PreparedTerm {
    private let term: Filter.Term
    private let word: SearchPattern?
    private let expression: Regex<AnyRegexOutput>?

    init(_ term: Filter.Term) {
        self.term = term
        switch term.test {
        case .word(let text):
            word = SearchPattern(text)
            expression = nil
        case .pattern(let text):
            word = nil
            expression = (try? Regex(text))?.ignoresCase(!text.contains(where: \.isUppercase))
        case .field, .age:
            word = nil
            expression = nil
        }
    }

    func holds(for subject: FilterSubject, at now: Timestamp) -> Bool {
        test(subject, now) != term.isNegated
    }

    private func test(_ subject: FilterSubject, _ now: Timestamp) -> Bool {
        switch term.test {
        case .word:
            guard let word else { return true }
            return subject.texts.contains { word.matches($0.prefix(Filter.maximumSubject)) }
        case .pattern:
            guard let expression else { return false }
            return subject.texts.contains {
                $0.prefix(Filter.maximumSubject).firstMatch(of: expression) != nil
            }
        case .field(let name, let values):
            guard let text = subject.fields[name] else { return false }
            return values.contains { SearchPattern($0)?.matches(text) ?? false }
        case .age(let isBelow, let seconds):
            guard let moment = subject.moment else { return false }
            let age = now.seconds(since: moment)
            return isBelow ? age < seconds : age > seconds
        }
    }
}
