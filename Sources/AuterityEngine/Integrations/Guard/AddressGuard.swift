/// Decides which addresses a request may connect to when a definition or a caller chose them.
///
/// It judges the very address of the connection, not the name, so that a name whose address changes
/// between the check and the connection (DNS rebinding) gains nothing.
package struct AddressGuard: Hashable, Sendable {
    private let allowedNames: Set<String>
    private let allowedSuffixes: [String]
    private let allowedNetworks: [IPNetwork]

    /// Lets nothing through but public addresses.
    package static let strict = AddressGuard(names: [], suffixes: [], networks: [])

    private init(names: Set<String>, suffixes: [String], networks: [IPNetwork]) {
        allowedNames = names
        allowedSuffixes = suffixes
        allowedNetworks = networks
    }

    /// Reads the value of `AUTERITY_ALLOWED_HOSTS`: host names (`crm.example.internal`,
    /// `*.example.internal`), addresses and networks (`10.1.0.0/16`, `fd12::/16`), by commas.
    package init(allowedHosts: String) throws(IntegrationSettingError) {
        var names: Set<String> = []
        var suffixes: [String] = []
        var networks: [IPNetwork] = []
        for part in allowedHosts.split(separator: ",") {
            let entry = String(part.filter { !$0.isWhitespace }).lowercased()
            if entry.isEmpty { continue }
            if let network = IPNetwork(entry) {
                networks.append(network)
            } else if entry.hasPrefix("*."), isHostName(entry.dropFirst(2)) {
                suffixes.append(String(entry.dropFirst()))
            } else if isHostName(entry[...]) {
                names.insert(entry)
            } else {
                throw IntegrationSettingError(
                    setting: "AUTERITY_ALLOWED_HOSTS",
                    message: "'\(entry)' is neither a host name (crm.example.internal, "
                        + "*.example.internal) nor an address or network whose remaining bits are "
                        + "zero (10.1.0.0/16). Separate entries by commas.")
            }
        }
        self.init(names: names, suffixes: suffixes, networks: networks)
    }

    /// Whether the operator named the host itself; then every address it has may be connected to.
    package func allows(host: String) -> Bool {
        let name = normalizedHost(host)
        return allowedNames.contains(name) || allowedSuffixes.contains { name.hasSuffix($0) }
    }

    /// Why the address may not be connected to, as the end of "…, which is "; `nil` when it may.
    package func refusal(of address: IPAddress) -> String? {
        let real = address.unmapped
        if allowedNetworks.contains(where: { $0.contains(real) || $0.contains(address) }) {
            return nil
        }
        switch real {
        case .v4(let bits): return refusalV4(bits)
        case .v6(let bits): return refusalV6(bits)
        }
    }

    /// The refusal of a host that is written as an address; `nil` for names, which only their
    /// addresses can decide.
    package func refusal(ofHost host: String) -> String? {
        guard !allows(host: host), let address = IPAddress(normalizedHost(host)) else {
            return nil
        }
        return refusal(of: address)
    }

    private func refusalV4(_ bits: UInt32) -> String? {
        blockedV4.first { $0.network.contains(.v4(bits)) }?.kind
    }

    private func refusalV6(_ bits: UInt128) -> String? {
        let address = IPAddress.v6(bits)
        if let embedded = embeddedV4(bits) {
            return refusalV4(embedded).map { "\($0) inside an IPv6 address" }
        }
        if let blocked = blockedV6.first(where: { $0.network.contains(address) }) {
            return blocked.kind
        }
        // What is not global unicast (2000::/3) is nothing that a request could rightly go to.
        return bits >> 125 == 1 ? nil : "a reserved address"
    }
}

/// An IPv4 address that a gateway takes out of an IPv6 address: NAT64 (RFC 6052), 6to4 (RFC 3056),
/// IPv4-compatible and IPv4-translated (RFC 4291, RFC 2765), and ISATAP (RFC 5214).
private func embeddedV4(_ bits: UInt128) -> UInt32? {
    let low = UInt32(truncatingIfNeeded: bits)
    if bits >> 32 == 0x0064_FF9B_0000_0000_0000_0000 { return low }
    if bits >> 112 == 0x2002 { return UInt32(truncatingIfNeeded: bits >> 80) }
    if bits >> 32 == 0xFFFF_0000 { return low }
    if bits >> 32 == 0, bits > 1 { return low }
    let interface = UInt32(truncatingIfNeeded: bits >> 32)
    let isGlobal = bits >> 125 == 1
    if isGlobal, interface == 0x0000_5EFE || interface == 0x0200_5EFE { return low }
    return nil
}

private func normalizedHost(_ host: String) -> String {
    var name = host.lowercased()
    if name.hasSuffix("."), name.count > 1 { name.removeLast() }
    return name
}

private func isHostName(_ text: Substring) -> Bool {
    let labels = text.split(separator: ".", omittingEmptySubsequences: false)
    return text.utf8.count <= 253
        && labels.last?.allSatisfy(\.isNumber) == false
        && labels.allSatisfy { label in
            (1...63).contains(label.utf8.count)
                && label.utf8.allSatisfy { byte in
                    (0x61...0x7A).contains(byte) || (0x30...0x39).contains(byte)
                        || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_")
                }
        }
}
