import NIOCore
import NIOEmbedded
import NIOWebSocket
import Testing

@testable import WebSocketTransport

/// RFC 6455, held against what a server answers.
@Suite struct WebSocketHandlerTests {
    @Test func aTextIsWholeHoweverItIsCut() throws {
        let end = try ServerEnd()
        let text = Array("Grüße an alle".utf8)
        end.feed(clientFrame(1, Array(text[..<3]), final: false))
        end.feed(clientFrame(0, Array(text[3..<4]), final: false))
        end.feed(clientFrame(0, Array(text[4...])))
        #expect(try end.message() == .text("Grüße an alle"))
        #expect(try end.message() == nil)
    }

    @Test func bytesMayComeOneByOne() throws {
        let end = try ServerEnd()
        for byte in clientFrame(1, Array("one by one".utf8)) { end.feed([byte]) }
        #expect(try end.message() == .text("one by one"))
    }

    @Test func controlFramesComeBetweenFragments() throws {
        let end = try ServerEnd()
        end.feed(clientFrame(1, Array("half ".utf8), final: false))
        end.feed(clientFrame(9, [1, 2, 3]))
        end.feed(clientFrame(0, Array("and half".utf8)))
        let pong = try #require(try end.frame())
        #expect(pong.opcode == 10)
        #expect(pong.payload == [1, 2, 3])
        #expect(try end.message() == .ping(ByteBuffer(bytes: [1, 2, 3])))
        #expect(try end.message() == .text("half and half"))
    }

    @Test func binaryMessagesAreToldApart() throws {
        let end = try ServerEnd()
        end.feed(clientFrame(2, [0xFF, 0x00]))
        #expect(try end.message() == .binary(ByteBuffer(bytes: [0xFF, 0x00])))
    }

    struct Breach: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let bytes: [UInt8]
        let code: UInt16

