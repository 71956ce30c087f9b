/// Why an engine could not be opened: a sentence that says what, where, and what to do.
public struct EngineError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What kind of obstacle it is, for callers that choose an exit status by it.
    public enum Reason: String, Hashable, Sendable {
        case directoryMissing, directoryUnusable, notADatabase, newerDatabase, changedMigration
        case storeInUse, diskFull, keyUnusable, damaged, configuration
    }

    public let reason: Reason
    public let message: String

    public init(_ reason: Reason, _ message: String) {
        self.reason = reason
        self.message = message
    }

    public var description: String { message }
}
