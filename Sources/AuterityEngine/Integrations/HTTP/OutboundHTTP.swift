internal import CCurl

/// The one HTTP client of the process.
///
/// Redirects are followed here and not by libcurl, so that every hop is checked anew and carries no
/// credentials to another host.
package final class OutboundHTTP: Sendable {
    package static let maximumRedirects = 5
    package static let maximumRequestBodyBytes = 16 * 1024 * 1024

    private let transfers: TransferLoop
    private let addressGuard: AddressGuard
    private let proxies: OutboundProxies
    private let certificateFile: String?
    private let userAgent: String

    package init(
        addressGuard: AddressGuard, proxies: OutboundProxies = .none,
        certificateFile: String? = nil, userAgent: String = "Auterity"
    ) {
        transfers = TransferLoop()
        self.addressGuard = addressGuard
        self.proxies = proxies
        self.certificateFile = certificateFile
        self.userAgent = userAgent
    }

    /// Ends every request under way with `closed`, and the thread.
    package func close() { transfers.close() }

    /// Sends the request and waits for the whole answer, whatever its status. Cancelling the
    /// calling task closes the connection at once.
    package func send(_ request: OutboundRequest) async throws(OutboundError) -> OutboundResponse {
        let start = ContinuousClock.now
        var hop = try OutboundHop(request, deadline: start + request.timeout)
        for _ in 0...Self.maximumRedirects {
            let report = try await transfer(hop)
            guard let next = try hop.redirect(report) else {
                let seconds = (ContinuousClock.now - start).inSeconds
                return hop.response(report, seconds: seconds)
            }
            hop = next
        }
        throw OutboundError(
            .tooManyRedirects,
            "\(hop.url.display) was reached after \(Self.maximumRedirects) redirects and redirects "
                + "again. Request the address where the answer is.")
    }

    /// Why the guard would refuse a URL as things stand: its form, or an address of its host. A
    /// host without an address is no refusal; it may have one later.
    package func refusal(ofURL text: String) async -> OutboundError? {
        guard let url = OutboundURL(text) else { return TransferFailure.badURL }
        do throws(OutboundError) {
            try await check(url)
            return nil
        } catch {
            return error.kind == .notResolved ? nil : error
        }
    }

    private func transfer(_ hop: OutboundHop) async throws(OutboundError) -> TransferReport {
        var plan = hop.plan(userAgent: userAgent)
        if let certificateFile { plan.texts.append((CURLOPT_CAINFO, certificateFile)) }
        plan.texts += hop.request.connection.options
        let isLocal = hop.request.connection.unixSocket != nil
        let chosen = hop.request.connection.proxy
        let proxy =
            isLocal ? nil : chosen ?? proxies.proxy(scheme: hop.url.scheme, host: hop.url.host)
        if let proxy {
            plan.texts.append((CURLOPT_PROXY, proxy))
            plan.numbers.append((CURLOPT_SUPPRESS_CONNECT_HEADERS, 1))
        }
        if hop.request.origin == .named, !addressGuard.allows(host: hop.url.host) {
            if proxy != nil {
                try await check(hop.url)
            } else {
                if let reason = addressGuard.refusal(ofHost: hop.url.host) {
                    throw TransferFailure.refused(hop.url, address: hop.url.host, reason)
                }
                plan.addressGuard = addressGuard
            }
        }
        let report = await transfers.run(plan)
        if let error = hop.error(report) { throw error }
        return report
    }

    /// Checks all addresses of a host, for when another party makes the connection.
    private func check(_ url: OutboundURL) async throws(OutboundError) {
        if addressGuard.allows(host: url.host) { return }
        guard let addresses = await NameResolution.addresses(of: url.host) else {
            throw OutboundError(.cancelled, "The request to \(url.display) was cancelled.")
        }
        if addresses.isEmpty { throw TransferFailure.notResolved(url) }
        for address in addresses {
            if let reason = addressGuard.refusal(of: address) {
                throw TransferFailure.refused(url, address: address.description, reason)
            }
        }
    }
}
