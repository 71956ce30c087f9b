/// The string functions of the standard library.
enum Strings {
    static let functions: [Function] = [
        test("startsWith") { text, part in text.starts(with: part) },
        test("endsWith") { text, part in
            text.count >= part.count && text.suffix(part.count).elementsEqual(part)
        },
        test("contains") { text, part in firstOffset(of: part, in: text) != nil },
        .binary(
            "matches", .method(.string, .string, gives: .bool),
            .global(.string, .string, gives: .bool),
            body: { (text, pattern, run) throws(Fault) in
                guard case .string(let text) = text, case .string(let pattern) = pattern else {
                    throw run.noOverload("matches", [text, pattern])
                }
                let program = try RegexProgram.compile(pattern, &run)
                return .bool(try program.matches(text, &run))
            }),
    ]

    private static func test(
        _ name: String, _ holds: @escaping @Sendable ([UInt8], [UInt8]) -> Bool
    ) -> Function {
        .binary(
            name, .method(.string, .string, gives: .bool),
            body: { (text, part, run) throws(Fault) in
                guard case .string(let text) = text, case .string(let part) = part else {
                    throw run.noOverload(name, [text, part])
                }
                try run.look(at: text.utf8.count + part.utf8.count)
                return .bool(holds(Array(text.utf8), Array(part.utf8)))
            })
    }
}
