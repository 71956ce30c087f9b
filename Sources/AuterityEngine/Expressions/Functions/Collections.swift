/// `size` and the indexing operator, for the checker; indexing itself is a node of its own.
enum Collections {
    static let functions: [Function] = [
        .unary(
            "size", .global(.string, gives: .int), .global(.bytes, gives: .int),
            .global(.list(.dyn), gives: .int), .global(.map(.dyn, .dyn), gives: .int),
            .method(.string, gives: .int), .method(.bytes, gives: .int),
            .method(.list(.dyn), gives: .int), .method(.map(.dyn, .dyn), gives: .int),
            body: { (value, run) throws(Fault) in
                switch value {
                case .string(let text):
                    try run.look(at: text.utf8.count)
                    return .int(Int64(text.unicodeScalars.count))
                case .bytes(let bytes): return .int(Int64(bytes.count))
                case .list(let list): return .int(Int64(list.count))
                case .map(let map): return .int(Int64(map.count))
                default: throw run.noOverload("size", [value])
                }
            })
    ]
}
