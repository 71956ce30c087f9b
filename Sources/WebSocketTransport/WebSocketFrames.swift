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

    private static func appendHead(
        _ opcode: WebSocketOpcode, length: Int, mask: WebSocketMaskingKey?,
        to buffer: inout ByteBuffer
    ) {
        buffer.writeInteger(UInt8(webSocketOpcode: opcode) | 0x80)
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
}
