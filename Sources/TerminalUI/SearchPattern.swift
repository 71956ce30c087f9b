/// A piece of text to look for. Upper and lower case are the same, unless it has an upper case
/// letter itself.
public struct SearchPattern: Hashable, Sendable {
    public let text: String
    private let isExact: Bool
    private let characters: [Character]
    /// The same in UTF-8, when it is all ASCII.
    private let bytes: [UInt8]

    /// Nil when there is nothing to look for.
    public init?(_ text: String) {
        guard !text.isEmpty else { return nil }
        self.text = text
        isExact = text.contains(where: \.isUppercase)
        characters = Array(text)
        bytes = text.utf8.allSatisfy { $0 < 0x80 } ? Array(text.utf8) : []
    }

    /// Where the pattern stands in `text`, from the left, without overlaps.
    public func ranges(in text: some StringProtocol) -> [Range<String.Index>] {
        var found: [Range<String.Index>] = []
        var index = text.startIndex
        while let range = first(in: text, from: index) {
            found.append(range)
            index = range.upperBound
        }
        return found
    }

    public func matches(_ text: some StringProtocol) -> Bool {
        first(in: text, from: text.startIndex) != nil
    }

    private func first(
        in text: some StringProtocol, from start: String.Index
    ) -> Range<String.Index>? {
        if !bytes.isEmpty {
            let utf8 = text.utf8
            let from = utf8.distance(from: utf8.startIndex, to: start)
            // Bytes are much quicker, and logs are long. Nil: the storage is not contiguous.
            let found = utf8.withContiguousStorageIfAvailable { offset(in: $0, from: from) }
            if let found {
                guard let found else { return nil }
                let lower = utf8.index(utf8.startIndex, offsetBy: found)
                return lower..<utf8.index(lower, offsetBy: bytes.count)
            }
        }
        var index = start
        while index < text.endIndex {
            if let end = end(in: text, from: index) { return index..<end }
            index = text.index(after: index)
        }
        return nil
    }

    private func offset(in text: UnsafeBufferPointer<UInt8>, from: Int) -> Int? {
        guard text.count >= bytes.count else { return nil }
        for start in from..<max(from, text.count - bytes.count + 1) {
            var length = 0
            while length < bytes.count {
                let byte = text[start + length]
                let isUpper = !isExact && byte >= 0x41 && byte <= 0x5A
                guard (isUpper ? byte | 0x20 : byte) == bytes[length] else { break }
                length += 1
            }
            if length == bytes.count { return start }
        }
        return nil
    }

    private func end(in text: some StringProtocol, from start: String.Index) -> String.Index? {
        var index = start
        for character in characters {
            guard index < text.endIndex, same(text[index], character) else { return nil }
            index = text.index(after: index)
        }
        return index
    }

    private func same(_ character: Character, _ wanted: Character) -> Bool {
        if character == wanted { return true }
        if isExact { return false }
        if let left = character.asciiValue, let right = wanted.asciiValue {
            return left | 0x20 == right && (0x61...0x7A).contains(right)
        }
        return character.lowercased() == wanted.lowercased()
    }
}

extension Frame {
    /// Gives the places where `pattern` matches `text`, drawn at `point`, another style.
    mutating func highlight(
        _ pattern: SearchPattern, in text: some StringProtocol, at point: Point, clip: Rect,
        style: Style
    ) {
        for range in pattern.ranges(in: text) {
            let before = TextWidth.columns(of: text[text.startIndex..<range.lowerBound])
            let columns = TextWidth.columns(of: text[range])
            let place = Rect(x: point.x + before, y: point.y, width: columns, height: 1)
            restyle(place.intersection(clip), with: style)
        }
    }
}
