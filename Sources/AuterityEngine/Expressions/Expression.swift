/// An expression of the Common Expression Language: read and checked once, evaluated many times.
package struct Expression: Sendable {
    package let source: String
    /// The type of its value as far as it is known.
    package let type: CELType
    /// The names that it takes from its scope, in the order of the text.
    package let names: [NameUse]
    let program: Program

    /// Reads and checks the text. Errors are of the kinds `syntax`, `type` and `limit`.
    package init(
        _ source: String, declarations: Declarations = .open
    ) throws(ExpressionError) {
        try self.init(source, declarations: declarations, isChecked: true)
    }

    /// Unchecked, faults of types show only when the expression is evaluated.
    init(
        _ source: String, declarations: Declarations, isChecked: Bool
    ) throws(ExpressionError) {
        guard source.utf8.count <= ExpressionLimits.sourceBytes else {
            throw ExpressionError(
                .limit, "the expression is longer than \(ExpressionLimits.sourceBytes) bytes")
        }
        do throws(Fault) {
            let bytes = Array(source.utf8)
            var parser = try Parser(bytes)
            let syntax = try parser.whole()
            let compilation = try Compilation(
                syntax, source: bytes, declarations: declarations, isChecked: isChecked)
            self.source = source
            type = compilation.type
            names = NameUse.list(compilation.uses, in: bytes)
            program = compilation.program
        } catch {
            throw error.located(in: source)
        }
    }

    /// The value of the expression with the names of `scope`.
    package func evaluate(
        in scope: any Scope, limits: ExpressionLimits = .standard
    ) throws(ExpressionError) -> CELValue {
        var run = Run(scope: scope, slotCount: program.slotCount, limits: limits)
        return try evaluate(&run)
    }

    func evaluate(_ run: inout Run) throws(ExpressionError) -> CELValue {
        do throws(Fault) {
            return try program.root.evaluate(&run)
        } catch {
            throw error.located(in: source)
        }
    }

    /// The value of a condition; anything but `true` and `false` is an error.
    package func evaluateCondition(
        in scope: any Scope, limits: ExpressionLimits = .standard
    ) throws(ExpressionError) -> Bool {
        let value = try evaluate(in: scope, limits: limits)
        guard case .bool(let bool) = value else {
            throw ExpressionError(
                .evaluation,
                "a condition gives true or false, this one a value of type "
                    + value.kind.rawValue)
        }
        return bool
    }
}

/// What is evaluated.
struct Program: Sendable {
    let root: any Node
    /// The variables of macros that are there at the same time, at most.
    let slotCount: Int
}

/// The outcome of checking one expression.
struct Compilation {
    let program: Program
    let type: CELType
    let uses: [Compiler.Use]

    init(
        _ syntax: Syntax, source: [UInt8], declarations: Declarations, isChecked: Bool
    ) throws(Fault) {
        var compiler = Compiler(source: source, declarations: declarations, isChecked: isChecked)
        let compiled = try compiler.compile(syntax)
        program = Program(root: compiled.node, slotCount: compiler.slotCount)
        type = compiled.type
        uses = compiler.uses
    }
}
