import Foundation
import Testing

/// A certificate that has signed itself, and its key, as files.
struct Certificate: Sendable {
    let file: String
    let key: String

    /// - Parameters:
    ///   - names: Such as `DNS:localhost` or `IP:127.0.0.1`.
    ///   - days: until its end; negative when it has expired.
    init(_ names: [String], in folder: TemporaryFolder, days: Int = 2) throws {
        let name = folder.path + "/" + UUID().uuidString
        (file, key) = (name + ".pem", name + ".key")
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = [
            "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256",
            "-nodes", "-keyout", key, "-out", file, "-days", "\(days)", "-subj", "/CN=test",
            "-addext", "subjectAltName=" + names.joined(separator: ","),
        ]
        process.standardError = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        try #require(process.terminationStatus == 0, "openssl made no certificate")
    }
}
