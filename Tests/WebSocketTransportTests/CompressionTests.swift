import Deflate
import NIOCore
import NIOEmbedded
import NIOWebSocket
import Testing

@testable import WebSocketTransport

/// `permessage-deflate` (RFC 7692).
@Suite struct CompressionTests {
    @Test(arguments: [
        ("permessage-deflate", 12, false),
        ("permessage-deflate; client_max_window_bits", 12, false),
        ("permessage-deflate;server_max_window_bits=10 ; server_no_context_takeover", 10, true),
        ("x-other, permessage-deflate; client_max_window_bits=\"15\"", 12, false),
        ("permessage-deflate; server_max_window_bits=8, permessage-deflate", 12, false),
        ("permessage-deflate; mystery, Permessage-Deflate", 12, false),
    ])
    func anOfferThatCanBeMetIsTaken(offer: String, window: Int, standsAlone: Bool) throws {
        let agreed = try #require(WebSocketCompression(offers: [offer]))
        #expect(agreed.window == window)
        #expect(agreed.standsAlone == standsAlone)
        #expect(WebSocketCompression(answer: [agreed.answer]) == agreed)
    }

    @Test(arguments: [
        "", "x-webkit-deflate-frame", "permessage-deflate; server_max_window_bits=8",
        "permessage-deflate; server_max_window_bits", "permessage-deflate; mystery=1",
        "permessage-deflate; server_no_context_takeover=1",
        "permessage-deflate; client_max_window_bits=16",
        "permessage-deflate; server_max_window_bits=10; server_max_window_bits=11",
    ])
    func anOfferThatCannotBeMetIsNot(offer: String) {
        #expect(WebSocketCompression(offers: [offer]) == nil)
    }

    @Test(arguments: [
        "", "x-other", "permessage-deflate; client_max_window_bits=10",
        "permessage-deflate; mystery", "permessage-deflate, permessage-deflate",
    ])
    func anAnswerBeyondTheOfferIsRefused(answer: String) {
        #expect(WebSocketCompression(answer: [answer]) == nil)
    }

    @Test(arguments: [true, false])
    func whatIsSaidAgainCostsLittle(standsAlone: Bool) throws {
        let offer =
            "permessage-deflate" + (standsAlone ? "; server_no_context_takeover" : "")
        let line = try Line(offer)
        let texts = (0..<50).map { number in
            #"{"type":"workflow_execution_update","data":{"execution_id":"\#(number)","#
                + #""workflow_id":"0198","status":"running","current_step":"one"},"id":\#(number)}"#
        }
        var sizes: [Int] = []
        for text in texts {
            let frame = line.say(text)
            sizes.append(frame.readableBytes)
            #expect(try line.hear(frame) == [.text(text)])
        }
        let plain = texts[49].utf8.count
        #expect(sizes[0] < plain)
        if standsAlone {
            #expect(sizes[49] > plain / 2)
        } else {
            #expect(sizes[49] < plain / 4)
        }
    }

    @Test func framesThatLieBehindEachOtherEachComeThrough() throws {
        let line = try Line("permessage-deflate")
        var frames = ByteBuffer()
        let texts = ["a", "", String(repeating: "long ", count: 30_000), "Grüße"]
        for text in texts { WebSocketFrames.append(text: text.utf8, to: &frames) }
        let sent = line.write(.frames(frames))
        #expect(try line.hear(sent) == texts.map { .text($0) })
    }

    @Test func controlFramesStayAsTheyAre() throws {
        let line = try Line("permessage-deflate")
        let ping = line.write(.ping(ByteBuffer(bytes: [1, 2, 3])))
        #expect(Array(ping.readableBytesView) == [0x89, 3, 1, 2, 3])
    }

    @Test func fewBytesBecomeNoMoreThanAMessageMayHave() throws {
        var limits = WebSocketLimits()
        limits.message = 10_000
        let line = try Line("permessage-deflate", limits: limits)
        let bomb = line.say(String(repeating: "0", count: 2_000_000))
        #expect(bomb.readableBytes < limits.message)
        #expect(throws: WebSocketFault.self) { try line.hear(bomb) }
    }

    @Test(
        arguments: [
            (0xC1, [0xFF, 0xFF, 0xFF]),
            // Reserved bits that nobody agreed to, and on a control frame.
            (0xA1, [0x61]), (0xE1, [0x61]), (0xC9, []),
        ] as [(UInt8, [UInt8])])
    func whatIsNoCompressionEndsTheConnection(first: UInt8, payload: [UInt8]) throws {
        let line = try Line("permessage-deflate")
        let frame = ByteBuffer(bytes: [first, UInt8(payload.count)] + payload)
        #expect(throws: WebSocketFault.self) { try line.hear(frame) }
    }

    @Test func aClientThatAgreedToNothingTakesNoCompression() throws {
        let line = try Line("permessage-deflate", clientAgrees: false)
        #expect(throws: WebSocketFault.self) { try line.hear(line.say("text")) }
    }

    @Test func aServerReadsWhatAClientCompressed() throws {
        let compression = try #require(WebSocketCompression(offers: ["permessage-deflate"]))
        var assembly = MessageAssembly(
            side: .server, limits: WebSocketLimits(), compression: compression)
        for text in ["first", "second", "second"] {
            // Each by itself, as was agreed.
            let deflater = try #require(Deflater(.raw(window: 15)))
            var payload = ByteBuffer()
            Array(text.utf8).withUnsafeBytes { bytes in
                deflater.compress(bytes, .sync) { payload.writeBytes($0) }
            }
            let bytes = payload.readableBytesView.dropLast(4)
            var frame = WebSocketFrame(
                fin: true, rsv1: true, opcode: .text,
                maskKey: WebSocketMaskingKey.random(), data: ByteBuffer(bytes: bytes))
            frame.data.webSocketMask(try #require(frame.maskKey))
            #expect(try assembly.take(frame) == .text(text))
        }
    }
}

/// A server's way out and a client's way in, without a network.
private final class Line {
    private let server = EmbeddedChannel()
    private let client = EmbeddedChannel()

    init(
        _ offer: String, limits: WebSocketLimits = .ample, clientAgrees: Bool = true
    ) throws {
        let agreed = try #require(WebSocketCompression(offers: [offer]))
        let out = server.pipeline.syncOperations
        try out.addHandler(try #require(CompressingHandler(agreed)))
        try out.addHandler(WebSocketHandler(side: .server))
        let way = client.pipeline.syncOperations
        try way.addHandler(
            ByteToMessageHandler(WebSocketFrameDecoder(maxFrameSize: 1 << 20)))
        try way.addHandler(
            WebSocketHandler(
                side: .client, limits: limits, compression: clientAgrees ? agreed : nil))
        for channel in [server, client] {
            try channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1)).wait()
        }
    }

    func say(_ text: String) -> ByteBuffer { write(.text(text)) }

    /// What goes over the network for it.
    func write(_ output: WebSocketOutput) -> ByteBuffer {
        server.writeAndFlush(output, promise: nil)
        var all = ByteBuffer()
        while var piece = try? server.readOutbound(as: ByteBuffer.self) {
            all.writeBuffer(&piece)
        }
        return all
    }

    func hear(_ bytes: ByteBuffer) throws -> [WebSocketMessage] {
        try client.writeInbound(bytes)
        var messages: [WebSocketMessage] = []
        while let message = try client.readInbound(as: WebSocketMessage.self) {
            messages.append(message)
        }
        return messages
    }
}

extension WebSocketLimits {
    fileprivate static var ample: WebSocketLimits {
        var limits = WebSocketLimits()
        limits.message = 1 << 20
        return limits
    }
}
