import AuterityAPI
public import AuterityEngine
public import Logging
import NIOCore
import NIOPosix
import Synchronization

/// The event stream of a server: one subscription to the engine for all its clients, whose
/// events are encoded once and lie in a ring that every client reads at its own pace.
public final class EventStream: Sendable {
    /// For Prometheus.
    public let figures: StreamFigures
    let settings: StreamSettings
    let engine: Engine
    let logger: Logger
    let ring: SharedRing
    /// Clients that have events read back at once.
    let replays = Permits(16)
    private let registry = Mutex(Registry())
    private let publishing = Mutex(Publishing())
    private let subscriptions: AsyncStream<AsyncStream<AddressedDelivery>>
    private let subscribe: AsyncStream<AsyncStream<AddressedDelivery>>.Continuation
    private let metrics: AsyncStream<AddressedEvent>
    private let announce: AsyncStream<AddressedEvent>.Continuation

    private struct Registry {
        var loops: [ObjectIdentifier: StreamLoop] = [:]
        var clients = 0
        var nextNumber = 0
        var users: [UserID: Int] = [:]
        /// Whether the engine's events come; they need not while nobody listens.
        var isSubscribed = false
        var isStopped = false
    }

    private struct Publishing {
        var builder = StreamSegment.Builder()
        var pace = PublishingPace()
        var isScheduled = false
    }

    /// Events or bytes that are gathered before they are published whatever the pace.
    private static let segmentEvents = 1024
    private static let segmentBytes = 1 << 20

