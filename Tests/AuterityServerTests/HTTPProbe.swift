import AuterityAPI
import NIOCore
import NIOPosix
import Testing

/// A client that sends exactly the bytes it is told, and shows exactly what comes back. Every answer
/// is held against the OpenAPI document.
struct HTTPProbe: Sendable {
    enum Target: Sendable {
        /// On 127.0.0.1.
        case port(Int)
        case socket(String)
    }

    /// What a server answered to one request.
    struct Answer: Sendable {
        var status = 0
        var reason = ""
        /// In order, with the names as they were sent.
        var headers: [(name: String, value: String)] = []
        var body: [UInt8] = []

        var text: String { String(decoding: body, as: UTF8.self) }

        /// `null` when the body is no JSON.
        var json: JSONValue { (try? JSONValue(parsing: body)) ?? .null }

        /// The code of an error's body.
        var code: String? { json["error"]?["code"]?.stringValue }

        /// The first header of that name, in whatever case.
        subscript(name: String) -> String? {
            headers.first { $0.name.lowercased() == name.lowercased() }?.value
        }

        func values(_ name: String) -> [String] {
            headers.filter { $0.name.lowercased() == name.lowercased() }.map(\.value)
        }
    }

    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    let target: Target
    /// Goes along as a bearer token where no other `Authorization` is given.
    var token: String?

    init(port: Int, token: String? = nil) {
        target = .port(port)
        self.token = token
    }

    init(socket: String, token: String? = nil) {
        target = .socket(socket)
        self.token = token
    }

    func with(token: String?) -> HTTPProbe {
        var probe = self
        probe.token = token
        return probe
    }

    // MARK: - Requests

    /// Sends one request on a connection of its own.
    func request(
        _ method: String, _ path: String, headers: [(String, String)] = [], body: [UInt8]? = nil,
        sourceLocation: SourceLocation = #_sourceLocation
    ) async throws -> Answer {
        let bytes = message(method, path, headers: headers, body: body)
        let answers = try await send(bytes, methods: [method], sourceLocation: sourceLocation)
        guard let answer = answers.first else { throw Failure(description: "no answer") }
        return answer
    }

    func get(
        _ path: String, headers: [(String, String)] = [],
        sourceLocation: SourceLocation = #_sourceLocation
    ) async throws -> Answer {
        try await request("GET", path, headers: headers, sourceLocation: sourceLocation)
    }

    /// Sends JSON, with the content type that goes with it.
    func send(
        _ method: String, _ path: String, json: JSONValue, headers: [(String, String)] = [],
        sourceLocation: SourceLocation = #_sourceLocation
    ) async throws -> Answer {
        try await request(
            method, path, headers: headers + [("Content-Type", "application/json")],
            body: json.jsonBytes, sourceLocation: sourceLocation)
    }

    /// The bytes of a request. `Content-Length` is added unless the headers frame the body.
    func message(
        _ method: String, _ path: String, headers: [(String, String)] = [], body: [UInt8]? = nil
    ) -> [UInt8] {
        let names = headers.map { $0.0.lowercased() }
        var lines = ["\(method) \(path) HTTP/1.1"]
        if !names.contains("host") { lines.append("Host: localhost") }
        if let token, !names.contains("authorization") {
            lines.append("Authorization: Bearer \(token)")
        }
        lines += headers.map { "\($0.0): \($0.1)" }
        if let body, !names.contains("content-length"), !names.contains("transfer-encoding") {
            lines.append("Content-Length: \(body.count)")
        }
        return Array((lines.joined(separator: "\r\n") + "\r\n\r\n").utf8) + (body ?? [])
    }

    // MARK: - Bytes

    /// Sends bytes as they are, and reads an answer for each method, those with a status of 1xx
    /// included.
    func send(
        _ bytes: [UInt8], methods: [String], sourceLocation: SourceLocation = #_sourceLocation
    ) async throws -> [Answer] {
        let answers = try await connect { connection in
            try await connection.write(bytes)
            var answers: [Answer] = []
            for method in methods { answers.append(try await connection.answer(to: method)) }
            return answers
        }
        let final = answers.filter { $0.status >= 200 }
        for (request, answer) in zip(SentRequest.all(in: bytes), final) {
            DocumentedResponses.check(
                request, status: answer.status,
                headers: Dictionary(answer.headers.map { ($0.name, $0.value) }) { $1 },
                body: answer.body, sourceLocation: sourceLocation)
        }
        return answers
    }

