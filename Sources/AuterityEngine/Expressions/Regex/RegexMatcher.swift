extension RegexProgram {
    /// Steps through a program that cost as much as one operation of an expression.
    private static let workPerStep = 16

    /// Whether the pattern matches some part of the text.
    func matches(_ text: String, _ run: inout Run) throws(Fault) -> Bool {
        var threads = Threads(program: instructions)
        var previous: Unicode.Scalar?
        var work = 0
        for scalar in text.unicodeScalars {
            if threads.enter(at: 0, between: previous, and: scalar) { return true }
            work += threads.visits
            if work >= Self.workPerStep {
                try run.step(work / Self.workPerStep)
                work %= Self.workPerStep
            }
            threads.advance(over: scalar)
            previous = scalar
        }
        return threads.enter(at: 0, between: previous, and: nil)
    }

    /// The places of the program that are reached at a place of the text.
    private struct Threads {
        private let program: [Instruction]
        /// Instructions that take a scalar.
        private var waiting: [Int] = []
        /// Where the program goes on after the last scalar.
        private var pending: [Int] = []
        /// The place in the text at which each instruction was last entered.
        private var entered: [Int]
        private var place = 0
        private var stack: [Int] = []

        init(program: [Instruction]) {
            self.program = program
            entered = Array(repeating: -1, count: program.count)
        }

        /// How many instructions were looked at on the last entering.
        private(set) var visits = 0

        /// Enters what is pending, and the start, at the place between two scalars; whether the
        /// end of the program is reached.
        mutating func enter(
            at start: Int, between previous: Unicode.Scalar?, and next: Unicode.Scalar?
        ) -> Bool {
            stack = pending
            stack.append(start)
            pending.removeAll(keepingCapacity: true)
            waiting.removeAll(keepingCapacity: true)
            visits = 1
            while let index = stack.popLast() {
                visits += 1
                guard entered[index] != place else { continue }
                entered[index] = place
                switch program[index] {
                case .accept: return true
                case .set: waiting.append(index)
                case .jump(let target): stack.append(target)
                case .fork(let first, let second):
                    stack.append(first)
                    stack.append(second)
                case .assertion(let assertion):
                    if holds(assertion, previous, next) { stack.append(index + 1) }
                }
            }
            return false
        }

        mutating func advance(over scalar: Unicode.Scalar) {
            place += 1
            // Looked up once for all sets: it costs much more than a comparison.
            var known: [Unicode.Scalar]?
            let variants = {
                let variants = known ?? RegexSet.variants(of: scalar)
                known = variants
                return variants
            }
            for index in waiting {
                if case .set(let set) = program[index],
                    set.contains(scalar, variants: variants)
                {
                    pending.append(index + 1)
                }
            }
        }

        private func holds(
            _ assertion: RegexSyntax.Assertion, _ previous: Unicode.Scalar?,
            _ next: Unicode.Scalar?
        ) -> Bool {
            switch assertion {
            case .textStart: previous == nil
            case .textEnd: next == nil
            case .lineStart: previous == nil || previous == "\n"
            case .lineEnd: next == nil || next == "\n"
            case .wordBoundary: RegexSet.isWord(previous) != RegexSet.isWord(next)
            case .noWordBoundary: RegexSet.isWord(previous) == RegexSet.isWord(next)
            }
        }
    }
}
