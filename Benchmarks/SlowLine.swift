import Glibc
import Synchronization

/// A line to a port of this machine that carries little and late, as a modem does: everything
/// that goes one way shares its bytes a second, and comes after a delay. It holds hardly anything
/// itself, so that who sends too much notices.
final class SlowLine: Sendable {
    /// What has come through.
    struct Traffic: Sendable {
        /// Bytes to the server and from it, without those of TCP and IP.
        var up = 0
        var down = 0
    }

    /// 9,600 baud with a start and a stop bit.
    static let bytesPerSecond = 960
    /// Each way.
    static let delayMilliseconds = 300

    let port: Int
    private let listener: Int32
    private let kept = Mutex(Traffic())
    private let isOver = Atomic(false)

    var traffic: Traffic { kept.withLock { $0 } }

    /// Begins to listen on a port that the system chooses.
    init(to target: Int) throws {
        listener = try Self.makeSocket()
        var address = Self.loopback(0)
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let socket = listener
        let isBound = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(socket, $0, length) == 0 && listen(socket, 16) == 0
                    && getsockname(socket, $0, &length) == 0
            }
        }
        guard isBound else { throw BenchmarkError("the line has no port (\(errno))") }
        port = Int(UInt16(bigEndian: address.sin_port))
        let carrier = Carrier(self, to: target)
        var thread = pthread_t()
        let start = Unmanaged.passRetained(carrier)
        let failure = pthread_create(
            &thread, nil,
            { argument in
                guard let argument else { return nil }
                Unmanaged<Carrier>.fromOpaque(argument).takeRetainedValue().run()
                return nil
            }, start.toOpaque())
        guard failure == 0 else {
            start.release()
            throw BenchmarkError("the line has no thread (\(failure))")
        }
        pthread_detach(thread)
    }

    /// Cuts everything.
    func end() {
        isOver.store(true, ordering: .releasing)
    }

    fileprivate var hasEnded: Bool { isOver.load(ordering: .acquiring) }
    fileprivate var door: Int32 { listener }

    fileprivate func came(_ count: Int, fromServer: Bool) {
        kept.withLock { traffic in
            if fromServer { traffic.down += count } else { traffic.up += count }
        }
    }

    /// A socket that holds little.
    fileprivate static func makeSocket() throws -> Int32 {
        let descriptor = socket(
            AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { throw BenchmarkError("no socket is to be had (\(errno))") }
        var size: Int32 = 2048
        for option in [SO_RCVBUF, SO_SNDBUF] {
            setsockopt(
                descriptor, SOL_SOCKET, option, &size, socklen_t(MemoryLayout<Int32>.size))
        }
        return descriptor
    }

    fileprivate static func loopback(_ port: Int) -> sockaddr_in {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = UInt16(port).bigEndian
        address.sin_addr.s_addr = UInt32(INADDR_LOOPBACK).bigEndian
        return address
    }
}

/// The thread of a line.
private final class Carrier {
    /// One way of one connection.
    private struct Way {
        let from: Int32
        let to: Int32
        let isFromServer: Bool
        /// Under way: when it comes, and what.
        var pieces: [(due: UInt64, bytes: ArraySlice<UInt8>)] = []
        var hasEnded = false
    }

    private let line: SlowLine
    private let target: Int
    private var ways: [Way] = []
    /// When each way is free for the next byte, in monotonic nanoseconds.
    private var freeUp: UInt64 = 0
    private var freeDown: UInt64 = 0

    /// Bytes that go in one piece, so that connections take turns.
    private static let piece = 64

    init(_ line: SlowLine, to target: Int) {
        self.line = line
        self.target = target
    }

    func run() {
        while !line.hasEnded {
            accept()
            for index in ways.indices.shuffled() { take(index) }
            for index in ways.indices { deliver(index) }
            dropEnded()
            var descriptor = pollfd(fd: line.door, events: Int16(POLLIN), revents: 0)
            poll(&descriptor, 1, 2)
        }
        for way in ways { close(way.from) }
        close(line.door)
    }

    private func accept() {
        var descriptor = pollfd(fd: line.door, events: Int16(POLLIN), revents: 0)
        guard poll(&descriptor, 1, 0) > 0 else { return }
        let client = Glibc.accept(line.door, nil, nil)
        guard client >= 0 else { return }
        guard let server = try? SlowLine.makeSocket() else {
            close(client)
            return
        }
        var address = SlowLine.loopback(target)
        let isConnected = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(server, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
            }
        }
        guard isConnected else {
            close(client)
            close(server)
            return
        }
        ways.append(Way(from: client, to: server, isFromServer: false))
        ways.append(Way(from: server, to: client, isFromServer: true))
    }

    /// Takes a piece when the line is free for it.
    private func take(_ index: Int) {
        let now = monotonicNanoseconds()
        let isFromServer = ways[index].isFromServer
        let free = max(now, isFromServer ? freeDown : freeUp)
        guard !ways[index].hasEnded, free == now else { return }
        var buffer = [UInt8](repeating: 0, count: Self.piece)
        let count = recv(ways[index].from, &buffer, buffer.count, Int32(MSG_DONTWAIT))
        if count < 0, errno == EAGAIN { return }
        let delay = UInt64(SlowLine.delayMilliseconds) * 1_000_000
        guard count > 0 else {
            ways[index].hasEnded = true
            ways[index].pieces.append((now + delay, []))
            return
        }
        let sent = now + UInt64(count) * 1_000_000_000 / UInt64(SlowLine.bytesPerSecond)
        if isFromServer { freeDown = sent } else { freeUp = sent }
        ways[index].pieces.append((sent + delay, buffer[..<count]))
    }

    private func deliver(_ index: Int) {
        let now = monotonicNanoseconds()
        while let piece = ways[index].pieces.first, piece.due <= now {
            if piece.bytes.isEmpty {
                shutdown(ways[index].to, Int32(SHUT_WR))
                ways[index].pieces.removeFirst()
                continue
            }
            let sent = piece.bytes.withUnsafeBytes {
                send(
                    ways[index].to, $0.baseAddress, $0.count,
                    Int32(MSG_DONTWAIT) | Int32(MSG_NOSIGNAL))
            }
            if sent < 0, errno == EAGAIN { return }
            ways[index].pieces.removeFirst()
            guard sent > 0 else {
                ways[index].hasEnded = true
                continue
            }
            line.came(sent, fromServer: ways[index].isFromServer)
            if sent < piece.bytes.count {
                ways[index].pieces.insert((piece.due, piece.bytes.dropFirst(sent)), at: 0)
            }
        }
    }

    /// Closes connections both ways of which have ended.
    private func dropEnded() {
        for index in stride(from: ways.count - 2, through: 0, by: -2) {
            let pair = ways[index...index + 1]
            guard pair.allSatisfy({ $0.hasEnded && $0.pieces.isEmpty }) else { continue }
            close(ways[index].from)
            close(ways[index].to)
            ways.removeSubrange(index...index + 1)
        }
    }
}
