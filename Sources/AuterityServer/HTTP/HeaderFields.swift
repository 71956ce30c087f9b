import HTTPTypes

/// The engine has one of its own for what it sends.
typealias HTTPField = HTTPTypes.HTTPField

/// Headers that are the same each time, made once, and the names of those that are not.
enum HeaderFields {
    static let json = HTTPField(name: .contentType, value: "application/json")
    static let noStore = HTTPField(name: .cacheControl, value: "no-store")
    static let noCachePragma = HTTPField(name: name("Pragma"), value: "no-cache")
    static let bearer = HTTPField(name: .wwwAuthenticate, value: "Bearer")
    static let varyOrigin = HTTPField(name: .vary, value: "Origin")
    static let varyEncoding = HTTPField(name: .vary, value: "Accept-Encoding")
    static let gzip = HTTPField(name: .contentEncoding, value: "gzip")
    static let close = HTTPField(name: .connection, value: "close")

    static let requestID = name("X-Request-ID")
    static let limit = name("X-RateLimit-Limit")
    static let remaining = name("X-RateLimit-Remaining")
    static let reset = name("X-RateLimit-Reset")
    static let window = name("X-RateLimit-Window")

    /// The name of a header that is written down in this program.
    static func name(_ text: String) -> HTTPField.Name {
        guard let name = HTTPField.Name(text) else {
            preconditionFailure("\(text) is no name of a header")
        }
        return name
    }

    /// What every answer gets: the browser is told to take nothing for what it is not said to be,
    /// to show it in no frame, and to hand on no address of it.
    static func security(isTLS: Bool) -> HTTPFields {
        var fields: HTTPFields = [
            .xContentTypeOptions: "nosniff",
            name("X-Frame-Options"): "DENY",
            name("Referrer-Policy"): "no-referrer",
        ]
        if isTLS {
            // A year, as browsers' preload lists ask for at least.
            fields.append(
                HTTPField(name: .strictTransportSecurity, value: "max-age=31536000"))
        }
        return fields
    }

    /// For what is no page: nothing may be loaded by it.
    static let contentSecurityPolicy = HTTPField(
        name: .contentSecurityPolicy, value: "default-src 'none'; frame-ancestors 'none'")
}
