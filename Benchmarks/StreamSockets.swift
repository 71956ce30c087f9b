import Glibc
import Synchronization

/// Clients of the event stream that do nothing but read and count, at as little cost as may be:
/// plain sockets and one thread.
final class StreamSockets {
    fileprivate struct Client {
        let descriptor: Int32
        /// The beginning of a frame whose rest has not come.
        var rest: [UInt8] = []
        var events = 0
        var lastID: Int64 = 0
    }

    fileprivate var clients: [Client] = []

    /// Connects that many, each with a token of its account.
    init(port: Int, tokens: [String], clientsPerAccount: Int, count: Int) throws {
        for number in 0..<count {
            let descriptor = try Self.connect(port, tokens[number / clientsPerAccount], number)
            clients.append(Client(descriptor: descriptor))
        }
    }

    private static func connect(_ port: Int, _ token: String, _ number: Int) throws -> Int32 {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(port).bigEndian
        address.sin_addr.s_addr = in_addr_t(INADDR_LOOPBACK).bigEndian
        let outcome = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                Glibc.connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard outcome == 0 else { throw BenchmarkError("client \(number): errno \(errno)") }
        // The subscription leaves out figures, which have no id.
        let request =
            "GET /ws/client-\(number)?token=\(token) HTTP/1.1\r\nHost: localhost\r\n"
            + "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
            + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
        var bytes = Array(request.utf8)
        bytes += masked(#"{"type":"subscribe","topics":["executions","alerts","errors"]}"#)
        _ = send(descriptor, bytes, bytes.count, 0)
        // The answer to the handshake and to the subscription.
        try read(descriptor, until: #""execution_id":null}"#, number)
        return descriptor
    }

    /// A client's text frame, masked with zeros.
    private static func masked(_ text: String) -> [UInt8] {
        [0x81, 0x80 | UInt8(text.utf8.count), 0, 0, 0, 0] + Array(text.utf8)
    }

    private static func read(_ descriptor: Int32, until end: String, _ number: Int) throws {
        var text: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 4096)
        while !text.suffix(end.utf8.count).elementsEqual(end.utf8) {
            let count = recv(descriptor, &buffer, buffer.count, 0)
            guard count > 0 else { throw BenchmarkError("client \(number) was refused") }
            text += buffer[..<count]
        }
    }

    deinit {
        for client in clients { close(client.descriptor) }
    }
}

/// The thread that reads for all of them.
///
/// Unchecked: what the thread writes is read by others only behind `end`, which joins it.
final class ClientThread: @unchecked Sendable {
    private let sockets: StreamSockets
    private let commits: CommitTimes
    private var thread = pthread_t()
    private let mustEnd = Atomic(false)
    private(set) var disorder = 0
    /// Milliseconds, of every sixteenth client.
    private(set) var latencies: [Double] = []
    private(set) var cpuSeconds = 0.0

    init(_ sockets: StreamSockets, _ commits: CommitTimes) {
        self.sockets = sockets
        self.commits = commits
    }

    var counts: [Int] { sockets.clients.map(\.events) }

    func begin() throws {
        let context = Unmanaged.passRetained(self).toOpaque()
        let outcome = pthread_create(
            &thread, nil,
            { context in
                guard let context else { return nil }
                Unmanaged<ClientThread>.fromOpaque(context).takeRetainedValue().read()
                return nil
            }, context)
        guard outcome == 0 else { throw BenchmarkError("no thread for the clients") }
    }

    func end() {
        mustEnd.store(true, ordering: .releasing)
        pthread_join(thread, nil)
    }

    private func read() {
        let start = processorSeconds("/proc/thread-self")
        var waiting = sockets.clients.map { pollfd(fd: $0.descriptor, events: 1, revents: 0) }
        var buffer = [UInt8](repeating: 0, count: 256 << 10)
        while !mustEnd.load(ordering: .acquiring) {
            guard poll(&waiting, nfds_t(waiting.count), 100) > 0 else { continue }
            for number in waiting.indices where waiting[number].revents != 0 {
                let length = recv(waiting[number].fd, &buffer, buffer.count, withoutWaiting)
                if length > 0 { take(buffer[..<length], number) }
            }
        }
        cpuSeconds = processorSeconds("/proc/thread-self") - start
    }

    private func take(_ bytes: ArraySlice<UInt8>, _ number: Int) {
        let now = monotonicNanoseconds()
        var all = bytes
        if !sockets.clients[number].rest.isEmpty {
            all = (sockets.clients[number].rest + bytes)[...]
        }
        all.withUnsafeBufferPointer { all in
            var position = 0
            while let (payload, next) = Self.frame(all, position) {
                position = next
                // Pings are left unanswered: the run is shorter than the server's patience.
                guard all[payload.upperBound - 1] == UInt8(ascii: "}") else { continue }
                note(Self.id(all, payload), number, now)
            }
            sockets.clients[number].rest = Array(all[position...])
        }
    }

    private func note(_ id: Int64, _ number: Int, _ now: UInt64) {
        if id <= sockets.clients[number].lastID { disorder += 1 }
        sockets.clients[number].lastID = id
        sockets.clients[number].events += 1
        guard number % 16 == 0, let committed = commits.time(of: id) else { return }
        latencies.append(now > committed ? Double(now - committed) / 1e6 : 0)
    }

    /// The payload of the frame at a position, and where the next one begins.
    private static func frame(
        _ bytes: UnsafeBufferPointer<UInt8>, _ start: Int
    ) -> (Range<Int>, Int)? {
        guard start + 4 <= bytes.count else { return nil }
        var (length, head) = (Int(bytes[start + 1]), 2)
        if length == 126 {
            length = Int(bytes[start + 2]) << 8 | Int(bytes[start + 3])
            head = 4
        }
        let end = start + head + length
        guard end <= bytes.count else { return nil }
        return (start + head..<end, end)
    }

    /// The number that an event's text ends with: `"id":4711}`.
    private static func id(_ bytes: UnsafeBufferPointer<UInt8>, _ range: Range<Int>) -> Int64 {
        var (value, scale, position): (Int64, Int64, Int) = (0, 1, range.upperBound - 2)
        while position > range.lowerBound, (0x30...0x39).contains(bytes[position]) {
            value += Int64(bytes[position] - 0x30) * scale
            scale *= 10
            position -= 1
        }
        return value
    }
}

private let withoutWaiting = Int32(MSG_DONTWAIT)
