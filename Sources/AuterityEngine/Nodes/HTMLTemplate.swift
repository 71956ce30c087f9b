/// An HTML text with `{{ expression }}` holes. What a hole gives is text, never markup: a customer's
/// name cannot bring a link or a picture into a message.
struct HTMLTemplate {
    private enum Part {
        case markup(Substring)
        case hole(TextTemplate)
    }

    private var parts: [Part] = []

    init(_ source: String) throws(ExpressionError) {
        // Says what is wrong with a hole, placed in the whole text.
        _ = try TextTemplate(source)
        var rest = source[...]
        while let open = Self.firstOpening(in: rest) {
            if open > rest.startIndex { parts.append(.markup(rest[..<open])) }
            guard let (hole, end) = Self.hole(in: rest[open...]) else {
                // A brace that opens nothing, as before `{{{`.
                let next = rest.index(after: open)
                parts.append(.markup(rest[open..<next]))
                rest = rest[next...]
                continue
            }
            parts.append(.hole(hole))
            rest = rest[end...]
        }
        if !rest.isEmpty { parts.append(.markup(rest)) }
    }

    func render(in scope: any Scope) throws(ExpressionError) -> String {
        var result = ""
        for part in parts {
            switch part {
            case .markup(let text): result += text
            case .hole(let hole): result += Self.escaped(try hole.renderText(in: scope))
            }
        }
        return result
    }

    private static func firstOpening(in text: Substring) -> Substring.Index? {
        var index = text.startIndex
        while index < text.endIndex {
            if text[index...].hasPrefix("{{") { return index }
            index = text.index(after: index)
        }
        return nil
    }

    /// The shortest text from here that is one hole; a `}}` may stand within a text in it.
    private static func hole(in text: Substring) -> (TextTemplate, Substring.Index)? {
        var index = text.startIndex
        while index < text.endIndex {
            if text[index...].hasPrefix("}}") {
                let end = text.index(index, offsetBy: 2)
                if let template = try? TextTemplate(String(text[..<end])), template.isSingleHole {
                    return (template, end)
                }
            }
            index = text.index(after: index)
        }
        return nil
    }

    static func escaped(_ text: String) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            case "'": result += "&#39;"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }
}
