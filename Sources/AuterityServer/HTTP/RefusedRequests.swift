import AuterityAPI
import AuterityEngine
import HTTPTypes
import Logging
import NIOCore
import NIOHTTP1

/// Answers what is no valid HTTP, and so never becomes a request that a route could see: with the
/// error body of every other answer, counted and logged like them.
struct RefusedRequests: Sendable {
    struct Answer {
        let head: HTTPResponse
        let body: ByteBuffer
    }

    private let engine: Engine
    private let ids: RequestIDs
    private let headers: HTTPFields
    private let limits: ConnectionLimits
    private let figures: ServerFigures
    private let logger: Logger

    init(
        engine: Engine, configuration: ServerConfiguration, logger: Logger, figures: ServerFigures
    ) {
        self.engine = engine
        ids = RequestIDs(seed: engine.configuration.random())
        var headers = HeaderFields.security(
            isTLS: configuration.tls != nil || configuration.isBehindTLSProxy)
        headers.append(HeaderFields.contentSecurityPolicy)
        headers.append(HeaderFields.noStore)
        headers.append(HeaderFields.json)
        headers.append(HeaderFields.close)
        self.headers = headers
        limits = configuration.connections
        self.figures = figures
        self.logger = logger
    }

    /// Whoever sent it gets this before the connection ends.
    func answer(to error: HTTPParserError, from channel: any Channel) -> Answer {
        answer(
            APIError(
                .badRequest, sentence(error),
                status: error == .headerOverflow
                    ? HTTPResponse.Status.headFieldsTooLarge.code : nil), channel)
    }

    /// What is refused before it comes to the codec, as bytes.
    func bytes(of fault: EarlyFault, from channel: any Channel) -> ByteBuffer {
        let refusal =
            switch fault {
            case .slowHead:
                APIError(
                    .badRequest,
                    "The head of the request did not come within \(limits.headTimeout) seconds",
                    status: HTTPResponse.Status.requestTimeout.code)
            case .otherProtocol:
                APIError(
                    .badRequest, "This server speaks HTTP/1.1, and no HTTP/2 without TLS before it")
            }
        let answer = answer(refusal, channel)
        var bytes = channel.allocator.buffer(capacity: 1024)
        let status = answer.head.status
        let reason = HTTPResponseStatus(statusCode: status.code).reasonPhrase
        bytes.writeString("HTTP/1.1 \(status.code) \(reason)\r\n")
        for field in answer.head.headerFields {
            bytes.writeString("\(field.name.rawName): \(field.value)\r\n")
        }
        bytes.writeString("\r\n")
        bytes.writeImmutableBuffer(answer.body)
        return bytes
    }

    private func answer(_ refusal: APIError, _ channel: any Channel) -> Answer {
        let now = engine.configuration.clock.now()
        let id = ids.next(at: now)
        let body = ByteBuffer(
            bytes: (try? JSONValue.jsonBytes(
                encoding: ErrorBody(refusal, at: now, requestID: id))) ?? [])
        var head = HTTPResponse(status: .of(refusal.status), headerFields: headers)
        head.headerFields.append(HTTPField(name: HeaderFields.requestID, value: id))
        head.headerFields.append(
            HTTPField(name: .contentLength, value: "\(body.readableBytes)"))
        conclude(refusal, id, body, channel)
        return Answer(head: head, body: body)
    }

    private func conclude(
        _ refusal: APIError, _ id: String, _ body: ByteBuffer, _ channel: any Channel
    ) {
        engine.countRequest(isSuccess: false, nanoseconds: nil)
        figures.requests.record(
            route: nil, method: "OTHER", status: refusal.status, nanoseconds: nil)
        let peer = channel.remoteAddress.flatMap(IPAddress.init)
        logger.info(
            "request",
            metadata: [
                "method": "OTHER", "status": "\(refusal.status)", "request_id": "\(id)",
                "bytes": "\(body.readableBytes)", "reason": "\(refusal.message)",
                "address": "\(peer.map(\.description) ?? "unix")",
            ])
    }

    private func sentence(_ error: HTTPParserError) -> String {
        switch error {
        case .headerOverflow:
            "The head of the request has more than \(limits.headBytes) bytes or "
                + "\(limits.headerFields) fields. Send fewer or shorter ones"
        case .invalidMethod: "The request line begins with no method that is known here"
        case .invalidURL: "The address in the request line cannot be read"
        case .invalidVersion: "The request line names no version of HTTP that is known here"
        case .invalidHeaderToken:
            "A header cannot be read: it has a character that may not be there"
        case .invalidContentLength, .unexpectedContentLength:
            "How long the body is, is said wrongly or twice. Send one Content-Length, or "
                + "Transfer-Encoding: chunked alone"
        case .invalidChunkSize: "A chunk of the body does not begin with its size"
        case .invalidEOFState: "The request ended before it was whole"
        default: "This is no request of HTTP/1.1"
        }
    }
}

/// Why a connection ends before the codec has a request of it.
enum EarlyFault: Sendable {
    /// RFC 9110, section 15.5.9.
    case slowHead
    /// The preface of HTTP/2 (RFC 9113, section 3.4), which HTTP/1.1 could only wait behind.
    case otherProtocol
}

extension HTTPResponse.Status {
    /// RFC 6585, section 5.
    static let headFieldsTooLarge = HTTPResponse.Status(
        code: 431, reasonPhrase: "Request Header Fields Too Large")
    /// RFC 9110, section 15.5.15.
    static let targetTooLong = HTTPResponse.Status(code: 414, reasonPhrase: "URI Too Long")
}
