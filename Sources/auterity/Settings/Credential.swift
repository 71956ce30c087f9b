import SystemPackage

/// A secret that the service manager hands over as a file: `LoadCredential=` of systemd.exec(5)
/// names the directory in `CREDENTIALS_DIRECTORY`, and the file is named like the setting.
enum Credential {
    /// Bytes; a secret of more than this is none.
    private static let limit = 64 << 10

    /// - Throws: A `SettingError` when the file is there and cannot be read.
    static func read(
        _ key: String, _ environment: [String: String]
    ) throws(SettingError) -> Settings.Source? {
        guard let directory = environment["CREDENTIALS_DIRECTORY"], !directory.isEmpty else {
            return nil
        }
        let path = FilePath(directory).appending(key)
        do {
            let file = try FileDescriptor.open(path, .readOnly)
            let bytes = try file.closeAfter {
                try [UInt8](unsafeUninitializedCapacity: limit) { buffer, count in
                    count = try file.read(into: UnsafeMutableRawBufferPointer(buffer))
                }
            }
            // Who writes the file with an editor leaves a line's end in it.
            let text = String(decoding: bytes, as: UTF8.self).prefix { !$0.isNewline }
            return text.isEmpty
                ? nil : Settings.Source(text: String(text), origin: "the credential \(key)")
        } catch Errno.noSuchFileOrDirectory {
            return nil
        } catch {
            throw SettingError("The credential \(path) cannot be read: \(error)")
        }
    }
}
