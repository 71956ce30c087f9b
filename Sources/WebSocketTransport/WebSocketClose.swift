/// Why a connection is closed (RFC 6455, section 7.4).
public struct WebSocketCloseCode: RawRepresentable, Hashable, Sendable {
    public let rawValue: UInt16

    public init(rawValue: UInt16) { self.rawValue = rawValue }
    public init(_ rawValue: UInt16) { self.rawValue = rawValue }

    public static let normal = WebSocketCloseCode(1000)
    public static let goingAway = WebSocketCloseCode(1001)
    public static let protocolError = WebSocketCloseCode(1002)
    public static let unsupportedData = WebSocketCloseCode(1003)
    /// Stands for a close frame without a code; never sent.
    public static let none = WebSocketCloseCode(1005)
    /// Stands for a connection that ended without a close frame; never sent.
    public static let abnormal = WebSocketCloseCode(1006)
    public static let invalidPayload = WebSocketCloseCode(1007)
    public static let policyViolation = WebSocketCloseCode(1008)
    public static let messageTooBig = WebSocketCloseCode(1009)
    public static let internalError = WebSocketCloseCode(1011)
    public static let tryAgainLater = WebSocketCloseCode(1013)

    /// Whether a close frame may carry it: what the RFC and the registry at IANA assign, and the
    /// ranges of libraries and applications.
    public var maySend: Bool {
        switch rawValue {
        case 1000...1003, 1007...1014, 3000...4999: true
        default: false
        }
    }
}

/// The end of a connection, as one side gives it.
public struct WebSocketClose: Hashable, Sendable {
    public let code: WebSocketCloseCode
    /// For people who read logs; at most `longestReason` bytes go over the wire.
    public let reason: String

    /// Bytes: a control frame carries 125, two of them the code.
    public static let longestReason = 123

    public init(_ code: WebSocketCloseCode, _ reason: String = "") {
        self.code = code
        self.reason = reason
    }

    /// The payload of a close frame; the reason is cut between two characters.
    var payload: [UInt8] {
        guard code.maySend else { return [] }
        var kept: [UInt8] = []
        for character in reason {
            let bytes = Array(String(character).utf8)
            guard kept.count + bytes.count <= Self.longestReason else { break }
            kept += bytes
        }
        return [UInt8(code.rawValue >> 8), UInt8(code.rawValue & 0xFF)] + kept
    }
}

/// What the other side did against the protocol, and the code that it is told.
public struct WebSocketFault: Error, Hashable, Sendable, CustomStringConvertible {
    public let close: WebSocketClose

    public init(_ code: WebSocketCloseCode, _ reason: String) {
        close = WebSocketClose(code, reason)
    }

    public var description: String { "\(close.reason) (\(close.code.rawValue))" }
}
