/// One numbered step of the schema. Applied once, never changed afterwards: what a store has
/// taken in is held against its checksum.
struct Migration: Sendable {
    let version: Int
    let name: String
    let statements: [SQLText]

    /// SHA-256 over the statements, in hexadecimal.
    var checksum: String {
        Digest.sha256(Array(statements.map(\.text).joined(separator: ";\n").utf8)).hexadecimal
    }

    /// In the order of their versions.
    static let all: [Migration] = [
        .initial, .sessions, .idempotentAnswers, .childExecutions, .countedLists,
        .severeLogs, .versionedTexts,
    ]
}
