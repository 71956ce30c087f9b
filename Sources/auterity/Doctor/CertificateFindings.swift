import AuterityAPI
import AuterityClient
import AuterityEngine

/// How long certificates are still good for.
enum CertificateFindings {
    /// Days before the end from which one should know.
    private static let margin = 21.0

    /// Those that the settings name as files.
    static func all(_ settings: Settings, _ environment: [String: String]) -> [Finding] {
        var files: [(id: String, path: String)] = []
        for key in ["tls_cert", "ca_file"] {
            if let path = settings.path(key) { files.append(("certificates.\(key)", path)) }
        }
        for profile in settings.profiles.all {
            let address = profile.address(environment)
            let named = [
                ("ca_file", address.certificateFile),
                ("client_certificate", address.clientCertificate),
            ]
            for case (let key, let path?) in named {
                files.append(("certificates.\(profile.name).\(key)", path))
            }
        }
        let now = EngineClock.system.now()
        return files.map { id, path in
            guard let end = PeerCertificate.end(ofFile: path) else {
                return .fail(
                    id, "\(path) cannot be read as a certificate",
                    "Let it be a PEM file that this user may read, or name another")
            }
            return finding(id, path, end: end, now: now)
        }
    }

    /// - Parameter end: seconds since 1970.
    static func finding(_ id: String, _ what: String, end: Int64, now: Timestamp) -> Finding {
        let time = Timestamp(milliseconds: end * 1000)
        let days = time.seconds(since: now) / 86_400
        let text = "\(what): good until \(time)"
        let advice = "Renew it; a server takes the new files up on SIGHUP or at its next start"
        if days <= 0 { return .fail(id, "\(what): ended at \(time)", advice) }
        return days < margin
            ? .warn(id, "\(text), \(Int(days)) days from now", advice) : .ok(id, text)
    }
}
