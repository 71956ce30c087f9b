/// An HTML text with `{{ expression }}` holes. What a hole gives is text, never markup: the name of
/// a customer cannot bring a link or a picture into a message.
struct HTMLTemplate {
    private let template: TextTemplate

    init(_ source: String) throws(ExpressionError) {
        template = try TextTemplate(source)
    }

    func render(in scope: any Scope) throws(ExpressionError) -> String {
        try template.renderText(in: scope, encode: Self.escaped)
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
