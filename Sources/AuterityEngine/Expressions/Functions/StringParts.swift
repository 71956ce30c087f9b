/// `replace`, `split` and `join`.
extension StringExtension {
    static func replace(
        _ arguments: [CELValue], _ run: inout Run
    ) throws(Fault) -> CELValue {
        guard case .string(let text) = arguments[0], case .string(let old) = arguments[1],
            case .string(let new) = arguments[2]
        else { throw run.noOverload("replace", arguments) }
        let limit = try limit(arguments, at: 3, name: "replace", run)
        if limit == 0 { return arguments[0] }
        let pieces = try pieces(of: text, by: old, limit: limit.map { $0 + 1 }, &run)
        let added = (pieces.count + 1) * new.utf8.count
        try run.make(bytes: text.utf8.count + added)
        var result = old.isEmpty ? Array(new.utf8) : []
        if old.isEmpty { return .string(interleaved(text, new, limit: limit)) }
        for (index, piece) in pieces.enumerated() {
            if index > 0 { result += new.utf8 }
            result += piece
        }
        return .string(String(decoding: result, as: UTF8.self))
    }

    /// An empty text is found before each scalar and at the end.
    private static func interleaved(_ text: String, _ new: String, limit: Int?) -> String {
        var left = limit ?? Int.max
        var result = ""
        for scalar in text.unicodeScalars {
            if left > 0 { result += new }
            left -= 1
            result.unicodeScalars.append(scalar)
        }
        return left > 0 ? result + new : result
    }

    static func split(
        _ arguments: [CELValue], _ run: inout Run
    ) throws(Fault) -> CELValue {
        guard case .string(let text) = arguments[0], case .string(let separator) = arguments[1]
        else { throw run.noOverload("split", arguments) }
        let limit = try limit(arguments, at: 2, name: "split", run)
        if limit == 0 { return .list(CELList([CELValue]())) }
        try run.make(bytes: text.utf8.count)
        let pieces = try pieces(of: text, by: separator, limit: limit, &run)
        try run.makeElements(pieces.count)
        return .list(CELList(pieces.map { .string(String(decoding: $0, as: UTF8.self)) }))
    }

    /// `nil` for all: a negative number, or none given.
    private static func limit(
        _ arguments: [CELValue], at index: Int, name: String, _ run: Run
    ) throws(Fault) -> Int? {
        guard arguments.count > index else { return nil }
        guard case .int(let limit) = arguments[index] else {
            throw run.noOverload(name, arguments)
        }
        return limit < 0 || limit >= Int64(Int32.max) ? nil : Int(limit)
    }

    /// At most `limit` pieces, the last with what is left; by an empty separator each scalar.
    private static func pieces(
        of text: String, by separator: String, limit: Int?, _ run: inout Run
    ) throws(Fault) -> [ArraySlice<UInt8>] {
        let bytes = Array(text.utf8)
        let needle = Array(separator.utf8)
        try run.look(at: bytes.count + needle.count)
        var pieces: [ArraySlice<UInt8>] = []
        var start = 0
        while pieces.count + 1 < limit ?? Int.max {
            let end: Int
            if needle.isEmpty {
                guard start < bytes.count else { break }
                var next = start + 1
                while next < bytes.count, bytes[next] & 0xC0 == 0x80 { next += 1 }
                guard next < bytes.count else { break }
                end = next
            } else {
                guard let found = firstOffset(of: needle, in: bytes, from: start) else { break }
                end = found
            }
            try run.step()
            pieces.append(bytes[start..<end])
            start = end + needle.count
        }
        if !needle.isEmpty || start < bytes.count { pieces.append(bytes[start...]) }
        return pieces
    }

    static func join(
        _ arguments: [CELValue], _ run: inout Run
    ) throws(Fault) -> CELValue {
        guard case .list(let list) = arguments[0] else { throw run.noOverload("join", arguments) }
        var separator = ""
        if arguments.count > 1 {
            guard case .string(let given) = arguments[1] else {
                throw run.noOverload("join", arguments)
            }
            separator = given
        }
        var result = ""
        for index in 0..<list.count {
            let element = list[index]
            guard case .string(let text) = element else {
                throw run.fault("join() joins strings, not \(element.kind.rawValue)")
            }
            try run.step()
            try run.make(bytes: text.utf8.count + separator.utf8.count)
            if index > 0 { result += separator }
            result += text
        }
        return .string(result)
    }
}
