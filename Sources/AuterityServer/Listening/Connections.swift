import NIOCore
import Synchronization

/// One open connection, as the limit on connections sees it.
final class Connection: Sendable {
    let channel: any Channel
    /// Nanoseconds of the monotonic clock since which it has been without a request; 0 while it
    /// has one.
    private let idleSince: Atomic<UInt64>

    init(_ channel: any Channel) {
        self.channel = channel
        idleSince = Atomic(NIODeadline.now().uptimeNanoseconds)
    }

    func isBusy() {
        idleSince.store(0, ordering: .relaxed)
    }

    func isIdle() {
        idleSince.store(NIODeadline.now().uptimeNanoseconds, ordering: .relaxed)
    }

    fileprivate var idle: UInt64 { idleSince.load(ordering: .relaxed) }
}

/// The open connections of a listener, bounded. Who holds connections without asking for
/// anything must not keep others out: when there is no room, the one that has been without a
/// request longest is closed.
final class Connections: Sendable {
    private struct State {
        var open: [ObjectIdentifier: Connection] = [:]
        var isClosed = false
    }

    private let limit: Int
    private let state = Mutex(State())

    init(limit: Int) {
        self.limit = limit
    }

    var count: Int { state.withLock { $0.open.count } }

    /// Takes a connection in; `nil` when every connection there may be has a request under way,
    /// or the server has stopped.
    func admit(_ channel: any Channel) -> Connection? {
        let connection = Connection(channel)
        let key = ObjectIdentifier(connection)
        let (isAdmitted, evicted) = state.withLock { state -> (Bool, Connection?) in
            guard !state.isClosed else { return (false, nil) }
            var evicted: Connection?
            if state.open.count >= limit {
                evicted = state.open.values.filter { $0.idle > 0 }.min { $0.idle < $1.idle }
                guard let evicted else { return (false, nil) }
                state.open[ObjectIdentifier(evicted)] = nil
            }
            state.open[key] = connection
            return (true, evicted)
        }
        evicted?.channel.close(promise: nil)
        guard isAdmitted else { return nil }
        channel.closeFuture.whenComplete { [self] _ in
            state.withLock { $0.open[key] = nil }
        }
        return connection
    }

    /// Asks every connection to end with what it has under way.
    func quiesce() {
        let open = state.withLock { state in
            state.isClosed = true
            return Array(state.open.values)
        }
        for connection in open {
            connection.channel.pipeline.fireUserInboundEventTriggered(ChannelShouldQuiesceEvent())
        }
    }

    /// Ends every connection at once.
    func closeAll() {
        let open = state.withLock { state in
            state.isClosed = true
            return Array(state.open.values)
        }
        for connection in open { connection.channel.close(promise: nil) }
    }
}
