import CFileStatus
import Glibc

/// Whether folders can be written, without writing into them.
enum FolderFindings {
    /// Why nothing can be made at a path, as half a sentence; `nil` when it can.
    ///
    /// - Parameter makesParents: whether folders above it that are not there are made too.
    static func fault(at path: String, makesParents: Bool) -> String? {
        var folder = path
        var status = cfile_status()
        var isFirst = true
        while cfile_status_of(folder, 1, &status) != 0 {
            let code = errno
            guard code == ENOENT else { return "\(folder): \(String(cString: strerror(code)))" }
            guard isFirst || makesParents else { return "\(folder) is not there" }
            isFirst = false
            folder = parent(of: folder)
        }
        guard status.mode & S_IFMT == S_IFDIR else { return "\(folder) is no directory" }
        return writingFault(folder)
    }

    /// O_TMPFILE of Linux, which is a macro that Swift does not see.
    private static let nameless: Int32 = 0o20_000_000 | O_DIRECTORY

    /// Asks for a file without a name, which is gone at once: permissions do not tell it all.
    private static func writingFault(_ folder: String) -> String? {
        let file = open(folder, nameless | O_WRONLY | O_CLOEXEC, 0o600)
        if file >= 0 {
            close(file)
            return nil
        }
        let code = errno
        var volume = cfile_volume()
        let isReal =
            cfile_volume_of(folder, &volume) != 0
            || FileSystemKind.holdsFiles(number: UInt(volume.kind))
        // Some file systems have no such files, and are asked for the permission alone.
        if code == EOPNOTSUPP || code == EISDIR || code == ENOENT {
            if isReal, access(folder, W_OK | X_OK) == 0 { return nil }
            return "\(folder) holds no files of its own"
        }
        return "\(folder) cannot be written: \(String(cString: strerror(code)))"
    }

    static func parent(of path: String) -> String {
        "/" + path.split(separator: "/").dropLast().joined(separator: "/")
    }

    // MARK: - Those that every user has

    static func all(_ settings: Settings) -> [Finding] {
        [
            finding("configuration.folder", settings.directories.configuration, "XDG_CONFIG_HOME"),
            finding("program.log", settings.directories.state, "XDG_STATE_HOME"),
        ]
    }

    private static func finding(_ id: String, _ path: String, _ variable: String) -> Finding {
        guard let fault = fault(at: path, makesParents: true) else { return .ok(id, path) }
        return .fail(
            id, fault,
            "Let this user write there, or name another folder in HOME or \(variable)")
    }
}

extension FileSystemKind {
    /// Those that show what the kernel knows (proc, sysfs, cgroup2, devpts, debugfs, tracefs).
    private static let shows: Set<UInt> = [
        0x9FA0, 0x6265_6572, 0x6367_7270, 0x1CD1, 0x6462_6720, 0x7472_6163,
    ]

    static func holdsFiles(number: UInt) -> Bool { !shows.contains(number) }
}
