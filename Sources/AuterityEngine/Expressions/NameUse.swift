/// A name that an expression takes from its scope, for warnings about names that nothing provides.
package struct NameUse: Hashable, Sendable {
    /// The name itself: `steps` in `steps.fetch.output`.
    package let root: String
    /// The field taken from it, when it is written down: `fetch` in `steps.fetch.output` and in
    /// `steps['fetch']`.
    package let member: String?
    /// Whether the expression copes with a missing member: `has(params.x)`, `params.?x`.
    package let isGuarded: Bool
    package let position: Position
}
