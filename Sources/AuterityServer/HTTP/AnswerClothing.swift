import HTTPTypes
import Hummingbird
import HummingbirdCore
import NIOCore

/// The headers that all answers get.
struct AnswerClothing: Sendable {
    /// Of the API.
    private let apiHeaders: HTTPFields
    /// Of everything else.
    private let pageHeaders: HTTPFields
    private let cors: CORSPolicy

    init(_ configuration: ServerConfiguration) {
        pageHeaders = HeaderFields.security(
            isTLS: configuration.tls != nil || configuration.isBehindTLSProxy)
        var headers = pageHeaders
        headers.append(HeaderFields.contentSecurityPolicy)
        headers.append(HeaderFields.noStore)
        apiHeaders = headers
        cors = CORSPolicy(origins: configuration.corsOrigins)
    }

    /// What OPTIONS answers, a browser's preflight included.
    func optionsReply(_ exchange: Exchange, allowed: String) -> Reply {
        var reply = Reply(status: .noContent)
        reply.headers.append(HTTPField(name: .allow, value: allowed))
        if exchange.request.headers.contains(.accessControlRequestMethod) {
            cors.addPreflightHeaders(
                to: &reply.headers, origin: exchange.headers.origin, methods: allowed)
        }
        return reply
    }

    func response(_ reply: Reply, _ exchange: Exchange) -> Hummingbird.Response {
        var headers: HTTPFields
        if exchange.route?.isAPI ?? true {
            headers = apiHeaders
            headers.reserveCapacity(Self.expectedHeaders)
            headers.append(contentsOf: reply.headers)
        } else {
            // A page says itself what it loads.
            headers = reply.headers
            headers.append(contentsOf: pageHeaders.filter { !reply.headers.contains($0.name) })
            if !reply.headers.contains(.contentSecurityPolicy) {
                headers.append(HeaderFields.contentSecurityPolicy)
            }
        }
        headers.append(contentsOf: exchange.answerHeaders)
        headers.append(HTTPField(name: HeaderFields.requestID, value: exchange.requestID))
        cors.addHeaders(to: &headers, origin: exchange.headers.origin)
        guard var body = reply.body else {
            return Hummingbird.Response(status: reply.status, headers: headers)
        }
        if AnswerCompression.isWorthwhile(body, reply, exchange) {
            headers.append(HeaderFields.varyEncoding)
            // The tag stays that of the state: nothing between keeps what is `no-store`, and
            // who changes something sends it back to be held against that state.
            if exchange.headers.acceptsGzip, let smaller = AnswerCompression.gzip(body) {
                headers.append(HeaderFields.gzip)
                body = smaller
            }
        }
        headers.append(HTTPField(name: .contentLength, value: "\(body.readableBytes)"))
        if exchange.isHead {
            return Hummingbird.Response(status: reply.status, headers: headers)
        }
        guard reply.closesConnection else {
            return Hummingbird.Response(
                status: reply.status, headers: headers, body: ResponseBody(byteBuffer: body))
        }
        headers.append(HeaderFields.close)
        return Hummingbird.Response(
            status: reply.status, headers: headers, body: lastBody(body, exchange))
    }

    /// Fields of an answer that is limited, with those of a browser's call.
    private static let expectedHeaders = 24

    /// Ends the connection after the answer. Until then what still comes in is thrown away, since
    /// closing on unread bytes would take the answer from the caller.
    private func lastBody(_ buffer: ByteBuffer, _ exchange: Exchange) -> ResponseBody {
        ResponseBody(contentLength: buffer.readableBytes) { writer in
            try await writer.write(buffer)
            try await writer.finish(nil)
            if !exchange.headers.isChunked {
                var discarded = 0
                for try await part in exchange.request.body {
                    discarded += part.readableBytes
                    if discarded > Exchange.maximumDiscarded { break }
                }
            }
            exchange.context.channel.close(promise: nil)
        }
    }
}
