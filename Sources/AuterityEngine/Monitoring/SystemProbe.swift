import Glibc
import Synchronization

/// The machine's figures, as the kernel tells them. What cannot be read is `nil`.
final class SystemProbe: Sendable {
    private struct Ticks: Sendable {
        let busy: UInt64
        let total: UInt64
    }

    private let last = Mutex<Ticks?>(nil)
    private let directory: String

    /// - Parameter directory: on the file system whose use is told.
    init(directory: String) {
        self.directory = directory
        last.withLock { $0 = Self.ticks() }
    }

    /// Per cent of all processors since the last call.
    func cpuUsage() -> Double? {
        guard let now = Self.ticks() else { return nil }
        return last.withLock { last in
            defer { last = now }
            guard let before = last, now.total > before.total, now.busy >= before.busy else {
                return nil
            }
            return Double(now.busy - before.busy) / Double(now.total - before.total) * 100
        }
    }

    /// Per cent of the machine's memory that is not available to programs.
    func memoryUsage() -> Double? {
        guard let text = readKernelFile("/proc/meminfo") else { return nil }
        var total: Double?
        var available: Double?
        for line in text.split(separator: "\n") {
            let parts = line.split(separator: " ")
            guard parts.count >= 2 else { continue }
            if parts[0] == "MemTotal:" { total = Double(parts[1]) }
            if parts[0] == "MemAvailable:" { available = Double(parts[1]) }
        }
        guard let total, let available, total > 0 else { return nil }
        return (total - available) / total * 100
    }

    /// Per cent of the file system that holds the store.
    func diskUsage() -> Double? {
        var status = statvfs()
        guard statvfs(directory, &status) == 0, status.f_blocks > 0 else { return nil }
        let used = Double(status.f_blocks - status.f_bfree)
        let usable = used + Double(status.f_bavail)
        return usable > 0 ? used / usable * 100 : nil
    }

    /// The first line of /proc/stat (proc(5)): user, nice, system, idle, iowait, irq, softirq,
    /// steal; what guests use is part of user already.
    private static func ticks() -> Ticks? {
        guard let line = readKernelFile("/proc/stat")?.split(separator: "\n").first else {
            return nil
        }
        let fields = line.split(separator: " ").dropFirst().prefix(8).compactMap { UInt64($0) }
        guard fields.count == 8 else { return nil }
        let total = fields.reduce(0, &+)
        return Ticks(busy: total &- fields[3] &- fields[4], total: total)
    }
}
