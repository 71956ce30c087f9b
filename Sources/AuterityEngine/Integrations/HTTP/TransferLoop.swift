internal import CCurl
import Synchronization

/// Every transfer of the process: one libcurl multi handle on one thread of its own, which sleeps
/// in `curl_multi_poll` and is woken for new work and for cancellations.
final class TransferLoop: Sendable {
    private let queue: TransferQueue

    /// `maximumActive` transfers run at once, `maximumWaiting` wait, one more is turned away.
    init(
        maximumActive: Int = TransferLimits.maximumActive,
        maximumWaiting: Int = TransferLimits.maximumWaiting
    ) {
        queue = TransferQueue(maximumWaiting: maximumWaiting)
        TransferThread.start(queue, maximumActive: maximumActive)
    }

    deinit { queue.close() }

    /// Ends all transfers and the thread.
    func close() { queue.close() }

    /// Runs one transfer. When the calling task is cancelled its connection is closed at once.
    func run(_ plan: TransferPlan) async -> TransferReport {
        let id = queue.nextID()
        let report = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                queue.submit(TransferOrder(id: id, plan: plan, continuation: continuation))
            }
        } onCancel: {
            queue.cancel(id)
        }
        queue.forget(id)
        return report
    }
}

struct TransferOrder: Sendable {
    let id: UInt64
    let plan: TransferPlan
    let continuation: CheckedContinuation<TransferReport, Never>

    func end(_ ending: TransferEnding) {
        continuation.resume(returning: TransferReport(ending: ending))
    }
}

/// libcurl's multi handle as other threads may have it.
///
/// Unchecked because it is a pointer; safe because other threads only pass it to
/// `curl_multi_wakeup`, the one call that libcurl allows from any thread, and only under the
/// queue's lock, within which it is taken away before it is freed.
struct MultiHandle: @unchecked Sendable {
    let pointer: UnsafeMutableRawPointer
}

/// What callers and the transfer thread share.
final class TransferQueue: Sendable {
    private struct State {
        var waiting: [TransferOrder] = []
        /// Cancelled since the thread looked last, or before their order came in.
        var cancelled: Set<UInt64> = []
        var isClosed = false
        var lastID: UInt64 = 0
        var multi: MultiHandle?

        func wake() {
            if let multi { curl_multi_wakeup(multi.pointer) }
        }
    }

    /// What the thread is to do next.
    struct Work {
        var orders: [TransferOrder] = []
        var cancelled: Set<UInt64> = []
        var isClosed = false
        /// Whether orders are still waiting for their turn.
        var hasMore = false
    }

    private let state = Mutex(State())
    private let maximumWaiting: Int

    init(maximumWaiting: Int) {
        self.maximumWaiting = maximumWaiting
    }

    func nextID() -> UInt64 {
        state.withLock { state in
            state.lastID += 1
            return state.lastID
        }
    }

    func submit(_ order: TransferOrder) {
        let refusal: TransferEnding? = state.withLock { state in
            if state.isClosed { return .closed }
            if state.cancelled.contains(order.id) { return .cancelled }
            if state.waiting.count >= maximumWaiting { return .overloaded }
            state.waiting.append(order)
            state.wake()
            return nil
        }
        if let refusal { order.end(refusal) }
    }

    func cancel(_ id: UInt64) {
        state.withLock { state in
            state.cancelled.insert(id)
            state.wake()
        }
    }

    /// A transfer that has ended needs no memory of its cancellation.
    func forget(_ id: UInt64) {
        state.withLock { state in _ = state.cancelled.remove(id) }
    }

    func close() {
        state.withLock { state in
            state.isClosed = true
            state.wake()
        }
    }

    /// Closes, and ends what is waiting, when there is no thread to do so.
    func giveUp() {
        close()
        _ = take(room: 0)
    }

    func attach(_ multi: MultiHandle?) {
        state.withLock { $0.multi = multi }
    }

    /// Takes at most `room` orders. Orders whose task is cancelled or whose time is over are ended
    /// here, wherever they stand in the queue.
    func take(room: Int) -> Work {
        var ended: [(TransferOrder, TransferEnding)] = []
        let work = state.withLock { state in
            var work = Work(cancelled: state.cancelled, isClosed: state.isClosed)
            let now = ContinuousClock.now
            var left: [TransferOrder] = []
            for order in state.waiting {
                if state.isClosed {
                    ended.append((order, .closed))
                } else if state.cancelled.contains(order.id) {
                    ended.append((order, .cancelled))
                } else if order.plan.deadline <= now {
                    ended.append((order, .timedOutWaiting))
                } else if work.orders.count < room {
                    work.orders.append(order)
                } else {
                    left.append(order)
                }
            }
            state.waiting = left
            work.hasMore = !left.isEmpty
            return work
        }
        for (order, ending) in ended { order.end(ending) }
        return work
    }
}
