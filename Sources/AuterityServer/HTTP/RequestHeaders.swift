import HTTPTypes

/// The headers of a request that the server itself reads, taken out in one pass.
struct RequestHeaders: Sendable {
    enum Credentials: Hashable, Sendable {
        case none
        /// As it was sent; nothing is known of it yet.
        case bearer(String)
        /// Another scheme, nothing behind it, or several headers.
        case malformed
    }

    private(set) var credentials = Credentials.none
    private(set) var requestID: String?
    private(set) var origin: String?
    private(set) var contentType: String?
    private(set) var contentEncoding: String?
    /// Bytes; what is no number was refused by the parser.
    private(set) var contentLength: Int?
    private(set) var isChunked = false
    /// A transfer coding besides `chunked`: who is before us may read the body otherwise.
    private(set) var hasOtherCoding = false
    /// The first one is taken for the authority; another would contradict it.
    private(set) var hasSecondHost = false
    private(set) var expectsContinue = false
    /// All of them, in order, with commas between.
    private(set) var ifNoneMatch: String?
    /// All of them, in order, with commas between.
    private(set) var forwardedFor: String?
    /// Whether the answer may be compressed.
    private(set) var acceptsGzip = false
    /// A proxy says that it handed the request on.
    private(set) var isForwarded = false

    init(_ fields: HTTPFields) {
        for field in fields {
            let value = field.value
            switch field.name.canonicalName {
            case "authorization":
                credentials = credentials == .none ? Self.credentials(value) : .malformed
            case "x-request-id": requestID = value
            case "host": hasSecondHost = true
            case "origin": origin = value
            case "content-type": contentType = value
            case "content-encoding": contentEncoding = value
            case "content-length": contentLength = Int(value)
            case "transfer-encoding":
                hasOtherCoding = isChunked || value.lowercased() != "chunked"
                isChunked = true
            case "expect": expectsContinue = value.lowercased() == "100-continue"
            case "if-none-match": ifNoneMatch = ifNoneMatch.map { "\($0),\(value)" } ?? value
            case "accept-encoding": acceptsGzip = acceptsGzip || Self.names("gzip", in: value)
            case "x-forwarded-for":
                forwardedFor = forwardedFor.map { "\($0),\(value)" } ?? value
                isForwarded = true
            case "forwarded", "via", "x-real-ip", "x-forwarded-host", "x-forwarded-proto":
                isForwarded = true
            default: break
            }
        }
    }

    var hasBody: Bool { isChunked || (contentLength ?? 0) > 0 }

    /// Whether a list of codings has this one, and not only to refuse it (RFC 9110, section
    /// 12.5.3).
    private static func names(_ coding: String, in list: String) -> Bool {
        list.lowercased().split(separator: ",").contains { entry in
            let parts = entry.filter { $0 != " " && $0 != "\t" }.split(separator: ";")
            guard parts.first.map(String.init) == coding else { return false }
            let quality = parts.dropFirst().first { $0.hasPrefix("q=") }?.dropFirst(2)
            return quality.map { (Double($0) ?? 0) > 0 } ?? true
        }
    }

    /// Bytes of a token; ours are much shorter.
    private static let maximumTokenLength = 4096

    /// RFC 6750, section 2.1: the scheme in any case, spaces, and a `b64token`.
    static func credentials(_ value: String) -> Credentials {
        var value = value
        // The text of a header is read byte by byte much faster when it lies in one piece.
        return value.withUTF8 { bytes in
            let scheme = "bearer".utf8
            guard bytes.count > scheme.count,
                bytes.prefix(scheme.count).elementsEqual(scheme, by: { $0 | 0x20 == $1 }),
                bytes[scheme.count] == UInt8(ascii: " ")
            else { return .malformed }
            let token = bytes[scheme.count...].drop { $0 == UInt8(ascii: " ") }
            var end = token.endIndex
            while end > token.startIndex, token[end - 1] == UInt8(ascii: "=") { end -= 1 }
            let body = token[..<end]
            guard !body.isEmpty, token.count <= maximumTokenLength,
                body.allSatisfy(isTokenByte)
            else { return .malformed }
            return .bearer(String(decoding: token, as: UTF8.self))
        }
    }

    private static func isTokenByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."),
            UInt8(ascii: "_"), UInt8(ascii: "~"), UInt8(ascii: "+"), UInt8(ascii: "/"):
            true
        default: false
        }
    }
}
