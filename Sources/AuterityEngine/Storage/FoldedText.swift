import Glibc

/// Texts in which upper and lower case are the same, for finding words: simple case folding, one
/// character for one (Unicode, CaseFolding.txt, C and S), as the index of texts has it.
enum FoldedText {
    static func folded(_ text: String) -> String {
        var text = text
        return text.withUTF8 { bytes in
            withFolded(bytes) { String(decoding: $0, as: UTF8.self) }
        }
    }

    /// Whether a text, folded, contains words that are folded already.
    static func contains(
        _ words: UnsafeBufferPointer<UInt8>, in text: UnsafeBufferPointer<UInt8>
    ) -> Bool {
        withFolded(text) { finds(words, in: $0) }
    }

    // MARK: - Folding

    private static func withFolded<Value>(
        _ text: UnsafeBufferPointer<UInt8>, _ body: (UnsafeBufferPointer<UInt8>) -> Value
    ) -> Value {
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: text.count) { buffer in
            for index in text.indices {
                let byte = text[index]
                guard byte < 0x80 else {
                    return folded(text).withUnsafeBufferPointer(body)
                }
                buffer.initializeElement(
                    at: index, to: byte &- 0x41 < 26 ? byte | 0x20 : byte)
            }
            return body(UnsafeBufferPointer(rebasing: buffer[..<text.count]))
        }
    }

    /// A text that has more than ASCII.
    private static func folded(_ text: UnsafeBufferPointer<UInt8>) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.count)
        for scalar in String(decoding: text, as: UTF8.self).unicodeScalars {
            bytes.append(contentsOf: folded(scalar).utf8)
        }
        return bytes
    }

    private static func folded(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
        scalar.value < plane.count ? plane[Int(scalar.value)] : mapped(scalar)
    }

    /// The first plane, where nearly all letters are.
    private static let plane: [Unicode.Scalar] = (0..<0x10000).map { value in
        // Surrogates stand for no character.
        Unicode.Scalar(UInt32(value)).map(mapped) ?? "\u{FFFD}"
    }

    /// By way of the upper case, since several letters can share one: `ς` and `σ`, `ſ` and `s`.
    private static func mapped(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
        let upper = scalar.properties.uppercaseMapping.onlyScalar ?? scalar
        return upper.properties.lowercaseMapping.onlyScalar ?? scalar
    }

    // MARK: - Finding

    private static func finds(
        _ words: UnsafeBufferPointer<UInt8>, in text: UnsafeBufferPointer<UInt8>
    ) -> Bool {
        guard let first = words.first, let wanted = words.baseAddress else { return true }
        guard var position = text.baseAddress else { return false }
        var left = text.count
        while left >= words.count {
            guard let found = memchr(position, Int32(first), left - words.count + 1) else {
                return false
            }
            let next = UnsafePointer(found.assumingMemoryBound(to: UInt8.self))
            if memcmp(next, wanted, words.count) == 0 { return true }
            left -= next - position + 1
            position = next + 1
        }
        return false
    }
}

extension String {
    /// The scalar of a text that is one.
    fileprivate var onlyScalar: Unicode.Scalar? {
        guard let first = unicodeScalars.first, unicodeScalars.dropFirst().isEmpty else {
            return nil
        }
        return first
    }
}
