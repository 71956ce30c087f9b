import AuterityServer
import Glibc
import Logging

/// How many files and sockets the process may have open.
enum OpenFiles {
    /// What the store, outgoing requests and the program itself need besides connections.
    private static let reserve = 512

    /// Takes as many as the system allows, and says so when they may not be enough.
    static func raiseLimit(connections: ConnectionLimits) {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return }
        let wanted = rlim_t(connections.connections + connections.localConnections + reserve)
        guard limit.rlim_cur < wanted else { return }
        limit.rlim_cur = min(limit.rlim_max, wanted)
        setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
        guard limit.rlim_cur < wanted else { return }
        Logger(label: "auterity.server").warning(
            """
            The system allows \(limit.rlim_cur) open files, which is less than \
            \(connections.connections) connections may need; raise the limit (ulimit -n, or \
            LimitNOFILE of systemd), or lower max_connections
            """)
    }
}
