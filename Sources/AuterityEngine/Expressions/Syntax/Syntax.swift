/// A node of the tree that the parser makes, with the macros already resolved.
struct Syntax: Sendable {
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
    struct Fold: Sendable {
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
    }

    let form: Form
    /// Where an error about this node is shown.
    let offset: Int
    /// The bytes of the source that it was read from.
    var range: Range<Int>
    /// How deep the tree is from here down.
    let depth: Int
}
