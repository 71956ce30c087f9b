extension Parser {
    /// A primary and what is taken from it: `.field`, `.method(…)`, `[index]`.
    mutating func member() throws(Fault) -> Syntax {
        let start = token.start
        return try member(after: try primary(), from: start)
    }

    mutating func member(after primary: Syntax, from start: Int) throws(Fault) -> Syntax {
        var syntax = primary
        while true {
            let offset = token.start
            if try take(.dot) {
                syntax = try selection(from: syntax, start: start)
            } else if try take(.openBracket) {
                syntax = try indexing(of: syntax, at: offset, start: start)
            } else {
                return syntax
            }
        }
    }

    private mutating func indexing(
        of operand: Syntax, at offset: Int, start: Int
    ) throws(Fault) -> Syntax {
        let isOptional = try take(.question)
        let index = try expression()
        try expect(.closeBracket, toEnd: "after the index")
        return try node(
            .index(operand, index, isOptional: isOptional), at: offset, from: start,
            over: [operand, index])
    }

    private mutating func selection(
        from operand: Syntax, start: Int
    ) throws(Fault) -> Syntax {
        let isOptional = try take(.question)
        let offset = token.start
        let field = try fieldName()
        if !isOptional, !field.isQuoted, try take(.openParenthesis) {
            let arguments = try arguments()
            return try method(field.name, on: operand, arguments, at: offset, start: start)
        }
        return try node(
            .select(operand, field: field.name, isOptional: isOptional), at: offset,
            from: start, over: [operand])
    }

    private mutating func fieldName() throws(Fault) -> (name: String, isQuoted: Bool) {
        let offset = token.start
        switch token.kind {
        case .quotedName(let field):
            try advance()
            return (field, true)
        case .name(let field):
            guard !Word.keywords.contains(field) else {
                throw Fault(
                    .syntax, "'\(field)' is a word of the language; write ['\(field)']",
                    at: offset)
            }
            try advance()
            return (field, false)
        default:
            throw Fault(
                .syntax, "expected the name of a field instead of \(token.text)", at: offset)
        }
    }

    /// After the opening parenthesis.
    mutating func arguments() throws(Fault) -> [Syntax] {
        var arguments: [Syntax] = []
        if try take(.closeParenthesis) { return arguments }
        repeat {
            arguments.append(try expression())
        } while try take(.comma)
        try expect(.closeParenthesis, toEnd: "after the arguments")
        return arguments
    }

    private mutating func primary() throws(Fault) -> Syntax {
        let start = token.start
        if try take(.openParenthesis) { return try parenthesized(from: start) }
        if try take(.openBracket) { return try list(from: start) }
        if try take(.openBrace) { return try map(from: start) }
        return isAtName || isAt(.dot) ? try named(from: start) : try literal(from: start)
    }

    private mutating func named(from start: Int) throws(Fault) -> Syntax {
        // A leading dot names something from the outermost scope; there is only one here.
        _ = try take(.dot)
        let offset = token.start
        let name = try name()
        if try take(.openParenthesis) {
            let arguments = try arguments()
            return try function(name, arguments, at: offset, start: start)
        }
        return try node(named(name), at: offset, from: start)
    }

    private var isAtName: Bool {
        if case .name = token.kind { true } else { false }
    }

    private mutating func parenthesized(from start: Int) throws(Fault) -> Syntax {
        let inner = try expression()
        try expect(.closeParenthesis, toEnd: "to close the parenthesis")
        return inner.widened(to: start..<lastEnd)
    }

    private mutating func literal(from start: Int) throws(Fault) -> Syntax {
        let value: CELValue
        switch token.kind {
        case .int(let size):
            guard let int = Int64(exactly: size) else {
                throw Fault(.syntax, "the number is beyond the range of int", at: start)
            }
            value = .int(int)
        case .uint(let uint): value = .uint(uint)
        case .double(let double): value = .double(double)
        case .string(let string): value = .string(string)
        case .bytes(let bytes): value = .bytes(bytes)
        case .end: throw Fault(.syntax, "the expression ends too early", at: start)
        default: throw Fault(.syntax, "expected a value instead of \(token.text)", at: start)
        }
        try advance()
        return try node(.literal(value), at: start, from: start)
    }

    private mutating func name() throws(Fault) -> String {
        let offset = token.start
        guard case .name(let name) = token.kind else {
            throw Fault(.syntax, "expected a name instead of \(token.text)", at: offset)
        }
        guard name != "in" else {
            throw Fault(.syntax, "expected a value instead of 'in'", at: offset)
        }
        guard !Word.reserved.contains(name) else {
            throw Fault(
                .syntax,
                "'\(name)' is a reserved word, no name; a field of that name can be "
                    + "reached after a dot, as in input.\(name)", at: offset)
        }
        try advance()
        return name
    }

    private func named(_ name: String) -> Syntax.Form {
        switch name {
        case "null": .literal(.null)
        case "true", "false": .literal(.bool(name == "true"))
        default: .name(name)
        }
    }

    private mutating func list(from start: Int) throws(Fault) -> Syntax {
        var elements: [Syntax.Element] = []
        while !isAt(.closeBracket) {
            let isOptional = try take(.question)
            elements.append(Syntax.Element(value: try expression(), isOptional: isOptional))
            guard try take(.comma) else { break }
        }
        try expect(.closeBracket, toEnd: "after the list")
        return try node(.list(elements), at: start, from: start, over: elements.map(\.value))
    }

    private mutating func map(from start: Int) throws(Fault) -> Syntax {
        var entries: [Syntax.Entry] = []
        while !isAt(.closeBrace) {
            let isOptional = try take(.question)
            let key = try expression()
            try expect(.colon, toEnd: "after the key")
            let value = try expression()
            entries.append(Syntax.Entry(key: key, value: value, isOptional: isOptional))
            guard try take(.comma) else { break }
        }
        try expect(.closeBrace, toEnd: "after the map")
        return try node(
            .map(entries), at: start, from: start, over: entries.flatMap { [$0.key, $0.value] })
    }
}
