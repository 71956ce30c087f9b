import Glibc

/// What the kernel says of this process (proc(5)). What cannot be read is `nil`.
package struct ProcessProbe: Sendable {
    /// Processor time of all threads, in seconds.
    package let cpuSeconds: Double?
    /// Bytes.
    package let residentMemory: Double?
    /// Bytes.
    package let virtualMemory: Double?
    package let threads: Double?
    package let openFiles: Double?
    package let openFilesLimit: Double?
    /// Seconds since 1970.
    package let startTime: Double?

    package static func now() -> ProcessProbe {
        // The name of the program stands in parentheses and may hold anything, so the fields are
        // counted from the last one on: the first of them is the third of the line.
        let text = readKernelFile("/proc/self/stat") ?? ""
        let tail = text.lastIndex(of: ")").map { text[text.index(after: $0)...] } ?? ""
        let fields = tail.split(separator: " ").map { Double($0) }
        func field(_ number: Int) -> Double? {
            fields.indices.contains(number - 3) ? fields[number - 3] : nil
        }
        let ticks = Double(sysconf(Int32(_SC_CLK_TCK)))
        var cpu: Double?
        if let user = field(14), let system = field(15) { cpu = (user + system) / ticks }
        return ProcessProbe(
            cpuSeconds: cpu,
            residentMemory: field(24).map { $0 * Double(sysconf(Int32(_SC_PAGESIZE))) },
            virtualMemory: field(23), threads: field(20), openFiles: openFileCount(),
            openFilesLimit: fileLimit(), startTime: field(22).flatMap { start($0 / ticks) })
    }

    /// - Parameter uptime: seconds from the start of the machine to that of the process.
    private static func start(_ uptime: Double) -> Double? {
        var wall = timespec()
        var boot = timespec()
        guard clock_gettime(CLOCK_REALTIME, &wall) == 0, clock_gettime(CLOCK_BOOTTIME, &boot) == 0
        else { return nil }
        let booted =
            Double(wall.tv_sec - boot.tv_sec)
            + Double(wall.tv_nsec - boot.tv_nsec) / 1_000_000_000
        // The kernel counts in hundredths.
        return ((booted + uptime) * 100).rounded() / 100
    }

    private static func openFileCount() -> Double? {
        guard let directory = opendir("/proc/self/fd") else { return nil }
        defer { closedir(directory) }
        var count = 0
        while let entry = readdir(directory) {
            if entry.pointee.d_name.0 != CChar(bitPattern: UInt8(ascii: ".")) { count += 1 }
        }
        // Not the one that lists them.
        return Double(max(0, count - 1))
    }

    private static func fileLimit() -> Double? {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else {
            return nil
        }
        return limit.rlim_cur == rlim_t.max ? .infinity : Double(limit.rlim_cur)
    }
}

/// A small file of the kernel's.
func readKernelFile(_ path: String) -> String? {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    var buffer = [UInt8](repeating: 0, count: 8192)
    let count = read(descriptor, &buffer, buffer.count)
    return count > 0 ? String(decoding: buffer.prefix(count), as: UTF8.self) : nil
}
