import HTTPTypes

/// What the address of a request to the event stream says: `/ws/{client_id}`, with the token and
/// where to go on in the query.
struct StreamTarget: Hashable, Sendable {
    /// As the client calls itself, for the log; it proves nothing.
    let clientID: String
    let token: String?
    let start: StreamSession.Start

    /// Bytes of a client's name.
    static let longestClientID = 128

    /// `nil` when the path is another's.
    ///
    /// - Parameter path: as in the request line.
    init?(path: String) {
        guard path.utf8.starts(with: Self.prefix.utf8) else { return nil }
        let parts = path.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        var name = parts[0].dropFirst(Self.prefix.count)
        // As everywhere, a slash at the end makes no other address.
        if name.last == "/" { name = name.dropLast() }
        guard !name.isEmpty, !name.contains("/"), name.utf8.count <= Self.longestClientID,
            let clientID = Self.decoded(name)
        else { return nil }
        self.clientID = clientID
        let items = parts.count > 1 ? Self.items(parts[1]) : [:]
        token = items["token"].flatMap { $0.isEmpty ? nil : $0 }
        start = Self.start(items["last_event_id"])
    }

    static let prefix = "/ws/"

    private static func start(_ text: String?) -> StreamSession.Start {
        guard let text else { return .now }
        guard text.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let id = Int64(text) else {
            return .malformed
        }
        return .after(id)
    }

    /// The last of a name counts; what cannot be read is left out.
    private static func items(_ query: Substring) -> [String: String] {
        var items: [String: String] = [:]
        for item in query.split(separator: "&") {
            let pair = item.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard let name = decoded(pair[0]), let value = decoded(pair.count > 1 ? pair[1] : "")
            else { continue }
            items[name] = value
        }
        return items
    }

    private static func decoded(_ text: Substring) -> String? {
        percentDecoded(text.utf8, spacesArePlus: false)
    }
}

/// From which pages a browser may connect. Other clients send no `Origin`.
struct StreamOrigins: Hashable, Sendable {
    /// Such as `https://console.example.com`; `*` is any.
    let allowed: [String]

    func admit(_ request: HTTPRequest) -> Bool {
        let origins = request.headerFields[values: .origin]
        guard let origin = origins.first else { return true }
        guard origins.count == 1 else { return false }
        if allowed.contains("*") || allowed.contains(where: { Self.isSame($0, origin) }) {
            return true
        }
        guard let host = Self.authority(of: origin), let own = request.authority else {
            return false
        }
        return host == Self.plain(own.lowercased(), scheme: Self.scheme(of: origin))
    }

    private static func isSame(_ left: String, _ right: String) -> Bool {
        guard let one = authority(of: left), let other = authority(of: right) else { return false }
        return one == other && scheme(of: left) == scheme(of: right)
    }

    private static func scheme(of origin: String) -> String {
        origin.prefix { $0 != ":" }.lowercased()
    }

    /// Host and port, without the port that goes with the scheme.
    private static func authority(of origin: String) -> String? {
        guard let range = origin.firstRange(of: "://"), range.lowerBound > origin.startIndex
        else { return nil }
        let authority = origin[range.upperBound...].lowercased()
        guard !authority.isEmpty, !authority.contains("/") else { return nil }
        return plain(authority, scheme: scheme(of: origin))
    }

    private static func plain(_ authority: String, scheme: String) -> String {
        let port = ["http": ":80", "ws": ":80", "https": ":443", "wss": ":443"][scheme]
        guard let port, authority.hasSuffix(port) else { return authority }
        return String(authority.dropLast(port.count))
    }
}
