import AuterityAPI
import AuterityEngine
import CFileStatus
import Glibc

/// The store of this machine: its directory, its keys, its owner, and what must hold of it.
enum StoreFindings {
    static func all(_ settings: Settings, isWhole: Bool) -> [Finding] {
        let path = settings.dataDirectory
        var status = cfile_status()
        guard cfile_status_of(path, 1, &status) == 0 else {
            return [absent(path, makesParents: settings.usesOwnDataDirectory)]
        }
        return [directory(path, status)] + volume(path) + keys(path)
            + store(path, isWhole: isWhole)
    }

    // MARK: - The directory

    private static func absent(_ path: String, makesParents: Bool) -> Finding {
        guard let fault = FolderFindings.fault(at: path, makesParents: makesParents) else {
            return .ok("data.directory", "\(path) is not there yet; the first start makes it")
        }
        return .fail(
            "data.directory", "\(path) cannot be made: \(fault)",
            "Make it, with this user as its owner, or name another with --data-dir")
    }

    private static func directory(_ path: String, _ status: cfile_status) -> Finding {
        let detail = "\(path), owner \(status.owner), mode \(Figures.mode(status.mode))"
        if status.mode & S_IFMT != S_IFDIR {
            return .fail(
                "data.directory", "\(path) is no directory", "Name a directory with --data-dir")
        }
        let fault = FolderFindings.fault(at: path, makesParents: false)
        if fault != nil || access(path, R_OK | W_OK | X_OK) != 0 {
            return .fail(
                "data.directory", "\(detail): \(fault ?? "this user may not use it")",
                "Run Auterity as user \(status.owner), or name another with --data-dir")
        }
        if status.owner != geteuid() {
            return .warn(
                "data.directory", "\(detail), and this is user \(geteuid())",
                "Files that this user makes there may be closed to the owner; use the owner's "
                    + "account")
        }
        if status.mode & 0o077 != 0 {
            return .warn(
                "data.directory", "\(detail): others may look into it", "chmod 700 \(path)")
        }
        return .ok("data.directory", detail)
    }

    /// Bytes below which nothing good is to be expected, and below which one should know.
    private static let scarce: Int64 = 64 << 20
    private static let little: Int64 = 1 << 30

    private static func volume(_ path: String) -> [Finding] {
        var volume = cfile_volume()
        guard cfile_volume_of(path, &volume) == 0 else { return [] }
        let kind = FileSystemKind(number: UInt(volume.kind))
        let space = "\(Figures.bytes(volume.free)) free of \(Figures.bytes(volume.size))"
        var findings: [Finding] = []
        if volume.is_read_only != 0 {
            findings.append(
                .fail(
                    "data.filesystem", "\(kind.name), mounted for reading only",
                    "Mount it for writing, or name another directory with --data-dir"))
        } else if kind.isShared {
            findings.append(
                .warn(
                    "data.filesystem", "\(kind.name), which other machines may share",
                    "Keep the store on a disk of this machine: SQLite's locks are not sure there"))
        } else {
            findings.append(.ok("data.filesystem", kind.name))
        }
        findings.append(
            volume.free < scarce
                ? .fail("data.space", space, "Free some space; the engine stops when it is full")
                : volume.free < little
                    ? .warn("data.space", space, "Free some space, or lower retention_days")
                    : .ok("data.space", space))
        return findings
    }

    private static func keys(_ path: String) -> [Finding] {
        let names = ["secrets.key", "jwt.key", "webhook.key"]
        var there: [String] = []
        for name in names {
            var status = cfile_status()
            guard cfile_status_of("\(path)/\(name)", 1, &status) == 0 else { continue }
            guard status.mode & 0o077 == 0 else {
                return [
                    .fail(
                        "data.keys", "\(name) has mode \(Figures.mode(status.mode))",
                        "chmod 600 \(path)/\(name); who has read it can read what it seals")
                ]
            }
            there.append(name)
        }
        guard !there.isEmpty else { return [] }
        return [.ok("data.keys", "\(there.joined(separator: ", ")), for nobody else to read")]
    }

    // MARK: - The store

