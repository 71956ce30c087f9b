/// A network that no definition may reach unless the operator allows it.
struct BlockedNetwork: Sendable {
    let network: IPNetwork
    /// As the end of "which is ".
    let kind: String
}

/// The IANA special-purpose registry for IPv4 (RFC 6890 and its updates), multicast, class E, and
/// the one cloud metadata address that stands in public space.
let blockedV4: [BlockedNetwork] = blocked([
    ("169.254.169.254/32", "a cloud metadata address"),
    ("168.63.129.16/32", "a cloud metadata address"),
    ("127.0.0.0/8", "a loopback address"),
    ("0.0.0.0/8", "an address of this host"),
    ("10.0.0.0/8", "a private address"),
    ("172.16.0.0/12", "a private address"),
    ("192.168.0.0/16", "a private address"),
    ("100.64.0.0/10", "a carrier's shared address"),
    ("169.254.0.0/16", "a link-local address"),
    ("192.0.0.0/24", "a reserved address"),
    ("192.0.2.0/24", "a documentation address"),
    ("192.88.99.0/24", "a relay address"),
    ("198.18.0.0/15", "a benchmarking address"),
    ("198.51.100.0/24", "a documentation address"),
    ("203.0.113.0/24", "a documentation address"),
    ("224.0.0.0/4", "a multicast address"),
    ("240.0.0.0/4", "a reserved address"),
])

/// The IANA special-purpose registry for IPv6. What lies outside 2000::/3 is refused anyway; it is
/// listed where a person is helped by its name.
let blockedV6: [BlockedNetwork] = blocked([
    ("::1/128", "a loopback address"),
    ("::/128", "an address of this host"),
    ("fd00:ec2::254/128", "a cloud metadata address"),
    ("fc00::/7", "a private address"),
    ("fe80::/10", "a link-local address"),
    ("fec0::/10", "a site-local address"),
    ("ff00::/8", "a multicast address"),
    ("64:ff9b:1::/48", "a local translation address"),
    ("100::/64", "a discard address"),
    ("2001::/23", "a reserved address"),
    ("2001:db8::/32", "a documentation address"),
    ("3fff::/20", "a documentation address"),
])

private func blocked(_ rows: [(String, String)]) -> [BlockedNetwork] {
    rows.compactMap { row in
        IPNetwork(row.0).map { BlockedNetwork(network: $0, kind: row.1) }
    }
}
