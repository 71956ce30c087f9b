import AuterityAPI

/// A text with `{{ expression }}` holes, read once and rendered many times.
package struct TextTemplate: Sendable {
    private enum Part: Sendable {
        case text(String)
        case hole(Program)
    }

    package let source: String
    /// The names that its holes take from their scope, in the order of the text.
    package let names: [NameUse]
    private let parts: [Part]
    /// The variables of macros that are there at the same time, at most.
    let slotCount: Int

    /// Reads and checks the holes. Errors are placed in the whole text.
    package init(
        _ source: String, declarations: Declarations = .open
    ) throws(ExpressionError) {
        guard source.utf8.count <= ExpressionLimits.templateBytes else {
            throw ExpressionError(
                .limit, "the text is longer than \(ExpressionLimits.templateBytes) bytes")
        }
        self.source = source
        guard Self.hasHoles(source) else {
            names = []
            parts = [.text(source)]
            slotCount = 0
            return
        }
        do throws(Fault) {
            let bytes = Array(source.utf8)
            var uses: [Compiler.Use] = []
            parts = try Self.parts(of: bytes, declarations, &uses)
            names = NameUse.list(uses, in: bytes)
        } catch {
            throw error.located(in: source)
        }
        var slotCount = 0
        for case .hole(let program) in parts { slotCount = max(slotCount, program.slotCount) }
        self.slotCount = slotCount
    }

    /// Whether `{{` stands somewhere in the text.
    package static func hasHoles(_ text: String) -> Bool {
        var wasBrace = false
        for byte in text.utf8 {
            let isBrace = byte == UInt8(ascii: "{")
            if isBrace, wasBrace { return true }
            wasBrace = isBrace
        }
        return false
    }

    private static func parts(
        of bytes: [UInt8], _ declarations: Declarations, _ uses: inout [Compiler.Use]
    ) throws(Fault) -> [Part] {
        let mark = Array("{{".utf8)
        var parts: [Part] = []
        var position = 0
        while let open = firstOffset(of: mark, in: bytes, from: position) {
            let (syntax, start, end) = try hole(in: bytes, at: open)
            if start > position {
                parts.append(.text(String(decoding: bytes[position..<start], as: UTF8.self)))
            }
            let compilation = try Compilation(
                syntax, source: bytes, declarations: declarations, isChecked: true)
            uses += compilation.uses
            parts.append(.hole(compilation.program))
            position = end
        }
        if position < bytes.count {
            parts.append(.text(String(decoding: bytes[position...], as: UTF8.self)))
        }
        return parts
    }

    /// Of more than two braces the first two open the hole if that reads as an expression (which
    /// then begins with a map), else the last two: `{{{ name }}}` is a name within braces.
    private static func hole(
        in bytes: [UInt8], at open: Int
    ) throws(Fault) -> (syntax: Syntax, start: Int, end: Int) {
        let braces = bytes[open...].prefix { $0 == UInt8(ascii: "{") }.count
        let last = open + braces - 2
        do throws(Fault) {
            let (syntax, end) = try hole(after: open, in: bytes)
            return (syntax, open, end)
        } catch {
            guard last > open else { throw error }
            let (syntax, end) = try hole(after: last, in: bytes)
            return (syntax, last, end)
        }
    }

    private static func hole(
        after open: Int, in bytes: [UInt8]
    ) throws(Fault) -> (syntax: Syntax, end: Int) {
        var parser = try Parser(bytes, from: open + 2)
        return try parser.hole(from: open)
    }

    /// Whether there is nothing to fill in.
    package var isConstant: Bool {
        parts.allSatisfy { if case .text = $0 { true } else { false } }
    }

    /// Whether the text is one hole and nothing else, so that its value keeps its type.
    package var isSingleHole: Bool {
        if parts.count == 1, case .hole = parts[0] { true } else { false }
    }

    /// The value: of the hole, when the text is one hole, else the text with the holes filled.
    /// What a hole gives is never read as a template again. An unknown name is an error.
    package func render(
        in scope: any Scope, limits: ExpressionLimits = .standard
    ) throws(ExpressionError) -> CELValue {
        var run = Run(scope: scope, slotCount: slotCount, limits: limits)
        return try render(&run)
    }

    /// The value as text, also of a text that is one hole. `encode` makes of what a hole gives what
    /// may stand there, such as HTML without markup.
    package func renderText(
        in scope: any Scope, limits: ExpressionLimits = .standard,
        encode: (String) -> String = { $0 }
    ) throws(ExpressionError) -> String {
        var run = Run(scope: scope, slotCount: slotCount, limits: limits)
        return try renderText(&run, encode: encode)
    }

    func render(_ run: inout Run) throws(ExpressionError) -> CELValue {
        guard isSingleHole, case .hole(let program) = parts[0] else {
            return .string(try renderText(&run))
        }
        do throws(Fault) {
            return try program.root.evaluate(&run)
        } catch {
            throw error.located(in: source)
        }
    }

    private func renderText(
        _ run: inout Run, encode: (String) -> String = { $0 }
    ) throws(ExpressionError) -> String {
        var result = ""
        do throws(Fault) {
            for part in parts {
                switch part {
                case .text(let text):
                    try run.make(bytes: text.utf8.count)
                    result += text
                case .hole(let program):
                    let value = try program.root.evaluate(&run)
                    let text = encode(try Self.text(of: value, &run))
                    try run.make(bytes: text.utf8.count)
                    result += text
                }
            }
        } catch {
            throw error.located(in: source)
        }
        return result
    }

    private static func text(
        of value: CELValue, _ run: inout Run
    ) throws(Fault) -> String {
        switch value {
        case .null, .optional(nil): return ""
        case .optional(let held?): return try text(of: held, &run)
        case .bytes(let bytes):
            try run.make(bytes: bytes.count)
            return base64(bytes)
        case .type(let kind): return kind.rawValue
        case .list, .map: return try jsonText(of: value, run)
        default: return try Conversions.string(value, &run)
        }
    }

    private static func jsonText(of value: CELValue, _ run: Run) throws(Fault) -> String {
        do throws(ExpressionError) {
            return try value.json().jsonText
        } catch {
            throw Fault(error.kind, error.message, at: run.offset)
        }
    }

    /// The text such that it stands for itself in a template, whatever stands beside it: no `{{`
    /// in it opens a hole.
    package static func escape(_ text: String) -> String {
        var result = ""
        var braces = ""
        var isAtStart = true
        for scalar in text.unicodeScalars {
            guard scalar != "{" else {
                braces.unicodeScalars.append(scalar)
                continue
            }
            result += isAtStart || braces.utf8.count > 1 ? quoted(braces) : braces
            braces = ""
            isAtStart = false
            result.unicodeScalars.append(scalar)
        }
        return result + quoted(braces)
    }

    private static func quoted(_ braces: String) -> String {
        braces.isEmpty ? "" : "{{ '\(braces)' }}"
    }
}
