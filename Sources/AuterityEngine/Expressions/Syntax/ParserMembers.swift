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
                syntax = try selection(from: syntax, at: offset, start: start)
            } else if try take(.openBracket) {
                let isOptional = try take(.question)
                let index = try expression()
                try expect(.closeBracket, toEnd: "after the index")
                syntax = try node(
                    .index(syntax, index, isOptional: isOptional), at: offset, from: start,
                    over: [syntax, index])
            } else {
                return syntax
            }
        }
    }

    private mutating func selection(
        from operand: Syntax, at offset: Int, start: Int
    ) throws(Fault) -> Syntax {
        let isOptional = try take(.question)
        let nameOffset = token.start
        switch token.kind {
        case .quotedName(let field):
            try advance()
            return try node(
                .select(operand, field: field, isOptional: isOptional), at: nameOffset,
                from: start, over: [operand])
        case .name(let field):
            guard !Word.keywords.contains(field) else {
                throw Fault(
                    .syntax, "'\(field)' is a word of the language; write ['\(field)']",
                    at: nameOffset)
            }
            try advance()
            if !isOptional, try take(.openParenthesis) {
                let arguments = try arguments()
                return try method(
                    field, on: operand, arguments, at: nameOffset, start: start)
            }
            return try node(
                .select(operand, field: field, isOptional: isOptional), at: nameOffset,
                from: start, over: [operand])
        default:
            throw Fault(
                .syntax, "expected the name of a field instead of \(token.text)", at: token.start)
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
        switch token.kind {
        case .symbol(.openParenthesis):
            try advance()
            var inner = try expression()
            try expect(.closeParenthesis, toEnd: "to close the parenthesis")
            inner.range = start..<lastEnd
            return inner
        case .symbol(.openBracket):
            try advance()
            return try list(from: start)
        case .symbol(.openBrace):
            try advance()
            return try map(from: start)
        case .symbol(.dot):
            // A leading dot names something from the outermost scope; there is only one here.
            try advance()
            return try named(from: start)
        case .name: return try named(from: start)
        default: return try literal(from: start)
        }
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

    private mutating func named(from start: Int) throws(Fault) -> Syntax {
        guard case .name(let name) = token.kind else {
            throw Fault(.syntax, "expected a name instead of \(token.text)", at: token.start)
        }
        let offset = token.start
        switch name {
        case "true", "false", "null":
            try advance()
            let value: CELValue = name == "null" ? .null : .bool(name == "true")
            return try node(.literal(value), at: offset, from: start)
        case "in":
            throw Fault(.syntax, "expected a value instead of 'in'", at: offset)
        case _ where Word.reserved.contains(name):
            throw Fault(
                .syntax, "'\(name)' is a reserved word, no name; a field of that name can be "
                    + "reached after a dot, as in input.\(name)", at: offset)
        default: break
        }
        try advance()
        if try take(.openParenthesis) {
            return try function(name, try arguments(), at: offset, start: start)
        }
        return try node(.name(name), at: offset, from: start)
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
