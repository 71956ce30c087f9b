public import HTTPTypes
public import NIOCore
import NIOHTTP1
import NIOHTTPTypesHTTP1
import NIOWebSocket

/// The server's half of the opening handshake (RFC 6455, section 4.2), on a channel that serves
/// HTTP/1. Any request of a connection may be the one that upgrades it, also behind others.
public enum WebSocketServerUpgrade {
    /// Whether a request asks to become a WebSocket.
    public static func isWanted(_ request: HTTPRequest) -> Bool {
        request.method == .get
            && has(token: "websocket", in: request.headerFields[values: .upgrade])
            && has(token: "upgrade", in: request.headerFields[values: .connection])
    }

    /// What is wrong with a request that asks for it, as a sentence; `nil` when nothing is.
    public static func fault(of request: HTTPRequest) -> String? {
        let fields = request.headerFields
        guard fields[values: .secWebSocketVersion] == ["13"] else {
            return "Sec-WebSocket-Version must be 13"
        }
        let keys = fields[values: .secWebSocketKey]
        guard keys.count == 1, isKey(keys[0]) else {
            return "Sec-WebSocket-Key must be 16 bytes in base64"
        }
        let length = fields[.contentLength]
        guard length == nil || length == "0", fields[.transferEncoding] == nil else {
            return "A request that becomes a WebSocket has no body"
        }
        return nil
    }

    /// Answers 101 and turns the channel into a WebSocket whose messages go to `handler`. The
    /// HTTP handlers behind it stay, and see nothing more than the end of the channel.
    ///
    /// - Parameters:
    ///   - fields: go with the answer, besides those of the handshake.
    ///   - compresses: whether messages are compressed, where the client knows how.
    ///   - handler: gets `WebSocketMessage` and writes `WebSocketOutput`; it hands no message on.
    ///     Made on the event loop of the channel.
    public static func upgrade(
        _ channel: any Channel, _ request: HTTPRequest, limits: WebSocketLimits,
        answering fields: HTTPFields = [:], compresses: Bool = false,
        handler: @escaping @Sendable () -> any ChannelHandler
    ) async throws {
        let head = HTTPRequestHead(
            version: .http1_1, method: .GET, uri: "/",
            headers: HTTPHeaders(request.headerFields))
        let upgrader = NIOWebSocketServerUpgrader(
            shouldUpgrade: { channel, _ in channel.eventLoop.makeSucceededFuture([:]) },
            upgradePipelineHandler: { channel, _ in
                channel.eventLoop.makeSucceededVoidFuture()
            })
        var headers = try await upgrader.buildUpgradeResponse(
            channel: channel, upgradeRequest: head, initialResponseHeaders: [:]
        ).get()
        headers.add(contentsOf: HTTPHeaders(fields))
        let offers = request.headerFields[values: .secWebSocketExtensions]
        let compression = compresses ? WebSocketCompression(offers: offers) : nil
        try await channel.eventLoop.submit { [headers] in
            try replaceHandlers(
                of: channel, limits: limits, compression, answer: headers, handler())
        }.get()
    }

    private static func replaceHandlers(
        of channel: any Channel, limits: WebSocketLimits, _ wanted: WebSocketCompression?,
        answer headers: HTTPHeaders, _ handler: any ChannelHandler
    ) throws {
        let pipeline = channel.pipeline.syncOperations
        let encoder = try pipeline.context(handlerType: HTTPResponseEncoder.self)
        let decoder = try pipeline.handler(type: ByteToMessageHandler<HTTPRequestDecoder>.self)
        let decoderContext = try pipeline.context(handler: decoder)
        var answer = "HTTP/1.1 101 Switching Protocols\r\n"
        for (name, value) in headers { answer += "\(name): \(value)\r\n" }
        let compressing = wanted.flatMap { CompressingHandler($0) }
        let compression = compressing == nil ? nil : wanted
        if let compression { answer += "Sec-WebSocket-Extensions: \(compression.answer)\r\n" }
        let bytes = channel.allocator.buffer(string: answer + "\r\n")

        pipeline.removeHandler(context: encoder, promise: nil)
        decoderContext.writeAndFlush(NIOAny(bytes), promise: nil)
        let frames = ByteToMessageHandler(WebSocketFrameDecoder(maxFrameSize: limits.message))
        let messages = WebSocketHandler(
            side: .server, limits: limits, compression: compression)
        try pipeline.addHandler(frames, position: .after(decoder))
        if let compressing { try pipeline.addHandler(compressing, position: .after(decoder)) }
        try pipeline.addHandler(messages, position: .after(frames))
        try pipeline.addHandler(handler, position: .after(messages))
        // Last: what the client sent behind its request goes to the handlers that are new.
        pipeline.removeHandler(context: decoderContext, promise: nil)
    }

    private static func has(token: String, in values: [String]) -> Bool {
        values.contains { value in
            value.split(separator: ",").contains { part in
                part.drop { $0 == " " }.prefix { $0 != " " }.lowercased() == token
            }
        }
    }

    private static func isKey(_ text: String) -> Bool {
        text.utf8.count == 24 && text.hasSuffix("==")
            && text.utf8.dropLast(2).allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"), UInt8(ascii: "/"):
                    true
                default: false
                }
            }
    }
}
