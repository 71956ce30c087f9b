import Glibc
import Synchronization

/// The time zones of the system, read when they are first asked for.
enum ZoneDatabase {
    private static let folder = "/usr/share/zoneinfo/"
    /// Bytes; the largest file of the database has a few thousand.
    private static let maximumFileSize = 64 << 10
    private static let maximumCached = 600
    private static let cache = Mutex<[String: ZoneInfo]>([:])

    /// `nil` when the system knows no such zone.
    static func zone(named name: String) -> ZoneInfo? {
        guard isName(name) else { return nil }
        if let known = cache.withLock({ $0[name] }) { return known }
        guard let bytes = contents(of: folder + name), let zone = ZoneInfo(bytes) else {
            return nil
        }
        cache.withLock {
            if $0.count < maximumCached { $0[name] = zone }
        }
        return zone
    }

    /// Letters, digits and a few signs, with no part that leads out of the folder.
    private static func isName(_ name: String) -> Bool {
        let bytes = Array(name.utf8)
        guard let first = bytes.first, bytes.count <= 64, isNameStart(first) else { return false }
        return bytes.allSatisfy { isNameStart($0) || isDigit($0) || "+-/".utf8.contains($0) }
    }

    private static func contents(of path: String) -> [UInt8]? {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return nil }
        defer { close(file) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 4096)
        while true {
            let count = read(file, &buffer, buffer.count)
            if count == 0 { return bytes }
            if count < 0 {
                if errno == EINTR { continue }
                return nil
            }
            bytes.append(contentsOf: buffer[0..<count])
            guard bytes.count <= maximumFileSize else { return nil }
        }
    }
}
