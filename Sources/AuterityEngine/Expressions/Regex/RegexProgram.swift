/// A compiled regular expression. It is matched by following all ways through it at once (Thompson,
/// Pike), so the time is linear in the text, whatever the pattern.
struct RegexProgram: Sendable {
    enum Instruction: Sendable {
        case accept
        case set(RegexSet)
        case assertion(RegexSyntax.Assertion)
        case jump(Int)
        case fork(Int, Int)
    }

    /// Instructions; patterns that need more are refused.
    static let maximumSize = 10_000

    /// Parts looked at while compiling: repeated parts that are empty make no instructions.
    private static let maximumWork = 100_000

    private(set) var instructions: [Instruction] = []
    private var work = 0

    init(_ pattern: String) throws(RegexError) {
        var parser = try RegexParser(pattern)
        let syntax = try parser.whole()
        try emit(syntax)
        try append(.accept)
    }

    /// Compiles a pattern that is known only now.
    static func compile(_ pattern: String, _ run: inout Run) throws(Fault) -> RegexProgram {
        do throws(RegexError) {
            let program = try RegexProgram(pattern)
            try run.stepForRegex(program.instructions.count)
            return program
        } catch {
            throw run.fault(Self.refusal(pattern, error))
        }
    }

    static func refusal(_ pattern: String, _ error: RegexError) -> String {
        "'\(Conversions.excerpt(pattern))' is no regular expression: \(error.message)"
    }

    // MARK: - Compiling

    private static let tooLarge = RegexError(
        message: "it is too large; use fewer or smaller repetitions")

    private mutating func append(_ instruction: Instruction) throws(RegexError) {
        guard instructions.count < Self.maximumSize else { throw Self.tooLarge }
        instructions.append(instruction)
    }

    private mutating func emit(_ syntax: RegexSyntax) throws(RegexError) {
        work += 1
        guard work <= Self.maximumWork else { throw Self.tooLarge }
        switch syntax {
        case .empty: break
        case .set(let set): try append(.set(set))
        case .assertion(let assertion): try append(.assertion(assertion))
        case .sequence(let parts):
            for part in parts { try emit(part) }
        case .choice(let branches): try emitChoice(branches)
        case .repetition(let body, let least, let most):
            for _ in 0..<least { try emit(body) }
            guard let most else {
                try emitLoop(body)
                return
            }
            try emitOptional(body, times: most - least)
        }
    }

    private mutating func emitChoice(_ branches: [RegexSyntax]) throws(RegexError) {
        var exits: [Int] = []
        for (index, branch) in branches.enumerated() {
            guard index < branches.count - 1 else {
                try emit(branch)
                break
            }
            let fork = instructions.count
            try append(.fork(fork + 1, fork + 1))
            try emit(branch)
            exits.append(instructions.count)
            try append(.jump(0))
            instructions[fork] = .fork(fork + 1, instructions.count)
        }
        for exit in exits { instructions[exit] = .jump(instructions.count) }
    }

    private mutating func emitLoop(_ body: RegexSyntax) throws(RegexError) {
        let fork = instructions.count
        try append(.fork(fork + 1, fork + 1))
        try emit(body)
        try append(.jump(fork))
        instructions[fork] = .fork(fork + 1, instructions.count)
    }

    private mutating func emitOptional(
        _ body: RegexSyntax, times: Int
    ) throws(RegexError) {
        var forks: [Int] = []
        for _ in 0..<times {
            forks.append(instructions.count)
            try append(.fork(0, 0))
            try emit(body)
        }
        for fork in forks { instructions[fork] = .fork(fork + 1, instructions.count) }
    }
}

extension Run {
    /// The steps of making a program are few next to those of running it.
    mutating func stepForRegex(_ size: Int) throws(RegexError) {
        do {
            try step(size / 16)
        } catch {
            throw RegexError(message: error.message)
        }
    }
}