    private static func store(_ path: String, isWhole: Bool) -> [Finding] {
        guard access("\(path)/auterity.db", F_OK) == 0 else {
            return [.ok("store.database", "none yet; the first start makes it")]
        }
        let owner = StoreOwner.of(dataDirectory: path)
        var findings = [self.owner(owner)]
        do throws(EngineError) {
            let found = try StoreInspection.inspect(
                dataDirectory: path, isWhole: isWhole,
                now: owner == .nobody ? nil : EngineClock.system.now())
            findings += contents(found)
            findings += found.rules.map(finding)
        } catch {
            findings.append(
                .fail("store.database", error.message, "See docs/operating.md: what to do when"))
        }
        return findings
    }

    private static func owner(_ owner: StoreOwner) -> Finding {
        switch owner {
        case .nobody: return .ok("store.owner", "nobody has it open")
        case .process(let id, let since):
            let time = since.map { " since \($0)" } ?? ""
            return .ok("store.owner", "process \(id)\(program(id))\(time)")
        }
    }

    private static func program(_ id: Int32) -> String {
        guard let bytes = try? FileInput.bytes(at: "/proc/\(id)/comm") else { return "" }
        return " (\(String(decoding: bytes, as: UTF8.self).split(separator: "\n").joined()))"
    }

    /// Bytes of a write-ahead log that checkpoints should have shortened.
    private static let longLog: Int64 = 256 << 20

    private static func contents(_ found: StoreInspection) -> [Finding] {
        let size = "\(Figures.bytes(found.size)), log \(Figures.bytes(found.logSize))"
        let schema = "version \(found.schemaVersion) of \(found.newestSchemaVersion)"
        return [
            found.logSize > longLog
                ? .warn(
                    "store.size", size,
                    "Somebody holds an old snapshot; a restart of the engine shortens the log")
                : .ok("store.size", size),
            .ok(
                "store.schema",
                found.schemaVersion < found.newestSchemaVersion
                    ? "\(schema); the next start brings it up to date" : schema),
            .ok(
                "store.contents",
                "\(found.workflows) workflows, \(found.executions) executions, "
                    + "\(found.unfinished) of them unfinished, \(found.secrets) secrets"),
        ]
    }

    private static func finding(_ rule: StoreInspection.Rule) -> Finding {
        let id = "store.\(rule.id)"
        guard let fault = rule.fault else { return .ok(id, rule.name) }
        return rule.isBearable ? .warn(id, fault, rule.advice) : .fail(id, fault, rule.advice)
    }
}

/// The kind of a file system by its number in statfs(2).
struct FileSystemKind {
    let name: String
    /// Other machines may have it mounted too, or locks go through another program.
    let isShared: Bool

    init(number: UInt) {
        if let known = Self.local[number] {
            (name, isShared) = (known, false)
        } else if let known = Self.shared[number] {
            (name, isShared) = (known, true)
        } else {
            (name, isShared) = ("kind 0x\(String(number, radix: 16))", false)
        }
    }

    private static let local: [UInt: String] = [
        0xEF53: "ext4", 0x5846_5342: "xfs", 0x9123_683E: "btrfs", 0x0102_1994: "tmpfs",
        0x794C_7630: "overlayfs", 0x2FC1_2FC1: "zfs", 0xF2F5_2010: "f2fs", 0x4D44: "vfat",
        0x2011_BAB0: "exfat", 0xCA45_1A4E: "bcachefs", 0x5346_544E: "ntfs", 0x8584_58F6: "ramfs",
        0x7366_746E: "ntfs3", 0x7371_7368: "squashfs",
    ]

    private static let shared: [UInt: String] = [
        0x6969: "nfs", 0xFF53_4D42: "cifs", 0xFE53_4D42: "smb2", 0x517B: "smb",
        0x6573_5546: "fuse", 0x0102_1997: "9p", 0x00C3_6400: "ceph", 0x0BD0_0BD0: "lustre",
        0x5346_414F: "afs", 0x0116_1970: "gfs2", 0x7461_636F: "ocfs2", 0x6A65_7274: "vmhgfs",
        0x786F_4256: "vboxsf",
    ]
}
