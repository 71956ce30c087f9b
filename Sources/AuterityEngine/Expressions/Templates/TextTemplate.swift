/// A text with `{{ expression }}` holes, read once and rendered many times.
package struct TextTemplate: Sendable {
    package let source: String
    /// The names that its holes take from their scope.
    package let names: [NameUse]

    package init(
        _ source: String, declarations: Declarations = .open
    ) throws(ExpressionError) {
        throw ExpressionError(.syntax, "the evaluator is not part of this build")
    }

    /// Whether the text is one hole and nothing else, so that its value keeps its type.
    package var isSingleHole: Bool { false }

    /// The value: of the hole, when the text is one hole, else the text with the holes filled.
    /// What a hole gives is never read as a template again.
    package func render(
        in scope: any Scope, limits: ExpressionLimits = .standard
    ) throws(ExpressionError) -> CELValue {
        throw ExpressionError(.evaluation, "the evaluator is not part of this build")
    }

    /// The value as text, also of a text that is one hole.
    package func renderText(
        in scope: any Scope, limits: ExpressionLimits = .standard
    ) throws(ExpressionError) -> String {
        throw ExpressionError(.evaluation, "the evaluator is not part of this build")
    }

    /// The text such that it stands for itself in a template: no `{{` in it opens a hole.
    package static func escape(_ text: String) -> String { text }
}
