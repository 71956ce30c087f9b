/// A node of the tree that the parser makes, with the macros already resolved. A class, so that the
/// frames of the recursive parser and compiler stay small.
final class Syntax: Sendable {
    indirect enum Form: Sendable {
        case literal(CELValue)
        case name(String)
        case select(Syntax, field: String, isOptional: Bool)
        /// `has(operand.field)`
        case presence(Syntax, field: String)
        case index(Syntax, Syntax, isOptional: Bool)
        case list([Element])
        case map([Entry])
        /// A function, or an operator by its symbol.
        case call(String, [Syntax])
        case method(Syntax, String, [Syntax])
        case and([Syntax])
        case or([Syntax])
        case conditional(Syntax, then: Syntax, otherwise: Syntax)
        case fold(Fold)
        /// `cel.bind(name, value, body)`
        case bind(String, Syntax, body: Syntax)
        /// `operand.optMap(name, body)`, or `optFlatMap`, whose body is an optional itself.
        case optionalMap(Syntax, name: String, body: Syntax, isFlat: Bool)
    }

    struct Element: Sendable {
        let value: Syntax
        let isOptional: Bool
    }

    struct Entry: Sendable {
        let key: Syntax
        let value: Syntax
        let isOptional: Bool
    }

    /// A macro that goes through a list or a map.
    final class Fold: Sendable {
        enum Goal: Sendable {
            case all
            case exists
            case existsOne
            case filter
            /// `map` and `transformList`
            case list
            case mapValues
            case mapEntries
        }

        let goal: Goal
        let range: Syntax
        /// The element or the key; with two variables the index or the key.
        let first: String
        /// With two variables the value.
        let second: String?
        let condition: Syntax?
        let result: Syntax?

        init(
            goal: Goal, range: Syntax, first: String, second: String?, condition: Syntax?,
            result: Syntax?
        ) {
            self.goal = goal
            self.range = range
            self.first = first
            self.second = second
            self.condition = condition
            self.result = result
        }
    }

    let form: Form
    /// Where an error about this node is shown.
    let offset: Int
    /// The bytes of the source that it was read from.
    let range: Range<Int>
    /// How deep the tree is from here down.
    let depth: Int

    init(form: Form, offset: Int, range: Range<Int>, depth: Int) {
        self.form = form
        self.offset = offset
        self.range = range
        self.depth = depth
    }

    /// The same node, read from more of the source: with the parentheses around it.
    func widened(to range: Range<Int>) -> Syntax {
        Syntax(form: form, offset: offset, range: range, depth: depth)
    }
}
