/// Matches the types of arguments with those of a signature.
struct TypeMatching {
    private var bindings: [String: CELType] = [:]

    /// Whether an argument of this type may stand there, as far as is known.
    mutating func accepts(_ parameter: CELType, _ argument: CELType) -> Bool {
        if argument == .dyn {
            // What is only known at run time stands for anything.
            if case .parameter(let name) = parameter { bindings[name] = .dyn }
            return true
        }
        switch (parameter, argument) {
        case (.dyn, _): return true
        case (.parameter(let name), _):
            guard let bound = bindings[name] else {
                bindings[name] = argument
                return true
            }
            guard Self.areComparable(bound, argument) else { return false }
            bindings[name] = Self.join(bound, argument)
            return true
        case (.list(let parameter), .list(let argument)): return accepts(parameter, argument)
        case (.map(let key, let value), .map(let argumentKey, let argumentValue)):
            return accepts(key, argumentKey) && accepts(value, argumentValue)
        case (.optional(let parameter), .optional(let argument)):
            return accepts(parameter, argument)
        default: return parameter == argument
        }
    }

    func resolved(_ type: CELType) -> CELType {
        switch type {
        case .parameter(let name): bindings[name] ?? .dyn
        case .list(let element): .list(resolved(element))
        case .map(let key, let value): .map(resolved(key), resolved(value))
        case .optional(let value): .optional(resolved(value))
        default: type
        }
    }

    /// What both are: where they differ, `dyn`.
    static func join(_ left: CELType, _ right: CELType) -> CELType {
        switch (left, right) {
        case _ where left == right: left
        case (.list(let left), .list(let right)): .list(join(left, right))
        case (.map(let leftKey, let leftValue), .map(let rightKey, let rightValue)):
            .map(join(leftKey, rightKey), join(leftValue, rightValue))
        case (.optional(let left), .optional(let right)): .optional(join(left, right))
        default: .dyn
        }
    }

    /// Whether values of these types can be equal. Numbers compare over their types, and anything
    /// may turn out to be null.
    static func areComparable(_ left: CELType, _ right: CELType) -> Bool {
        switch (left, right) {
        case (.dyn, _), (_, .dyn), (.null, _), (_, .null): true
        case (.list(let left), .list(let right)): areComparable(left, right)
        case (.map(let leftKey, let leftValue), .map(let rightKey, let rightValue)):
            areComparable(leftKey, rightKey) && areComparable(leftValue, rightValue)
        case (.optional(let left), .optional(let right)): areComparable(left, right)
        default: left == right || (isNumber(left) && isNumber(right))
        }
    }

    static func isNumber(_ type: CELType) -> Bool {
        type == .int || type == .uint || type == .double
    }
}

extension CELType {
    /// Reads a type as it is written: `int`, `list(string)`, `map(string, dyn)`.
    package init?(_ text: String) {
        var rest = text.filter { $0 != " " }[...]
        guard let type = CELType(taking: &rest, depth: 0), rest.isEmpty else { return nil }
        self = type
    }

    private init?(taking rest: inout Substring, depth: Int) {
        let maximumDepth = 16
        guard depth < maximumDepth else { return nil }
        let name = rest.prefix { $0 != "(" && $0 != ")" && $0 != "," }
        rest = rest[name.endIndex...]
        var arguments: [CELType] = []
        if rest.first == "(" {
            repeat {
                rest.removeFirst()
                guard let argument = CELType(taking: &rest, depth: depth + 1) else { return nil }
                arguments.append(argument)
            } while rest.first == ","
            guard rest.popFirst() == ")" else { return nil }
        }
        self.init(name: name, arguments)
    }

    private init?(name: Substring, _ arguments: [CELType]) {
        switch (name, arguments.count) {
        case ("list", 1): self = .list(arguments[0])
        case ("map", 2): self = .map(arguments[0], arguments[1])
        case ("optional_type", 1): self = .optional(arguments[0])
        case ("list", 0): self = .list(.dyn)
        case ("map", 0): self = .map(.dyn, .dyn)
        case ("optional_type", 0): self = .optional(.dyn)
        case ("type", _): self = .type
        case ("dyn", 0): self = .dyn
        case ("null_type", 0): self = .null
        case ("bool", 0): self = .bool
        case ("int", 0): self = .int
        case ("uint", 0): self = .uint
        case ("double", 0): self = .double
        case ("string", 0): self = .string
        case ("bytes", 0): self = .bytes
        case ("google.protobuf.Timestamp", 0): self = .timestamp
        case ("google.protobuf.Duration", 0): self = .duration
        default: return nil
        }
    }
}
