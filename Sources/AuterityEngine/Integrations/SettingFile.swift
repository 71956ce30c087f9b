import Glibc

/// Reads a file that a setting names, whole and bounded.
func readSettingFile(
    _ path: String, setting: String, maximumBytes: Int = 1024 * 1024
) throws(IntegrationSettingError) -> [UInt8] {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else {
        throw IntegrationSettingError(
            setting: setting,
            message: "the file \(path) cannot be opened: \(String(cString: strerror(errno))). "
                + "Check the path and its permissions.")
    }
    defer { close(descriptor) }
    var content: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 64 * 1024)
    while true {
        let count = read(descriptor, &buffer, buffer.count)
        if count < 0, errno == EINTR { continue }
        guard count >= 0 else {
            throw IntegrationSettingError(
                setting: setting,
                message: "the file \(path) cannot be read: \(String(cString: strerror(errno))).")
        }
        if count == 0 { return content }
        content.append(contentsOf: buffer[..<count])
        guard content.count <= maximumBytes else {
            throw IntegrationSettingError(
                setting: setting, message: "the file \(path) is over \(maximumBytes) bytes.")
        }
    }
}
