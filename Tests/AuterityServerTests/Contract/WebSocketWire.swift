import AuterityAPI
import NIOCore
import NIOPosix
import Testing

/// A WebSocket by hand (RFC 6455), to see what really goes over the wire.
struct WebSocketWire {
    enum Message: Hashable, Sendable {
        case text(String)
        case ping([UInt8])
        /// With the code, where there is one.
        case close(Int?)
        case other(opcode: UInt8)
    }

    /// What the server answered to the wish to upgrade.
    let answer: Answer
    private var received: ByteBuffer
    private var inbound: NIOAsyncChannelInboundStream<ByteBuffer>.AsyncIterator
    private let outbound: NIOAsyncChannelOutboundWriter<ByteBuffer>

    /// Connects, hands the socket to `body`, and closes it.
    static func open<Value: Sendable>(
        port: Int, _ target: String, headers: [(name: String, value: String)] = [],
        _ body: (inout WebSocketWire) async throws -> Value
    ) async throws -> Value {
        let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .connect(host: "127.0.0.1", port: port) { channel in
                channel.eventLoop.makeCompletedFuture {
                    try NIOAsyncChannel<ByteBuffer, ByteBuffer>(
                        wrappingChannelSynchronously: channel)
                }
            }
        return try await channel.executeThenClose { inbound, outbound in
            var request =
                "GET \(target) HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\n"
                + "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
            for header in headers { request += "\(header.name): \(header.value)\r\n" }
            try await outbound.write(ByteBuffer(string: request + "\r\n"))
            var iterator = inbound.makeAsyncIterator()
            var bytes: [UInt8] = []
            let end = Array("\r\n\r\n".utf8)
            while bytes.firstRange(of: end) == nil, let next = try await iterator.next() {
                bytes += next.readableBytesView
            }
            let head = try #require(bytes.firstRange(of: end))
            let answer = try #require(Answer(Array(bytes[..<head.upperBound])))
            var wire = WebSocketWire(
                answer: answer, received: ByteBuffer(bytes: bytes[head.upperBound...]),
                inbound: iterator, outbound: outbound)
            return try await body(&wire)
        }
    }

    /// The next frame; `nil` when the connection has ended.
    mutating func next() async throws -> Message? {
        while true {
            if let message = takeFrame() { return message }
            guard var more = try await inbound.next(isolation: #isolation) else {
                return nil
            }
            received.writeBuffer(&more)
        }
    }

    /// The next message that is JSON, past pings.
    mutating func nextJSON() async throws -> JSONValue? {
        while let message = try await next() {
            if case .text(let text) = message { return try JSONValue(parsing: text) }
            if case .close = message { return nil }
        }
        return nil
    }

    /// The next message of this type, past all others.
    mutating func next(type: String) async throws -> JSONValue? {
        while let json = try await nextJSON() {
            if json["type"]?.stringValue == type { return json }
        }
        return nil
    }

    /// The code with which the server closes, past all that it sends before.
    mutating func closeCode() async throws -> Int? {
        while let message = try await next() {
            if case .close(let code) = message { return code }
        }
        return nil
    }

    func send(_ json: JSONValue) async throws { try await send(opcode: 1, json.jsonBytes) }

    /// One frame, masked as a client must.
    func send(opcode: UInt8, _ payload: [UInt8], isFinal: Bool = true) async throws {
        let mask: [UInt8] = [0x37, 0xFA, 0x21, 0x3D]
        var frame: [UInt8] = [(isFinal ? 0x80 : 0) | opcode]
        if payload.count < 126 {
            frame.append(0x80 | UInt8(payload.count))
        } else if payload.count < 65_536 {
            frame += [0x80 | 126, UInt8(payload.count >> 8), UInt8(payload.count & 0xFF)]
        } else {
            frame.append(0x80 | 127)
            frame += (0..<8).map { UInt8(payload.count >> (56 - 8 * $0) & 0xFF) }
        }
        frame += mask + payload.enumerated().map { $1 ^ mask[$0 % 4] }
        try await outbound.write(ByteBuffer(bytes: frame))
    }

    private mutating func takeFrame() -> Message? {
        var copy = received
        guard let first: UInt8 = copy.readInteger(), let second: UInt8 = copy.readInteger() else {
            return nil
        }
        var length = Int(second & 0x7F)
        if length == 126 {
            guard let count: UInt16 = copy.readInteger() else { return nil }
            length = Int(count)
        } else if length == 127 {
            guard let count: UInt64 = copy.readInteger() else { return nil }
            length = Int(count)
        }
        guard let payload = copy.readBytes(length: length) else { return nil }
        received = copy
        switch first & 0x0F {
        case 1: return .text(String(decoding: payload, as: UTF8.self))
        case 8:
            return .close(payload.count >= 2 ? Int(payload[0]) << 8 | Int(payload[1]) : nil)
        case 9: return .ping(payload)
        case let opcode: return .other(opcode: opcode)
        }
    }
}
