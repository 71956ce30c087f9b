/// A regular expression as a tree.
indirect enum RegexSyntax: Sendable {
    case empty
    case set(RegexSet)
    case assertion(Assertion)
    case sequence([RegexSyntax])
    case choice([RegexSyntax])
    /// Without `most` as often as there is.
    case repetition(RegexSyntax, least: Int, most: Int?)

    enum Assertion: Sendable {
        case textStart
        case textEnd
        case lineStart
        case lineEnd
        case wordBoundary
        case noWordBoundary
    }
}

/// What is wrong with a regular expression.
struct RegexError: Error {
    let message: String
}
