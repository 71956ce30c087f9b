import NIOCore
import NIOPosix
import Testing

/// A client that sends the bytes it is told to, so that it can break the rules.
struct RawClient {
    private var inbound: NIOAsyncChannelInboundStream<ByteBuffer>.AsyncIterator
    private let outbound: NIOAsyncChannelOutboundWriter<ByteBuffer>
    private let port: Int
    private var buffer = ByteBuffer()

    static func connect(
        to port: Int, receiveBuffer: Int32? = nil, _ body: (inout RawClient) async throws -> Void
    ) async throws {
        var bootstrap = ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
        if let receiveBuffer {
            bootstrap = bootstrap.channelOption(
                .socketOption(.so_rcvbuf), value: .init(receiveBuffer))
        }
        let channel =
            try await bootstrap
            .connect(host: "127.0.0.1", port: port) { channel in
                channel.eventLoop.makeCompletedFuture {
                    try NIOAsyncChannel<ByteBuffer, ByteBuffer>(
                        wrappingChannelSynchronously: channel)
                }
            }
        try await channel.executeThenClose { inbound, outbound in
            var client = RawClient(
                inbound: inbound.makeAsyncIterator(), outbound: outbound, port: port)
            try await body(&client)
        }
    }

    func send(_ text: String) async throws {
        try await outbound.write(ByteBuffer(string: text))
    }

    func send(_ bytes: [UInt8]) async throws {
        try await outbound.write(ByteBuffer(bytes: bytes))
    }

    /// A handshake, with further header lines.
    func handshake(
        _ path: String, _ lines: [String] = [], followedBy bytes: [UInt8] = []
    ) async throws {
        let head =
            [
                "GET \(path) HTTP/1.1", "Host: 127.0.0.1:\(port)", "Upgrade: websocket",
                "Connection: Upgrade", "Sec-WebSocket-Version: 13",
                "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
            ] + lines
        try await send(Array(head.joined(separator: "\r\n").utf8) + Array("\r\n\r\n".utf8) + bytes)
    }

    /// Reads more; whether there was any.
    private mutating func fill() async throws -> Bool {
        guard var more = try await inbound.next(isolation: #isolation) else { return false }
        buffer.writeBuffer(&more)
        return true
    }

    private mutating func bytes(_ count: Int) async throws -> [UInt8]? {
        while buffer.readableBytes < count {
            guard try await fill() else { return nil }
        }
        return buffer.readBytes(length: count)
    }

    /// The head of a response, without the empty line.
    mutating func head() async throws -> String {
        var head: [UInt8] = []
        while !head.suffix(4).elementsEqual("\r\n\r\n".utf8), let byte = try await bytes(1) {
            head += byte
        }
        return String(decoding: head.dropLast(4), as: UTF8.self)
    }

    /// The next frame that is no ping of the server; `nil` at the end of the connection.
    mutating func frame() async throws -> (opcode: UInt8, payload: [UInt8])? {
        while let head = try await bytes(2) {
            var length = Int(head[1])
            if length == 126 {
                guard let long = try await bytes(2) else { return nil }
                length = Int(long[0]) << 8 | Int(long[1])
            } else if length == 127 {
                guard let long = try await bytes(8) else { return nil }
                length = long.reduce(0) { $0 << 8 | Int($1) }
            }
            guard let payload = try await bytes(length) else { return nil }
            if head[0] & 0x0F != 9 { return (head[0] & 0x0F, payload) }
        }
        return nil
    }

    /// The code of the close frame; what comes before it is passed over.
    mutating func closeCode() async throws -> Int? {
        while let frame = try await frame() {
            guard frame.opcode == 8 else { continue }
            guard frame.payload.count >= 2 else { return nil }
            return Int(frame.payload[0]) << 8 | Int(frame.payload[1])
        }
        return nil
    }

    /// Whether the server ends the connection, without more from here.
    mutating func isEnded() async throws -> Bool {
        while try await fill() {}
        return true
    }
}

/// A frame as a client sends it, or as it must not.
func clientFrame(
    _ opcode: UInt8, _ payload: [UInt8], final: Bool = true, reserved: UInt8 = 0,
    isMasked: Bool = true
) -> [UInt8] {
    let key: [UInt8] = [0x37, 0xFA, 0x21, 0x3D]
    let bit: UInt8 = isMasked ? 0x80 : 0
    var frame = [(final ? 0x80 : 0) | reserved | opcode]
    if payload.count < 126 {
        frame.append(UInt8(payload.count) | bit)
    } else {
        frame.append(127 | bit)
        frame += (0..<8).reversed().map { UInt8(payload.count >> ($0 * 8) & 0xFF) }
    }
    guard isMasked else { return frame + payload }
    return frame + key + payload.enumerated().map { $1 ^ key[$0 % 4] }
}
