import AuterityAPI
import FoundationEssentials
import Glibc
import Yams

/// The profiles of the configuration file. Changing one leaves everything else in the file as it
/// is, comments included.
struct Profiles: Sendable {
    let path: String
    private(set) var all: [Profile]
    private var text: ConfigurationText
    /// The file as it was read.
    private let before: String
    /// The lines that the last change is about, for one who must write them by hand.
    private var wanted: [String] = []
    /// The `profile` that the file shall name; unset where that is not changed.
    private var chosen: String??

    /// - Throws: `SettingError` that names the file, the profile and the key.
    init(path: String) throws(SettingError) {
        self.path = path
        let bytes = FileManager.default.contents(atPath: path) ?? Data()
        let read = String(decoding: bytes, as: UTF8.self)
        text = ConfigurationText(read)
        before = read
        all = try Self.profiles(in: read, path)
    }

    private static func profiles(
        in text: String, _ path: String
    ) throws(SettingError) -> [Profile] {
        guard let root = try? Yams.compose(yaml: text), case .mapping(let members) = root,
            let section = members["profiles"]
        else { return [] }
        guard case .mapping(let profiles) = section else {
            throw SettingError("\(path): profiles must hold names with settings below them")
        }
        var all: [Profile] = []
        for (key, value) in profiles {
            all.append(try Profile(key.string ?? "", value, path))
        }
        return all
    }

    func profile(named name: String) throws(SettingError) -> Profile {
        guard let profile = all.first(where: { $0.name == name }) else {
            let known = all.map(\.name).joined(separator: ", ")
            throw SettingError(
                "There is no profile \"\(name)\" in \(path)"
                    + (known.isEmpty
                        ? ". Add one: auterity profile add \(name) --url https://…"
                        : "; there are: \(known)"),
                status: ExitStatus.notFound)
        }
        return profile
    }

    // MARK: - Changes

    mutating func add(_ profile: Profile) {
        if let known = all.firstIndex(where: { $0.name == profile.name }) {
            all[known] = profile
        } else {
            all.append(profile)
        }
        put(profile.name, profile)
    }

    mutating func remove(_ name: String) throws(SettingError) {
        _ = try profile(named: name)
        all.removeAll { $0.name == name }
        put(name, nil)
    }

    /// Changes the lines of one profile where they can be told apart, else those of all.
    private mutating func put(_ name: String, _ profile: Profile?) {
        wanted = section
        var changed = text
        let isDone = changed.replaceEntry(
            Self.quoted(name), of: "profiles", with: profile.map(Self.lines))
        if isDone, !all.isEmpty, let read = try? Self.profiles(in: changed.text, path),
            Set(read) == Set(all)
        {
            text = changed
        } else {
            text.replaceSection("profiles", with: section)
        }
    }

    /// Makes it the profile that is used where none is named; `nil` for the store of this machine.
    mutating func use(_ name: String?) throws(SettingError) {
        if let name { _ = try profile(named: name) }
        let lines = name.map { ["profile: \(Self.quoted($0))"] } ?? []
        text.replaceSection("profile", with: lines)
        wanted += lines
        chosen = .some(name)
    }

    /// A file that is written in another way than the changes expect must not be spoilt.
    ///
    /// - Throws: `SettingError` where the new text is read as anything but the old settings with
    ///   the change.
    private func checkReadable() throws(SettingError) {
        let old = try? Self.settings(in: before)
        let new = try? Self.settings(in: text.text)
        let read = try? Self.profiles(in: text.text, path)
        guard let old, let new, let read, Set(read) == Set(all), old.others == new.others,
            new.profile == (chosen ?? old.profile)
        else {
            let change =
                wanted.isEmpty
                ? "Take the lines away by hand"
                : "Add the lines by hand, in the place of such that are there:\n"
                    + wanted.joined(separator: "\n")
            throw SettingError(
                "\(path) is written in a way that cannot be changed safely; nothing was changed. "
                    + change)
        }
    }

    /// What a text sets, besides `profiles`.
    private static func settings(
        in text: String
    ) throws -> (profile: String?, others: [String: Node]) {
        guard let root = try Yams.compose(yaml: text), case .mapping(let members) = root else {
            return (nil, [:])
        }
        var others: [String: Node] = [:]
        for (key, value) in members { others[key.string ?? ""] = value }
        others["profiles"] = nil
        return (others.removeValue(forKey: "profile")?.string, others)
    }

    /// Whole or not at all: a new file takes the place of the old one.
    func save() throws(SettingError) {
        try checkReadable()
        // A link to a file that is kept elsewhere stays one.
        let target = realpath(path, nil).map { resolved in
            defer { free(resolved) }
            return String(cString: resolved)
        }
        let path = target ?? self.path
        let temporary = "\(path).\(getpid())"
        let folder = "/" + path.split(separator: "/").dropLast().joined(separator: "/")
        do {
            try FileManager.default.createDirectory(
                atPath: folder, withIntermediateDirectories: true,
                attributes: [.posixPermissions: 0o700])
        } catch {
            throw SettingError(
                "The folder \(folder) cannot be made. Make it, with you as its owner, or name "
                    + "another file by --config")
        }
        let file = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        let bytes = Array(text.text.utf8)
        guard file >= 0, write(file, bytes, bytes.count) == bytes.count, fsync(file) == 0,
            close(file) == 0, rename(temporary, path) == 0
        else {
            let reason = String(cString: strerror(errno))
            unlink(temporary)
            throw SettingError("\(path) cannot be written: \(reason)")
        }
    }

    private var section: [String] {
        guard !all.isEmpty else { return [] }
        return ["profiles:"]
            + all.flatMap { profile in
                ["  \(Self.quoted(profile.name)):"] + Self.lines(profile).map { "    " + $0 }
            }
    }

    private static func lines(_ profile: Profile) -> [String] {
        profile.values.map { "\($0.key): \(written($0))" }
    }

    /// Yes and no stand as such, everything else as text.
    private static func written(_ value: (key: String, text: String)) -> String {
        ["read_only", "confirm"].contains(value.key) ? value.text : quoted(value.text)
    }

    /// A JSON string is a YAML string; plain text stands without quotes.
    private static func quoted(_ text: String) -> String { YAMLText.text(.string(text)) }
}
