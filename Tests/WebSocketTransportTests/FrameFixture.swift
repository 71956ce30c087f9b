import NIOCore
import NIOEmbedded
import NIOWebSocket

@testable import WebSocketTransport

/// A server's end of a WebSocket without a network: bytes in, messages and bytes out.
struct ServerEnd {
    let channel = EmbeddedChannel()

    init(limits: WebSocketLimits = WebSocketLimits()) throws {
        let pipeline = channel.pipeline.syncOperations
        try pipeline.addHandler(
            ByteToMessageHandler(WebSocketFrameDecoder(maxFrameSize: limits.message)))
        try pipeline.addHandler(WebSocketHandler(side: .server, limits: limits))
        try channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1)).wait()
    }

    /// Feeds bytes in; a fault that is found is told by the close frame.
    func feed(_ bytes: [UInt8]) {
        _ = try? channel.writeInbound(ByteBuffer(bytes: bytes))
    }

    func message() throws -> WebSocketMessage? {
        try channel.readInbound(as: WebSocketMessage.self)
    }

    /// The next frame that went out, as opcode and payload.
    func frame() throws -> (opcode: UInt8, payload: [UInt8])? {
        guard var buffer = try channel.readOutbound(as: ByteBuffer.self),
            let first = buffer.readInteger(as: UInt8.self),
            let length = buffer.readInteger(as: UInt8.self), length < 126
        else { return nil }
        return (first & 0x0F, buffer.readBytes(length: Int(length)) ?? [])
    }

    /// The code of the close frame that went out, if one did.
    func closeCode() throws -> UInt16? {
        while let frame = try frame() {
            guard frame.opcode == 8 else { continue }
            guard frame.payload.count >= 2 else { return nil }
            return UInt16(frame.payload[0]) << 8 | UInt16(frame.payload[1])
        }
        return nil
    }
}

/// A frame as a client sends it, or as it must not.
func clientFrame(
    _ opcode: UInt8, _ payload: [UInt8], final: Bool = true, reserved: UInt8 = 0,
    isMasked: Bool = true
) -> [UInt8] {
    let key: [UInt8] = [0x37, 0xFA, 0x21, 0x3D]
    var frame = [(final ? 0x80 : 0) | reserved | opcode]
    let bit: UInt8 = isMasked ? 0x80 : 0
    switch payload.count {
    case 0...125: frame.append(UInt8(payload.count) | bit)
    case 126...65_535:
        frame += [126 | bit, UInt8(payload.count >> 8), UInt8(payload.count & 0xFF)]
    default:
        frame.append(127 | bit)
        frame += (0..<8).reversed().map { UInt8(payload.count >> ($0 * 8) & 0xFF) }
    }
    guard isMasked else { return frame + payload }
    return frame + key + payload.enumerated().map { $1 ^ key[$0 % 4] }
}
