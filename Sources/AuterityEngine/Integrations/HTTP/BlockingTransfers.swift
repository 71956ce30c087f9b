internal import CCurl
import Glibc
import Synchronization

/// Transfers of protocols that libcurl does not serve without blocking, each on its own thread.
///
/// SMTP is one: libcurl waits for the reply to a whole message, and for that to `QUIT`, inside of a
/// single call, and a transfer taken out of a multi handle ends its half-sent message as if it were
/// whole. Here a transfer that is given up has its socket shut down, so that it ends as an error.
final class BlockingTransfers: Sendable {
    static let maximumActive = 8
    static let maximumWaiting = 1024

    private struct State {
        var sockets: [ObjectIdentifier: TransferSocket] = [:]
        var isClosed = false
    }

    private let slots = ThreadSlots(count: maximumActive, maximumWaiting: maximumWaiting)
    private let state = Mutex(State())

    deinit { close() }

    /// Ends all transfers; later ones end at once.
    func close() {
        let sockets = state.withLock { state in
            state.isClosed = true
            return Array(state.sockets.values)
        }
        for socket in sockets { socket.end(.closed) }
    }

    /// Runs one transfer. When the calling task is cancelled its connection is closed at once.
    func run(_ plan: TransferPlan) async -> TransferReport {
        switch await slots.take() {
        case .cancelled: return TransferReport(ending: .cancelled)
        case .overloaded: return TransferReport(ending: .overloaded)
        case .taken: break
        }
        defer { slots.giveBack() }
        let socket = TransferSocket()
        guard enter(socket) else { return TransferReport(ending: .closed) }
        defer { leave(socket) }
        var held = plan
        held.socket = socket
        let final = held
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isStarted = startThread { Self.perform(final, continuation) }
                if !isStarted {
                    continuation.resume(returning: TransferReport(ending: .overloaded))
                }
            }
        } onCancel: {
            socket.end(.cancelled)
        }
    }

    private func enter(_ socket: TransferSocket) -> Bool {
        state.withLock { state in
            if state.isClosed { return false }
            state.sockets[ObjectIdentifier(socket)] = socket
            return true
        }
    }

    private func leave(_ socket: TransferSocket) {
        state.withLock { state in _ = state.sockets.removeValue(forKey: ObjectIdentifier(socket)) }
    }

    private static func perform(
        _ plan: TransferPlan, _ continuation: CheckedContinuation<TransferReport, Never>
    ) {
        guard Transfer.isLibraryReady, let transfer = Transfer(id: 0, plan: plan) else {
            continuation.resume(returning: TransferReport(ending: .timedOutWaiting))
            return
        }
        let code = curl_easy_perform(transfer.easy)
        let ending = code == CURLE_OK ? nil : plan.socket?.ending
        // The caller need not wait for the farewell, which is said when the transfer is freed.
        continuation.resume(returning: transfer.report(ending ?? .finished(code)))
    }
}

/// The connection of a blocking transfer as other threads may end it.
final class TransferSocket: Sendable {
    private struct State {
        var descriptors: Set<Int32> = []
        var ending: TransferEnding?
    }

    private let state = Mutex(State())

    /// Why it was ended from outside; `nil` when it was not.
    var ending: TransferEnding? { state.withLock { $0.ending } }
    var isEnded: Bool { ending != nil }

    func end(_ ending: TransferEnding) {
        state.withLock { state in
            state.ending = state.ending ?? ending
            // Under the lock, so that no descriptor is closed and given to somebody else meanwhile.
            for descriptor in state.descriptors { shutdown(descriptor, Int32(SHUT_RDWR)) }
        }
    }

    /// Takes a new descriptor in; when the transfer is over already it is closed.
    func open(_ descriptor: Int32) -> Bool {
        state.withLock { state in
            guard state.ending == nil else {
                Glibc.close(descriptor)
                return false
            }
            state.descriptors.insert(descriptor)
            return true
        }
    }

    func close(_ descriptor: Int32) {
        state.withLock { state in
            state.descriptors.remove(descriptor)
            Glibc.close(descriptor)
        }
    }
}
