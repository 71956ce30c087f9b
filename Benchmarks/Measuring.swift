import Glibc

/// Nanoseconds that only grow.
func monotonicNanoseconds() -> UInt64 {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
}

/// The text of a small file, such as those in /proc; empty when it is not there.
func fileText(_ path: String) -> String {
    let file = open(path, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { return "" }
    defer { close(file) }
    var all: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 65536)
    while case let count = read(file, &buffer, buffer.count), count > 0 {
        all += buffer[..<count]
    }
    return String(decoding: all, as: UTF8.self)
}

/// Milliseconds that the disk takes to make 4 KiB durable: the median of 200 tries.
func flushMilliseconds(in directory: String) throws -> Double {
    let path = directory + "/flush"
    let file = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    guard file >= 0 else { throw BenchmarkError("\(path) cannot be written (\(errno))") }
    defer {
        close(file)
        unlink(path)
    }
    let page = [UInt8](repeating: 7, count: 4096)
    var times: [Double] = []
    for _ in 0..<200 {
        let start = monotonicNanoseconds()
        _ = write(file, page, page.count)
        fdatasync(file)
        times.append(Double(monotonicNanoseconds() - start) / 1e6)
    }
    return percentile(times, 0.5)
}

/// The value below which the given part of the values lies; 0 without any.
func percentile(_ values: [Double], _ part: Double) -> Double {
    guard !values.isEmpty else { return 0 }
    let sorted = values.sorted()
    return sorted[min(sorted.count - 1, Int(Double(sorted.count) * part))]
}

/// A number with that many digits behind the point.
func fixed(_ value: Double, _ digits: Int = 1) -> String {
    let scale = pow(10, Double(digits))
    let rounded = (value * scale).rounded() / scale
    guard digits > 0 else { return String(Int(rounded)) }
    let parts = String(rounded).split(separator: ".")
    let fraction = parts.count > 1 ? String(parts[1]) : ""
    let padding = String(repeating: "0", count: max(0, digits - fraction.count))
    return "\(parts[0]).\(fraction.prefix(digits))\(padding)"
}

/// A directory for one measurement, gone afterwards. On the disk of the working directory, not
/// in memory: what is measured is what a flush costs.
func withScratchDirectory<Result>(
    _ body: (String) async throws -> Result
) async throws -> Result {
    var template = Array("\(currentDirectory())/.build/bench-XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else {
        throw BenchmarkError("no scratch directory below .build; run `make bench` in the checkout")
    }
    let path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    defer { removeTree(path) }
    return try await body(path)
}

private func currentDirectory() -> String {
    var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
    guard getcwd(&buffer, buffer.count) != nil else { return "." }
    return String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
}

private func removeTree(_ path: String) {
    guard let directory = opendir(path) else {
        unlink(path)
        return
    }
    while let entry = readdir(directory) {
        let name = withUnsafePointer(to: entry.pointee.d_name) {
            $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
        }
        if name != "." && name != ".." { removeTree("\(path)/\(name)") }
    }
    closedir(directory)
    rmdir(path)
}
