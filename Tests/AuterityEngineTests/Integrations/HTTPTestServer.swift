import AuterityAPI
import Synchronization

@testable import AuterityEngine

/// What the server was asked.
struct SeenRequest: Sendable {
    let method: String
    let target: String
    let fields: [HTTPField]
    let body: [UInt8]

    func field(_ name: String) -> String? {
        fields.first { $0.isNamed(name) }?.value
    }

    var json: JSONValue? { try? JSONValue(parsing: body) }

    /// Reads one request; `nil` when the connection has ended.
    init?(_ connection: LoopbackConnection) {
        guard let line = connection.readLine() else { return nil }
        let parts = line.split(separator: " ").map(String.init)
        guard parts.count == 3 else { return nil }
        method = parts[0]
        target = parts[1]
        var fields: [HTTPField] = []
        while let line = connection.readLine(), !line.isEmpty {
            guard let colon = line.firstIndex(of: ":") else { return nil }
            fields.append(
                HTTPField(String(line[..<colon]), trimmed(line[line.index(after: colon)...])))
        }
        self.fields = fields
        let length = fields.first { $0.isNamed("content-length") }.flatMap { Int($0.value) } ?? 0
        guard let body = connection.read(count: length) else { return nil }
        self.body = body
    }
}

/// An HTTP/1.1 server with keep-alive that answers each request by a closure.
final class HTTPTestServer: Sendable {
    private let server: LoopbackServer
    private let seen: Seen

    private final class Seen: Sendable {
        let requests = Mutex<[SeenRequest]>([])
    }

    init(_ answer: @escaping @Sendable (SeenRequest) -> String) throws {
        let seen = Seen()
        self.seen = seen
        server = try LoopbackServer { connection in
            while let request = SeenRequest(connection) {
                seen.requests.withLock { $0.append(request) }
                guard connection.write(answer(request)) else { return }
            }
        }
    }

    var requests: [SeenRequest] { seen.requests.withLock { $0 } }
    var connectionCount: Int { server.connectionCount }
    var port: Int { server.port }

    func url(_ path: String = "/") -> String { server.url(path) }
}

/// A whole response with its length.
func answer(_ status: String, _ fields: [String] = [], body: String = "") -> String {
    let head = ["HTTP/1.1 \(status)"] + fields + ["Content-Length: \(body.utf8.count)", "", ""]
    return head.joined(separator: "\r\n") + body
}

/// A client that may reach this machine and nothing else that is private.
func loopbackClient() throws -> OutboundHTTP {
    OutboundHTTP(addressGuard: try AddressGuard(allowedHosts: "127.0.0.0/8"))
}
