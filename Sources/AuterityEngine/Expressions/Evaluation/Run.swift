/// One evaluation: the names in reach, the variables of macros, and what is left of the budget.
struct Run {
    let scope: any Scope
    /// The variables of macros, each in the slot that the compiler gave it.
    var slots: [CELValue]
    /// Where the operation that runs now stands in the source.
    var offset = 0
    private var stepsLeft: Int
    private var bytesLeft: Int

    init(scope: any Scope, slotCount: Int, limits: ExpressionLimits) {
        self.scope = scope
        slots = slotCount == 0 ? [] : Array(repeating: .null, count: slotCount)
        stepsLeft = limits.steps
        bytesLeft = limits.bytes
    }

    mutating func step(_ count: Int = 1) throws(Fault) {
        stepsLeft -= count
        guard stepsLeft >= 0 else {
            throw Fault(
                .limit, "the expression takes too many steps; split it or work on less", at: offset)
        }
    }

    /// Reckons with bytes that are read through.
    mutating func look(at bytes: Int) throws(Fault) {
        try step(bytes / ExpressionLimits.bytesPerStep)
    }

    /// Reckons with bytes of new values; before they are made.
    mutating func make(bytes: Int) throws(Fault) {
        try look(at: bytes)
        bytesLeft -= bytes
        guard bytesLeft >= 0 else {
            throw Fault(.limit, "the values of the expression get too large", at: offset)
        }
    }

    mutating func makeElements(_ count: Int) throws(Fault) {
        try make(bytes: count * ExpressionLimits.elementBytes)
    }

    func checkDepth(of value: CELValue) throws(Fault) {
        guard value.depth <= ExpressionLimits.valueDepth else {
            throw Fault(
                .limit, "values nested deeper than \(ExpressionLimits.valueDepth)", at: offset)
        }
    }

    func fault(_ message: String) -> Fault {
        Fault(.evaluation, message, at: offset)
    }

    func noOverload(_ name: String, _ arguments: [CELValue]) -> Fault {
        fault(noOverloadMessage(name, arguments.map(\.kind.rawValue)))
    }
}

func noOverloadMessage(_ name: String, _ types: [String]) -> String {
    "no matching overload for '\(name)' with (\(types.joined(separator: ", ")))"
}

/// A node of the compiled form. Each kind is a class of its own, so that a level of the tree costs
/// one small frame of the stack.
protocol Node: AnyObject, Sendable {
    func evaluate(_ run: inout Run) throws(Fault) -> CELValue
}
