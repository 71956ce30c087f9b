import ArgumentParser
import AuterityAPI
import AuterityEngine
import Foundation
import Glibc
import TerminalUI

/// `auterity backup`
struct BackupCommand: StandaloneCommand {
    static let configuration = CommandConfiguration(
        commandName: "backup", abstract: "Copy the store of this machine while it is in use.",
        discussion: """
            Makes a directory with the database as it is at one moment and the keys that belong to \
            it, and reads it back. Whoever has the store open goes on meanwhile. Keep it as safe \
            as the store: who has it can read every secret. The store of a server is copied on its \
            machine.

            Examples:
              auterity backup before-upgrade
              auterity backup --verify before-upgrade
            """)

    @Argument(help: "The directory to make, or to check.", completion: .directory)
    var directory: String

    @Flag(name: .long, help: "Check a backup that is there, and make none.")
    var verify = false

    @OptionGroup var output: OutputOptions
    @OptionGroup(title: "Settings") var store: FileSettingFlags

    func run(_ printer: Printer, _ environment: [String: String]) async throws -> Int32 {
        let settings = try await Settings(flags: store, environment: environment)
        let path = Directories.absolute(directory, environment: environment)
        let manifest: BackupManifest
        if verify {
            manifest = try StoreBackup.verify(path)
        } else {
            try Self.checkStoreIsMeant(settings)
            let progress = CopyProgress("Copying")
            defer { progress.end() }
            manifest = try StoreBackup.take(
                of: settings.dataDirectory, at: path, version: Product.version, now: printer.now,
                goesOn: progress.goesOn)
        }
        try printer.outcome(
            Self.sentence(verify ? "Good" : "Made", path, manifest), JSONValue(encoding: manifest))
        return ExitStatus.success
    }

    /// Nobody must take a copy of the store here for one of the server that they work on.
    private static func checkStoreIsMeant(_ settings: Settings) throws {
        let server: String
        if let profile = try settings.chosenProfile {
            server = "the profile \"\(profile.name)\""
        } else if let url = try settings.chosenServer {
            server = url
        } else {
            return
        }
        throw SettingError(
            "The backup would be one of the store of this machine, and commands go to \(server). "
                + "Run it where that server runs, or say --data-dir \(settings.dataDirectory) for "
                + "the store here",
            status: ExitStatus.refused)
    }

    static func sentence(_ what: String, _ path: String, _ manifest: BackupManifest) -> String {
        SafeText.line(
            "\(what): \(path), taken \(manifest.takenAt): \(manifest.workflows) workflows, "
                + "\(manifest.executions) executions, \(Figures.bytes(manifest.size))")
    }
}

/// `auterity restore`
struct RestoreCommand: StandaloneCommand {
    static let configuration = CommandConfiguration(
        commandName: "restore", abstract: "Make the store of this machine from a backup.",
        discussion: """
            The backup is checked first, and stays. There must be no store yet: nothing is \
            overwritten. What was unfinished when the backup was taken goes on at the next start, \
            so that mails and calls of that time may be made again.

            Example:
              auterity restore before-upgrade --data-dir restored
            """)

    @Argument(help: "The directory that auterity backup made.", completion: .directory)
    var directory: String

    @OptionGroup var output: OutputOptions
    @OptionGroup(title: "Settings") var store: FileSettingFlags

    func run(_ printer: Printer, _ environment: [String: String]) async throws -> Int32 {
        let settings = try await Settings(flags: store, environment: environment)
        let path = Directories.absolute(directory, environment: environment)
        let target = settings.dataDirectory
        if settings.isReadOnly {
            throw SettingError(
                "read_only is set: restoring would make a store", status: ExitStatus.refused)
        }
        if settings.usesOwnDataDirectory {
            EmbeddedStore.makeParents(of: Self.parent(of: target))
        }
        let progress = CopyProgress("Restoring")
        defer { progress.end() }
        let manifest = try StoreBackup.restore(path, to: target, goesOn: progress.goesOn)
        try printer.outcome(
            BackupCommand.sentence("Restored", target, manifest), JSONValue(encoding: manifest))
        return ExitStatus.success
    }

    private static func parent(of path: String) -> String {
        "/" + path.split(separator: "/").dropLast().joined(separator: "/")
    }
}
