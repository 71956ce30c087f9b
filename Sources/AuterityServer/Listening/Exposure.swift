/// Whether passwords and tokens may go over the addresses as they are.
enum Exposure {
    /// What to warn of; `nil` when there is nothing.
    ///
    /// - Throws: A `ServerError` when plain HTTP would leave the machine outside of development.
    static func check(
        _ sockets: [BoundSocket], _ configuration: ServerConfiguration
    ) throws(ServerError) -> String? {
        guard configuration.tls == nil, !configuration.isBehindTLSProxy,
            let open = sockets.first(where: { !$0.isLoopback })
        else { return nil }
        guard configuration.environment == "development" else {
            throw ServerError(
                "Plain HTTP on \(open.address) would send passwords and tokens readable through "
                    + "the network, which the environment \(configuration.environment) does not "
                    + "allow. Give a certificate with --tls-cert and --tls-key, or say with "
                    + "--behind-tls-proxy that a proxy ends TLS, or listen on 127.0.0.1")
        }
        return "Plain HTTP on \(open.address) sends passwords and tokens readable through the "
            + "network; give a certificate with --tls-cert and --tls-key"
    }
}
