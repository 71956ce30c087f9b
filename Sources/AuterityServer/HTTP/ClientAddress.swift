import AuterityEngine

/// Where a request comes from, as far as that is believed.
enum ClientAddress: Hashable, Sendable {
    case network(IPAddress)
    case unixSocket
    /// The system does not say.
    case unknown

    /// As logs and the audit have it.
    var text: String {
        switch self {
        case .network(let address): address.description
        case .unixSocket: "unix"
        case .unknown: "unknown"
        }
    }

    /// What shares a limit: an IPv4 address, or the /64 that an IPv6 address lies in, since whoever
    /// has one of its addresses has them all.
    var limited: ClientAddress {
        guard case .network(.v6(let bits)) = self else { return self }
        return .network(.v6((bits >> 64) << 64))
    }
}

/// The proxies whose `X-Forwarded-For` is believed.
struct TrustedProxies: Sendable {
    private let networks: [IPNetwork]

    /// Addresses behind each other that are looked at.
    private static let maximumHops = 32

    /// Takes addresses and networks. What is neither is trusted by nobody; a server whose
    /// configuration names such a thing does not start.
    init(_ texts: [String]) {
        networks = texts.compactMap { IPNetwork($0) }
    }

    /// - Throws: A `ServerError` that names what is no address and no network.
    static func check(_ texts: [String]) throws(ServerError) {
        for text in texts where IPNetwork(text) == nil {
            throw ServerError(
                "The trusted proxy \"\(text)\" is no address and no network. Write trusted_proxies "
                    + "as 192.0.2.1, 10.0.0.0/8 or fd00::/8, with commas between; the bits behind "
                    + "the prefix of a network are zero")
        }
    }

    /// The first address, counted from here, that is no trusted proxy. Each proxy appends whom it
    /// was called by, so whatever stands farther left was written by strangers.
    func client(peer: IPAddress, forwardedFor: String?) -> IPAddress {
        guard let forwardedFor, trusts(peer) else { return peer }
        var client = peer
        for hop in forwardedFor.split(separator: ",").reversed().prefix(Self.maximumHops) {
            guard let address = Self.address(hop) else { return client }
            client = address
            if !trusts(address) { return client }
        }
        return client
    }

    private func trusts(_ address: IPAddress) -> Bool {
        networks.contains { $0.contains(address) }
    }

    /// `192.0.2.1`, `192.0.2.1:4711`, `2001:db8::1` or `[2001:db8::1]:4711`.
    private static func address(_ hop: Substring) -> IPAddress? {
        var text = hop
        while text.first == " " || text.first == "\t" { text.removeFirst() }
        while text.last == " " || text.last == "\t" { text.removeLast() }
        if text.first == "[" {
            guard let end = text.firstIndex(of: "]") else { return nil }
            text = text[text.index(after: text.startIndex)..<end]
        } else if let colon = text.firstIndex(of: ":"), text.lastIndex(of: ":") == colon {
            text = text[..<colon]
        }
        return IPAddress(String(text))?.unmapped
    }
}
