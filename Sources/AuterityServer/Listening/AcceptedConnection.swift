import NIOCore
import Synchronization

/// A connection that is to be served, and where.
///
/// A server that stops drops the connections which it accepted and has not begun to serve. NIO ends
/// the process when the writer of such a one goes before its connection is closed, so it is kept
/// until then, and the client sees a closed connection.
final class AcceptedConnection: Sendable {
    let executor: LoopExecutor
    private let value: Mutex<StreamChannel.Value?>

    init(_ value: StreamChannel.Value, _ executor: LoopExecutor) {
        self.value = Mutex(value)
        self.executor = executor
    }

    /// What is to be served, for the first who asks: whoever takes it finishes it.
    func take() -> StreamChannel.Value? {
        value.withLock { value in
            defer { value = nil }
            return value
        }
    }

    deinit {
        guard let value = take() else { return }
        value.channel.close(promise: nil)
        value.channel.closeFuture.whenComplete { _ in withExtendedLifetime(value) {} }
    }
}
