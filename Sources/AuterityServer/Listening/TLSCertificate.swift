import Glibc
import NIOSSL
import Synchronization

/// The certificate that a server shows, read from PEM files, and again when it is told to.
final class TLSCertificate: Sendable {
    private let files: ServerConfiguration.TLSFiles
    private let current: Mutex<NIOSSLContext>

    /// - Throws: A `ServerError` that names the file and what is wrong with it.
    init(_ files: ServerConfiguration.TLSFiles) throws(ServerError) {
        self.files = files
        current = Mutex(try Self.context(files))
    }

    var context: NIOSSLContext { current.withLock { $0 } }

    /// Reads the files again; new connections get what is in them. A file that cannot be used
    /// leaves things as they were.
    func reload() throws(ServerError) {
        let renewed = try Self.context(files)
        current.withLock { $0 = renewed }
    }

    private static func context(
        _ files: ServerConfiguration.TLSFiles
    ) throws(ServerError) -> NIOSSLContext {
        let chain: [NIOSSLCertificate]
        do {
            chain = try NIOSSLCertificate.fromPEMFile(files.certificate)
        } catch {
            throw ServerError(
                "The certificate \(files.certificate) cannot be read: \(reason(error, files.certificate)). --tls-cert "
                    + "takes a file with the certificate chain in PEM form")
        }
        guard !chain.isEmpty else {
            throw ServerError(
                "The file \(files.certificate) holds no certificate. --tls-cert takes a file with "
                    + "the certificate chain in PEM form")
        }
        let key: NIOSSLPrivateKey
        do {
            key = try NIOSSLPrivateKey(file: files.key, format: .pem)
        } catch {
            throw ServerError(
                "The key \(files.key) cannot be read: \(reason(error, files.key)). --tls-key takes a file "
                    + "with an unencrypted private key in PEM form")
        }
        var configuration = TLSConfiguration.makeServerConfiguration(
            certificateChain: chain.map { .certificate($0) }, privateKey: .privateKey(key))
        configuration.minimumTLSVersion = .tlsv12
        configuration.applicationProtocols = ["http/1.1"]
        do {
            return try NIOSSLContext(configuration: configuration)
        } catch {
            throw ServerError(
                "The key \(files.key) and the certificate \(files.certificate) do not go "
                    + "together. Name the key that the first certificate of the file was made for")
        }
    }

    /// The library's errors name its own types, which help nobody.
    private static func reason(_ error: any Error, _ path: String) -> String {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return String(cString: strerror(errno)) }
        close(descriptor)
        if let error = error as? NIOSSLError, error == .failedToLoadCertificate {
            return "it is no certificate in PEM form"
        }
        if let error = error as? NIOSSLError, error == .failedToLoadPrivateKey {
            return "it is no private key in PEM form"
        }
        return "it is of no use"
    }
}
