import AuterityAPI
import NIOCore
import Synchronization

/// The clients of one event loop. They are woken together, with one hop to the loop.
final class StreamLoop: Sendable {
    let eventLoop: any EventLoop
    private let box: NIOLoopBoundBox<State>
    /// A waking that is under way finds all events that have come until it begins.
    private let isWaking = Atomic(false)

    private struct State {
        var connections: [Int: StreamConnection] = [:]
        var revision: UInt64 = 0
    }

    init(_ eventLoop: any EventLoop) {
        self.eventLoop = eventLoop
        box = .makeBoxSendingValue(State(), eventLoop: eventLoop)
    }

    // MARK: - On the loop

    func add(_ connection: StreamConnection) {
        box.value.connections[connection.number] = connection
    }

    func remove(_ connection: StreamConnection) {
        box.value.connections[connection.number] = nil
    }

    /// A client of this loop, for who was away from it meanwhile.
    subscript(number: Int) -> StreamConnection? { box.value.connections[number] }

    private func check(_ revision: UInt64) {
        guard box.value.revision != revision else { return }
        box.value.revision = revision
        for connection in box.value.connections.values { connection.accountsChanged() }
    }

    // MARK: - From anywhere

    /// Lets every client write what has come. Nothing is told to whose token has become bad.
    func wake(revision: @escaping @Sendable () -> UInt64) {
        guard !isWaking.exchange(true, ordering: .acquiringAndReleasing) else { return }
        eventLoop.execute { [self] in
            isWaking.store(false, ordering: .releasing)
            check(revision())
            for connection in box.value.connections.values { connection.pump() }
        }
    }

    /// Time has passed.
    func tick(revision: @escaping @Sendable () -> UInt64) {
        eventLoop.execute { [self] in
            check(revision())
            for connection in box.value.connections.values { connection.tick() }
        }
    }

    func stopAll() {
        eventLoop.execute { [self] in
            for connection in box.value.connections.values { connection.stop() }
        }
    }

    struct MetricsReader: Sendable {
        let number: Int
        let caller: Caller
    }

    /// Who is to be told of figures.
    func metricsReaders() async -> [MetricsReader] {
        let readers = eventLoop.submit { [self] in
            box.value.connections.values.compactMap { connection in
                connection.metricsCaller.map {
                    MetricsReader(number: connection.number, caller: $0)
                }
            }
        }
        return (try? await readers.get()) ?? []
    }

    /// Hands frames that are not kept to some clients; who reads too slowly misses them.
    func push(_ frames: ByteBuffer, to numbers: [Int]) {
        eventLoop.execute { [self] in
            for number in numbers { box.value.connections[number]?.push(frames) }
        }
    }
}
