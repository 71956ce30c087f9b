/// Why an engine could not be opened: a sentence that says what, where, and what to do.
public struct EngineError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What kind of obstacle it is, for callers that choose an exit status by it.
    public enum Reason: String, Hashable, Sendable {
        case directoryMissing, directoryUnusable, notADatabase, newerDatabase, changedMigration
        case storeInUse, diskFull, keyUnusable, damaged, configuration
        /// Somebody stopped it.
        case interrupted
    }

    public let reason: Reason
    public let message: String

    public init(_ reason: Reason, _ message: String) {
        self.reason = reason
        self.message = message
    }

    public var description: String { message }
}

extension EngineError {
    /// Why the store does not work, as callers from afar may read it: without paths.
    var callersSentence: String {
        switch reason {
        case .storeInUse:
            "Another program holds the store. Close it; the engine then goes on by itself"
        case .diskFull:
            "The disk that holds the store is full: nothing can be written. Free some space; the "
                + "engine then goes on by itself"
        case .damaged, .notADatabase:
            "The store is damaged. Restore a backup, or name another directory with --data-dir"
        case .directoryMissing, .directoryUnusable, .newerDatabase, .changedMigration, .keyUnusable,
            .configuration, .interrupted:
            "The store could not be opened again; the log says why. The engine tries again"
        }
    }
}
