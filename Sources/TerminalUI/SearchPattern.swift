/// A piece of text to look for. Upper and lower case are the same, unless it has an upper case
/// letter itself.
public struct SearchPattern: Hashable, Sendable {
    public let text: String
    private let isExact: Bool
    private let characters: [Character]

    /// Nil when there is nothing to look for.
    public init?(_ text: String) {
        guard !text.isEmpty else { return nil }
        self.text = text
        isExact = text.contains(where: \.isUppercase)
        characters = Array(text)
    }

    /// Where the pattern stands in `text`, from the left, without overlaps.
    public func ranges(in text: some StringProtocol) -> [Range<String.Index>] {
        var found: [Range<String.Index>] = []
        var index = text.startIndex
        while index < text.endIndex {
            if let end = end(in: text, from: index) {
                found.append(index..<end)
                index = end
            } else {
                index = text.index(after: index)
            }
        }
        return found
    }

    public func matches(_ text: some StringProtocol) -> Bool {
        var index = text.startIndex
        while index < text.endIndex {
            if end(in: text, from: index) != nil { return true }
            index = text.index(after: index)
        }
        return false
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
