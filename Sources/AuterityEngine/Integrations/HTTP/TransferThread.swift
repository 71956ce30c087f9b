internal import CCurl

/// The thread that owns the multi handle. Nothing of it is seen by any other thread.
struct TransferThread {
    /// How long the thread sleeps when nothing happens; libcurl's own timers cut it shorter.
    private static let idleMilliseconds: Int32 = 60_000
    /// How often orders that wait for their turn are looked through for those out of time.
    private static let waitingMilliseconds: Int32 = 250

    private let queue: TransferQueue
    private let multi: UnsafeMutableRawPointer
    private let maximumActive: Int
    private var active: [UnsafeMutableRawPointer: (Transfer, TransferOrder)] = [:]

    static func start(_ queue: TransferQueue, maximumActive: Int) {
        let isStarted = startThread { main(queue, maximumActive: maximumActive) }
        if !isStarted { queue.giveUp() }
    }

    private static func main(_ queue: TransferQueue, maximumActive: Int) {
        guard Transfer.isLibraryReady, let multi = curl_multi_init() else {
            queue.giveUp()
            return
        }
        ccurl_multi_set_number(
            multi, CURLMOPT_MAXCONNECTS, TransferLimits.maximumIdleConnections)
        queue.attach(MultiHandle(pointer: multi))
        var thread = TransferThread(queue: queue, multi: multi, maximumActive: maximumActive)
        thread.loop()
        queue.attach(nil)
        curl_multi_cleanup(multi)
    }

    private mutating func loop() {
        while true {
            let work = queue.take(room: maximumActive - active.count)
            if work.isClosed {
                endAll()
                return
            }
            for order in work.orders { begin(order) }
            cancel(work.cancelled)
            var running: Int32 = 0
            curl_multi_perform(multi, &running)
            // A place that became free is given away before the thread sleeps.
            if finishDone() > 0, work.hasMore { continue }
            let sleep = work.hasMore ? Self.waitingMilliseconds : Self.idleMilliseconds
            curl_multi_poll(multi, nil, 0, sleep, nil)
        }
    }

    private mutating func begin(_ order: TransferOrder) {
        guard let transfer = Transfer(id: order.id, plan: order.plan) else {
            order.end(.timedOutWaiting)
            return
        }
        guard curl_multi_add_handle(multi, transfer.easy) == CURLM_OK else {
            order.end(.overloaded)
            return
        }
        active[transfer.easy] = (transfer, order)
    }

    private mutating func cancel(_ ids: Set<UInt64>) {
        guard !ids.isEmpty else { return }
        for (easy, entry) in active where ids.contains(entry.1.id) {
            end(easy, .cancelled)
        }
    }

    private mutating func finishDone() -> Int {
        var count = 0
        var left: Int32 = 0
        while let message = curl_multi_info_read(multi, &left)?.pointee {
            guard message.msg == CURLMSG_DONE, let easy = message.easy_handle else { continue }
            end(easy, .finished(message.data.result))
            count += 1
        }
        return count
    }

    private mutating func endAll() {
        for easy in active.keys { end(easy, .closed) }
    }

    private mutating func end(_ easy: UnsafeMutableRawPointer, _ ending: TransferEnding) {
        guard let (transfer, order) = active.removeValue(forKey: easy) else { return }
        let report = transfer.report(ending)
        // The handle is freed with the transfer, and must be out of the multi handle by then.
        withExtendedLifetime(transfer) { _ = curl_multi_remove_handle(multi, easy) }
        order.continuation.resume(returning: report)
    }
}
