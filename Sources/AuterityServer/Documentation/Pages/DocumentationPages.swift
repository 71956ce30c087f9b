import AuterityAPI

/// `/openapi.json`, the pages that show it, and what they load.
enum DocumentationPages {
    static func routes(_ configuration: ServerConfiguration) -> [PlainRoute] {
        let files = DocumentationFiles(directory: configuration.docsAssets)
        let isLocal = configuration.docsAssets != nil
        return [
            document(configuration.version), page(.swagger, isLocal), page(.redoc, isLocal),
            assets(files),
        ]
    }

    /// Made once.
    private static func document(_ version: String) -> PlainRoute {
        let made = Result {
            DocumentationFiles.File(
                try OpenAPIDocument(version: version).json.jsonBytes, "application/json")
        }
        return PlainRoute(path: "/openapi.json", access: .open, rateLimit: .other) {
            _ async throws(APIError) in
            switch made {
            case .success(let file): return answer(file)
            case .failure(let error):
                throw APIError(.internalError, "The document could not be made: \(error)")
            }
        }
    }

    private static func assets(_ files: DocumentationFiles) -> PlainRoute {
        PlainRoute(path: "/docs/assets/{name}", access: .open, rateLimit: .other) {
            request async throws(APIError) in
            answer(try files.file(named: request.pathValues["name"] ?? ""))
        }
    }

    private static func answer(_ file: DocumentationFiles.File) -> PlainResponse {
        PlainResponse(
            contentType: file.contentType, body: file.bytes,
            headers: ["Cache-Control": "no-cache"])
    }

    // MARK: - Pages

    private enum Page {
        case swagger, redoc

        var path: String { self == .swagger ? "/docs" : "/redoc" }
        var script: DocumentationAsset { self == .swagger ? .swaggerScript : .redocScript }
        var style: DocumentationAsset? { self == .swagger ? .swaggerStyle : nil }
        var start: String {
            self == .swagger ? DocumentationFiles.swaggerStart : DocumentationFiles.redocStart
        }
    }

    private static func page(_ page: Page, _ isLocal: Bool) -> PlainRoute {
        let body = Array(html(page, isLocal).utf8)
        let policy = policy(page, isLocal)
        return PlainRoute(path: page.path, access: .open, rateLimit: .other) {
            _ async throws(APIError) in
            PlainResponse(
                contentType: "text/html; charset=utf-8", body: body,
                headers: ["Content-Security-Policy": policy, "Cache-Control": "no-cache"])
        }
    }

    private static func html(_ page: Page, _ isLocal: Bool) -> String {
        let styles = page.style.map { style in
            "<link rel=\"stylesheet\" \(source("href", style, isLocal))>\n"
        }
        return """
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <title>Auterity API</title>
            <link rel="icon" href="data:,">
            \(styles ?? "")<link rel="stylesheet" href="/docs/assets/\(DocumentationFiles.style)">
            <script defer \(source("src", page.script, isLocal))></script>
            <script defer src="/docs/assets/\(page.start)"></script>
            </head>
            <body>
            <div id="docs"></div>
            <noscript>This page needs JavaScript. The document itself is at \
            <a href="/openapi.json">/openapi.json</a>.</noscript>
            </body>
            </html>

            """
    }

    private static func source(
        _ attribute: String, _ asset: DocumentationAsset, _ isLocal: Bool
    ) -> String {
        if isLocal { return "\(attribute)=\"/docs/assets/\(asset.rawValue)\"" }
        return "\(attribute)=\"\(asset.publicURL)\" integrity=\"\(asset.integrity)\" "
            + "crossorigin=\"anonymous\""
    }

    /// The hashes of what Redoc makes style elements of: of nothing, which it fills by script, and
    /// of the one text that its version has.
    private static let redocStyles =
        "'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=' "
        + "'sha256-QMIg+bpjm3JdElJ388KYke01izlUW0UoNOeKjpMxdgc='"

    private static func policy(_ page: Page, _ isLocal: Bool) -> String {
        let script = isLocal ? "" : " \(page.script.publicURL)"
        let style = page.style.map { isLocal ? "" : " \($0.publicURL)" } ?? " \(redocStyles)"
        let parts = [
            "default-src 'none'", "script-src 'self'\(script)", "style-src 'self'\(style)",
            "img-src 'self' data:", "font-src 'self' data:", "connect-src 'self'",
            "worker-src blob:", "base-uri 'none'", "form-action 'none'",
            "frame-ancestors 'none'",
        ]
        return parts.joined(separator: "; ")
    }
}
