internal import CCurl

/// An absolute URL in parts, read by libcurl's own parser: what is judged is what is connected to.
package struct OutboundURL: Hashable, Sendable {
    static let maximumBytes = 8000

    package let scheme: String
    /// Decoded and normalized; IPv6 without brackets.
    package let host: String
    package let port: Int
    /// The whole URL without user, password and fragment, encoded where it was not.
    let text: String
    let user: String?
    let password: String?
    /// For messages: scheme, host, port and path.
    package let display: String

    /// `base` is where a relative reference starts from.
    package init?(
        _ text: String, base: OutboundURL? = nil, schemes: Set<String> = ["http", "https"]
    ) {
        guard text.utf8.count <= Self.maximumBytes, !text.utf8.contains(0), let url = curl_url()
        else { return nil }
        defer { curl_url_cleanup(url) }
        let flags = UInt32(CURLU_URLENCODE | CURLU_ALLOW_SPACE)
        if let base, curl_url_set(url, CURLUPART_URL, base.text, 0) != CURLUE_OK { return nil }
        guard curl_url_set(url, CURLUPART_URL, text, flags) == CURLUE_OK,
            let scheme = Self.part(url, CURLUPART_SCHEME), schemes.contains(scheme),
            let host = Self.part(url, CURLUPART_HOST, UInt32(CURLU_URLDECODE)), !host.isEmpty,
            let portText = Self.part(url, CURLUPART_PORT, UInt32(CURLU_DEFAULT_PORT)),
            let port = Int(portText), port > 0
        else { return nil }
        self.scheme = scheme
        self.host = String(host.drop { $0 == "[" }.prefix { $0 != "]" })
        self.port = port
        user = Self.part(url, CURLUPART_USER, UInt32(CURLU_URLDECODE))
        password = Self.part(url, CURLUPART_PASSWORD, UInt32(CURLU_URLDECODE))
        for secret in [CURLUPART_FRAGMENT, CURLUPART_PASSWORD, CURLUPART_USER] {
            curl_url_set(url, secret, nil, 0)
        }
        guard let plain = Self.part(url, CURLUPART_URL) else { return nil }
        self.text = plain
        curl_url_set(url, CURLUPART_QUERY, nil, 0)
        display = Self.part(url, CURLUPART_URL) ?? "\(scheme)://\(host)"
    }

    /// Whether it says who one is.
    package var hasUser: Bool { user != nil || password != nil }

    /// User and password as RFC 7617 has them; `nil` without a user.
    package var basicAuthorization: String? {
        user.map { "Basic " + base64(Array("\($0):\(password ?? "")".utf8)) }
    }

    /// Where credentials may be sent again after a redirect.
    func hasSameOrigin(as other: OutboundURL) -> Bool {
        scheme == other.scheme && host == other.host && port == other.port
    }

    private static func part(
        _ url: OpaquePointer, _ part: CURLUPart, _ flags: UInt32 = 0
    ) -> String? {
        var text: UnsafeMutablePointer<CChar>?
        guard curl_url_get(url, part, &text, flags) == CURLUE_OK, let text else { return nil }
        defer { curl_free(text) }
        return String(cString: text)
    }
}
