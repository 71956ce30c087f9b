import Glibc
import Synchronization

/// One accepted connection, used by its own thread only.
final class LoopbackConnection {
    private let descriptor: Int32
    private var buffer: [UInt8] = []

    fileprivate init(_ descriptor: Int32) {
        self.descriptor = descriptor
    }

    deinit { close(descriptor) }

    /// One line without its end; `nil` when the other side has closed.
    func readLine() -> String? {
        while true {
            if let end = buffer.firstIndex(of: 0x0A) {
                let line = buffer[..<end].filter { $0 != 0x0D }
                buffer.removeFirst(end + 1)
                return String(decoding: line, as: UTF8.self)
            }
            guard fill() else { return nil }
        }
    }

    func read(count: Int) -> [UInt8]? {
        while buffer.count < count {
            guard fill() else { return nil }
        }
        defer { buffer.removeFirst(count) }
        return Array(buffer.prefix(count))
    }

    /// Whether all of it was taken.
    @discardableResult
    func write(_ bytes: some Sequence<UInt8>) -> Bool {
        var rest = Array(bytes)[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes {
                send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { return false }
            rest = rest.dropFirst(count)
        }
        return true
    }

    @discardableResult
    func write(_ text: String) -> Bool { write(text.utf8) }

    /// Reads away what comes, until the other side closes.
    func waitForClose() {
        while fill() { buffer = [] }
    }

    private func fill() -> Bool {
        var piece = [UInt8](repeating: 0, count: 64 * 1024)
        let count = recv(descriptor, &piece, piece.count, 0)
        guard count > 0 else { return false }
        buffer.append(contentsOf: piece[..<count])
        return true
    }
}

/// A TCP server on 127.0.0.1 for one test, with a thread for each connection. Reads give up after
/// five minutes, so that a test that goes wrong still ends.
final class LoopbackServer: Sendable {
    typealias Handler = @Sendable (LoopbackConnection) -> Void

    struct Failure: Error {
        let call: String
    }

    let port: Int
    private let listener: Int32
    private let accepted: Accepted

    private final class Accepted: Sendable {
        let count = Mutex(0)
        let handler: Handler
        let listener: Int32

        init(_ listener: Int32, _ handler: @escaping Handler) {
            self.listener = listener
            self.handler = handler
        }
    }

    private final class Job {
        let descriptor: Int32
        let handler: Handler

        init(_ descriptor: Int32, _ handler: @escaping Handler) {
            self.descriptor = descriptor
            self.handler = handler
        }
    }

    init(_ handler: @escaping Handler) throws {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        guard descriptor >= 0 else { throw Failure(call: "socket") }
        // Small, so that a test can fill it.
        var buffer: Int32 = 64 * 1024
        let width = socklen_t(MemoryLayout<Int32>.size)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, &buffer, width)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isBound = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { raw in
                bind(descriptor, raw, size) == 0 && listen(descriptor, 64) == 0
                    && getsockname(descriptor, raw, &size) == 0
            }
        }
        guard isBound else { throw Failure(call: "bind") }
        listener = descriptor
        port = Int(UInt16(bigEndian: address.sin_port))
        accepted = Accepted(descriptor, handler)
        try Self.startThread(accepted) { Self.accept($0) }
    }

    deinit {
        // Wakes the thread in accept, which then closes it.
        shutdown(listener, Int32(SHUT_RDWR))
    }

    var connectionCount: Int { accepted.count.withLock { $0 } }

    func url(_ path: String = "/") -> String { "http://127.0.0.1:\(port)\(path)" }

    private static func accept(_ accepted: Accepted) {
        while true {
            let descriptor = Glibc.accept(accepted.listener, nil, nil)
            if descriptor < 0, errno == EINTR { continue }
            guard descriptor >= 0 else { break }
            accepted.count.withLock { $0 += 1 }
            var limit = timeval(tv_sec: 300, tv_usec: 0)
            let size = socklen_t(MemoryLayout<timeval>.size)
            setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, size)
            setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &limit, size)
            let job = Job(descriptor, accepted.handler)
            try? startThread(job) { $0.handler(LoopbackConnection($0.descriptor)) }
        }
        close(accepted.listener)
    }

    private final class Start {
        let run: () -> Void

        init(_ run: @escaping () -> Void) {
            self.run = run
        }
    }

    private static func startThread<Context: AnyObject>(
        _ context: Context, _ body: @escaping (Context) -> Void
    ) throws {
        let start = Unmanaged.passRetained(Start { body(context) })
        var thread = pthread_t()
        let failure = pthread_create(
            &thread, nil,
            { argument in
                pthread_detach(pthread_self())
                if let argument { Unmanaged<Start>.fromOpaque(argument).takeRetainedValue().run() }
                return nil
            }, start.toOpaque())
        if failure != 0 {
            start.release()
            throw Failure(call: "pthread_create")
        }
    }
}

/// A value that a test waits for and a server's thread gives.
final class Awaited<Value: Sendable>: Sendable {
    private enum State {
        case open([CheckedContinuation<Value, Never>])
        case given(Value)
    }

    private let state = Mutex(State.open([]))

    /// Only the first value counts.
    func give(_ value: Value) {
        let waiting = state.withLock { state -> [CheckedContinuation<Value, Never>] in
            guard case .open(let waiting) = state else { return [] }
            state = .given(value)
            return waiting
        }
        for continuation in waiting { continuation.resume(returning: value) }
    }

    func value() async -> Value {
        await withCheckedContinuation { continuation in
            let given = state.withLock { state -> Value? in
                switch state {
                case .given(let value): return value
                case .open(let waiting):
                    state = .open(waiting + [continuation])
                    return nil
                }
            }
            if let given { continuation.resume(returning: given) }
        }
    }
}

/// Holds up threads of a server until a test opens it.
final class ServerGate: Sendable {
    private let reading: Int32
    private let writing: Int32

    init() throws {
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else { throw LoopbackServer.Failure(call: "pipe") }
        reading = ends[0]
        writing = ends[1]
    }

    deinit {
        close(reading)
        close(writing)
    }

    func open() {
        _ = Glibc.write(writing, [1], 1)
    }

    /// Blocks until it is open; the byte stays for the others.
    func pass() {
        var wanted = pollfd(fd: reading, events: Int16(POLLIN), revents: 0)
        while poll(&wanted, 1, -1) < 0, errno == EINTR {}
    }
}
