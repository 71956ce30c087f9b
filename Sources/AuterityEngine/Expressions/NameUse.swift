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

extension NameUse {
    /// The uses with their places, in the order of the text. All in one pass: a text may hold very
    /// many of them.
    static func list(_ uses: [Compiler.Use], in source: [UInt8]) -> [NameUse] {
        var position = Position()
        var offset = 0
        return uses.sorted { $0.offset < $1.offset }.map { use in
            while offset < use.offset, offset < source.count {
                position.advance(over: source[offset])
                offset += 1
            }
            return NameUse(
                root: use.root, member: use.member, isGuarded: use.isGuarded, position: position)
        }
    }
}
