package import AuterityAPI

/// A tree of JSON whose texts are templates, read once and rendered many times.
package struct JSONTemplate: Sendable {
    /// What a text that stands by itself is.
    package enum Place: Hashable, Sendable {
        /// A text template.
        case text
        /// An expression when it holds no `{{`, else a text template. Texts deeper in the tree are
        /// text templates.
        case expression
    }

    /// The names that its holes take from their scope.
    package let names: [NameUse]

    package init(
        _ value: JSONValue, place: Place = .text, declarations: Declarations = .open
    ) throws(ExpressionError) {
        throw ExpressionError(.syntax, "the evaluator is not part of this build")
    }

    /// The tree with every text rendered.
    package func render(
        in scope: any Scope, limits: ExpressionLimits = .standard
    ) throws(ExpressionError) -> JSONValue {
        throw ExpressionError(.evaluation, "the evaluator is not part of this build")
    }
}