        init(_ description: String, _ bytes: [UInt8], _ code: UInt16) {
            testDescription = description
            self.bytes = bytes
            self.code = code
        }
    }

    static let breaches: [Breach] = [
        Breach("unmasked", clientFrame(1, Array("hello".utf8), isMasked: false), 1002),
        Breach("first reserved bit", clientFrame(1, [], reserved: 0x40), 1002),
        Breach("second reserved bit", clientFrame(1, [], reserved: 0x20), 1002),
        Breach("third reserved bit", clientFrame(9, [], reserved: 0x10), 1002),
        Breach("unknown data opcode", clientFrame(3, []), 1002),
        Breach("unknown control opcode", clientFrame(11, []), 1002),
        Breach("continuation of nothing", clientFrame(0, [1]), 1002),
        Breach(
            "message within a message",
            clientFrame(1, [65], final: false) + clientFrame(1, [66]), 1002),
        Breach("ping in pieces", clientFrame(9, [1], final: false), 1002),
        Breach("ping of 126 bytes", clientFrame(9, [UInt8](repeating: 1, count: 126)), 1002),
        Breach("close with half a code", clientFrame(8, [3]), 1002),
        Breach("close with 1005", clientFrame(8, [0x03, 0xED]), 1002),
        Breach("close with 999", clientFrame(8, [0x03, 0xE7]), 1002),
        Breach("close with 2000", clientFrame(8, [0x07, 0xD0]), 1002),
        Breach("reason that is no UTF-8", clientFrame(8, [0x03, 0xE8, 0xFF]), 1007),
        Breach("text that is no UTF-8", clientFrame(1, [0xC0, 0xAF]), 1007),
        Breach("a surrogate", clientFrame(1, [0xED, 0xA0, 0x80]), 1007),
        Breach(
            "text cut within a character",
            clientFrame(1, [0xC3], final: false) + clientFrame(0, []), 1007),
        Breach("large frame", clientFrame(1, [UInt8](repeating: 65, count: 65_537)), 1009),
        Breach(
            "large message in pieces",
            clientFrame(1, [UInt8](repeating: 65, count: 40_000), final: false)
                + clientFrame(0, [UInt8](repeating: 65, count: 40_000)), 1009),
        Breach(
            "length beyond 63 bits", [0x81, 0xFF] + [UInt8](repeating: 0xFF, count: 8), 1009),
    ]

    @Test(arguments: breaches)
    func breachesCloseWithTheirCode(_ breach: Breach) throws {
        let end = try ServerEnd()
        end.feed(breach.bytes)
        #expect(try end.closeCode() == breach.code)
        // Nothing that follows is taken, and the other side cannot keep the connection.
        end.feed(clientFrame(1, Array("more".utf8)))
        #expect(try end.message() == nil)
        end.channel.embeddedEventLoop.advanceTime(by: .seconds(5))
        #expect(!end.channel.isActive)
    }

    @Test func aMessageOfTheLimitIsTaken() throws {
        let end = try ServerEnd()
        end.feed(clientFrame(1, [UInt8](repeating: 65, count: 65_536)))
        #expect(try end.message() == .text(String(repeating: "A", count: 65_536)))
    }

    @Test func tooManyFragmentsAreRefused() throws {
        var limits = WebSocketLimits()
        limits.fragments = 3
        let end = try ServerEnd(limits: limits)
        end.feed(clientFrame(1, [65], final: false))
        for _ in 0..<3 { end.feed(clientFrame(0, [], final: false)) }
        #expect(try end.closeCode() == 1008)
    }

    @Test func aCloseIsAnsweredWithItsCodeAndEndsTheConnection() throws {
        let end = try ServerEnd()
        end.feed(clientFrame(8, [0x03, 0xE8] + Array("bye".utf8)))
        #expect(try end.message() == .close(WebSocketClose(.normal, "bye")))
        #expect(try end.closeCode() == 1000)
        #expect(!end.channel.isActive)
    }

    @Test func aCloseWithoutACodeIsAnsweredWithoutOne() throws {
        let end = try ServerEnd()
        end.feed(clientFrame(8, []))
        #expect(try end.message() == .close(WebSocketClose(.none)))
        let answer = try #require(try end.frame())
        #expect(answer.opcode == 8)
        #expect(answer.payload.isEmpty)
    }

    @Test func whoNeverAnswersACloseIsCut() throws {
        let end = try ServerEnd()
        end.channel.writeAndFlush(
            WebSocketOutput.close(WebSocketClose(.goingAway, "stop")), promise: nil)
        #expect(try end.closeCode() == 1001)
        end.channel.embeddedEventLoop.advanceTime(by: .seconds(4))
        #expect(end.channel.isActive)
        end.channel.embeddedEventLoop.advanceTime(by: .seconds(1))
        #expect(!end.channel.isActive)
    }

    @Test func nothingGoesBehindACloseFrame() throws {
        let end = try ServerEnd()
        end.channel.writeAndFlush(WebSocketOutput.close(WebSocketClose(.normal)), promise: nil)
        #expect(throws: (any Error).self) {
            try end.channel.writeAndFlush(WebSocketOutput.text("late")).wait()
        }
        _ = try end.frame()
        #expect(try end.frame() == nil)
        end.feed(clientFrame(8, [0x03, 0xE8]))
        #expect(!end.channel.isActive)
    }

    @Test func pingsOfWhoDoesNotReadAreNotGathered() throws {
        let end = try ServerEnd()
        end.channel.isWritable = false
        for number in 0..<50 { end.feed(clientFrame(9, [UInt8(number)])) }
        #expect(try end.frame() == nil)
        end.channel.isWritable = true
        end.channel.pipeline.fireChannelWritabilityChanged()
        let pong = try #require(try end.frame())
        #expect(pong.payload == [49])
        #expect(try end.frame() == nil)
    }

    @Test(arguments: [0, 1, 125, 126, 65_535, 65_536])
    func framesOfEveryLengthAreReadAgain(_ length: Int) throws {
        let text = String(repeating: "x", count: length)
        for side in [WebSocketSide.client, .server] {
            let frame = WebSocketFrames.frame(
                .text, text.utf8, side: side, allocator: ByteBufferAllocator())
            let reader = EmbeddedChannel(
                handler: ByteToMessageHandler(WebSocketFrameDecoder(maxFrameSize: 1 << 20)))
            try reader.writeInbound(frame)
            let read = try #require(try reader.readInbound(as: WebSocketFrame.self))
            #expect((read.maskKey != nil) == (side == .client))
            #expect(String(buffer: read.unmaskedData) == text)
        }
    }

    @Test func aReasonIsCutBetweenCharacters() {
        let close = WebSocketClose(.normal, String(repeating: "ä", count: 100))
        #expect(close.payload.count == 2 + 122)
        #expect(String(validating: close.payload.dropFirst(2), as: UTF8.self) != nil)
    }
}
