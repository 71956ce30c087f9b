import Deflate
import NIOCore
import NIOWebSocket

/// Makes messages of frames, and holds them against RFC 6455. A value: it does no I/O.
///
/// What only concerns lengths (control frames in pieces or over 125 bytes, frames over the limit)
/// is found by the decoder before it.
struct MessageAssembly {
    private struct Partial {
        let isText: Bool
        let isCompressed: Bool
        var payload: ByteBuffer
        var fragments: Int
    }

    private let side: WebSocketSide
    private let limits: WebSocketLimits
    private var partial: Partial?
    /// How what comes may be compressed; not at all when `nil`.
    private let compression: WebSocketCompression?
    /// What was said before, for messages that refer to it. Held by this value alone.
    private var inflater: Inflater?

    init(
        side: WebSocketSide, limits: WebSocketLimits, compression: WebSocketCompression? = nil
    ) {
        self.side = side
        self.limits = limits
        self.compression = compression
    }

    /// The message that the frame completes; `nil` when more of it is to come.
    mutating func take(_ frame: WebSocketFrame) throws(WebSocketFault) -> WebSocketMessage? {
        let isCompressed = frame.reservedBits == .rsv1
        let mayBeCompressed =
            compression != nil && (frame.opcode == .text || frame.opcode == .binary)
        guard frame.reservedBits.isEmpty || isCompressed && mayBeCompressed else {
            throw WebSocketFault(.protocolError, "reserved bits without an extension")
        }
        switch (side, frame.maskKey) {
        case (.server, nil): throw WebSocketFault(.protocolError, "a client's frame is masked")
        case (.client, .some):
            throw WebSocketFault(.protocolError, "a server's frame is not masked")
        default: break
        }
        let payload = frame.unmaskedData
        switch frame.opcode {
        case .text, .binary:
            let message = Partial(
                isText: frame.opcode == .text, isCompressed: isCompressed, payload: payload,
                fragments: 1)
            return try begin(message, isFinal: frame.fin)
        case .continuation: return try goOn(payload, isFinal: frame.fin)
        case .ping: return .ping(payload)
        case .pong: return .pong(payload)
        case .connectionClose: return .close(try Self.close(payload))
        default: throw WebSocketFault(.protocolError, "unknown opcode")
        }
    }

    private mutating func begin(
        _ message: Partial, isFinal: Bool
    ) throws(WebSocketFault) -> WebSocketMessage? {
        guard partial == nil else {
            throw WebSocketFault(.protocolError, "a message began within another")
        }
        if isFinal { return try finish(message) }
        try check(size: message.payload.readableBytes)
        partial = message
        return nil
    }

    private mutating func goOn(
        _ payload: ByteBuffer, isFinal: Bool
    ) throws(WebSocketFault) -> WebSocketMessage? {
        guard var message = partial else {
            throw WebSocketFault(.protocolError, "nothing to continue")
        }
        partial = nil
        message.fragments += 1
        try check(size: message.payload.readableBytes + payload.readableBytes)
        guard message.fragments <= limits.fragments else {
            throw WebSocketFault(.policyViolation, "more than \(limits.fragments) fragments")
        }
        message.payload.writeImmutableBuffer(payload)
        if isFinal { return try finish(message) }
        partial = message
        return nil
    }

    private mutating func finish(
        _ message: Partial
    ) throws(WebSocketFault) -> WebSocketMessage {
        try check(size: message.payload.readableBytes)
        let payload = message.isCompressed ? try inflated(message.payload) : message.payload
        guard message.isText else { return .binary(payload) }
        guard let text = String(validating: payload.readableBytesView, as: UTF8.self) else {
            throw WebSocketFault(.invalidPayload, "a text is valid UTF-8")
        }
        return .text(text)
    }

    private mutating func inflated(
        _ payload: ByteBuffer
    ) throws(WebSocketFault) -> ByteBuffer {
        guard let inflater = inflater ?? Inflater() else {
            throw WebSocketFault(.messageTooBig, "there is no memory for compressed messages")
        }
        // A client's messages each stand alone.
        let refersBack = side == .client && compression?.standsAlone == false
        self.inflater = refersBack ? inflater : nil
        let bytes = Array(payload.readableBytesView) + CompressingHandler.tail
        do {
            return ByteBuffer(
                bytes: try bytes.withUnsafeBytes { bytes throws(InflateError) in
                    try inflater.inflate(bytes, limit: limits.message)
                })
        } catch InflateError.tooLarge {
            throw WebSocketFault(.messageTooBig, "a message has at most \(limits.message) bytes")
        } catch {
            throw WebSocketFault(.invalidPayload, "a compressed message cannot be read")
        }
    }

    private func check(size: Int) throws(WebSocketFault) {
        guard size <= limits.message else {
            throw WebSocketFault(.messageTooBig, "a message has at most \(limits.message) bytes")
        }
    }

    private static func close(_ payload: ByteBuffer) throws(WebSocketFault) -> WebSocketClose {
        var payload = payload
        guard payload.readableBytes > 0 else { return WebSocketClose(.none) }
        guard let raw = payload.readInteger(as: UInt16.self) else {
            throw WebSocketFault(.protocolError, "a close frame has no half code")
        }
        let code = WebSocketCloseCode(raw)
        guard code.maySend else {
            throw WebSocketFault(.protocolError, "no close frame has that code")
        }
        guard let reason = String(validating: payload.readableBytesView, as: UTF8.self) else {
            throw WebSocketFault(.invalidPayload, "a reason is valid UTF-8")
        }
        return WebSocketClose(code, reason)
    }
}
