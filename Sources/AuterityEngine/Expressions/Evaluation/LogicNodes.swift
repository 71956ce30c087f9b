/// `&&` and `||` over any number of terms. A term that decides wins over errors in the others,
/// whatever the order; exhausted limits are never absorbed.
final class JunctionNode: Node {
    let terms: [any Node]
    /// `false` for `&&`, `true` for `||`: the value that decides.
    let deciding: Bool
    let offset: Int

    init(_ terms: [any Node], deciding: Bool, offset: Int) {
        self.terms = terms
        self.deciding = deciding
        self.offset = offset
    }

    func evaluate(_ run: inout Run) throws(Fault) -> CELValue {
        try run.step()
        var firstFault: Fault?
        for term in terms {
            let value: CELValue
            do {
                value = try term.evaluate(&run)
            } catch {
                guard error.kind != .limit else { throw error }
                firstFault = firstFault ?? error
                continue
            }
            if case .bool(let bool) = value {
                if bool == deciding { return value }
            } else {
                firstFault = firstFault ?? refusal(of: value)
            }
        }
        if let firstFault { throw firstFault }
        return .bool(!deciding)
    }

    private func refusal(of value: CELValue) -> Fault {
        let name = deciding ? "||" : "&&"
        return Fault(
            .evaluation,
            "no matching overload for '\(name)': it joins bools, not "
                + value.kind.rawValue, at: offset)
    }
}

final class ConditionalNode: Node {
    let condition: any Node
    let then: any Node
    let otherwise: any Node
    let offset: Int

    init(_ condition: any Node, then: any Node, otherwise: any Node, offset: Int) {
        self.condition = condition
        self.then = then
        self.otherwise = otherwise
        self.offset = offset
    }

    func evaluate(_ run: inout Run) throws(Fault) -> CELValue {
        try run.step()
        let value = try condition.evaluate(&run)
        guard case .bool(let holds) = value else {
            throw Fault(
                .evaluation,
                "no matching overload for '?:': the condition is \(value.kind.rawValue), not bool",
                at: offset)
        }
        return holds ? try then.evaluate(&run) : try otherwise.evaluate(&run)
    }
}
