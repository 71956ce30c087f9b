public import AuterityAPI
import CFileStatus
import Glibc

/// Who has a store open, without asking for it: an attempt at the lock could keep its owner from
/// starting.
public enum StoreOwner: Hashable, Sendable {
    case nobody
    case process(id: Int32, since: Timestamp?)

    /// Looks into the kernel's list of locks (proc(5)).
    public static func of(dataDirectory: String) -> StoreOwner {
        let path = StoreDirectory(path: dataDirectory).lock
        var status = cfile_status()
        guard cfile_status_of(path, 1, &status) == 0 else { return .nobody }
        for line in locks().split(separator: "\n") {
            // 1: FLOCK  ADVISORY  WRITE 4711 00:31:1234 0 EOF
            let words = line.split(separator: " ")
            guard words.count >= 6, words[1] == "FLOCK", words[3] == "WRITE",
                words[5].split(separator: ":").last == "\(status.inode)", let id = Int32(words[4])
            else { continue }
            return .process(id: id, since: since(path))
        }
        return .nobody
    }

    /// Bytes; a list that is longer is read no further.
    private static let limit = 1 << 20

    /// The kernel hands it out by the page.
    private static func locks() -> String {
        let descriptor = open("/proc/locks", O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return "" }
        defer { close(descriptor) }
        var text: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 16_384)
        while text.count < limit {
            let count = Glibc.read(descriptor, &buffer, buffer.count)
            guard count > 0 else { break }
            text += buffer[..<count]
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// What the owner has written into the file.
    private static func since(_ path: String) -> Timestamp? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var buffer = [UInt8](repeating: 0, count: 64)
        let count = pread(descriptor, &buffer, buffer.count, 0)
        return String(decoding: buffer.prefix(max(0, count)), as: UTF8.self)
            .split(whereSeparator: \.isWhitespace).last.flatMap { Timestamp(String($0)) }
    }
}
