/// Checks the types of a tree as far as they are known and makes the form that is evaluated.
struct Compiler {
    struct Compiled {
        let node: any Node
        let type: CELType
    }

    /// A name taken from the scope, by its offset in the source.
    struct Use {
        let root: String
        let member: String?
        let isGuarded: Bool
        let offset: Int
    }

    struct Local {
        let name: String
        let slot: Int
        let type: CELType
    }

    let source: [UInt8]
    let declarations: Declarations
    /// Unchecked, what does not fit fails only when it is evaluated.
    let isChecked: Bool
    private var locals: [Local] = []
    private(set) var slotCount = 0
    private(set) var uses: [Use] = []

    init(source: [UInt8], declarations: Declarations, isChecked: Bool) {
        self.source = source
        self.declarations = declarations
        self.isChecked = isChecked
    }

    /// Which kind of node it is decides who compiles it; one small frame a level.
    mutating func compile(_ syntax: Syntax) throws(Fault) -> Compiled {
        switch syntax.form {
        case .literal, .name: try leaf(syntax)
        case .select: try select(syntax)
        case .presence: try presence(syntax)
        case .index: try index(syntax)
        case .list: try list(syntax)
        case .map: try map(syntax)
        case .call: try call(syntax)
        case .method: try method(syntax)
        case .and, .or: try junction(syntax)
        case .conditional: try conditional(syntax)
        case .fold: try fold(syntax)
        case .bind: try bind(syntax)
        case .optionalMap: try optionalMap(syntax)
        }
    }

    mutating func compileAll(_ syntaxes: [Syntax]) throws(Fault) -> [Compiled] {
        var compiled: [Compiled] = []
        for syntax in syntaxes { compiled.append(try compile(syntax)) }
        return compiled
    }

    private mutating func leaf(_ syntax: Syntax) throws(Fault) -> Compiled {
        switch syntax.form {
        case .literal(let value): literal(value)
        case .name(let name): try self.name(name, at: syntax.offset)
        default: try refuse("no value", at: syntax.offset)
        }
    }

    // MARK: - Faults

    /// A fault of types: thrown when checking, else left for the evaluation.
    func refuse(_ message: String, at offset: Int) throws(Fault) -> Compiled {
        guard !isChecked else { throw Fault(.type, message, at: offset) }
        return Compiled(node: FaultNode(Fault(.evaluation, message, at: offset)), type: .dyn)
    }

    func require(_ holds: Bool, _ message: String, at offset: Int) throws(Fault) {
        guard isChecked, !holds else { return }
        throw Fault(.type, message, at: offset)
    }

    func isBool(_ type: CELType) -> Bool { type == .bool || type == .dyn }

    // MARK: - Names

    func local(_ name: String) -> Local? {
        locals.last { $0.name == name }
    }

    /// Compiles what sees one more variable.
    mutating func withLocal(
        _ name: String, _ type: CELType, _ body: Syntax
    ) throws(Fault) -> (slot: Int, body: Compiled) {
        let slot = push(name, type)
        let compiled = try compile(body)
        pop()
        return (slot, compiled)
    }

    mutating func push(_ name: String, _ type: CELType) -> Int {
        let slot = locals.count
        locals.append(Local(name: name, slot: slot, type: type))
        slotCount = max(slotCount, locals.count)
        return slot
    }

    mutating func pop() {
        locals.removeLast()
    }

    private func literal(_ value: CELValue) -> Compiled {
        let type: CELType =
            switch value {
            case .null: .null
            case .bool: .bool
            case .int: .int
            case .uint: .uint
            case .double: .double
            case .string: .string
            case .bytes: .bytes
            default: .dyn
            }
        return Compiled(node: LiteralNode(value), type: type)
    }

    mutating func name(
        _ name: String, member: String? = nil, isGuarded: Bool = false, at offset: Int
    ) throws(Fault) -> Compiled {
        if let local = local(name) {
            return Compiled(node: LocalNode(slot: local.slot), type: local.type)
        }
        let node = NameNode(name, offset: offset)
        if let type = declarations.types[name] {
            use(name, member, isGuarded, offset)
            return Compiled(node: node, type: type)
        }
        if node.type != nil {
            return Compiled(node: node, type: declarations.isClosed ? .type : .dyn)
        }
        if declarations.isClosed, isChecked {
            throw Fault(
                .type, unknownNameMessage(name, among: declarations.types.keys.sorted()),
                at: offset)
        }
        use(name, member, isGuarded, offset)
        return Compiled(node: node, type: .dyn)
    }

    private mutating func use(
        _ name: String, _ member: String?, _ isGuarded: Bool, _ offset: Int
    ) {
        uses.append(Use(root: name, member: member, isGuarded: isGuarded, offset: offset))
    }

    /// The operand of a selection, noting which member is taken of a name.
    mutating func operand(
        _ syntax: Syntax, member: String?, isGuarded: Bool
    ) throws(Fault) -> Compiled {
        guard case .name(let name) = syntax.form else { return try compile(syntax) }
        return try self.name(name, member: member, isGuarded: isGuarded, at: syntax.offset)
    }

    /// A path such as `a.b.c` as a name of its own: a declared variable, or a type.
    mutating func dottedName(_ syntax: Syntax) -> Compiled? {
        guard let path = path(syntax) else { return nil }
        if let type = declarations.types[path] {
            uses.append(Use(root: path, member: nil, isGuarded: false, offset: syntax.offset))
            return Compiled(node: NameNode(path, offset: syntax.offset), type: type)
        }
        guard let kind = CELKind(denotedBy: path) else { return nil }
        return Compiled(node: LiteralNode(.type(kind)), type: .type)
    }

    private func path(_ syntax: Syntax) -> String? {
        var parts: [String] = []
        var rest = syntax
        while case .select(let operand, let field, false) = rest.form {
            parts.append(field)
            rest = operand
        }
        guard case .name(let root) = rest.form, !parts.isEmpty, local(root) == nil else {
            return nil
        }
        return ([root] + parts.reversed()).joined(separator: ".")
    }
}
