import AuterityAPI
import NIOCore
import NIOPosix
import Testing

/// A connection of its own for every exchange, and nothing between the test and the bytes. The
/// first answer of each is held against the OpenAPI document.
struct Wire: Sendable {
    let port: Int

    /// Sends these bytes and answers all that comes back until the far end closes.
    func exchange(
        _ bytes: [UInt8], sourceLocation: SourceLocation = #_sourceLocation
    ) async throws -> [UInt8] {
        let answered = try await answer(to: bytes)
        if let request = SentRequest.all(in: bytes).first, let answer = Answer(answered) {
            DocumentedResponses.check(
                request, status: answer.status,
                headers: Dictionary(answer.headers) { $1 }, body: answer.body,
                sourceLocation: sourceLocation)
        }
        return answered
    }

    private func answer(to bytes: [UInt8]) async throws -> [UInt8] {
        let loop = MultiThreadedEventLoopGroup.singleton.next()
        let whole = loop.makePromise(of: [UInt8].self)
        let channel: any Channel
        do {
            channel = try await ClientBootstrap(group: loop)
                .channelInitializer { channel in
                    channel.eventLoop.makeCompletedFuture {
                        try channel.pipeline.syncOperations.addHandler(Collector(whole))
                    }
                }
                .connect(host: "127.0.0.1", port: port).get()
        } catch {
            whole.fail(error)
            throw error
        }
        // The far end may have closed already; what it said counts.
        try? await channel.writeAndFlush(ByteBuffer(bytes: bytes)).get()
        return try await whole.futureResult.get()
    }

    func exchange(
        _ text: String, sourceLocation: SourceLocation = #_sourceLocation
    ) async throws -> [UInt8] {
        try await exchange(Array(text.utf8), sourceLocation: sourceLocation)
    }

    func send(
        _ ask: Ask, sourceLocation: SourceLocation = #_sourceLocation
    ) async throws -> Answer {
        try #require(
            Answer(try await exchange(ask.bytes, sourceLocation: sourceLocation)),
            "\(ask.method) \(ask.target)")
    }
}

private final class Collector: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let whole: EventLoopPromise<[UInt8]>
    private var bytes: [UInt8] = []

    init(_ whole: EventLoopPromise<[UInt8]>) { self.whole = whole }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        bytes += unwrapInboundIn(data).readableBytesView
    }

    func channelInactive(context: ChannelHandlerContext) { whole.succeed(bytes) }

    /// A connection that is reset has said all that it will.
    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }
}

/// A request as it goes over the wire, after which the connection ends.
struct Ask: Sendable {
    var method: String
    /// The path and the query, as they are sent.
    var target: String
    var headers: [(name: String, value: String)] = []
    var body: [UInt8]?

    init(
        _ method: String, _ target: String, token: String? = nil, json: JSONValue? = nil,
        headers: [(name: String, value: String)] = []
    ) {
        self.method = method
        self.target = target
        self.headers = headers
        if let token { self.headers.append(("Authorization", "Bearer \(token)")) }
        if let json {
            body = json.jsonBytes
            self.headers.append(("Content-Type", "application/json"))
        }
    }

    init(_ method: String, _ target: String, token: String? = nil, text: String, type: String) {
        self.init(method, target, token: token)
        body = Array(text.utf8)
        headers.append(("Content-Type", type))
    }

    var bytes: [UInt8] {
        var text = "\(method) \(target) HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
        for header in headers { text += "\(header.name): \(header.value)\r\n" }
        if let body { text += "Content-Length: \(body.count)\r\n" }
        return Array((text + "\r\n").utf8) + (body ?? [])
    }
}

/// An answer as it came over the wire.
struct Answer: Sendable {
    let status: Int
    let headers: [(name: String, value: String)]
    let body: [UInt8]
    /// What came behind the answer: nothing, unless the request was taken for two.
    let rest: [UInt8]

    /// `nil` when that is no whole answer.
    init?(_ bytes: [UInt8]) {
        let split = Array("\r\n\r\n".utf8)
        guard let end = bytes.firstRange(of: split) else { return nil }
        let lines = String(decoding: bytes[..<end.lowerBound], as: UTF8.self)
            .split(separator: "\r\n", omittingEmptySubsequences: false)
        let first = lines[0].split(separator: " ", maxSplits: 2)
        guard first.count >= 2, first[0] == "HTTP/1.1", let status = Int(first[1]) else {
            return nil
        }
        self.status = status
        headers = lines.dropFirst().compactMap { line in
            line.firstIndex(of: ":").map { colon in
                (
                    line[..<colon].lowercased(),
                    String(line[line.index(after: colon)...].drop { $0 == " " })
                )
            }
        }
        let tail = Array(bytes[end.upperBound...])
        let isChunked = headers.contains { $0.name == "transfer-encoding" }
        if isChunked {
            guard let (body, rest) = Self.unchunked(tail) else { return nil }
            (self.body, self.rest) = (body, rest)
        } else {
            let length = headers.first { $0.name == "content-length" }.flatMap { Int($0.value) }
            let count = min(length ?? tail.count, tail.count)
            (body, rest) = (Array(tail[..<count]), Array(tail[count...]))
        }
    }

    private static func unchunked(_ bytes: [UInt8]) -> (body: [UInt8], rest: [UInt8])? {
        var body: [UInt8] = []
        var rest = bytes[...]
        while let line = rest.firstRange(of: Array("\r\n".utf8)) {
            let size = String(decoding: rest[..<line.lowerBound], as: UTF8.self)
            guard let count = Int(size, radix: 16), rest.count >= count + 4 else { return nil }
            let start = line.upperBound
            if count == 0 { return (body, Array(rest[(start + 2)...])) }
            body += rest[start..<start + count]
            rest = rest[(start + count + 2)...]
        }
        return nil
    }

    /// The only header of that name; `nil` without one or with several.
    subscript(header: String) -> String? {
        let values = headers.filter { $0.name == header.lowercased() }.map(\.value)
        return values.count == 1 ? values[0] : nil
    }

    var text: String { String(decoding: body, as: UTF8.self) }
    /// `null` where the body is no JSON.
    var json: JSONValue { (try? JSONValue(parsing: body)) ?? .null }
    /// The code of an error.
    var code: String? { json["error"]?["code"]?.stringValue }
    /// The fields that an error complains of.
    var fields: Set<String> {
        Set(json["error"]?["details"]?.arrayValue?.compactMap { $0["field"]?.stringValue } ?? [])
    }
}
