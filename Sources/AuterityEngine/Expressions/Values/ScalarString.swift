import Glibc

/// A string that is equal to another when their Unicode scalars are: `==` of `String` also takes
/// canonically equivalent texts for equal, which CEL does not.
struct ScalarString: Hashable, Sendable {
    let text: String

    init(_ text: String) {
        self.text = text
    }

    static func == (left: ScalarString, right: ScalarString) -> Bool {
        haveSameScalars(left.text, right.text)
    }

    func hash(into hasher: inout Hasher) {
        var text = text
        text.withUTF8 { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
    }
}

func haveSameScalars(_ left: String, _ right: String) -> Bool {
    left.utf8.count == right.utf8.count && compareScalars(left, right) == 0
}

/// Less than, equal to or greater than zero, by Unicode scalars: UTF-8 keeps their order.
func compareScalars(_ left: String, _ right: String) -> Int {
    var left = left
    var right = right
    return left.withUTF8 { leftBytes in
        right.withUTF8 { rightBytes in
            compareBytes(UnsafeRawBufferPointer(leftBytes), UnsafeRawBufferPointer(rightBytes))
        }
    }
}

func compareBytes(_ left: [UInt8], _ right: [UInt8]) -> Int {
    left.withUnsafeBytes { leftBytes in
        right.withUnsafeBytes { compareBytes(leftBytes, $0) }
    }
}

private func compareBytes(_ left: UnsafeRawBufferPointer, _ right: UnsafeRawBufferPointer) -> Int {
    let shared = min(left.count, right.count)
    if shared > 0, let leftStart = left.baseAddress, let rightStart = right.baseAddress {
        let order = memcmp(leftStart, rightStart, shared)
        if order != 0 { return Int(order) }
    }
    return left.count - right.count
}

/// The offset of the first occurrence of `needle` in `hay` at or after `start`. By the algorithm of
/// Knuth, Morris and Pratt: in linear time, whatever the texts.
func firstOffset(of needle: [UInt8], in hay: [UInt8], from start: Int = 0) -> Int? {
    guard start <= hay.count else { return nil }
    guard let first = needle.first else { return start }
    guard needle.count <= hay.count - start else { return nil }
    guard needle.count > 1 else { return hay[start...].firstIndex(of: first) }
    let borders = borderLengths(of: needle)
    var matched = 0
    for index in start..<hay.count {
        while matched > 0, hay[index] != needle[matched] {
            matched = borders[matched - 1]
        }
        if hay[index] == needle[matched] { matched += 1 }
        if matched == needle.count { return index + 1 - matched }
    }
    return nil
}

/// For each prefix, the length of its longest proper prefix that is also its suffix.
private func borderLengths(of needle: [UInt8]) -> [Int] {
    var borders = [0]
    borders.reserveCapacity(needle.count)
    var length = 0
    for byte in needle.dropFirst() {
        while length > 0, byte != needle[length] {
            length = borders[length - 1]
        }
        if byte == needle[length] { length += 1 }
        borders.append(length)
    }
    return borders
}
