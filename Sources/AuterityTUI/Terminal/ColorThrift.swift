/// Leaves out what sets a colour that is already set.
///
/// ncurses sends foreground and background with every change of a pair, though mostly one of them
/// stays: on a row of many colours that is a third of the bytes. Only sequences that change
/// nothing are dropped, so whatever ncurses believes of the terminal stays true.
struct ColorThrift {
    /// The parameters of the last sequence that set it; `nil` while that is unknown.
    private var foreground: ArraySlice<UInt8>?
    private var background: ArraySlice<UInt8>?

    /// The bytes of one frame. Nothing is taken over from the frame before, because that one may
    /// not have been sent.
    static func thin(_ bytes: [UInt8]) -> [UInt8] {
        var thrift = ColorThrift()
        var kept: [UInt8] = []
        kept.reserveCapacity(bytes.count)
        var index = bytes.startIndex
        while index < bytes.endIndex {
            guard let parameters = parametersOfStyle(bytes, at: index) else {
                kept.append(bytes[index])
                index += 1
                continue
            }
            let end = parameters.endIndex + 1
            if thrift.changes(by: parameters) { kept += bytes[index..<end] }
            index = end
        }
        return kept
    }

    /// What stands between `ESC [` and `m`; `nil` when there is no such sequence here.
    private static func parametersOfStyle(
        _ bytes: [UInt8], at start: Int
    ) -> ArraySlice<UInt8>? {
        guard bytes[start] == 0x1B, start + 2 < bytes.count,
            bytes[start + 1] == UInt8(ascii: "[")
        else { return nil }
        var end = start + 2
        while end < bytes.count, isParameter(bytes[end]) { end += 1 }
        guard end < bytes.count, bytes[end] == UInt8(ascii: "m") else { return nil }
        return bytes[(start + 2)..<end]
    }

    private static func isParameter(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: ";")).contains(byte)
    }

    /// Notes what the sequence sets, and tells whether that is anything new.
    private mutating func changes(by parameters: ArraySlice<UInt8>) -> Bool {
        switch Self.target(of: parameters) {
        case .foreground:
            defer { foreground = parameters }
            return foreground != parameters
        case .background:
            defer { background = parameters }
            return background != parameters
        case .other:
            foreground = nil
            background = nil
            return true
        }
    }

    private enum Target {
        case foreground, background
        /// Attributes, a reset, or several things at once.
        case other
    }

    private static func target(of parameters: ArraySlice<UInt8>) -> Target {
        let parts = parameters.split(
            omittingEmptySubsequences: false, whereSeparator: { $0 == 0x3A || $0 == 0x3B })
        guard let first = parts.first.flatMap({ Int(String(decoding: $0, as: UTF8.self)) }) else {
            return .other
        }
        let isExtended = parts.count > 1
        switch first {
        case 38 where isExtended: return .foreground
        case 48 where isExtended: return .background
        case 30...37 where !isExtended, 90...97 where !isExtended: return .foreground
        case 40...47 where !isExtended, 100...107 where !isExtended: return .background
        default: return .other
        }
    }
}
