/// Which proxy a request goes through.
///
/// A proxy connects in our stead, so the guard cannot see the address connected to. Where one is
/// used, the guard therefore resolves the host itself and checks every address it gets, before
/// the request is handed to the proxy.
package struct OutboundProxies: Hashable, Sendable {
    /// The proxy's own URL, for addresses of this scheme.
    package var http: String?
    package var https: String?
    /// Hosts that are reached directly: `example.com` (and what is below it), an address, or `*`.
    package var except: [String]

    package static let none = OutboundProxies(http: nil, https: nil, except: [])

    package init(http: String?, https: String?, except: [String]) {
        self.http = http
        self.https = https
        self.except = except
    }

    /// Reads `http_proxy`, `https_proxy`, `all_proxy` and `no_proxy` as curl does. `HTTP_PROXY` in
    /// capitals is not read: a CGI server would let any caller set it.
    package init(environment: [String: String]) {
        func value(_ names: String...) -> String? {
            names.lazy.compactMap { environment[$0] }.first { !$0.isEmpty }
        }
        let all = value("all_proxy", "ALL_PROXY")
        http = value("http_proxy") ?? all
        https = value("https_proxy", "HTTPS_PROXY") ?? all
        except = (value("no_proxy", "NO_PROXY") ?? "").split(separator: ",").map {
            String($0.filter { !$0.isWhitespace })
        }
    }

    /// The proxy for a host, `nil` for the direct way.
    package func proxy(scheme: String, host: String) -> String? {
        let proxy = scheme == "https" ? https : http
        guard let proxy else { return nil }
        let name = host.lowercased()
        let isExcepted = except.contains { entry in
            let plain = entry.lowercased().drop { $0 == "." }
            return plain == "*"
                || (!plain.isEmpty && (name == plain || name.hasSuffix(".\(plain)")))
        }
        return isExcepted ? nil : proxy
    }
}
