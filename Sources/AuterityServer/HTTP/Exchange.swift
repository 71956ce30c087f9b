import AuterityAPI
import HTTPTypes
import Hummingbird
import HummingbirdCore
import NIOCore

/// One request on its way through the server, and what has been found out about it.
struct Exchange: Sendable {
    let request: Hummingbird.Request
    let context: ServerContext
    let headers: RequestHeaders
    /// The caller's, when it is sane, else one made here.
    let requestID: String
    let client: ClientAddress
    /// When it came.
    let time: Timestamp
    /// Bytes that its body may have.
    let maximumBody: Int
    var caller: Caller
    /// What matched; `nil` until then, and where nothing does.
    var route: BoundRoute?
    /// Percent-decoded.
    var pathValues: [String: String] = [:]
    /// Headers of the answer that were found on the way, whatever the answer is.
    var answerHeaders = HTTPFields()

    var isHead: Bool { request.method == .head }

    /// Bytes of a path and its query; RFC 9110, section 4.1 wants 8,000 at least.
    private static let maximumTarget = 8192

    /// Refuses what the parser lets through and no route needs to see.
    func checkHead() throws(APIError) {
        if request.head.authority == "" {
            throw APIError(.badRequest, "The request names no host. Send a Host header")
        }
        if headers.hasSecondHost {
            throw APIError(.badRequest, "The request names two hosts. Send one Host header")
        }
        if headers.hasOtherCoding {
            throw APIError(
                .badRequest,
                "The request names a Transfer-Encoding that is not known here. Send the body with "
                    + "Content-Length, or chunked and nothing else")
        }
        if request.head.path?.utf8.count ?? 0 > Self.maximumTarget {
            throw APIError(
                .badRequest,
                "The address of the request is longer than \(Self.maximumTarget) bytes",
                status: HTTPResponse.Status.targetTooLong.code)
        }
    }

    /// Parsed anew each time it is asked for.
    func queryItems() throws(APIError) -> [WireRequest.QueryItem] {
        guard let path = request.head.path,
            let mark = path.utf8.firstIndex(of: UInt8(ascii: "?"))
        else { return [] }
        return try formItems(path.utf8[mark...].dropFirst())
    }
}

/// What answers a request, before it is clothed in the headers that all answers get.
struct Reply: Sendable {
    var status: HTTPResponse.Status
    /// `nil` where there is nothing to say; not the same as an empty body.
    var body: ByteBuffer?
    /// With a content type where there is a body.
    var headers = HTTPFields()
    /// The caller wanted to wait for an execution, so the time that it took says nothing of us.
    var waitedForTheEnd = false
    /// The rest of the request is not wanted: the connection ends with the answer.
    var closesConnection = false

    static func json(
        _ status: HTTPResponse.Status, _ body: [UInt8], headers: HTTPFields = HTTPFields()
    ) -> Reply {
        var reply = Reply(status: status, body: ByteBuffer(bytes: body), headers: headers)
        reply.headers.append(HeaderFields.json)
        return reply
    }
}

extension HTTPResponse.Status {
    /// With the phrase that goes with it.
    static func of(_ code: Int) -> HTTPResponse.Status {
        switch code {
        case 200: .ok
        case 201: .created
        case 202: .accepted
        case 204: .noContent
        case 400: .badRequest
        case 401: .unauthorized
        case 403: .forbidden
        case 404: .notFound
        case 405: .methodNotAllowed
        case 409: .conflict
        case 412: .preconditionFailed
        case 413: .contentTooLarge
        case 414: .targetTooLong
        case 422: .unprocessableContent
        case 429: .tooManyRequests
        case 431: .headFieldsTooLarge
        case 500: .internalServerError
        case 503: .serviceUnavailable
        default: HTTPResponse.Status(code: code)
        }
    }
}
