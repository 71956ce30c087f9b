import Glibc

/// A file that could not be written or read: what, and why.
struct TextFileError: Error, Hashable, Sendable {
    let message: String
}

/// Texts in files: for the editor, and where the user wants to keep one.
enum TextFiles {
    /// The largest text taken back from an editor, in bytes.
    static let maximumBytes = 8 << 20
    /// Names tried before giving up when files of a name exist already.
    private static let mostNames = 100

    /// Writes a new file in the working directory; an existing one is never touched.
    static func save(_ text: String, name: String) -> Result<String, TextFileError> {
        let (stem, suffix) = split(name)
        for number in 0..<mostNames {
            let path = number == 0 ? name : "\(stem)-\(number)\(suffix)"
            let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
            if descriptor < 0 {
                if errno == EEXIST { continue }
                return .failure(TextFileError(message: "Cannot write \(path): \(reason())"))
            }
            defer { close(descriptor) }
            guard write(Array(text.utf8), to: descriptor) else {
                return .failure(TextFileError(message: "Cannot write \(path): \(reason())"))
            }
            return .success(path)
        }
        return .failure(
            TextFileError(message: "\(mostNames) files named \(name) exist; remove some of them"))
    }

    /// Lets the user edit a text. The file is the user's alone and is removed afterwards, unless
    /// it cannot be read back.
    static func edit(
        _ document: Document, with editor: [String], in terminal: any Terminal
    ) async -> EditResult {
        switch make(document) {
        case .failure(let error): return .failed(error.message)
        case .success(let path):
            let line = document.line.map { ["+\($0)"] } ?? []
            do throws(TerminalError) {
                let status = try await terminal.run(editor + line + [path])
                guard status == 0 else {
                    return .failed(
                        "The editor ended with status \(status); your text is in \(path)")
                }
            } catch {
                unlink(path)
                return .failed(error.message)
            }
            guard let text = read(path) else {
                return .failed("Cannot read \(path) back: \(reason()); it is still there")
            }
            unlink(path)
            return text == document.text ? .unchanged : .saved(text)
        }
    }

    private static func make(_ document: Document) -> Result<String, TextFileError> {
        let (_, suffix) = split(document.name)
        let directory = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
        var template = Array("\(directory)/auterity-XXXXXX\(suffix)".utf8CString)
        let descriptor = mkstemps(&template, Int32(suffix.utf8.count))
        let bytes = template.dropLast().map { UInt8(bitPattern: $0) }
        let path = String(decoding: bytes, as: UTF8.self)
        guard descriptor >= 0 else {
            return .failure(TextFileError(message: "Cannot write \(path): \(reason())"))
        }
        defer { close(descriptor) }
        guard write(Array(document.text.utf8), to: descriptor) else {
            return .failure(TextFileError(message: "Cannot write \(path): \(reason())"))
        }
        return .success(path)
    }

    private static func split(_ name: String) -> (stem: String, suffix: String) {
        guard let dot = name.lastIndex(of: "."), dot != name.startIndex else { return (name, "") }
        return (String(name[..<dot]), String(name[dot...]))
    }

    private static func reason() -> String {
        String(cString: strerror(errno))
    }

    private static func write(_ bytes: [UInt8], to descriptor: Int32) -> Bool {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return false }
            rest = rest.dropFirst(count)
        }
        return true
    }

    private static func read(_ path: String) -> String? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 65_536)
        while bytes.count <= maximumBytes {
            let count = chunk.withUnsafeMutableBytes {
                Glibc.read(descriptor, $0.baseAddress, $0.count)
            }
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { return nil }
            if count == 0 { return String(decoding: bytes, as: UTF8.self) }
            bytes += chunk[..<count]
        }
        errno = EFBIG
        return nil
    }
}
