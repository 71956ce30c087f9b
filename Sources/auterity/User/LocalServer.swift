import AuterityAPI
import Glibc

/// A server on this machine, spoken to over its Unix socket: one request a connection.
struct LocalServer: Sendable {
    private let path: String

    /// Bytes of an answer.
    private static let limit = 16 << 20
    /// Seconds that the server may be silent.
    private static let patience = 60

    /// `nil` when nobody answers there.
    init?(path: String) {
        self.path = path
        guard let descriptor = Self.connect(path) else { return nil }
        close(descriptor)
    }

    /// - Throws: An `APIError`: the server's own, or one that says why there is no answer.
    func send<Call: Endpoint>(_ call: Call) throws(APIError) -> Call.Response {
        guard let wire = try? WireRequest(call), let descriptor = Self.connect(path) else {
            throw unanswered("it does not answer any more")
        }
        defer { close(descriptor) }
        guard Self.write(request(wire), to: descriptor) else {
            throw unanswered("it closed the connection")
        }
        let answer = try HTTPAnswer(Self.readAll(from: descriptor), path)
        guard (200..<300).contains(answer.status) else { throw answer.error(path) }
        do {
            return try JSONValue(parsing: answer.body).decoded(as: Call.Response.self)
        } catch {
            throw unanswered("its answer cannot be read; is it another version?")
        }
    }

    private func unanswered(_ why: String) -> APIError {
        APIError(.serviceUnavailable, "The server on \(path) did not answer: \(why)")
    }

    private func request(_ wire: WireRequest) -> [UInt8] {
        var target = wire.path
        let query = wire.query.map { "\(encoded($0.name))=\(encoded($0.value))" }
        if !query.isEmpty { target += "?" + query.joined(separator: "&") }
        var head =
            "\(wire.method.rawValue) \(target) HTTP/1.1\r\nHost: localhost\r\n"
            + "Connection: close\r\nAccept: application/json\r\n"
        let body = wire.body.map { Array($0.jsonText.utf8) } ?? []
        if wire.body != nil {
            head += "Content-Type: application/json\r\nContent-Length: \(body.count)\r\n"
        }
        return Array((head + "\r\n").utf8) + body
    }

    /// All but the unreserved characters of RFC 3986.
    private func encoded(_ text: String) -> String {
        text.utf8.map { byte in
            let scalar = Unicode.Scalar(byte)
            let isPlain =
                byte < 0x80 && (scalar.properties.isAlphabetic || (0x30...0x39).contains(byte))
            if isPlain || "-._~".utf8.contains(byte) { return String(scalar) }
            let digits = String(byte, radix: 16, uppercase: true)
            return "%" + (digits.count == 1 ? "0" : "") + digits
        }.joined()
    }

    // MARK: The socket

    private static func connect(_ path: String) -> Int32? {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        guard path.utf8.count < MemoryLayout.size(ofValue: address.sun_path) else { return nil }
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
        let kind = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
        let descriptor = socket(AF_UNIX, kind, 0)
        guard descriptor >= 0 else { return nil }
        var patience = timeval(tv_sec: patience, tv_usec: 0)
        let size = socklen_t(MemoryLayout<timeval>.size)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, size)
        setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &patience, size)
        let failed = withUnsafePointer(to: address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                Glibc.connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        guard failed == 0 else {
            close(descriptor)
            return nil
        }
        return descriptor
    }

    private static func write(_ bytes: [UInt8], to descriptor: Int32) -> Bool {
        var sent = 0
        while sent < bytes.count {
            let count = bytes.withUnsafeBytes { bytes in
                Glibc.send(
                    descriptor, bytes.baseAddress.map { $0 + sent }, bytes.count - sent,
                    Int32(MSG_NOSIGNAL))
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return false }
            sent += count
        }
        return true
    }

    private static func readAll(from descriptor: Int32) -> [UInt8] {
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 64 << 10)
        while bytes.count < limit {
            let count = read(descriptor, &buffer, buffer.count)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { break }
            bytes += buffer.prefix(count)
        }
        return bytes
    }
}

/// An answer that ended with its connection.
private struct HTTPAnswer {
    let status: Int
    let body: [UInt8]

    init(_ bytes: [UInt8], _ path: String) throws(APIError) {
        let separator = Array("\r\n\r\n".utf8)
        guard let end = bytes.firstRange(of: separator),
            let line = String(decoding: bytes[..<end.lowerBound], as: UTF8.self)
                .split(separator: "\r\n").first,
            line.hasPrefix("HTTP/1."), let status = Int(line.dropFirst(9).prefix(3))
        else {
            throw APIError(
                .serviceUnavailable, "What answers on \(path) is no server of this program")
        }
        self.status = status
        body = Array(bytes[end.upperBound...])
    }

    /// The server's own words, with the faults of the fields.
    func error(_ path: String) -> APIError {
        let error = (try? JSONValue(parsing: body))?["error"]
        let code = (error?["code"]?.stringValue).flatMap(APIError.Code.init) ?? .internalError
        let message = error?["message"]?.stringValue ?? "The server on \(path) answered \(status)"
        let faults = (error?["details"]?.arrayValue ?? []).map { detail in
            FieldFault(
                field: detail["field"]?.stringValue ?? "",
                message: detail["message"]?.stringValue ?? "")
        }
        return APIError(code, message, details: faults)
    }
}
