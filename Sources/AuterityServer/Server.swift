public import AuterityEngine
import Hummingbird
import HummingbirdCore
public import Logging
import NIOCore
import NIOPosix
public import ServiceLifecycle
import Synchronization

/// The API server: one engine, served on a port and on a Unix socket beside it.
///
/// It runs until it is told to stop by its `ServiceGroup`, or cancelled. The engine is its
/// owner's to close.
public final class Server: Service {
    /// Where a server can be reached.
    public struct Addresses: Hashable, Sendable {
        /// Such as `http://127.0.0.1:8000`, one for each address of the host.
        public var urls: [String] = []
        /// The port that was given, or that the system chose.
        public var port = 0
        /// The path of the Unix socket.
        public var unixSocket: String?
        /// What whoever started the server should know.
        public var warning: String?
    }

    private let engine: Engine
    private let configuration: ServerConfiguration
    private let logger: Logger
    private let onRunning: @Sendable (Addresses) async -> Void
    private let sockets: ServerSockets
    private let stopping: Stopping

    /// - Parameters:
    ///   - sockets: What `ServerSockets` has bound already by the same configuration.
    ///   - onRunning: Called once, when requests are answered.
    public init(
        engine: Engine, configuration: ServerConfiguration, sockets: ServerSockets,
        logger: Logger, onRunning: @escaping @Sendable (Addresses) async -> Void = { _ in }
    ) {
        self.engine = engine
        self.configuration = configuration
        self.sockets = sockets
        self.logger = logger
        self.onRunning = onRunning
        stopping = configuration.stopping
    }

    /// Binds by itself.
    ///
    /// - Throws: A `ServerError` when the configuration cannot be served.
    public convenience init(
        engine: Engine, configuration: ServerConfiguration, logger: Logger,
        onRunning: @escaping @Sendable (Addresses) async -> Void = { _ in }
    ) throws(ServerError) {
        self.init(
            engine: engine, configuration: configuration,
            sockets: try ServerSockets(configuration), logger: logger, onRunning: onRunning)
    }

    /// Serves until it is told to stop: then nothing new is accepted, requests finish within
    /// `ConnectionLimits.stopTimeout`, and WebSockets are closed as going away.
    ///
    /// - Throws: A `ServerError` when the Unix socket cannot be made.
    public func run() async throws {
        let file: UnixSocketFile?
        if let path = configuration.unixSocket {
            file = try UnixSocketFile.bind(path: path)
        } else {
            file = nil
        }
        defer { file?.remove() }
        let figures = ServerFigures()
        let api = API(
            engine: engine, configuration: configuration, logger: logger, figures: figures)
        let stream = EventStream(
            engine: engine, settings: StreamSettings(configuration), figures: figures.stream,
            logger: logger)
        let refusals = RefusedRequests(
            engine: engine, configuration: configuration, logger: logger, figures: figures)
        let child = StreamChannel(
            stream: stream,
            configuration: .limited(by: configuration.connections, refusals: refusals),
            responder: api.responder().answering(logger: logger))
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await stream.run() }
            try await serve(child, file, refusals)
            group.cancelAll()
        }
    }

    private func serve(
        _ child: StreamChannel, _ file: UnixSocketFile?, _ refusals: RefusedRequests
    ) async throws {
        var limits = configuration.connections
        limits.discardedBytes += configuration.bodyBytes
        var listeners: [(Listener, Listener.Accepting)] = []
        let ports = Listener(
            child: child, limits: limits, connections: Connections(limit: limits.connections),
            tls: sockets.tls, admitsOwnerOnly: false, refusals: refusals, logger: logger)
        for descriptor in sockets.take() {
            do {
                listeners.append((ports, try await ports.listen(on: descriptor)))
            } catch let error as IOError {
                // Only one of two who have bound an address may listen on it.
                throw BoundSocket.sentence(
                    error.errnoCode, configuration.host, sockets.addresses.port)
            }
        }
        if let file {
            let local = Listener(
                child: child, limits: limits,
                connections: Connections(limit: limits.localConnections), tls: nil,
                admitsOwnerOnly: true, refusals: refusals, logger: logger)
            listeners.append((local, try await local.listen(on: file.descriptor)))
        }
        var addresses = sockets.addresses
        addresses.unixSocket = file?.path
        await onRunning(addresses)
        await withTaskGroup { [listeners] group in
            group.addTask { await Self.run(listeners) }
            group.addTask { await self.stop(listeners) }
            await group.next()
            group.cancelAll()
        }
    }

    private static func run(
        _ listeners: [(Listener, Listener.Accepting)]
    ) async {
        await withDiscardingTaskGroup { group in
            for (listener, channel) in listeners {
                group.addTask { await listener.run(channel) }
            }
        }
    }

    /// Returns when the time for what is under way is over, or when all of it has ended.
    private func stop(
        _ listeners: [(Listener, Listener.Accepting)]
    ) async {
        do {
            try await gracefulShutdown()
            stopping.begin()
            for (listener, accepting) in listeners {
                accepting.channel.close(promise: nil)
                listener.connections.quiesce()
            }
            try await Task.sleep(for: .seconds(configuration.connections.stopTimeout))
            logger.warning("Requests were still under way at the end of the time for stopping")
        } catch {
            // Cancelled: because all has ended, or because nobody wants to wait.
        }
        for (listener, accepting) in listeners {
            accepting.channel.close(promise: nil)
            listener.connections.closeAll()
        }
    }

    /// Reads the certificate again, for new connections.
    ///
    /// - Returns: Whether there is one.
    /// - Throws: A `ServerError` that names the file; the old certificate stays.
    public func reloadCertificate() throws(ServerError) -> Bool {
        guard let certificate = sockets.tls else { return false }
        try certificate.reload()
        return true
    }
}

extension HTTP1Channel.Configuration {
    /// With the bounds of a head, and the handlers that answer what is no HTTP and that tell what
    /// the bytes mean.
    static func limited(by limits: ConnectionLimits, refusals: RefusedRequests) -> Self {
        HTTP1Channel.Configuration(
            additionalChannelHandlers: [RefusalHandler(refusals), ConnectionPhaseHandler()],
            httpDecoderConfiguration: DecoderConfiguration(
                maxHeaderFieldSize: limits.headBytes, maxHeaderListSize: limits.headBytes,
                maxHeaderFieldCount: limits.headerFields))
    }
}
