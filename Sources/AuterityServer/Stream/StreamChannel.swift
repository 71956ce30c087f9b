import HTTPTypes
import HummingbirdCore
import Logging
import NIOCore
import NIOHTTP1
import NIOHTTPTypes
import NIOHTTPTypesHTTP1
import WebSocketTransport

/// Serves HTTP/1 through the responder, and turns the connection of `GET /ws/{client_id}` into
/// the event stream.
///
/// Requests take the way that they take through Hummingbird's own channel for HTTP/1: the
/// upgrade begins where a request is answered, so any request of a connection may be the one.
struct StreamChannel: HTTPChannelHandler {
    typealias Value = NIOAsyncChannel<HTTPRequestPart, HTTPResponsePart>

    let responder: Responder
    private let configuration: HTTP1Channel.Configuration

    /// - Parameters:
    ///   - stream: the event stream; requests to it are not found when `nil`.
    ///   - configuration: with handlers that stand behind the codec. Without an idle time-out,
    ///     one of them, or one before the codec, closes connections that are idle and those
    ///     that a stopping server waits for.
    ///   - responder: answers every other request.
    init(
        stream: EventStream?, configuration: HTTP1Channel.Configuration,
        responder: @escaping Responder
    ) {
        self.configuration = configuration
        self.responder = { request, writer, channel in
            guard request.head.asksForMore else {
                return try await responder(request, writer, channel)
            }
            try await Self.answerUpgrade(
                request, writer, channel, of: stream, otherwise: responder)
        }
    }

    /// Concurrent, as the responder is: the writer goes from one to the other.
    @concurrent
    private static func answerUpgrade(
        _ request: Request, _ writer: consuming ResponseWriter, _ channel: any Channel,
        of stream: EventStream?, otherwise responder: Responder
    ) async throws {
        let target = StreamTarget(path: request.head.path ?? "")
        if let stream, let target, WebSocketServerUpgrade.isWanted(request.head) {
            if let refusal = await stream.serve(request.head, target, channel) {
                try await writer.write(response: refusal.head, body: refusal.body)
            }
        } else {
            try await responder(request, writer, channel)
        }
        // The decoder reads no HTTP behind a request that asked for another protocol.
        if request.headers[.upgrade] != nil { channel.close(mode: .input, promise: nil) }
    }

    func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<Value> {
        channel.eventLoop.makeCompletedFuture {
            var limits = NIOHTTPDecoderLimitConfiguration()
            limits.maxHeaderFieldSize = configuration.httpDecoder.maxHeaderFieldSize
            limits.maxHeaderListSize = configuration.httpDecoder.maxHeaderListSize
            limits.maxHeaderFieldCount = configuration.httpDecoder.maxHeaderFieldCount
            let pipeline = channel.pipeline.syncOperations
            try pipeline.addHandler(HTTPResponseEncoder())
            // A client may send its first frame close behind its request.
            try pipeline.addHandler(
                ByteToMessageHandler(
                    HTTPRequestDecoder(
                        leftOverBytesStrategy: .forwardBytes, limitConfiguration: limits)))
            try pipeline.addHandler(RequestHeadHandler())
            try pipeline.addHandler(HTTP1ToHTTPServerCodec(secure: false))
            try pipeline.addHandlers(configuration.additionalChannelHandlers())
            if let idle = configuration.idleTimeout {
                try pipeline.addHandler(
                    HTTPConnectionStateHandler(idleTimeout: Duration(idle), logger: logger))
            }
            return try NIOAsyncChannel(
                wrappingChannelSynchronously: channel,
                configuration: .init(isOutboundHalfClosureEnabled: true))
        }
    }

    func handle(value: Value, logger: Logger) async {
        await handleHTTP(asyncChannel: value, logger: logger)
    }
}

extension HTTPServerBuilder {
    /// HTTP/1 with the event stream at `/ws/{client_id}`.
    static func http1WithStream(
        _ stream: EventStream?, configuration: HTTP1Channel.Configuration
    ) -> HTTPServerBuilder {
        HTTPServerBuilder { responder in
            StreamChannel(stream: stream, configuration: configuration, responder: responder)
        }
    }
}

extension HTTPRequest {
    /// Whether it may ask for another protocol: a quick look, for each request.
    fileprivate var asksForMore: Bool {
        headerFields.contains(.upgrade)
    }
}
