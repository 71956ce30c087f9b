package import AuterityAPI

/// Takes secret values out of texts that people or files get to see: logs, journal, errors.
///
/// A secret is found as it stands, percent-encoded, in base64, and as JSON escapes it.
package struct Redactor: Sendable {
    package static let mark = "[secret]"
    /// A shorter value would be found everywhere and garble what it stands in.
    package static let minimumBytes = 4
    package static let maximumValues = 1000

    /// By their first byte, longest first, so that no part of a long secret is left over when a
    /// shorter one begins it.
    private var forms: [UInt8: [[UInt8]]] = [:]

    package init(_ secrets: some Sequence<String>) {
        var all: Set<[UInt8]> = []
        for secret in secrets.prefix(Self.maximumValues) {
            let bytes = Array(secret.utf8)
            guard bytes.count >= Self.minimumBytes else { continue }
            all.insert(bytes)
            all.insert(Array(percentEncoded(secret).utf8))
            all.insert(Array(base64(bytes).utf8))
            all.insert(Array(JSONValue.string(secret).jsonBytes.dropFirst().dropLast()))
        }
        for form in all.sorted(by: { ($1.count, $0.first ?? 0) < ($0.count, $1.first ?? 0) }) {
            if let first = form.first { forms[first, default: []].append(form) }
        }
    }

    package func redact(_ text: String) -> String {
        if forms.isEmpty { return text }
        let source = Array(text.utf8)
        var result: [UInt8] = []
        var position = 0
        var found = false
        while position < source.count {
            let rest = source[position...]
            if let form = forms[source[position]]?.first(where: { rest.starts(with: $0) }) {
                result.append(contentsOf: Self.mark.utf8)
                position += form.count
                found = true
            } else {
                result.append(source[position])
                position += 1
            }
        }
        return found ? String(decoding: result, as: UTF8.self) : text
    }

    /// Every text in the value, keys too; a number whose digits are a secret becomes the mark.
    package func redact(_ value: JSONValue) -> JSONValue {
        if forms.isEmpty { return value }
        switch value {
        case .string(let text): return .string(redact(text))
        case .array(let array): return .array(array.map(redact))
        case .object(let object):
            var copy = JSONObject()
            for (key, member) in object { copy[redact(key)] = redact(member) }
            return .object(copy)
        case .int, .double:
            let digits = value.jsonText
            let redacted = redact(digits)
            return redacted == digits ? value : .string(redacted)
        case .null, .bool: return value
        }
    }
}

/// Percent-encodes all but the unreserved characters of RFC 3986.
func percentEncoded(_ text: String) -> String {
    let digits = Array("0123456789ABCDEF".utf8)
    var bytes: [UInt8] = []
    for byte in text.utf8 {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F, 0x7E:
            bytes.append(byte)
        default:
            bytes += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
        }
    }
    return String(decoding: bytes, as: UTF8.self)
}
