/// A recursive-descent parser. Both how deep the source is nested and how deep the tree gets are
/// bounded, so that no source overflows the stack, neither here nor later.
struct Parser {
    private var lexer: Lexer
    private(set) var token: Token
    private var nesting = 0
    /// Where the last token taken ends.
    private(set) var lastEnd: Int

    init(_ bytes: [UInt8], from start: Int = 0) throws(Fault) {
        lexer = Lexer(bytes, from: start)
        lastEnd = start
        token = try lexer.next()
    }

    /// The whole source as one expression.
    mutating func whole() throws(Fault) -> Syntax {
        if case .end = token.kind {
            throw Fault(.syntax, "the expression is empty", at: token.start)
        }
        let syntax = try expression()
        guard case .end = token.kind else {
            throw Fault(.syntax, "unexpected \(token.text) after the expression", at: token.start)
        }
        return syntax
    }

    /// The expression of a hole, after `{{`; gives the offset after its `}}`.
    mutating func hole(from start: Int) throws(Fault) -> (syntax: Syntax, end: Int) {
        if case .symbol(.closeBrace) = token.kind {
            throw Fault(.syntax, "the hole is empty", at: start)
        }
        if case .end = token.kind { throw Fault(.syntax, Self.openHole, at: start) }
        let syntax = try expression()
        if case .end = token.kind { throw Fault(.syntax, Self.openHole, at: start) }
        guard case .symbol(.closeBrace) = token.kind,
            lexer.byte(at: token.end) == UInt8(ascii: "}")
        else {
            throw Fault(.syntax, "expected '}}' instead of \(token.text)", at: token.start)
        }
        return (syntax, token.end + 1)
    }

    private static let openHole =
        "'{{' opens a hole that no '}}' ends; for '{{' as text, write {{ '{{' }}"

    // MARK: - Words

    mutating func advance() throws(Fault) {
        lastEnd = token.end
        token = try lexer.next()
    }

    func isAt(_ symbol: Symbol) -> Bool {
        if case .symbol(symbol) = token.kind { true } else { false }
    }

    mutating func take(_ symbol: Symbol) throws(Fault) -> Bool {
        guard isAt(symbol) else { return false }
        try advance()
        return true
    }

    mutating func expect(_ symbol: Symbol, toEnd what: String) throws(Fault) {
        guard try take(symbol) else {
            throw Fault(
                .syntax, "expected '\(symbol.rawValue)' \(what) instead of \(token.text)",
                at: token.start)
        }
    }

    // MARK: - Tree

    func node(
        _ form: Syntax.Form, at offset: Int, from start: Int, over children: [Syntax] = []
    ) throws(Fault) -> Syntax {
        var depth = 0
        for child in children { depth = max(depth, child.depth) }
        guard depth < ExpressionLimits.treeDepth else {
            throw Fault(.limit, "the expression is too deep; split it into steps", at: offset)
        }
        return Syntax(form: form, offset: offset, range: start..<lastEnd, depth: depth + 1)
    }

    private mutating func enter() throws(Fault) {
        nesting += 1
        guard nesting <= ExpressionLimits.nesting else {
            throw Fault(
                .limit, "nested deeper than \(ExpressionLimits.nesting); split it into steps",
                at: token.start)
        }
    }

    // MARK: - Grammar

    mutating func expression() throws(Fault) -> Syntax {
        try enter()
        defer { nesting -= 1 }
        let start = token.start
        let condition = try binary(minimum: 0)
        guard isAt(.question) else { return condition }
        return try conditional(condition, start: start)
    }

    private mutating func conditional(
        _ condition: Syntax, start: Int
    ) throws(Fault) -> Syntax {
        let offset = token.start
        try advance()
        let then = try binary(minimum: 0)
        try expect(.colon, toEnd: "of the conditional")
        let otherwise = try expression()
        return try node(
            .conditional(condition, then: then, otherwise: otherwise), at: offset, from: start,
            over: [condition, then, otherwise])
    }

    /// `||` binds weakest (0), then `&&`, comparisons, sums and products (4).
    private mutating func binary(minimum: Int) throws(Fault) -> Syntax {
        let start = token.start
        var left = try unary()
        while let strength = strengthHere, strength >= minimum {
            left =
                strength < 2
                ? try chain(left, strength, from: start) : try pair(left, strength, from: start)
        }
        return left
    }

    private mutating func pair(
        _ left: Syntax, _ strength: Int, from start: Int
    ) throws(Fault) -> Syntax {
        let offset = token.start
        var name = "in"
        if case .symbol(let symbol) = token.kind { name = symbol.rawValue }
        try advance()
        let right = try binary(minimum: strength + 1)
        return try node(.call(name, [left, right]), at: offset, from: start, over: [left, right])
    }

    /// A chain of `||` or of `&&` becomes one node, however long it is.
    private mutating func chain(
        _ left: Syntax, _ strength: Int, from start: Int
    ) throws(Fault) -> Syntax {
        let offset = token.start
        var terms = [left]
        while strengthHere == strength {
            try advance()
            terms.append(try binary(minimum: strength + 1))
        }
        return try node(
            strength == 0 ? .or(terms) : .and(terms), at: offset, from: start, over: terms)
    }

    private var strengthHere: Int? {
        switch token.kind {
        case .name("in"): 2
        case .symbol(let symbol):
            switch symbol {
            case .or: 0
            case .and: 1
            case .equal, .notEqual, .less, .lessOrEqual, .greater, .greaterOrEqual: 2
            case .plus, .minus: 3
            case .times, .divide, .remainder: 4
            default: nil
            }
        default: nil
        }
    }

    private mutating func unary() throws(Fault) -> Syntax {
        isAt(.not) || isAt(.minus) ? try signed() : try member()
    }

    private mutating func signed() throws(Fault) -> Syntax {
        let start = token.start
        if isAt(.not) {
            let count = try count(.not)
            let operand = try member()
            return try negated(operand, by: "!_", count: count, start: start)
        }
        let count = try count(.minus)
        // The innermost minus belongs to a number, so that the smallest int can be written.
        if let number = try negativeNumber() {
            let operand = try member(after: number, from: number.range.lowerBound)
            return try negated(operand, by: "-_", count: count - 1, start: start)
        }
        let operand = try member()
        return try negated(operand, by: "-_", count: count, start: start)
    }

    private mutating func count(_ symbol: Symbol) throws(Fault) -> Int {
        var count = 0
        while try take(symbol) { count += 1 }
        return count
    }

    /// Pairs of negations cancel out, except for what they refuse: two say the same as any even
    /// number of them.
    private func negated(
        _ operand: Syntax, by name: String, count: Int, start: Int
    ) throws(Fault) -> Syntax {
        var result = operand
        let needed = count == 0 ? 0 : (count % 2 == 0 ? 2 : 1)
        for _ in 0..<needed {
            result = try node(.call(name, [result]), at: start, from: start, over: [result])
        }
        return result
    }

    private mutating func negativeNumber() throws(Fault) -> Syntax? {
        let start = lastEnd - 1
        let value: CELValue
        switch token.kind {
        case .int(let size):
            guard size <= UInt64(Int64.max) + 1 else {
                throw Fault(.syntax, "the number is beyond the range of int", at: start)
            }
            value = .int(Int64(truncatingIfNeeded: 0 &- size))
        case .double(let size): value = .double(-size)
        default: return nil
        }
        try advance()
        return try node(.literal(value), at: start, from: start)
    }
}