    public init(
        engine: Engine, settings: StreamSettings = StreamSettings(),
        figures: StreamFigures = StreamFigures(), logger: Logger
    ) {
        self.engine = engine
        self.figures = figures
        self.settings = settings
        self.logger = logger
        ring = SharedRing(settings.ring, behind: engine.newestEventID)
        (subscriptions, subscribe) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
        (metrics, announce) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    /// Reads events and keeps time until the task is cancelled; then every client is told that
    /// the server stops.
    public func run() async {
        await withDiscardingTaskGroup { group in
            group.addTask { await self.tick() }
            group.addTask { await self.tellMetrics() }
            for await subscription in subscriptions { await read(subscription) }
            group.cancelAll()
        }
        stop()
    }

    /// Tells every client that the server stops, and lets no more in.
    public func stop() {
        let loops = registry.withLock { registry in
            registry.isStopped = true
            return Array(registry.loops.values)
        }
        subscribe.finish()
        announce.finish()
        for loop in loops { loop.stopAll() }
    }

    func now() -> StreamSession.Moment { settings.now() }
    func newestID() -> Int64 { engine.newestEventID }

    // MARK: - Clients

    /// What a connection is known by, and the loop it lives on.
    struct Place: Sendable {
        let number: Int
        let loop: StreamLoop
    }

    /// Makes room for a client; `nil` when there is none. From now on no event is missed.
    func enter(_ eventLoop: any EventLoop) -> Place? {
        let place = registry.withLock { registry -> Place? in
            guard !registry.isStopped, registry.clients < settings.clients else { return nil }
            registry.clients += 1
            registry.nextNumber += 1
            let key = ObjectIdentifier(eventLoop)
            let loop = registry.loops[key] ?? StreamLoop(eventLoop)
            registry.loops[key] = loop
            if !registry.isSubscribed {
                registry.isSubscribed = true
                let subscription = engine.addressedEvents(after: nil)
                // What is committed from here on comes through the subscription.
                ring.lose(upTo: engine.newestEventID)
                subscribe.yield(subscription)
            }
            return Place(number: registry.nextNumber, loop: loop)
        }
        if place != nil { figures.clientCame() }
        return place
    }

    func leave() {
        registry.withLock { $0.clients -= 1 }
        figures.clientLeft()
    }

    /// Counts a connection for its account; whether there may be one more.
    func admit(_ user: UserID) -> Bool {
        registry.withLock { registry in
            let count = registry.users[user, default: 0]
            guard count < settings.connectionsPerUser else { return false }
            registry.users[user] = count + 1
            return true
        }
    }

    func dismiss(_ user: UserID) {
        registry.withLock { registry in
            let count = registry.users[user, default: 0] - 1
            registry.users[user] = count > 0 ? count : nil
        }
    }

    private var loops: [StreamLoop] { registry.withLock { Array($0.loops.values) } }

    // MARK: - Events

    private func read(_ subscription: AsyncStream<AddressedDelivery>) async {
        for await delivery in subscription {
            if isDeserted() { return discard() }
            switch delivery {
            case .resynchronize:
                discard()
                ring.lose(upTo: engine.newestEventID)
                wake()
            case .event(let event) where event.event.id == nil: announce.yield(event)
            case .event(let event): gather(event)
            }
        }
    }

    /// Whether nobody listens any more. The next client subscribes again.
    private func isDeserted() -> Bool {
        registry.withLock { registry in
            guard registry.clients == 0 else { return false }
            registry.isSubscribed = false
            return true
        }
    }

    private func discard() {
        publishing.withLock { $0.builder = StreamSegment.Builder() }
    }

    private func gather(_ event: AddressedEvent) {
        let now = NIODeadline.now().uptimeNanoseconds
        let clients = figures.clients
        let delay = publishing.withLock { publishing -> UInt64? in
            do {
                try publishing.builder.append(event)
            } catch {
                logger.error("An event could not be encoded", metadata: ["error": "\(error)"])
            }
            let isFull =
                publishing.builder.entries.count >= Self.segmentEvents
                || publishing.builder.byteCount >= Self.segmentBytes
            if isFull { return 0 }
            guard !publishing.isScheduled else { return nil }
            let delay = publishing.pace.delay(at: now, clients: clients)
            publishing.isScheduled = delay > 0
            return delay
        }
        guard let delay else { return }
        if delay == 0 { return publish() }
        MultiThreadedEventLoopGroup.singleton.any().scheduleTask(
            in: .nanoseconds(Int64(delay))
        ) { [weak self] in self?.publish(timed: true) }
    }

    /// Puts what was gathered into the ring, and wakes who waits for it.
    private func publish(timed: Bool = false) {
        publishing.withLock { publishing in
            if timed { publishing.isScheduled = false }
            publishing.pace.woke(at: NIODeadline.now().uptimeNanoseconds)
            if let segment = publishing.builder.finish() { ring.append(segment) }
        }
        wake()
    }

    private func wake() {
        for loop in loops { loop.wake(revision: revision) }
    }

    private var revision: @Sendable () -> UInt64 {
        { [engine] in engine.accountsRevision }
    }

    // MARK: - Time and figures

    private func tick() async {
        while !Task.isCancelled {
            do { try await Task.sleep(for: .seconds(1)) } catch { return }
            for loop in loops { loop.tick(revision: revision) }
        }
    }

    /// Who gets the same figures.
    private enum MetricsAudience: Hashable {
        case everything
        case own(UserID)

        init(_ caller: Caller) {
            self = caller.may(.workflowReadAll) ? .everything : .own(caller.id)
        }
    }

    /// Figures are made for their readers: one for all who see everything, and one for each
    /// other account.
    private func tellMetrics() async {
        for await addressed in metrics {
            var readers: [MetricsAudience: (caller: Caller, places: [Place])] = [:]
            for loop in loops {
                for reader in await loop.metricsReaders() {
                    readers[MetricsAudience(reader.caller), default: (reader.caller, [])]
                        .places.append(Place(number: reader.number, loop: loop))
                }
            }
            for (caller, places) in readers.values {
                await tell(addressed, to: places, as: caller)
            }
        }
    }

    private func tell(
        _ addressed: AddressedEvent, to places: [Place], as caller: Caller
    ) async {
        guard let event = await engine.event(addressed, for: caller) else { return }
        do {
            let frames = try StreamSegment.frame(of: event)
            for (_, group) in Dictionary(grouping: places, by: { ObjectIdentifier($0.loop) }) {
                group.first?.loop.push(frames, to: group.map(\.number))
            }
        } catch {
            logger.error("Figures could not be encoded", metadata: ["error": "\(error)"])
        }
    }
}

extension StreamSession.Moment {
    static let current: @Sendable () -> Self = {
        Self(
            uptime: Int64(NIODeadline.now().uptimeNanoseconds / 1_000_000),
            wall: EngineClock.system.now())
    }
}
