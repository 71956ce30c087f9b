/// Reads the syntax of RE2: what it leaves out (references back, looking around) is an error here
/// too, since it cannot be matched in linear time.
struct RegexParser {
    /// Scalars; longer patterns are refused.
    static let maximumLength = 4096
    private static let maximumNesting = 60
    private static let maximumCount = 1000

    struct Flags {
        var ignoresCase = false
        var isMultiline = false
        var dotTakesNewline = false
    }

    let scalars: [Unicode.Scalar]
    var position = 0
    var flags = Flags()
    private var nesting = 0

    init(_ pattern: String) throws(RegexError) {
        scalars = Array(pattern.unicodeScalars.prefix(Self.maximumLength + 1))
        guard scalars.count <= Self.maximumLength else {
            throw RegexError(message: "it is longer than \(Self.maximumLength) characters")
        }
    }

    var current: Unicode.Scalar? {
        position < scalars.count ? scalars[position] : nil
    }

    mutating func take(_ scalar: Unicode.Scalar) -> Bool {
        guard current == scalar else { return false }
        position += 1
        return true
    }

    mutating func take(_ text: String) -> Bool {
        let wanted = Array(text.unicodeScalars)
        guard scalars[position...].starts(with: wanted) else { return false }
        position += wanted.count
        return true
    }

    mutating func whole() throws(RegexError) -> RegexSyntax {
        let syntax = try choice()
        guard current == nil else { throw RegexError(message: "')' without '('") }
        return syntax
    }

    private mutating func choice() throws(RegexError) -> RegexSyntax {
        nesting += 1
        defer { nesting -= 1 }
        guard nesting <= Self.maximumNesting else {
            throw RegexError(message: "groups nested deeper than \(Self.maximumNesting)")
        }
        var branches = [try sequence()]
        while take("|") { branches.append(try sequence()) }
        return branches.count == 1 ? branches[0] : .choice(branches)
    }

    private mutating func sequence() throws(RegexError) -> RegexSyntax {
        var parts: [RegexSyntax] = []
        while let scalar = current, scalar != "|", scalar != ")" {
            if take("\\Q") {
                while current != nil, !take("\\E") {
                    parts.append(literal(scalars[position]))
                    position += 1
                }
                continue
            }
            guard let atom = try atom() else { continue }
            parts.append(try repeated(atom))
        }
        return parts.count == 1 ? parts[0] : (parts.isEmpty ? .empty : .sequence(parts))
    }

    /// `nil` for what only sets flags.
    private mutating func atom() throws(RegexError) -> RegexSyntax? {
        guard let scalar = current else { return nil }
        switch scalar {
        case "(": return try group()
        case "[": return .set(try bracket())
        case "\\": return try escape()
        case "*", "+", "?": throw RegexError(message: "nothing before '\(scalar)' to repeat")
        default: break
        }
        position += 1
        switch scalar {
        case ".":
            var set = RegexSet()
            if flags.dotTakesNewline {
                set.insert(0...0x10FFFF)
            } else {
                set.insert("\n")
                set.isNegated = true
            }
            return .set(sealed(set))
        case "^": return .assertion(flags.isMultiline ? .lineStart : .textStart)
        case "$": return .assertion(flags.isMultiline ? .lineEnd : .textEnd)
        default: return literal(scalar)
        }
    }

    func literal(_ scalar: Unicode.Scalar) -> RegexSyntax {
        var set = RegexSet()
        set.insert(scalar)
        return .set(sealed(set))
    }

    func sealed(_ set: RegexSet) -> RegexSet {
        var set = set
        set.ignoresCase = flags.ignoresCase
        set.seal()
        return set
    }

    // MARK: - Repetition

    private mutating func repeated(_ atom: RegexSyntax) throws(RegexError) -> RegexSyntax {
        guard let (least, most) = try quantifier() else { return atom }
        _ = take("?")
        let mark = position
        if try quantifier() != nil {
            position = mark
            throw RegexError(message: "a repetition of a repetition; put it into a group")
        }
        return .repetition(atom, least: least, most: most)
    }

    private mutating func quantifier() throws(RegexError) -> (least: Int, most: Int?)? {
        if take("*") { return (0, nil) }
        if take("+") { return (1, nil) }
        if take("?") { return (0, 1) }
        let start = position
        guard take("{"), let least = number() else {
            position = start
            return nil
        }
        var most: Int? = least
        if take(",") { most = number() }
        // What is no repetition stands for itself.
        guard take("}") else {
            position = start
            return nil
        }
        guard least <= Self.maximumCount, most ?? 0 <= Self.maximumCount else {
            throw RegexError(message: "a repetition of more than \(Self.maximumCount)")
        }
        if let most, most < least { throw RegexError(message: "a repetition that ends too early") }
        return (least, most)
    }

    private mutating func number() -> Int? {
        var value: Int?
        while let scalar = current,
            let digit = scalar.properties.numericType == .decimal
                ? Int(String(scalar)) : nil
        {
            value = min((value ?? 0) * 10 + digit, 100_000)
            position += 1
        }
        return value
    }

    // MARK: - Groups

    private mutating func group() throws(RegexError) -> RegexSyntax? {
        position += 1
        let outer = flags
        if take("?") {
            if take("P<") || (current == "<" && !lookaround && take("<")) {
                try skipGroupName()
            } else if try setFlags() {
                return nil
            }
        }
        let syntax = try choice()
        flags = outer
        guard take(")") else { throw RegexError(message: "a '(' without ')'") }
        return syntax
    }

    private var lookaround: Bool {
        position + 1 < scalars.count
            && (scalars[position + 1] == "=" || scalars[position + 1] == "!")
    }

    private mutating func skipGroupName() throws(RegexError) {
        let start = position
        while let scalar = current, RegexSet.isWord(scalar) { position += 1 }
        guard position > start, take(">") else {
            throw RegexError(message: "the name of a group does not end")
        }
    }

    /// After `(?`; whether the flags count for the rest of the enclosing group.
    private mutating func setFlags() throws(RegexError) -> Bool {
        var value = true
        while let scalar = current {
            position += 1
            switch scalar {
            case "i": flags.ignoresCase = value
            case "m": flags.isMultiline = value
            case "s": flags.dotTakesNewline = value
            case "U": break
            case "-" where value: value = false
            case ":": return false
            case ")": return true
            case "=", "!", "<":
                throw RegexError(message: "looking around ('(?\(scalar)') is not supported")
            default: throw RegexError(message: "an unknown flag '\(scalar)'")
            }
        }
        throw RegexError(message: "a '(' without ')'")
    }
}
