/// A request as it went over the wire, as far as the answer to it depends on that.
struct SentRequest: Hashable {
    let method: String
    /// The path and the query.
    let target: String

    /// The requests of which these bytes are made: up to the first that is not HTTP/1.1, or whose
    /// end only its chunks tell.
    static func all(in bytes: [UInt8]) -> [SentRequest] {
        var requests: [SentRequest] = []
        var rest = bytes[...]
        while let end = rest.firstRange(of: Array("\r\n\r\n".utf8)) {
            let lines = String(decoding: rest[..<end.lowerBound], as: UTF8.self)
                .split(separator: "\r\n", omittingEmptySubsequences: false)
            let words = lines[0].split(separator: " ", omittingEmptySubsequences: false)
            guard words.count == 3, words[2] == "HTTP/1.1" else { break }
            requests.append(SentRequest(method: String(words[0]), target: String(words[1])))
            let fields = lines.dropFirst().map { $0.lowercased() }
            if fields.contains(where: { $0.hasPrefix("transfer-encoding") }) { break }
            let length = fields.first { $0.hasPrefix("content-length:") }
                .flatMap { Int($0.dropFirst("content-length:".count).filter { $0 != " " }) }
            rest = rest[end.upperBound...].dropFirst(max(0, length ?? 0))
        }
        return requests
    }
}
