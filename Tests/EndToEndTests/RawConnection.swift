import AuterityAPI
import Glibc

/// A connection that says exactly what it is told, and stays open for one request after the other.
/// Sending waits for no answer, so one thread can keep a server busy over many of them.
final class RawConnection {
    struct Answer {
        let status: Int
        /// Names and values as they were sent, one a line.
        let head: String
        let body: [UInt8]

        /// `null` when the body is no JSON.
        var json: JSONValue { (try? JSONValue(parsing: body)) ?? .null }
    }

    let descriptor: Int32
    private var pending: [UInt8] = []

    /// Connects to a port of this machine.
    init(port: Int) throws {
        descriptor = socket(
            AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { throw TerminalTestError("socket: \(errno)") }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(port).bigEndian
        address.sin_addr.s_addr = in_addr_t(INADDR_LOOPBACK).bigEndian
        let size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let failed = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, size)
            }
        }
        guard failed == 0 else {
            close(descriptor)
            throw TerminalTestError("connect to port \(port): \(errno)")
        }
    }

    deinit { close(descriptor) }

    func send(_ method: String, _ path: String, headers: [String], body: String?) {
        var lines = ["\(method) \(path) HTTP/1.1", "Host: localhost"] + headers
        if let body {
            lines += ["Content-Type: application/json", "Content-Length: \(body.utf8.count)"]
        }
        send(lines.joined(separator: "\r\n") + "\r\n\r\n" + (body ?? ""))
    }

    /// What the server no longer reads is no fault here.
    func send(_ text: String) {
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes {
                Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { return }
            rest = rest.dropFirst(count)
        }
    }

    func readToEnd() -> String {
        while receive() {}
        return String(decoding: pending, as: UTF8.self)
    }

    /// Takes in what has come, waiting for something; `false` at the end of the connection.
    func receive() -> Bool {
        var buffer = [UInt8](repeating: 0, count: 64 << 10)
        let count = recv(descriptor, &buffer, buffer.count, 0)
        guard count > 0 else { return false }
        pending += buffer.prefix(count)
        return true
    }

    /// The next answer of those that have come whole.
    func answer() throws -> Answer? {
        guard let end = pending.firstRange(of: Array("\r\n\r\n".utf8)) else { return nil }
        let head = String(decoding: pending[..<end.lowerBound], as: UTF8.self)
        let words = head.prefix { $0 != "\r\n" }.split(separator: " ")
        guard words.count >= 2, words[0] == "HTTP/1.1", let status = Int(words[1]) else {
            throw TerminalTestError("no answer begins so: \(head)")
        }
        let length = head.split(separator: "\r\n").lazy
            .first { $0.lowercased().hasPrefix("content-length:") }
            .flatMap { Int($0.drop { $0 != ":" }.dropFirst().filter { $0 != " " }) }
        let stop = end.upperBound + (length ?? 0)
        guard pending.count >= stop else { return nil }
        defer { pending.removeSubrange(..<stop) }
        return Answer(status: status, head: head, body: Array(pending[end.upperBound..<stop]))
    }

    /// Sends, and waits for the answer.
    func ask(
        _ method: String, _ path: String, headers: [String] = [], body: String? = nil
    ) throws -> Answer {
        send(method, path, headers: headers, body: body)
        while true {
            if let answer = try answer() { return answer }
            guard receive() else {
                throw TerminalTestError("\(method) \(path): the connection ended")
            }
        }
    }
}

/// The first of the connections, in the order given, to which something has come or which ended.
func firstReadable(of connections: [RawConnection]) -> [RawConnection] {
    var entries = connections.map {
        pollfd(fd: $0.descriptor, events: Int16(POLLIN), revents: 0)
    }
    while poll(&entries, nfds_t(entries.count), -1) < 0, errno == EINTR {}
    return zip(connections, entries).filter { $1.revents != 0 }.map(\.0)
}
