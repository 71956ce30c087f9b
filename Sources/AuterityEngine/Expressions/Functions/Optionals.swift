/// The functions of optionals. `or` and `orValue` are nodes of their own: what stands in them is
/// evaluated only when it is needed.
enum Optionals {
    private static let a = CELType.parameter("A")

    static let functions: [Function] = [
        .unary(
            "optional.of", .global(a, gives: .optional(a)),
            body: { (value, run) throws(Fault) in
                let optional = CELValue.optional(value)
                try run.checkDepth(of: optional)
                return optional
            }),
        .many(
            "optional.none", .global(gives: .optional(.dyn)),
            body: { (_, _) throws(Fault) in .optional(nil) }),
        .unary(
            "optional.ofNonZeroValue", .global(a, gives: .optional(a)),
            body: { (value, run) throws(Fault) in
                if isZero(value) { return .optional(nil) }
                let optional = CELValue.optional(value)
                try run.checkDepth(of: optional)
                return optional
            }),
        .unary(
            "hasValue", .method(.optional(a), gives: .bool),
            body: { (value, run) throws(Fault) in
                guard case .optional(let held) = value else {
                    throw run.noOverload("hasValue", [value])
                }
                return .bool(held != nil)
            }),
        .unary(
            "value", .method(.optional(a), gives: a),
            body: { (value, run) throws(Fault) in
                guard case .optional(let held) = value else {
                    throw run.noOverload("value", [value])
                }
                guard let held else { throw run.fault("the optional holds no value") }
                return held
            }),
        .unary(
            "optional.unwrap", .global(.list(.optional(a)), gives: .list(a)),
            body: { (value, run) throws(Fault) in try unwrap(value, "optional.unwrap", &run) }),
        .unary(
            "unwrapOpt", .method(.list(.optional(a)), gives: .list(a)),
            body: { (value, run) throws(Fault) in try unwrap(value, "unwrapOpt", &run) }),
        end("first") { list in list.count > 0 ? list[0] : nil },
        end("last") { list in list.count > 0 ? list[list.count - 1] : nil },
    ]

    private static func end(
        _ name: String, _ element: @escaping @Sendable (CELList) -> CELValue?
    ) -> Function {
        .unary(
            name, .method(.list(a), gives: .optional(a)),
            body: { (value, run) throws(Fault) in
                guard case .list(let list) = value else { throw run.noOverload(name, [value]) }
                return .optional(element(list))
            })
    }

    private static func unwrap(
        _ value: CELValue, _ name: String, _ run: inout Run
    ) throws(Fault) -> CELValue {
        guard case .list(let list) = value else { throw run.noOverload(name, [value]) }
        try run.makeElements(list.count)
        var held: [CELValue] = []
        for element in list.values {
            guard case .optional(let value) = element else { throw run.noOverload(name, [element]) }
            if let value { held.append(value) }
        }
        return .list(CELList(held))
    }

    /// What a type begins with: zero, empty, null, the epoch.
    private static func isZero(_ value: CELValue) -> Bool {
        switch value {
        case .null: true
        case .bool(let bool): !bool
        case .int(let int): int == 0
        case .uint(let uint): uint == 0
        case .double(let double): double == 0
        case .string(let text): text.isEmpty
        case .bytes(let bytes): bytes.isEmpty
        case .list(let list): list.count == 0
        case .map(let map): map.count == 0
        case .timestamp(let timestamp): timestamp.seconds == 0 && timestamp.nanoseconds == 0
        case .duration(let duration): duration.nanoseconds == 0
        case .optional(let held): held == nil
        case .type: false
        }
    }
}
