/// What one evaluation may use up. Whoever writes a workflow writes expressions, and the values
/// come from anywhere: so everything has a bound.
package struct ExpressionLimits: Hashable, Sendable {
    /// Operations: each node evaluated is one, each 64 bytes looked at are one more.
    package var steps: Int
    /// Bytes of all values that are made on the way and of the result.
    package var bytes: Int

    package init(steps: Int, bytes: Int) {
        self.steps = steps
        self.bytes = bytes
    }

    /// One million operations, 32 MiB of values.
    package static let standard = ExpressionLimits(steps: 1_000_000, bytes: 32 << 20)

    /// The longest source text of an expression, in bytes of UTF-8.
    static let sourceBytes = 64 << 10
    /// The longest source text of a text template, in bytes of UTF-8.
    static let templateBytes = 1 << 20
    /// How deep parentheses, brackets, braces and conditionals may stand in each other.
    static let nesting = 50
    /// How deep the tree of operations may be: also `a.b.c` and `a + b + c` grow it.
    static let treeDepth = 100
    /// How deep lists, maps and optionals may stand in each other in a value.
    static let valueDepth = 96
    /// What an element of a list or a map is reckoned at, in bytes.
    static let elementBytes = 32
    /// Bytes looked at that cost as much as one operation.
    static let bytesPerStep = 64
}
