import AuterityAPI

/// Reads `%41` as `A`, once.
///
/// - Parameter spacesArePlus: `+` is a space, as in forms and queries.
/// - Returns: `nil` for a broken escape, and for what is no UTF-8 then.
func percentDecoded(_ bytes: some Collection<UInt8>, spacesArePlus: Bool) -> String? {
    var decoded: [UInt8] = []
    decoded.reserveCapacity(bytes.count)
    var iterator = bytes.makeIterator()
    while let byte = iterator.next() {
        switch byte {
        case UInt8(ascii: "%"):
            guard let high = iterator.next().flatMap(hexadecimalValue),
                let low = iterator.next().flatMap(hexadecimalValue)
            else { return nil }
            decoded.append(high << 4 | low)
        case UInt8(ascii: "+") where spacesArePlus: decoded.append(UInt8(ascii: " "))
        default: decoded.append(byte)
        }
    }
    return String(validating: decoded, as: UTF8.self)
}

private func hexadecimalValue(_ digit: UInt8) -> UInt8? {
    switch digit {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): digit - UInt8(ascii: "a") + 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): digit - UInt8(ascii: "A") + 10
    default: nil
    }
}

/// The pairs of a query or a form (the WHATWG's `application/x-www-form-urlencoded`).
///
/// - Throws: 422 for a value that is not properly encoded, naming its key.
func formItems(_ text: some Collection<UInt8>) throws(APIError) -> [WireRequest.QueryItem] {
    var items: [WireRequest.QueryItem] = []
    for pair in text.split(separator: UInt8(ascii: "&")) {
        let end = pair.firstIndex(of: UInt8(ascii: "=")) ?? pair.endIndex
        let name = percentDecoded(pair[..<end], spacesArePlus: true)
        let value = percentDecoded(pair[end...].dropFirst(), spacesArePlus: true)
        guard let name, let value else {
            throw .validation([
                FieldFault(field: name ?? "", message: "is not percent-encoded UTF-8")
            ])
        }
        items.append(WireRequest.QueryItem(name: name, value: value))
    }
    return items
}
