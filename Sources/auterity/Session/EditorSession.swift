import FoundationEssentials
import Glibc

/// A text in the editor of the person.
enum EditorSession {
    /// - Throws: `SettingError` when there is no editor, or it fails.
    static func edit(_ text: String, environment: [String: String]) throws -> String {
        let path = try keep(text)
        defer { unlink(path) }
        let words = editor(environment) + [path]
        var arguments = words.map { strdup($0) } + [nil]
        defer { for argument in arguments { free(argument) } }
        var id: pid_t = 0
        let code = posix_spawnp(&id, words[0], nil, nil, &arguments, environ)
        guard code == 0 else {
            throw SettingError(
                "The editor \(words[0]) cannot be started: \(String(cString: strerror(code))). "
                    + "Name another in EDITOR")
        }
        var status: Int32 = 0
        while waitpid(id, &status, 0) < 0, errno == EINTR {}
        guard status == 0 else { throw SettingError("The editor \(words[0]) ended with an error") }
        return try FileInput.text(try FileInput.bytes(at: path), of: "The edited text")
    }

    /// The editor that the person chose, with its arguments. What is set and empty chooses none.
    static func editor(_ environment: [String: String]) -> [String] {
        let chosen = ["VISUAL", "EDITOR"].lazy
            .map { (environment[$0] ?? "").split(separator: " ").map(String.init) }
        return chosen.first { !$0.isEmpty } ?? ["vi"]
    }

    /// Writes a text into a file of its own that others may not read.
    static func keep(_ text: String) throws -> String {
        let folder = FileManager.default.temporaryDirectory.path
        var template = Array("\(folder)/auterity-XXXXXX.json".utf8CString)
        let file = mkstemps(&template, 5)
        guard file >= 0 else {
            throw SettingError(
                "No file can be made in \(folder): \(String(cString: strerror(errno)))")
        }
        defer { close(file) }
        let bytes = Array(text.utf8)
        guard write(file, bytes, bytes.count) == bytes.count else {
            throw SettingError(
                "The text cannot be written: \(String(cString: strerror(errno)))")
        }
        return String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
