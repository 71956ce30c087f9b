import AuterityAPI
import HTTPTypes
import HummingbirdCore
import Logging

/// One line for each request. Queries, bodies and headers stay out of it: they may hold tokens.
struct RequestLog: Sendable {
    let logger: Logger

    /// Bytes of the path of a request that no route matched.
    private static let maximumPath = 200

    func write(_ exchange: Exchange, _ sample: RequestSample) {
        logger.info("request", metadata: metadata(exchange, sample))
    }

    private func metadata(_ exchange: Exchange, _ sample: RequestSample) -> Logger.Metadata {
        var metadata: Logger.Metadata = [
            "method": "\(sample.method)",
            "status": "\(sample.status)",
            "duration_ms": "\(Double(sample.nanoseconds / 1000) / 1000)",
            "bytes": "\(sample.bytes)",
            "request_id": "\(exchange.requestID)",
            "address": "\(exchange.client.text)",
        ]
        if let route = sample.route {
            metadata["route"] = "\(route)"
        } else {
            metadata["path"] = "\(Self.path(exchange.request.head.path ?? ""))"
        }
        if !exchange.caller.isAnonymous { metadata["user_id"] = "\(exchange.caller.id)" }
        return metadata
    }

    /// Without the query, cut, and with nothing in it that a log could take for its own.
    static func path(_ target: String) -> String {
        let path = target.utf8.prefix { $0 != UInt8(ascii: "?") }
        let bytes = path.prefix(maximumPath).map { byte in
            (0x21...0x7E).contains(byte) ? byte : UInt8(ascii: "?")
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
