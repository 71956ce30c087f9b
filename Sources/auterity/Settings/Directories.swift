import Glibc

/// Where the product keeps its files, by the XDG Base Directory Specification 0.8.
struct Directories: Sendable {
    let data: String
    let configuration: String
    let state: String

    init(environment: [String: String]) {
        let home = environment["HOME"] ?? "."
        func place(_ variable: String, _ below: String) -> String {
            // The specification says that a relative path is to be ignored.
            if let path = environment[variable], path.hasPrefix("/") {
                return path + "/auterity"
            }
            return "\(home)/\(below)/auterity"
        }
        data = place("XDG_DATA_HOME", ".local/share")
        configuration = place("XDG_CONFIG_HOME", ".config")
        state = place("XDG_STATE_HOME", ".local/state")
    }

    /// A path as people read it: with `~` for the home directory.
    static func shown(_ path: String, _ environment: [String: String]) -> String {
        guard let home = environment["HOME"], home.count > 1, path.hasPrefix(home) else {
            return path
        }
        let rest = path.dropFirst(home.count)
        return rest.isEmpty || rest.first == "/" ? "~" + rest : path
    }

    /// A path as a person writes it, with `~` for the home directory, made absolute.
    static func absolute(_ path: String, environment: [String: String]) -> String {
        if path == "~" || path.hasPrefix("~/"), let home = environment["HOME"] {
            return home + path.dropFirst()
        }
        guard !path.hasPrefix("/") else { return path }
        var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
        guard getcwd(&buffer, buffer.count) != nil else { return path }
        let bytes = buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
        return String(decoding: bytes, as: UTF8.self) + "/" + path
    }
}
