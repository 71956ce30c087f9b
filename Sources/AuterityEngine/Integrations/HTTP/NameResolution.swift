import Glibc
import Synchronization

/// Asks the system for the addresses of a host.
enum NameResolution {
    /// Blocking lookups under way at once; the system gives up on each after its own time-out.
    private static let slots = ThreadSlots(count: 8, maximumWaiting: 1024)

    /// All addresses of the host; empty when it has none or the lookup failed, `nil` when the task
    /// was cancelled, which it does not wait for the system to notice.
    static func addresses(of host: String) async -> [IPAddress]? {
        if let literal = IPAddress(host) { return [literal] }
        guard await slots.take() == .taken else { return Task.isCancelled ? nil : [] }
        let lookup = NameLookup()
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                lookup.begin(continuation)
                let isStarted = startThread {
                    lookup.end(lookUp(host))
                    slots.giveBack()
                }
                if !isStarted {
                    slots.giveBack()
                    lookup.end([])
                }
            }
        } onCancel: {
            lookup.end(nil)
        }
    }

    private static func lookUp(_ host: String) -> [IPAddress] {
        var hints = addrinfo()
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var list: UnsafeMutablePointer<addrinfo>?
        guard getaddrinfo(host, nil, &hints, &list) == 0 else { return [] }
        defer { freeaddrinfo(list) }
        var addresses: [IPAddress] = []
        var next = list
        while let entry = next?.pointee {
            if let address = entry.ai_addr, let ip = IPAddress(address) { addresses.append(ip) }
            next = entry.ai_next
        }
        return addresses
    }
}

/// One lookup, which ends with the first of its result and its cancellation.
private final class NameLookup: Sendable {
    private enum State {
        case idle
        case waiting(CheckedContinuation<[IPAddress]?, Never>)
        case ended([IPAddress]?)
    }

    private let state = Mutex(State.idle)
    func begin(_ continuation: CheckedContinuation<[IPAddress]?, Never>) {
        let ended: [IPAddress]?? = state.withLock { state in
            if case .ended(let addresses) = state { return .some(addresses) }
            state = .waiting(continuation)
            return .none
        }
        if case .some(let addresses) = ended { continuation.resume(returning: addresses) }
    }

    func end(_ addresses: [IPAddress]?) {
        let waiting = state.withLock { state -> CheckedContinuation<[IPAddress]?, Never>? in
            defer { if case .ended = state {} else { state = .ended(addresses) } }
            if case .waiting(let continuation) = state { return continuation }
            return nil
        }
        waiting?.resume(returning: addresses)
    }
}
