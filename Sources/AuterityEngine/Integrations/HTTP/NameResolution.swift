import Glibc

/// Asks the system for the addresses of a host.
enum NameResolution {
    /// Blocking lookups under way at once; the system gives up on each after its own time-out.
    private static let slots = LookupSlots(count: 8)

    /// All addresses of the host; empty when it has none or the lookup failed.
    static func addresses(of host: String) async -> [IPAddress] {
        if let literal = IPAddress(host) { return [literal] }
        await slots.take()
        let addresses = await withCheckedContinuation { continuation in
            let lookup = Unmanaged.passRetained(Lookup(host, continuation))
            var thread = pthread_t()
            let failure = pthread_create(&thread, nil, { argument in
                guard let argument else { return nil }
                pthread_detach(pthread_self())
                Unmanaged<Lookup>.fromOpaque(argument).takeRetainedValue().run()
                return nil
            }, lookup.toOpaque())
            if failure != 0 {
                lookup.release()
                continuation.resume(returning: [])
            }
        }
        await slots.giveBack()
        return addresses
    }

    private final class Lookup {
        private let host: String
        private let continuation: CheckedContinuation<[IPAddress], Never>

        init(_ host: String, _ continuation: CheckedContinuation<[IPAddress], Never>) {
            self.host = host
            self.continuation = continuation
        }

        func run() {
            var all = sigset_t()
            sigfillset(&all)
            pthread_sigmask(SIG_SETMASK, &all, nil)
            continuation.resume(returning: lookUp())
        }

        private func lookUp() -> [IPAddress] {
            var hints = addrinfo()
            hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
            var list: UnsafeMutablePointer<addrinfo>?
            guard getaddrinfo(host, nil, &hints, &list) == 0 else { return [] }
            defer { freeaddrinfo(list) }
            var addresses: [IPAddress] = []
            var next = list
            while let entry = next?.pointee {
                if let address = entry.ai_addr, let ip = IPAddress(address) {
                    addresses.append(ip)
                }
                next = entry.ai_next
            }
            return addresses
        }
    }
}

/// Bounds how many lookups block a thread at once; the rest wait in order.
private actor LookupSlots {
    private var free: Int
    private var waiting: [CheckedContinuation<Void, Never>] = []

    init(count: Int) {
        free = count
    }

    func take() async {
        if free > 0 {
            free -= 1
            return
        }
        await withCheckedContinuation { waiting.append($0) }
    }

    func giveBack() {
        if waiting.isEmpty {
            free += 1
        } else {
            waiting.removeFirst().resume()
        }
    }
}
