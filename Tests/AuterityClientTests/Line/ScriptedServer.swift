import NIOCore
import NIOPosix
import Synchronization

/// A server that answers requests as a test has written it down, byte for byte.
final class ScriptedServer: Sendable {
    enum Answer: Sendable {
        case text(String)
        case bytes([UInt8])
        /// Says the text and closes the connection.
        case last(String)
        /// Nothing, for ever.
        case nothing
        /// Closes the connection without a word.
        case end
        /// A head, and after it so many bytes.
        case large(head: String, bytes: Int)
    }

    private struct State {
        var requests: [String] = []
        var ended = 0
        var sent = 0
        var waiting: [(isMet: @Sendable (State) -> Bool, CheckedContinuation<Void, Never>)] = []
    }

    typealias Script = @Sendable (_ request: Int, _ text: String) -> Answer

    let port: Int
    private let script: Script
    private let greeting: String?
    private let state = Mutex(State())

    private init(port: Int, greeting: String?, _ script: @escaping Script) {
        self.port = port
        self.greeting = greeting
        self.script = script
    }

    /// Runs a server for as long as `body` runs.
    ///
    /// - Parameters:
    ///   - greeting: what it says before anybody asks.
    ///   - script: answers requests, counted from 1 over all connections.
    static func run<Value>(
        greeting: String? = nil, _ script: @escaping Script,
        _ body: (ScriptedServer) async throws -> Value
    ) async throws -> Value {
        let born = Slot<ScriptedServer?>(nil)
        let listener = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    guard let server = born.value else { return channel.close(promise: nil) }
                    try channel.pipeline.syncOperations.addHandler(Handler(server))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        let server = ScriptedServer(
            port: listener.localAddress?.port ?? 0, greeting: greeting, script)
        born.value = server
        let result: Result<Value, any Error>
        do { result = .success(try await body(server)) } catch { result = .failure(error) }
        try await listener.close()
        return try result.get()
    }

    var url: String { "http://127.0.0.1:\(port)" }
    var requests: [String] { state.withLock { $0.requests } }
    /// Bytes that were taken of large answers.
    var sent: Int { state.withLock { $0.sent } }

    /// Waits until so many requests have come.
    func requests(_ count: Int) async { await wait { $0.requests.count >= count } }
    /// Waits until so many connections have ended.
    func ends(_ count: Int) async { await wait { $0.ended >= count } }

    private func wait(_ isMet: @escaping @Sendable (State) -> Bool) async {
        await withCheckedContinuation { continuation in
            let isThere = state.withLock { state in
                if isMet(state) { return true }
                state.waiting.append((isMet, continuation))
                return false
            }
            if isThere { continuation.resume() }
        }
    }

    private func change(_ change: (inout State) -> Void) {
        let met = state.withLock { state in
            change(&state)
            let now = state
            let met = state.waiting.filter { $0.isMet(now) }
            state.waiting.removeAll { $0.isMet(now) }
            return met
        }
        for (_, continuation) in met { continuation.resume() }
    }

    /// An answer of HTTP with a body.
    static func answer(
        _ status: String, _ body: String, type: String = "application/json",
        _ fields: String...
    ) -> String {
        let head = ["HTTP/1.1 \(status)", "Content-Type: \(type)"] + fields
        return (head + ["Content-Length: \(body.utf8.count)", "", body])
            .joined(separator: "\r\n")
    }

    /// The account that every client asks for first.
    static let me = answer(
        "200 OK",
        """
        {"id":"00000000-0000-7000-8000-000000000001","email":"ann@example.com",\
        "first_name":"","last_name":"","company":"","is_active":true,\
        "created_at":"2026-01-01T00:00:00Z","roles":["super_admin"],\
        "permissions":["workflow:read"]}
        """)

    private final class Handler: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
        typealias OutboundOut = ByteBuffer

        private let server: ScriptedServer
        private var received: [UInt8] = []
        private var left = 0

        init(_ server: ScriptedServer) {
            self.server = server
        }

        func channelActive(context: ChannelHandlerContext) {
            guard let greeting = server.greeting else { return }
            context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: greeting)), promise: nil)
        }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            received += unwrapInboundIn(data).readableBytesView
            while let request = nextRequest() {
                var number = 0
                server.change { state in
                    state.requests.append(request)
                    number = state.requests.count
                }
                answer(server.script(number, request), context)
            }
        }

        private func nextRequest() -> String? {
            let text = String(decoding: received, as: UTF8.self)
            guard let end = text.firstRange(of: "\r\n\r\n") else { return nil }
            let head = text[..<end.lowerBound]
            let length = head.split(separator: "\r\n").compactMap { line -> Int? in
                let parts = line.split(separator: ":", maxSplits: 1)
                guard parts.count == 2, parts[0].lowercased() == "content-length" else {
                    return nil
                }
                return Int(parts[1].drop { $0 == " " })
            }.first
            let count = text[..<end.upperBound].utf8.count + (length ?? 0)
            guard received.count >= count else { return nil }
            defer { received.removeFirst(count) }
            return String(decoding: received.prefix(count), as: UTF8.self)
        }

        private func answer(_ answer: Answer, _ context: ChannelHandlerContext) {
            switch answer {
            case .text(let text): say(Array(text.utf8), context)
            case .bytes(let bytes): say(bytes, context)
            case .last(let text):
                say(Array(text.utf8), context)
                context.close(promise: nil)
            case .nothing: break
            case .end: context.close(promise: nil)
            case .large(let head, let bytes):
                say(Array(head.utf8), context)
                left = bytes
                pour(context)
            }
        }

        private func say(_ bytes: [UInt8], _ context: ChannelHandlerContext) {
            context.writeAndFlush(wrapOutboundOut(ByteBuffer(bytes: bytes)), promise: nil)
        }

        private func pour(_ context: ChannelHandlerContext) {
            let piece = ByteBuffer(repeating: UInt8(ascii: " "), count: 64 << 10)
            while left > 0, context.channel.isActive, context.channel.isWritable {
                left -= piece.readableBytes
                server.change { $0.sent += piece.readableBytes }
                context.writeAndFlush(wrapOutboundOut(piece), promise: nil)
            }
        }

        func channelWritabilityChanged(context: ChannelHandlerContext) {
            pour(context)
        }

        func channelInactive(context: ChannelHandlerContext) {
            server.change { $0.ended += 1 }
        }

        func errorCaught(context: ChannelHandlerContext, error: any Error) {
            context.close(promise: nil)
        }
    }
}
