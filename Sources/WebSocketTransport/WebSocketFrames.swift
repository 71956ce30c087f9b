public import NIOCore
import NIOWebSocket

/// Writes frames (RFC 6455, section 5.2), always whole messages.
public enum WebSocketFrames {
    /// Appends a server's text frame, so that one buffer serves every connection. The payload
    /// must be valid UTF-8.
    public static func append(text payload: some Collection<UInt8>, to buffer: inout ByteBuffer) {
        appendHead(.text, length: payload.count, mask: nil, to: &buffer)
        buffer.writeBytes(payload)
    }

    static func frame(
        _ opcode: WebSocketOpcode, _ payload: some Collection<UInt8>, side: WebSocketSide,
        allocator: ByteBufferAllocator
    ) -> ByteBuffer {
        // The key is random for each frame, so that nobody can choose the bytes on the wire.
        let mask = side == .client ? WebSocketMaskingKey.random() : nil
        var buffer = allocator.buffer(capacity: payload.count + longestHead)
        appendHead(opcode, length: payload.count, mask: mask, to: &buffer)
        guard let mask else {
            buffer.writeBytes(payload)
            return buffer
        }
        var masked = allocator.buffer(capacity: payload.count)
        masked.writeBytes(payload)
        masked.webSocketMask(mask)
        buffer.writeBuffer(&masked)
        return buffer
    }

    /// Bytes.
    private static let longestHead = 14

    /// Appends a server's frame with a message that is compressed.
    static func append(
        compressed payload: some Collection<UInt8>, opcode: WebSocketOpcode,
        to buffer: inout ByteBuffer
    ) {
        appendHead(opcode, length: payload.count, mask: nil, isCompressed: true, to: &buffer)
        buffer.writeBytes(payload)
    }

    private static func appendHead(
        _ opcode: WebSocketOpcode, length: Int, mask: WebSocketMaskingKey?,
        isCompressed: Bool = false, to buffer: inout ByteBuffer
    ) {
        buffer.writeInteger(UInt8(webSocketOpcode: opcode) | (isCompressed ? 0xC0 : 0x80))
        let maskBit: UInt8 = mask == nil ? 0 : 0x80
        switch length {
        case 0...125: buffer.writeInteger(UInt8(length) | maskBit)
        case 126...Int(UInt16.max):
            buffer.writeInteger(126 | maskBit)
            buffer.writeInteger(UInt16(length))
        default:
            buffer.writeInteger(127 | maskBit)
            buffer.writeInteger(UInt64(length))
        }
        if let mask { buffer.writeBytes(mask) }
    }

    /// A frame of a server as it lies in a buffer.
    struct Piece {
        let opcode: WebSocketOpcode
        let isFinal: Bool
        /// With its head.
        let whole: ByteBuffer
        let payload: ByteBuffer

        /// Whether it is all of a message, and no control frame.
        var isWholeMessage: Bool { isFinal && (opcode == .text || opcode == .binary) }
    }

    /// Takes the next frame out of a buffer that holds whole frames without masks; what is none
    /// comes as it is.
    static func next(in buffer: inout ByteBuffer) -> Piece? {
        guard buffer.readableBytes > 0 else { return nil }
        let start = buffer.readerIndex
        var head = 2
        var length = 0
        if let second: UInt8 = buffer.getInteger(at: start + 1) {
            switch second {
            case 126:
                length = buffer.getInteger(at: start + 2, as: UInt16.self).map(Int.init) ?? 0
                head = 4
            case 127:
                length = buffer.getInteger(at: start + 2, as: UInt64.self).map(Int.init) ?? 0
                head = 10
            default: length = Int(second)
            }
        }
        let first = buffer.getInteger(at: start, as: UInt8.self) ?? 0
        let opcode = WebSocketOpcode(encodedWebSocketOpcode: first & 0x0F)
        guard let opcode, var whole = buffer.readSlice(length: head + length) else {
            let rest = buffer
            buffer.clear()
            return Piece(
                opcode: .connectionClose, isFinal: true, whole: rest, payload: ByteBuffer())
        }
        let all = whole
        whole.moveReaderIndex(forwardBy: head)
        return Piece(opcode: opcode, isFinal: first & 0x80 != 0, whole: all, payload: whole)
    }
}
