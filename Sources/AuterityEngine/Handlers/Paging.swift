import AuterityAPI
import CCrypto

/// A page by number, as lists without a cursor ask for it.
struct NumberedPage: Sendable {
    let number: Int
    let size: Int

    init(page: Int?, pageSize: Int?, _ faults: inout Faults) {
        number = page ?? 1
        size = pageSize ?? PageLimits.defaultSize
        if !FieldLimits.page.contains(number) {
            faults.note("page", "must be from 1 to \(FieldLimits.page.upperBound)")
        }
        if !FieldLimits.pageSize.contains(size) {
            faults.note("page_size", "must be from 1 to \(PageLimits.maximumSize)")
        }
    }

    var offset: Int { (number - 1) * size }

    func page<Item>(of items: [Item], total: Int) -> Page<Item> {
        Page(items: items, position: .numbered(number: number, size: size, total: total))
    }
}

/// How a page of a list was asked for.
struct PageWish: Sendable {
    var page: Int?
    var pageSize: Int?
    var cursor: String?
    var sort: String?
    /// What cursors are sealed with.
    let cursorKey: [UInt8]
    /// What the reading of the call found.
    var knownFaults: [FieldFault] = []
}

/// Where a list goes on: the sort key and the row of the last item, sealed so that nobody can
/// make one up.
struct Cursor: Sendable {
    let key: SQLValue
    let row: Int64
    /// Of a list in the same order only.
    let sort: String
    /// Of this list only. It is not in the text, but in its code.
    let list: String

    init(key: SQLValue, row: Int64, sort: String, list: String) {
        self.key = key
        self.row = row
        self.sort = sort
        self.list = list
    }

    /// `nil` for what this engine has not made for this list sorted so.
    init?(_ text: String, sort: String, list: String, key sealing: [UInt8]) {
        guard let bytes = base64Decoded(text), bytes.count > Self.codeSize else { return nil }
        let content = Array(bytes.dropLast(Self.codeSize))
        let code = Self.code(content, of: list, sealing)
        guard ccrypto_equal(code, Array(bytes.suffix(Self.codeSize)), Self.codeSize) == 1,
            let json = try? JSONValue(parsing: content), json["s"]?.stringValue == sort,
            let row = json["r"]?.intValue, let value = json["k"]
        else { return nil }
        self.sort = sort
        self.list = list
        self.row = row
        switch value {
        case .int(let int): key = .int(int)
        case .string(let text): key = .text(text)
        case .double(let double): key = .double(double)
        default: key = .null
        }
    }

    func text(key sealing: [UInt8]) -> String {
        let value: JSONValue =
            switch key {
            case .int(let int): .int(int)
            case .double(let double): .double(double)
            case .text(let text): .string(text)
            case .null, .utf8, .blob: .null
            }
        let json: JSONValue = ["s": .string(sort), "k": value, "r": .int(row)]
        let content = json.jsonBytes
        return base64(content + Self.code(content, of: list, sealing))
            .replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
    }

    private static let codeSize = 16

    private static func code(
        _ content: [UInt8], of list: String, _ key: [UInt8]
    ) -> [UInt8] {
        let content = Array(list.utf8) + [0] + content
        var code = [UInt8](repeating: 0, count: 32)
        let done = ccrypto_hmac_sha256(key, Int32(key.count), content, content.count, &code)
        precondition(done == 1, "libcrypto has no HMAC")
        return Array(code.prefix(codeSize))
    }
}

/// Base64 of RFC 4648 in either alphabet, without regard to padding.
func base64Decoded(_ text: String) -> [UInt8]? {
    var bytes: [UInt8] = []
    var bits: UInt32 = 0
    var count = 0
    for byte in text.utf8 where byte != UInt8(ascii: "=") {
        let digit: UInt8
        switch byte {
        case 0x41...0x5A: digit = byte - 0x41
        case 0x61...0x7A: digit = byte - 0x61 + 26
        case 0x30...0x39: digit = byte - 0x30 + 52
        case UInt8(ascii: "+"), UInt8(ascii: "-"): digit = 62
        case UInt8(ascii: "/"), UInt8(ascii: "_"): digit = 63
        default: return nil
        }
        bits = bits << 6 | UInt32(digit)
        count += 6
        if count >= 8 {
            count -= 8
            bytes.append(UInt8(truncatingIfNeeded: bits >> UInt32(count)))
        }
    }
    return bytes
}
