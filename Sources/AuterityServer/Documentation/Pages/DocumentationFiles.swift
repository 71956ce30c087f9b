import AuterityAPI
import Glibc
import Synchronization

/// What is served below `/docs/assets`: our own scripts, and the operator's copies of the assets.
/// Names come from a list; nothing of a request becomes a path.
final class DocumentationFiles: Sendable {
    struct File: Sendable {
        let contentType: String
        let bytes: [UInt8]

        init(_ bytes: [UInt8], _ contentType: String) {
            self.contentType = contentType
            self.bytes = bytes
        }
    }

    /// Bytes of a file.
    static let maximumSize = 8 << 20

    private let directory: String?
    /// What was read once is kept.
    private let read = Mutex<[DocumentationAsset: File]>([:])

    init(directory: String?) {
        self.directory = directory
    }

    /// - Throws: 404.
    func file(named name: String) throws(APIError) -> File {
        if let own = Self.own[name] { return own }
        guard let directory, let asset = DocumentationAsset(rawValue: name) else {
            throw .notFound("file")
        }
        if let file = read.withLock({ $0[asset] }) { return file }
        guard let bytes = Self.contents(of: "\(directory)/\(asset.rawValue)") else {
            throw APIError(
                .notFound,
                "\(name) is missing among the documentation assets of the server, cannot be read, "
                    + "or is larger than \(Self.maximumSize >> 20) MiB")
        }
        let file = File(bytes, asset.contentType)
        read.withLock { $0[asset] = file }
        return file
    }

    /// `nil` for what is no readable file of a bearable size.
    private static func contents(of path: String) -> [UInt8]? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 256 << 10)
        while true {
            let count = Glibc.read(descriptor, &buffer, buffer.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { return nil }
            if count == 0 { return bytes }
            bytes.append(contentsOf: buffer[..<count])
            guard bytes.count <= maximumSize else { return nil }
        }
    }

    // MARK: - Our own

    static let swaggerStart = "docs.js"
    static let redocStart = "redoc.js"
    static let style = "docs.css"

    private static let own: [String: File] = [
        swaggerStart: File(
            Array(
                """
                SwaggerUIBundle({
                  url: "/openapi.json",
                  dom_id: "#docs",
                  deepLinking: true,
                  validatorUrl: null,
                  displayRequestDuration: true,
                  presets: [SwaggerUIBundle.presets.apis],
                  layout: "BaseLayout",
                });

                """.utf8), "text/javascript; charset=utf-8"),
        redocStart: File(
            Array(
                """
                Redoc.init("/openapi.json", { hideLoading: true }, document.getElementById("docs"));

                """.utf8), "text/javascript; charset=utf-8"),
        style: File(
            Array(
                """
                html { box-sizing: border-box; }
                *, *::before, *::after { box-sizing: inherit; }
                body { margin: 0; background: #fafafa; }

                """.utf8), "text/css; charset=utf-8"),
    ]
}