    /// A connection for as long as `body` runs.
    func connect<Value: Sendable>(
        _ body: @Sendable (Connection) async throws -> Value
    ) async throws -> Value {
        let bootstrap = ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
        let initializer: @Sendable (any Channel) -> EventLoopFuture<AsyncChannel> = { channel in
            channel.eventLoop.makeCompletedFuture {
                // A server that does not answer must not hold up the tests for ever.
                try channel.pipeline.syncOperations.addHandlers(
                    IdleStateHandler(readTimeout: .seconds(60)), CloseWhenIdle())
                return try AsyncChannel(
                    wrappingChannelSynchronously: channel,
                    configuration: .init(isOutboundHalfClosureEnabled: true))
            }
        }
        let channel: AsyncChannel
        switch target {
        case .port(let port):
            channel = try await bootstrap.connect(
                host: "127.0.0.1", port: port, channelInitializer: initializer)
        case .socket(let path):
            channel = try await bootstrap.connect(
                unixDomainSocketPath: path, channelInitializer: initializer)
        }
        return try await channel.executeThenClose { inbound, outbound in
            try await body(Connection(inbound: inbound.makeAsyncIterator(), outbound: outbound))
        }
    }
}

typealias AsyncChannel = NIOAsyncChannel<ByteBuffer, ByteBuffer>

private final class CloseWhenIdle: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if event is IdleStateHandler.IdleStateEvent { context.close(promise: nil) }
        context.fireUserInboundEventTriggered(event)
    }
}

extension HTTPProbe {
    /// An open connection, used by one task.
    final class Connection {
        private var inbound: NIOAsyncChannelInboundStream<ByteBuffer>.AsyncIterator
        private let outbound: NIOAsyncChannelOutboundWriter<ByteBuffer>
        private var bytes: ArraySlice<UInt8> = []

        init(
            inbound: NIOAsyncChannelInboundStream<ByteBuffer>.AsyncIterator,
            outbound: NIOAsyncChannelOutboundWriter<ByteBuffer>
        ) {
            self.inbound = inbound
            self.outbound = outbound
        }

        func write(_ bytes: [UInt8]) async throws {
            try await outbound.write(ByteBuffer(bytes: bytes))
        }

        /// The next answer; that to HEAD has no body.
        func answer(to method: String) async throws -> Answer {
            var answer = try head(await line())
            while true {
                let line = try await line()
                if line.isEmpty { break }
                let parts = line.split(separator: ":", maxSplits: 1)
                guard parts.count == 2 else { throw Failure(description: "the header '\(line)'") }
                let value = parts[1].drop { $0 == " " }
                answer.headers.append((String(parts[0]), String(value)))
            }
            let isBodiless =
                method == "HEAD" || answer.status < 200 || answer.status == 204
                || answer.status == 304
            if isBodiless { return answer }
            if answer["transfer-encoding"] != nil {
                answer.body = try await chunks()
            } else if let length = answer["content-length"].flatMap({ Int($0) }) {
                answer.body = try await take(length)
            } else {
                answer.body = try await rest()
            }
            return answer
        }

        /// Everything until the server ends the connection.
        func rest() async throws -> [UInt8] {
            while try await more() {}
            defer { bytes = [] }
            return Array(bytes)
        }

        private func head(_ line: String) throws -> Answer {
            let parts = line.split(separator: " ", maxSplits: 2)
            guard parts.count >= 2, parts[0] == "HTTP/1.1", let status = Int(parts[1]) else {
                throw Failure(description: "the status line '\(line)'")
            }
            return Answer(status: status, reason: parts.count == 3 ? String(parts[2]) : "")
        }

        private func chunks() async throws -> [UInt8] {
            var body: [UInt8] = []
            while true {
                guard let size = Int(try await line(), radix: 16) else {
                    throw Failure(description: "the size of a chunk")
                }
                body += try await take(size)
                _ = try await line()
                if size == 0 { return body }
            }
        }

        /// Without its end.
        private func line() async throws -> String {
            while true {
                if let end = bytes.firstIndex(of: UInt8(ascii: "\n")) {
                    let line = bytes[..<end]
                    bytes = bytes[(end + 1)...]
                    let isWhole = line.last == UInt8(ascii: "\r")
                    return String(decoding: isWhole ? line.dropLast() : line, as: UTF8.self)
                }
                guard try await more() else {
                    throw Failure(description: "the connection ended within an answer")
                }
            }
        }

        private func take(_ count: Int) async throws -> [UInt8] {
            while bytes.count < count {
                guard try await more() else {
                    throw Failure(description: "the connection ended within a body")
                }
            }
            defer { bytes = bytes.dropFirst(count) }
            return Array(bytes.prefix(count))
        }

        private func more() async throws -> Bool {
            guard let buffer = try await inbound.next(isolation: #isolation) else { return false }
            bytes += Array(buffer.readableBytesView)
            return true
        }
    }
}
