import NIOCore
import NIOWebSocket

/// Makes messages of frames, and holds them against RFC 6455. A value: it does no I/O.
///
/// What only concerns lengths (control frames in pieces or over 125 bytes, frames over the limit)
/// is found by the decoder before it.
struct MessageAssembly {
    private struct Partial {
        let isText: Bool
        var payload: ByteBuffer
        var fragments: Int
    }

    private let side: WebSocketSide
    private let limits: WebSocketLimits
    private var partial: Partial?

    init(side: WebSocketSide, limits: WebSocketLimits) {
        self.side = side
        self.limits = limits
    }

    /// The message that the frame completes; `nil` when more of it is to come.
    mutating func take(_ frame: WebSocketFrame) throws(WebSocketFault) -> WebSocketMessage? {
        guard frame.reservedBits.isEmpty else {
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
        case .text: return try begin(isText: true, payload, isFinal: frame.fin)
        case .binary: return try begin(isText: false, payload, isFinal: frame.fin)
        case .continuation: return try goOn(payload, isFinal: frame.fin)
        case .ping: return .ping(payload)
        case .pong: return .pong(payload)
        case .connectionClose: return .close(try Self.close(payload))
        default: throw WebSocketFault(.protocolError, "unknown opcode")
        }
    }

    private mutating func begin(
        isText: Bool, _ payload: ByteBuffer, isFinal: Bool
    ) throws(WebSocketFault) -> WebSocketMessage? {
        guard partial == nil else {
            throw WebSocketFault(.protocolError, "a message began within another")
        }
        if isFinal { return try finish(isText: isText, payload) }
        try check(size: payload.readableBytes)
        partial = Partial(isText: isText, payload: payload, fragments: 1)
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
        if isFinal { return try finish(isText: message.isText, message.payload) }
        partial = message
        return nil
    }

    private func finish(
        isText: Bool, _ payload: ByteBuffer
    ) throws(WebSocketFault) -> WebSocketMessage {
        try check(size: payload.readableBytes)
        guard isText else { return .binary(payload) }
        guard let text = String(validating: payload.readableBytesView, as: UTF8.self) else {
            throw WebSocketFault(.invalidPayload, "a text is valid UTF-8")
        }
        return .text(text)
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
