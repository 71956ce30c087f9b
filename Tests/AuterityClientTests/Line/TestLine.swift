import Glibc
import NIOCore
import NIOPosix
import Synchronization

/// The line between a client and a server, which does what lines do: it delays, cuts and stalls.
final class TestLine: Sendable {
    /// What becomes of one connection.
    struct Fate: Sendable {
        /// Bytes of the server after which it is cut; never when `nil`.
        var cutAfter: Int?
        /// Whether a cut is a reset (RST) and no end (FIN).
        var isReset = false
        /// Milliseconds that each piece is under way; none when `nil`.
        var delay: (@Sendable () -> Int)?
        /// Whether nothing is said from the beginning.
        var isSilent = false

        static let good = Fate()
    }

    private struct State {
        var target: Int
        var connections = 0
        var cuts = 0
        var isStalled = false
        var open: [ObjectIdentifier: any Channel] = [:]
        var waiting: [(cuts: Int, CheckedContinuation<Void, Never>)] = []
    }

    let port: Int
    private let listener: any Channel
    private let state: Mutex<State>
    private let fate: @Sendable (_ connection: Int) -> Fate

    private init(
        _ listener: any Channel, to target: Int, _ fate: @escaping @Sendable (Int) -> Fate
    ) {
        self.listener = listener
        self.fate = fate
        port = listener.localAddress?.port ?? 0
        state = Mutex(State(target: target))
    }

    /// Runs a line to a port of this machine for as long as `body` runs.
    ///
    /// - Parameter fate: of the connections, counted from 1.
    static func run<Value>(
        to target: Int = 0, fate: @escaping @Sendable (_ connection: Int) -> Fate = { _ in .good },
        _ body: (TestLine) async throws -> Value
    ) async throws -> Value {
        let born = Slot<TestLine?>(nil)
        let listener = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelOption(.autoRead, value: false)
            .childChannelInitializer { channel in
                guard let line = born.value else { return channel.close() }
                return line.begin(channel)
            }
            .bind(host: "127.0.0.1", port: 0).get()
        let line = TestLine(listener, to: target, fate)
        born.value = line
        let result: Result<Value, any Error>
        do { result = .success(try await body(line)) } catch { result = .failure(error) }
        try await listener.close()
        line.cut()
        return try result.get()
    }

    // MARK: - What a test sees and does

    var connections: Int { state.withLock { $0.connections } }
    var cuts: Int { state.withLock { $0.cuts } }

    /// Where the line leads from now on.
    func lead(to port: Int) {
        state.withLock { $0.target = port }
    }

    /// Nothing comes through any more, and nobody is told.
    func stall() {
        state.withLock { $0.isStalled = true }
    }

    /// New connections come through again.
    func recover() {
        state.withLock { $0.isStalled = false }
    }

    /// Cuts what is open.
    func cut(isReset: Bool = true) {
        for channel in state.withLock({ Array($0.open.values) }) {
            end(channel, isReset: isReset)
        }
    }

    /// Waits until so many connections were cut by their fate.
    func cuts(_ count: Int) async {
        await withCheckedContinuation { continuation in
            let isThere = state.withLock { state in
                if state.cuts >= count { return true }
                state.waiting.append((count, continuation))
                return false
            }
            if isThere { continuation.resume() }
        }
    }

    // MARK: - One connection

    fileprivate var isStalled: Bool { state.withLock { $0.isStalled } }

    private func begin(_ client: any Channel) -> EventLoopFuture<Void> {
        let (number, target) = state.withLock { state in
            state.connections += 1
            state.open[ObjectIdentifier(client)] = client
            return (state.connections, state.target)
        }
        client.closeFuture.whenComplete { _ in
            self.state.withLock { state in
                _ = state.open.removeValue(forKey: ObjectIdentifier(client))
            }
        }
        let fate = fate(number)
        if fate.isSilent || isStalled { return client.setOption(.autoRead, value: true) }
        return ClientBootstrap(group: client.eventLoop)
            .channelOption(.autoRead, value: false)
            .connect(host: "127.0.0.1", port: target)
            .flatMap { server in
                client.eventLoop.makeCompletedFuture {
                    try client.pipeline.syncOperations.addHandler(
                        Relay(self, fate, to: server, isFromServer: false))
                    try server.pipeline.syncOperations.addHandler(
                        Relay(self, fate, to: client, isFromServer: true))
                }.flatMap {
                    server.setOption(.autoRead, value: true)
                }.flatMap {
                    client.setOption(.autoRead, value: true)
                }
            }
            .flatMapError { _ in client.close() }
    }

    fileprivate func cut(_ channel: any Channel, by fate: Fate) {
        let done = state.withLock { state in
            state.cuts += 1
            let count = state.cuts
            let done = state.waiting.filter { $0.cuts <= count }
            state.waiting.removeAll { $0.cuts <= count }
            return done
        }
        end(channel, isReset: fate.isReset)
        for (_, continuation) in done { continuation.resume() }
    }

    private func end(_ channel: any Channel, isReset: Bool) {
        guard isReset else { return channel.close(promise: nil) }
        guard let socket = channel as? any SocketOptionProvider else { return }
        // A socket that is closed without lingering sends RST.
        socket.setSoLinger(linger(l_onoff: 1, l_linger: 0))
            .whenComplete { _ in channel.close(promise: nil) }
    }
}

/// Carries what one side says to the other.
private final class Relay: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let line: TestLine
    private let fate: TestLine.Fate
    private let other: any Channel
    private let isFromServer: Bool
    private var carried = 0
    private var isCut = false
    private var due = NIODeadline.now()

    init(
        _ line: TestLine, _ fate: TestLine.Fate, to other: any Channel, isFromServer: Bool
    ) {
        self.line = line
        self.fate = fate
        self.other = other
        self.isFromServer = isFromServer
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        var bytes = unwrapInboundIn(data)
        guard !isCut, !line.isStalled else { return }
        if isFromServer, let limit = fate.cutAfter, carried + bytes.readableBytes > limit {
            isCut = true
            bytes = bytes.readSlice(length: max(0, limit - carried)) ?? ByteBuffer()
            let (line, fate, other) = (line, fate, other)
            other.writeAndFlush(bytes).whenComplete { _ in line.cut(other, by: fate) }
            return
        }
        carried += bytes.readableBytes
        guard let delay = fate.delay else { return other.writeAndFlush(bytes, promise: nil) }
        // What was said later does not come earlier.
        due = max(due, .now() + .milliseconds(Int64(delay())))
        let (line, other, piece) = (line, other, bytes)
        context.eventLoop.scheduleTask(deadline: due) {
            if !line.isStalled { other.writeAndFlush(piece, promise: nil) }
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        if !line.isStalled { other.close(promise: nil) }
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }
}

/// A place that several tasks share.
final class Slot<Value: Sendable>: Sendable {
    private let kept: Mutex<Value>

    init(_ value: Value) {
        kept = Mutex(value)
    }

    var value: Value {
        get { kept.withLock { $0 } }
        set { kept.withLock { $0 = newValue } }
    }
}
