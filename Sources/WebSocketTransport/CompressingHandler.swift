import Deflate
import NIOCore

/// Compresses the messages of a server's frames on their way out; control frames go as they are.
final class CompressingHandler: ChannelOutboundHandler {
    typealias OutboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let deflater: Deflater
    private let standsAlone: Bool

    /// `nil` when there is no memory for it.
    init?(_ compression: WebSocketCompression) {
        guard let deflater = Deflater(.raw(window: compression.window)) else { return nil }
        self.deflater = deflater
        standsAlone = compression.standsAlone
    }

    /// What a sync flush ends with, and a message goes without (RFC 7692, section 7.2.1).
    static let tail: [UInt8] = [0x00, 0x00, 0xFF, 0xFF]

    func write(
        context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?
    ) {
        var frames = unwrapOutboundIn(data)
        var buffer = context.channel.allocator.buffer(capacity: frames.readableBytes)
        while let frame = WebSocketFrames.next(in: &frames) {
            // zlib says nothing where there is nothing to say.
            if frame.isWholeMessage, frame.payload.readableBytes > 0 {
                append(frame, to: &buffer, context.channel.allocator)
            } else {
                var whole = frame.whole
                buffer.writeBuffer(&whole)
            }
        }
        context.write(wrapOutboundOut(buffer), promise: promise)
    }

    private func append(
        _ frame: WebSocketFrames.Piece, to buffer: inout ByteBuffer,
        _ allocator: ByteBufferAllocator
    ) {
        var payload = allocator.buffer(capacity: frame.payload.readableBytes / 2)
        frame.payload.withUnsafeReadableBytes { bytes in
            deflater.compress(bytes, .sync) { payload.writeBytes($0) }
        }
        if standsAlone { deflater.reset() }
        let bytes = payload.readableBytesView.dropLast(Self.tail.count)
        WebSocketFrames.append(compressed: bytes, opcode: frame.opcode, to: &buffer)
    }
}

@available(*, unavailable)
extension CompressingHandler: Sendable {}
