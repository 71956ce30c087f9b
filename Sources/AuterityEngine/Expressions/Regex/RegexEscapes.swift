extension RegexParser {
    /// At a backslash, outside brackets.
    mutating func escape() throws(RegexError) -> RegexSyntax {
        position += 1
        guard let scalar = current else { throw RegexError(message: "it ends with a backslash") }
        switch scalar {
        case "A": position += 1; return .assertion(.textStart)
        case "z": position += 1; return .assertion(.textEnd)
        case "b": position += 1; return .assertion(.wordBoundary)
        case "B": position += 1; return .assertion(.noWordBoundary)
        case "1"..."9":
            throw RegexError(message: "references back ('\\\(scalar)') are not supported")
        default: break
        }
        var set = RegexSet()
        if try !takeClass(into: &set) { set.insert(try escapedScalar()) }
        return .set(sealed(set))
    }

    /// At the letter after a backslash: `d`, `W`, `p{L}`. Whether there was such a class.
    private mutating func takeClass(into set: inout RegexSet) throws(RegexError) -> Bool {
        guard let scalar = current else { return false }
        switch scalar {
        case "d", "D": set.insert(RegexSet.digits, negated: scalar == "D")
        case "w", "W": set.insert(RegexSet.words, negated: scalar == "W")
        case "s", "S": set.insert(RegexSet.spaces, negated: scalar == "S")
        case "p", "P":
            position += 1
            try takeCategory(into: &set, negated: scalar == "P")
            return true
        default: return false
        }
        position += 1
        return true
    }

    private mutating func takeCategory(
        into set: inout RegexSet, negated: Bool
    ) throws(RegexError) {
        var name = ""
        if take("{") {
            while let scalar = current, scalar != "}" {
                name.unicodeScalars.append(scalar)
                position += 1
            }
            guard take("}") else { throw RegexError(message: "'\\p{' without '}'") }
        } else if let scalar = current {
            name.unicodeScalars.append(scalar)
            position += 1
        }
        let isInverse = name.hasPrefix("^")
        if isInverse { name.removeFirst() }
        guard let test = RegexSet.category(name) else {
            throw RegexError(
                message: "no class '\\p{\(Conversions.excerpt(name))}'; there are general "
                    + "categories such as L, Lu, Nd, P")
        }
        let wanted = negated == isInverse
        set.insert { test($0) == wanted }
    }

    /// At what follows a backslash, where it stands for one scalar.
    private mutating func escapedScalar() throws(RegexError) -> Unicode.Scalar {
        guard let scalar = current else { throw RegexError(message: "it ends with a backslash") }
        position += 1
        switch scalar {
        case "a": return "\u{07}"
        case "f": return "\u{0C}"
        case "n": return "\n"
        case "r": return "\r"
        case "t": return "\t"
        case "v": return "\u{0B}"
        case "0": return try code(octalDigits(), radix: 8)
        case "x": return try hexadecimal()
        default:
            let isLetter = RegexSet.isWord(scalar) && scalar != "_"
            guard !isLetter else {
                throw RegexError(message: "an unknown escape '\\\(scalar)'")
            }
            return scalar
        }
    }

    private mutating func octalDigits() -> String {
        var digits = "0"
        while digits.count < 3, let scalar = current, ("0"..."7").contains(scalar) {
            digits.unicodeScalars.append(scalar)
            position += 1
        }
        return digits
    }

    private mutating func hexadecimal() throws(RegexError) -> Unicode.Scalar {
        var digits = ""
        if take("{") {
            while let scalar = current, scalar != "}", digits.count < 9 {
                digits.unicodeScalars.append(scalar)
                position += 1
            }
            guard take("}") else { throw RegexError(message: "'\\x{' without '}'") }
        } else {
            while digits.count < 2, let scalar = current {
                digits.unicodeScalars.append(scalar)
                position += 1
            }
        }
        return try code(digits, radix: 16)
    }

    private func code(_ digits: String, radix: Int) throws(RegexError) -> Unicode.Scalar {
        guard let value = UInt32(digits, radix: radix), let scalar = Unicode.Scalar(value) else {
            throw RegexError(message: "an escape that names no character")
        }
        return scalar
    }

    // MARK: - Brackets

    /// At `[`.
    mutating func bracket() throws(RegexError) -> RegexSet {
        position += 1
        var set = RegexSet()
        set.isNegated = take("^")
        var isFirst = true
        while let scalar = current, scalar != "]" || isFirst {
            isFirst = false
            if take("[:") {
                try takeNamedClass(into: &set)
                continue
            }
            if scalar == "\\" {
                position += 1
                if try takeClass(into: &set) { continue }
                position -= 1
            }
            let low = try bracketScalar()
            guard current == "-", position + 1 < scalars.count, scalars[position + 1] != "]" else {
                set.insert(low)
                continue
            }
            position += 1
            let high = try bracketScalar()
            guard low.value <= high.value else {
                throw RegexError(message: "a range that ends before it begins")
            }
            set.insert(low.value...high.value)
        }
        guard take("]") else { throw RegexError(message: "a '[' without ']'") }
        return sealed(set)
    }

    private mutating func bracketScalar() throws(RegexError) -> Unicode.Scalar {
        guard let scalar = current else { throw RegexError(message: "a '[' without ']'") }
        position += 1
        return scalar == "\\" ? try escapedScalar() : scalar
    }

    private mutating func takeNamedClass(into set: inout RegexSet) throws(RegexError) {
        let isNegated = take("^")
        var name = ""
        while let scalar = current, RegexSet.isWord(scalar) {
            name.unicodeScalars.append(scalar)
            position += 1
        }
        guard take(":]"), let ranges = RegexSet.namedClasses[name] else {
            throw RegexError(message: "no class '[:\(Conversions.excerpt(name)):]'")
        }
        set.insert(ranges, negated: isNegated)
    }
}
