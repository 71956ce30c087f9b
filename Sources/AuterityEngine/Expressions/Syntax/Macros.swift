/// Calls that are no functions: what stands in them is not evaluated first.
extension Parser {
    func function(
        _ name: String, _ arguments: [Syntax], at offset: Int, start: Int
    ) throws(Fault) -> Syntax {
        if name == "has", arguments.count == 1 {
            guard case .select(let operand, let field, false) = arguments[0].form else {
                throw Fault(
                    .syntax, "has() asks for a field, as in has(input.email)",
                    at: arguments[0].offset)
            }
            return try node(
                .presence(operand, field: field), at: offset, from: start, over: [operand])
        }
        return try node(.call(name, arguments), at: offset, from: start, over: arguments)
    }

    func method(
        _ name: String, on operand: Syntax, _ arguments: [Syntax], at offset: Int, start: Int
    ) throws(Fault) -> Syntax {
        switch (name, arguments.count) {
        case ("bind", 3):
            guard case .name("cel") = operand.form else { break }
            let variable = try variable(arguments[0])
            return try node(
                .bind(variable, arguments[1], body: arguments[2]), at: offset, from: start,
                over: arguments)
        case ("optMap", 2), ("optFlatMap", 2):
            let variable = try variable(arguments[0])
            return try node(
                .optionalMap(
                    operand, name: variable, body: arguments[1], isFlat: name == "optFlatMap"),
                at: offset, from: start, over: [operand, arguments[1]])
        default:
            guard let fold = try fold(name, over: operand, arguments) else { break }
            return try node(.fold(fold), at: offset, from: start, over: [operand] + arguments)
        }
        return try node(
            .method(operand, name, arguments), at: offset, from: start, over: [operand] + arguments)
    }

    private func fold(
        _ name: String, over range: Syntax, _ arguments: [Syntax]
    ) throws(Fault) -> Syntax.Fold? {
        guard let shape = Self.folds[Signature(name: name, count: arguments.count)] else {
            return nil
        }
        let variables = shape.hasTwoVariables ? 2 : 1
        let first = try variable(arguments[0])
        let second = shape.hasTwoVariables ? try variable(arguments[1]) : nil
        if let second, second == first {
            throw Fault(
                .syntax, "both variables of \(name) are named '\(first)'", at: arguments[1].offset)
        }
        let rest = arguments.dropFirst(variables)
        return Syntax.Fold(
            goal: shape.goal, range: range, first: first, second: second,
            condition: shape.hasCondition ? rest.first : nil,
            result: shape.hasResult ? rest.last : nil)
    }

    private func variable(_ syntax: Syntax) throws(Fault) -> String {
        guard case .name(let name) = syntax.form else {
            throw Fault(.syntax, "expected the name of a variable", at: syntax.offset)
        }
        return name
    }

    private struct Signature: Hashable {
        let name: String
        let count: Int
    }

    private struct Shape {
        let goal: Syntax.Fold.Goal
        var hasTwoVariables = false
        var hasCondition = true
        var hasResult = false
    }

    private static let folds: [Signature: Shape] = {
        var folds: [Signature: Shape] = [:]
        for (name, goal) in [
            ("all", .all), ("exists", .exists), ("exists_one", .existsOne),
            ("existsOne", .existsOne),
        ] as [(String, Syntax.Fold.Goal)] {
            folds[Signature(name: name, count: 2)] = Shape(goal: goal)
            folds[Signature(name: name, count: 3)] = Shape(goal: goal, hasTwoVariables: true)
        }
        folds[Signature(name: "filter", count: 2)] = Shape(goal: .filter)
        folds[Signature(name: "map", count: 2)] = Shape(
            goal: .list, hasCondition: false, hasResult: true)
        folds[Signature(name: "map", count: 3)] = Shape(goal: .list, hasResult: true)
        for (name, goal) in [
            ("transformList", .list), ("transformMap", .mapValues),
            ("transformMapEntry", .mapEntries),
        ] as [(String, Syntax.Fold.Goal)] {
            folds[Signature(name: name, count: 3)] = Shape(
                goal: goal, hasTwoVariables: true, hasCondition: false, hasResult: true)
            folds[Signature(name: name, count: 4)] = Shape(
                goal: goal, hasTwoVariables: true, hasResult: true)
        }
        return folds
    }()
}
