import Glibc
import HummingbirdCore
import Logging
import NIOCore
import NIOPosix
import NIOSSL

/// Accepts connections on one socket and serves each in a task of its own, on the event loop of
/// the connection.
struct Listener: Sendable {
    typealias Accepting = NIOAsyncChannel<AcceptedConnection?, Never>

    let child: StreamChannel
    let limits: ConnectionLimits
    let connections: Connections
    let tls: TLSCertificate?
    /// Only the server's own user, as on the Unix socket.
    let admitsOwnerOnly: Bool
    let refusals: RefusedRequests
    let logger: Logger
    private let executors = LoopExecutors()

    /// Connections that may wait to be accepted.
    private static var backlog: Int32 { 1024 }

    /// Begins to listen on a socket that has its address. The socket belongs to the channel
    /// from here on.
    func listen(on descriptor: Int32) async throws -> Accepting {
        let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    // Too many open files and its like pass: they must not end the server.
                    try channel.pipeline.syncOperations.addHandler(
                        AcceptBackoffHandler(
                            shouldForwardIOErrorCaught: false,
                            backoffProvider: { [logger] error in
                                logger.warning(
                                    "A connection could not be accepted",
                                    metadata: ["error": "\(error)"])
                                return .seconds(1)
                            }))
                }
            }
            .childChannelOption(.allowRemoteHalfClosure, value: true)
            .bind(descriptor) { channel in prepare(channel) }
        Glibc.listen(descriptor, Self.backlog)
        return channel
    }

    /// Serves until the socket is closed and every connection has ended.
    func run(_ accepting: Accepting) async {
        await withDiscardingTaskGroup { group in
            do {
                try await accepting.executeThenClose { inbound in
                    for try await accepted in inbound {
                        guard let accepted, let value = accepted.take() else { continue }
                        group.addTask(executorPreference: accepted.executor) {
                            await child.handle(value: value, logger: logger)
                        }
                    }
                }
            } catch is CancellationError {
                // Whoever runs the server wants it to end.
            } catch {
                logger.error("The server accepts no more", metadata: ["error": "\(error)"])
            }
        }
    }

    // MARK: One connection

    /// What keeps one connection from being served is that connection's affair: it is closed,
    /// and the socket is never told of it.
    private func prepare(_ channel: any Channel) -> EventLoopFuture<AcceptedConnection?> {
        let nobody = channel.eventLoop.makeSucceededFuture(AcceptedConnection?.none)
        return admit(channel).flatMap { isAdmitted in
            guard isAdmitted, let connection = connections.admit(channel) else {
                channel.close(promise: nil)
                return nobody
            }
            return setUp(channel, connection).flatMapError { error in
                logger.debug("A connection failed", metadata: ["error": "\(error)"])
                channel.close(promise: nil)
                return nobody
            }
        }
    }

    private func admit(_ channel: any Channel) -> EventLoopFuture<Bool> {
        guard admitsOwnerOnly else { return channel.eventLoop.makeSucceededFuture(true) }
        return PeerCredentials.of(channel).map { peer in
            if !peer.isOwner {
                logger.warning(
                    "Another user was refused on the Unix socket",
                    metadata: ["uid": "\(peer.user)", "pid": "\(peer.process)"])
            }
            return peer.isOwner
        }
    }

    private func setUp(
        _ channel: any Channel, _ connection: Connection
    ) -> EventLoopFuture<AcceptedConnection?> {
        channel.eventLoop.makeCompletedFuture {
            let pipeline = channel.pipeline.syncOperations
            if let tls { try pipeline.addHandler(NIOSSLServerHandler(context: tls.context)) }
            try pipeline.addHandler(
                SlowClientHandler(limits: limits, connection: connection, refusals: refusals))
        }.flatMap {
            child.setup(channel: channel, logger: logger).map { [executors] value in
                AcceptedConnection(value, executors.executor(of: channel.eventLoop))
            }
        }
    }
}
