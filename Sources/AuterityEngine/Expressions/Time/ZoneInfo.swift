/// A time zone in the format of RFC 8536 (TZif).
struct ZoneInfo: Sendable {
    /// Seconds since the epoch from which on the offset of the same index counts.
    private let transitions: [Int64]
    /// Seconds east of UTC.
    private let offsets: [Int]
    private let firstOffset: Int
    /// What counts after the last transition.
    private let rule: ZoneRule?

    /// `nil` when the bytes are not of that format.
    init?(_ bytes: [UInt8]) {
        guard let first = Header(bytes, at: 0) else { return nil }
        var header = first
        if first.version >= UInt8(ascii: "2") {
            let next = first.end(timeSize: 4)
            guard let second = Header(bytes, at: next) else { return nil }
            header = second
        }
        let timeSize = first.version >= UInt8(ascii: "2") ? 8 : 4
        let end = header.end(timeSize: timeSize)
        guard end <= bytes.count, header.typeCount > 0 else { return nil }
        let indexStart = header.start + header.timeCount * timeSize
        let typeStart = indexStart + header.timeCount
        let types = (0..<header.typeCount).map {
            Int(Int32(truncatingIfNeeded: number(bytes, at: typeStart + $0 * 6, size: 4)))
        }
        var transitions: [Int64] = []
        var offsets: [Int] = []
        for index in 0..<header.timeCount {
            let type = Int(bytes[indexStart + index])
            guard type < types.count else { return nil }
            let time = number(bytes, at: header.start + index * timeSize, size: timeSize)
            transitions.append(timeSize == 4 ? Int64(Int32(truncatingIfNeeded: time)) : time)
            offsets.append(types[type])
        }
        self.transitions = transitions
        self.offsets = offsets
        firstOffset = types[0]
        let footer = bytes[end...].dropFirst().prefix { $0 != UInt8(ascii: "\n") }
        rule = timeSize == 8 ? ZoneRule(String(decoding: footer, as: UTF8.self)) : nil
    }

    /// Seconds east of UTC at a moment in seconds since the epoch.
    func offset(at seconds: Int64) -> Int {
        guard let last = transitions.last, let first = transitions.first else {
            return rule?.offset(at: seconds) ?? firstOffset
        }
        if seconds < first { return firstOffset }
        if seconds >= last, let rule { return rule.offset(at: seconds) }
        var low = 0
        var high = transitions.count
        while high - low > 1 {
            let middle = (low + high) / 2
            if transitions[middle] <= seconds { low = middle } else { high = middle }
        }
        return offsets[low]
    }
}

private struct Header {
    let version: UInt8
    let start: Int
    private let counts: [Int]

    init?(_ bytes: [UInt8], at offset: Int) {
        guard bytes.count >= offset + 44, bytes[offset..<(offset + 4)].elementsEqual("TZif".utf8)
        else { return nil }
        version = bytes[offset + 4]
        counts = (0..<6).map { Int(number(bytes, at: offset + 20 + $0 * 4, size: 4)) }
        start = offset + 44
        guard counts.allSatisfy({ (0...65_536).contains($0) }) else { return nil }
    }

    var timeCount: Int { counts[3] }
    var typeCount: Int { counts[4] }

    /// Where the data block ends.
    func end(timeSize: Int) -> Int {
        let times = timeCount * (timeSize + 1) + counts[2] * (timeSize + 4)
        return start + times + typeCount * 6 + counts[5] + counts[1] + counts[0]
    }
}

private func number(_ bytes: [UInt8], at offset: Int, size: Int) -> Int64 {
    guard offset + size <= bytes.count else { return 0 }
    return bytes[offset..<(offset + size)].reduce(0) { $0 << 8 | Int64($1) }
}
