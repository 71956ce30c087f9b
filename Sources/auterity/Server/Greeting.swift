import AuterityServer
import Glibc
import Logging

/// What a server that has just begun tells who started it.
struct Greeting {
    let addresses: Server.Addresses
    let settings: Settings
    let hasAdministrator: Bool

    var url: String { addresses.urls.first ?? "the Unix socket" }

    /// To standard output in the text format, else as entries of the log.
    func show(_ logger: Logger) {
        if let warning = addresses.warning { logger.warning("\(warning)") }
        guard settings.logsJSON else {
            print(lines.joined(separator: "\n"))
            // Whoever reads it through a pipe waits for it, too.
            fflush(nil)
            return
        }
        logger.info(
            "Listening",
            metadata: [
                "url": "\(url)", "unix_socket": "\(addresses.unixSocket ?? "none")",
                "data_dir": "\(settings.dataDirectory)",
            ])
        if !hasAdministrator { logger.warning("There is no administrator yet") }
    }

    var lines: [String] {
        var lines = [
            "Auterity \(Product.version) listens on \(addresses.urls.joined(separator: ", "))"
        ]
        lines.append("  documentation  \(url)/docs")
        if let socket = addresses.unixSocket {
            lines.append("  Unix socket    \(socket) (you are the administrator there)")
        }
        lines.append("  data           \(settings.dataDirectory)")
        if !hasAdministrator { lines += advice }
        lines.append("Ctrl-C stops it.")
        return lines
    }

    private var advice: [String] {
        let place = settings.usesOwnDataDirectory ? "" : " --data-dir \(settings.dataDirectory)"
        return [
            "There is no administrator yet. Make one in another terminal:",
            "  auterity user create --admin EMAIL\(place)",
            "or start again with AUTERITY_ADMIN_EMAIL and AUTERITY_ADMIN_PASSWORD set.",
        ]
    }
}
