/// A file of others that the documentation pages load: from where the operator put it, or else from
/// the public CDN, held to its hash.
enum DocumentationAsset: String, CaseIterable, Sendable {
    case swaggerStyle = "swagger-ui.css"
    case swaggerScript = "swagger-ui-bundle.js"
    case redocScript = "redoc.standalone.js"

    /// The versions that the hashes belong to; a directory of the operator's may have others.
    static let swaggerVersion = "5.33.1"
    static let redocVersion = "2.5.3"

    /// On jsDelivr, which serves what the npm packages hold.
    var publicURL: String {
        switch self {
        case .swaggerStyle, .swaggerScript:
            "https://cdn.jsdelivr.net/npm/swagger-ui-dist@\(Self.swaggerVersion)/\(rawValue)"
        case .redocScript:
            "https://cdn.jsdelivr.net/npm/redoc@\(Self.redocVersion)/bundles/\(rawValue)"
        }
    }

    /// SHA-384, as `integrity` has it.
    var integrity: String {
        switch self {
        case .swaggerStyle:
            "sha384-Ov4/wv3j2bmct8cDc5X4ngJZohVPzEmc6uDPH8WeljUxO5vtoykvMEfbu9Vh6RaW"
        case .swaggerScript:
            "sha384-ZPehFMQommnnuaZ4rpxgkgTT2DKFVp4hZC/7pLit+9Lek9T1YGSo23eHFbvNkXkw"
        case .redocScript:
            "sha384-xiEssMQFSpSfLbzRZCGfxxIM5QDb2DTrU6vyoZdp2sV1L6pmOMy6MpTtUoLbpC96"
        }
    }

    var contentType: String {
        self == .swaggerStyle ? "text/css; charset=utf-8" : "text/javascript; charset=utf-8"
    }
}
