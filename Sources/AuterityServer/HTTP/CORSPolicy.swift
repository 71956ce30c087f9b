import HTTPTypes

/// Which pages of other origins may call. Tokens go in a header that a page sets itself, so no
/// credentials of the browser are ever asked for.
struct CORSPolicy: Sendable {
    private let origins: Set<String>
    private let isForAll: Bool

    init(origins: [String]) {
        isForAll = origins.contains("*")
        self.origins = Set(
            origins.map { origin in
                let origin = origin.lowercased()
                return origin.hasSuffix("/") ? String(origin.dropLast()) : origin
            })
    }

    var isOn: Bool { !origins.isEmpty }

    /// What an answer says to the page that asked. The answer depends on the origin, also where
    /// there was none: caches must know.
    func addHeaders(to fields: inout HTTPFields, origin: String?) {
        guard isOn else { return }
        if !isForAll { fields.append(HeaderFields.varyOrigin) }
        guard let allowed = allowed(origin) else { return }
        fields.append(HTTPField(name: .accessControlAllowOrigin, value: allowed))
        fields.append(Self.exposedHeaders)
    }

    /// What a preflight is told besides.
    func addPreflightHeaders(to fields: inout HTTPFields, origin: String?, methods: String) {
        guard allowed(origin) != nil else { return }
        fields.append(HTTPField(name: .accessControlAllowMethods, value: methods))
        fields.append(Self.allowedHeaders)
        fields.append(Self.maximumAge)
    }

    private func allowed(_ origin: String?) -> String? {
        guard let origin else { return nil }
        if isForAll { return "*" }
        return origins.contains(origin) ? origin : nil
    }

    private static let exposedHeaders = HTTPField(
        name: .accessControlExposeHeaders,
        value: "ETag, Retry-After, X-Request-ID, X-RateLimit-Limit, X-RateLimit-Remaining, "
            + "X-RateLimit-Reset, X-RateLimit-Window, Idempotency-Replayed")
    private static let allowedHeaders = HTTPField(
        name: .accessControlAllowHeaders,
        value: "Authorization, Content-Type, If-Match, If-None-Match, Idempotency-Key, "
            + "X-Request-ID")
    /// Seconds for which a browser need not ask again.
    private static let maximumAge = HTTPField(name: .accessControlMaxAge, value: "600")
}
