final class UnaryNode: Node {
    let operand: any Node
    let body: Function.Unary
    let offset: Int

    init(_ operand: any Node, body: @escaping Function.Unary, offset: Int) {
        self.operand = operand
        self.body = body
        self.offset = offset
    }

    func evaluate(_ run: inout Run) throws(Fault) -> CELValue {
        try run.step()
        let value = try operand.evaluate(&run)
        run.offset = offset
        return try body(value, &run)
    }
}

final class BinaryNode: Node {
    let left: any Node
    let right: any Node
    let body: Function.Binary
    let offset: Int

    init(_ left: any Node, _ right: any Node, body: @escaping Function.Binary, offset: Int) {
        self.left = left
        self.right = right
        self.body = body
        self.offset = offset
    }

    func evaluate(_ run: inout Run) throws(Fault) -> CELValue {
        try run.step()
        let leftValue = try left.evaluate(&run)
        let rightValue = try right.evaluate(&run)
        run.offset = offset
        return try body(leftValue, rightValue, &run)
    }
}

/// An arithmetic operator: as `BinaryNode`, but it says how to write what does not fit.
final class ArithmeticNode: Node {
    let left: any Node
    let right: any Node
    let body: Function.Binary
    let hint: ArithmeticHint
    let offset: Int

    init(
        _ left: any Node, _ right: any Node, body: @escaping Function.Binary,
        hint: ArithmeticHint, offset: Int
    ) {
        self.left = left
        self.right = right
        self.body = body
        self.hint = hint
        self.offset = offset
    }

    func evaluate(_ run: inout Run) throws(Fault) -> CELValue {
        try run.step()
        let leftValue = try left.evaluate(&run)
        let rightValue = try right.evaluate(&run)
        run.offset = offset
        if leftValue.kind != rightValue.kind,
            let message = hint.message(leftValue.kind.rawValue, rightValue.kind.rawValue)
        {
            throw run.fault(message)
        }
        return try body(leftValue, rightValue, &run)
    }
}

final class ManyNode: Node {
    let arguments: [any Node]
    let body: Function.Many
    let offset: Int

    init(_ arguments: [any Node], body: @escaping Function.Many, offset: Int) {
        self.arguments = arguments
        self.body = body
        self.offset = offset
    }

    func evaluate(_ run: inout Run) throws(Fault) -> CELValue {
        try run.step(1 + arguments.count)
        var values: [CELValue] = []
        values.reserveCapacity(arguments.count)
        for argument in arguments {
            values.append(try argument.evaluate(&run))
        }
        run.offset = offset
        return try body(values, &run)
    }
}

/// What to write instead of an operation on types that do not mix.
struct ArithmeticHint: Sendable {
    let name: String
    let left: String
    let right: String

    /// `nil` when the types are no such pair.
    func message(_ leftType: String, _ rightType: String) -> String? {
        guard let fix = fix(leftType, rightType) else { return nil }
        return noOverloadMessage(name, [leftType, rightType]) + "; write \(fix)"
    }

    private func fix(_ leftType: String, _ rightType: String) -> String? {
        switch (leftType, rightType) {
        case ("int", "double") where name != "%", ("uint", "double") where name != "%":
            "double(\(left)) \(name) \(right)"
        case ("double", "int") where name != "%", ("double", "uint") where name != "%":
            "\(left) \(name) double(\(right))"
        case ("int", "uint"): "\(left) \(name) int(\(right))"
        case ("uint", "int"): "int(\(left)) \(name) \(right)"
        case ("string", "int"), ("string", "uint"), ("string", "double"), ("string", "bool"):
            name == "+" ? "\(left) + string(\(right))" : nil
        case ("int", "string"), ("uint", "string"), ("double", "string"), ("bool", "string"):
            name == "+" ? "string(\(left)) + \(right)" : nil
        default: nil
        }
    }
}
