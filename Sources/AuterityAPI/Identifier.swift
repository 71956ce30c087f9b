/// The id of one kind of thing: a UUID, so that an execution's id is never taken for a workflow's.
public struct Identifier<Noun>: Hashable, Sendable {
    private let high: UInt64
    private let low: UInt64

    private init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    /// A new UUID of version 7 (RFC 9562): ordered by the time of its making, then random.
    public init(at time: Timestamp, using generator: inout some RandomNumberGenerator) {
        let random = generator.next()
        high = UInt64(truncatingIfNeeded: time.milliseconds) << 16 | 0x7000 | random & 0x0FFF
        low = generator.next() & 0x3FFF_FFFF_FFFF_FFFF | 0x8000_0000_0000_0000
    }

    /// The nil UUID (RFC 9562, section 5.9), which names nothing.
    public static var none: Identifier { Identifier(high: 0, low: 0) }

    /// Reads a UUID in its canonical form, in upper or lower case; `nil` for anything else.
    public init?(_ text: String) {
        var text = text
        guard let id = text.withUTF8({ Identifier(utf8: $0) }) else { return nil }
        self = id
    }

    /// As `init(_:)`, of the text's UTF-8.
    package init?(utf8: UnsafeBufferPointer<UInt8>) {
        guard let (high, low) = readUUID(utf8) else { return nil }
        self.init(high: high, low: low)
    }
}

/// The two halves of a UUID in its canonical form.
private func readUUID(_ bytes: UnsafeBufferPointer<UInt8>) -> (high: UInt64, low: UInt64)? {
    guard bytes.count == 36 else { return nil }
    var halves: (high: UInt64, low: UInt64) = (0, 0)
    for index in 0..<36 {
        let byte = bytes[index]
        if index == 8 || index == 13 || index == 18 || index == 23 {
            guard byte == UInt8(ascii: "-") else { return nil }
            continue
        }
        guard let digit = hexValue(of: byte).map(UInt64.init) else { return nil }
        // The third dash stands where the first half ends.
        if index < 18 {
            halves.high = halves.high << 4 | digit
        } else {
            halves.low = halves.low << 4 | digit
        }
    }
    return halves
}

extension Identifier: CustomStringConvertible {
    /// The canonical form, in lower case.
    public var description: String {
        String(unsafeUninitializedCapacity: 36) { put(into: $0) }
    }

    /// Writes the 36 bytes of the canonical form, and answers how many they are.
    func put(into buffer: UnsafeMutableBufferPointer<UInt8>) -> Int {
        var position = 0
        for index in 0..<32 {
            if index == 8 || index == 12 || index == 16 || index == 20 {
                buffer[position] = UInt8(ascii: "-")
                position += 1
            }
            let half = index < 16 ? high : low
            let nibble = UInt8(half >> UInt64(60 - index % 16 * 4) & 0xF)
            buffer[position] = hexDigit(of: nibble)
            position += 1
        }
        return position
    }

    /// The last eight digits, for a narrow column. Two things may share them.
    public var short: String { String(description.suffix(8)) }
}

extension Identifier: Codable {
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        guard let identifier = Identifier(try container.decode(String.self)) else {
            throw DecodingError.dataCorruptedError(
                in: container, debugDescription: "expected a UUID")
        }
        self = identifier
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}

public typealias WorkflowID = Identifier<Workflow>
public typealias ExecutionID = Identifier<Execution>
public typealias TemplateID = Identifier<Template>
public typealias UserID = Identifier<Caller>
public typealias AlertID = Identifier<Alert>
public typealias AuditEntryID = Identifier<AuditEntry>
/// A session is what a login begins: its tokens end with it.
public enum Session {}
public typealias SessionID = Identifier<Session>
public typealias LogLineID = Identifier<LogLine>

/// The id of a node in a definition, and so of the step that runs it: unique in its definition.
public struct StepID: RawRepresentable, Hashable, Sendable, Codable, Comparable,
    ExpressibleByStringLiteral, CustomStringConvertible
{
    public let rawValue: String

    public init(rawValue: String) { self.rawValue = rawValue }
    public init(_ text: String) { rawValue = text }
    public init(stringLiteral value: String) { rawValue = value }
    public var description: String { rawValue }

    public static func < (left: StepID, right: StepID) -> Bool { left.rawValue < right.rawValue }
}
