import CFileStatus
import Glibc

/// The settings, where they come from, and the files that hold secrets.
enum ConfigurationFindings {
    static func all(_ settings: Settings) -> [Finding] {
        var findings = [file(settings), given(settings), profiles(settings)]
        findings += tokens(settings)
        return findings
    }

    private static func file(_ settings: Settings) -> Finding {
        let path = settings.configurationPath
        var status = cfile_status()
        guard cfile_status_of(path, 1, &status) == 0 else {
            return .ok("configuration.file", "none; \(path) would be read")
        }
        let detail = "\(path), mode \(Figures.mode(status.mode))"
        guard status.mode & 0o022 == 0 else {
            return .warn(
                "configuration.file", "\(detail): others may change it",
                "chmod go-w \(path)")
        }
        let holdsSecrets = settings.origins.contains { $0.isSecret && $0.origin.contains(path) }
        guard !holdsSecrets || status.mode & 0o044 == 0 else {
            return .warn(
                "configuration.file", "\(detail): it has a secret, and others may read it",
                "chmod 600 \(path)")
        }
        return .ok("configuration.file", detail)
    }

    private static func given(_ settings: Settings) -> Finding {
        let list = settings.origins.map { "\($0.key) (\($0.origin))" }
        return .ok(
            "configuration.settings",
            list.isEmpty ? "nothing is set" : list.joined(separator: ", "))
    }

    private static func profiles(_ settings: Settings) -> Finding {
        let names = settings.profiles.all.map(\.name)
        let used = settings.text("profile").map { ", using \($0)" } ?? ""
        return .ok(
            "configuration.profiles",
            (names.isEmpty ? "none" : names.joined(separator: ", ")) + used)
    }

    private static func tokens(_ settings: Settings) -> [Finding] {
        let path = CredentialFile(settings, server: "").path
        var status = cfile_status()
        guard cfile_status_of(path, 1, &status) == 0 else { return [] }
        guard status.owner == geteuid() else {
            return [
                .fail(
                    "configuration.tokens", "\(path) belongs to user \(status.owner)",
                    "Remove it and log in again: " + settings.commandLine("login"))
            ]
        }
        guard status.mode & 0o077 == 0 else {
            return [
                .fail(
                    "configuration.tokens", "\(path), mode \(Figures.mode(status.mode))",
                    "chmod 600 \(path), and log in again: others may have read the tokens")
            ]
        }
        return [.ok("configuration.tokens", "\(path), mode \(Figures.mode(status.mode))")]
    }
}
