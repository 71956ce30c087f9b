import Configuration
import SystemPackage
import Yams

/// The YAML file of settings: `--config`, else `AUTERITY_CONFIG`, else `config.yaml` in the
/// configuration directory, which may be absent.
struct ConfigurationFile {
    let path: String
    let provider: any ConfigProvider

    init(
        flag: String?, directories: Directories, environment: [String: String]
    ) async throws {
        let named = flag ?? environment["AUTERITY_CONFIG"]
        path =
            named.map { Directories.absolute($0, environment: environment) }
            ?? "\(directories.configuration)/config.yaml"
        try Self.checkReadable(path, mayBeAbsent: named == nil)
        let text = try Self.text(of: path)
        var keys: [(name: String, line: Int)] = []
        do {
            // Without a setting it is no mapping, and nothing is wrong with that.
            switch try Yams.compose(yaml: text) {
            case nil: provider = InMemoryProvider(values: [:])
            case .mapping(let settings):
                keys = settings.keys.map { ($0.string ?? "", $0.mark?.line ?? 1) }
                provider = try await FileProvider<YAMLSnapshot>(
                    filePath: FilePath(path), allowMissing: named == nil)
            default:
                throw SettingError(
                    "it holds no settings; write them as lines such as theme: paper")
            }
        } catch {
            throw SettingError("The configuration file \(path) cannot be read: \(error)")
        }
        try Self.check(keys, of: path)
    }

    /// Says what is in the way in words, before a library does it in its own.
    private static func checkReadable(
        _ path: String, mayBeAbsent: Bool
    ) throws(SettingError) {
        do {
            try FileDescriptor.open(FilePath(path), .readOnly).close()
        } catch {
            if mayBeAbsent, error as? Errno == .noSuchFileOrDirectory { return }
            throw SettingError(
                "The configuration file \(path) cannot be read: \(error). Let this user read it "
                    + "and the directories above it, or name another with --config")
        }
    }

    /// A key that nobody reads is a typing error, and the person should know at once.
    private static func check(
        _ keys: [(name: String, line: Int)], of path: String
    ) throws(SettingError) {
        let known = Set(Setting.all.map(\.key) + ["profiles"])
        for (key, line) in keys {
            guard !known.contains(key) else { continue }
            if ["database_url", "redis_url"].contains(key) {
                throw SettingError(
                    "\(path), line \(line): \(key) is set, but PostgreSQL and Redis are not "
                        + "in this build: everything is kept in data_dir. Take the line away")
            }
            let near = known.min { distance($0, key) < distance($1, key) } ?? ""
            throw SettingError(
                "\(path), line \(line): there is no setting \(key); did you mean \(near)?")
        }
    }

    /// Empty where there is none.
    private static func text(of path: String) throws -> String {
        guard let file = try? FileDescriptor.open(FilePath(path), .readOnly) else { return "" }
        let bytes = try file.closeAfter { () throws(SettingError) in
            // A configuration of more than this is none.
            let limit = 1 << 20
            do {
                return try [UInt8](unsafeUninitializedCapacity: limit) { buffer, count in
                    count = try file.read(into: UnsafeMutableRawBufferPointer(buffer))
                }
            } catch {
                throw SettingError(
                    "The configuration file \(path) cannot be read: \(error). Name a file with "
                        + "--config")
            }
        }
        return try FileInput.text(bytes, of: path)
    }

    /// The edit distance of Levenshtein, for "did you mean".
    private static func distance(_ left: String, _ right: String) -> Int {
        var row = Array(0...right.count)
        for (i, a) in left.enumerated() {
            var diagonal = row[0]
            row[0] = i + 1
            for (j, b) in right.enumerated() {
                let above = row[j + 1]
                row[j + 1] = min(above + 1, row[j] + 1, diagonal + (a == b ? 0 : 1))
                diagonal = above
            }
        }
        return row[right.count]
    }
}
