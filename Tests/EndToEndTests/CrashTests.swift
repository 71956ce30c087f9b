import AuterityAPI
import Foundation
import GRDB
import Glibc
import Testing

/// A real process is killed in the middle of its work, and nothing is lost and nothing is done
/// twice.
@Suite(.serialized) struct CrashTests {
    private static let executions = 500

    @Test(.timeLimit(.minutes(30)), arguments: 1...10)
    func whatWasAcceptedEndsOnceAfterAKill(round: Int) throws {
        let directory = try TemporaryDirectory()
        var random = SplitMix(seed: UInt64(round))
        // Early, in the middle, or when all is accepted and only delays and approvals are left.
        let killAfter = round == 10 ? Self.executions : 1 + Int(random.next() % 499)
        var accepted = try load(directory.path, killAfter: killAfter)
        #expect(accepted.count >= killAfter)

        // Once more in the middle of the recovery itself.
        let second = try HostProcess(["finish", directory.path])
        if round.isMultiple(of: 2) { second.kill() } else { try second.waitFor("finished") }
        if round.isMultiple(of: 2) {
            let third = try HostProcess(["finish", directory.path])
            try third.waitFor("finished")
            third.waitForExit()
        }
        second.waitForExit()
        accepted.sort()
        try check(directory.path + "/auterity.db", accepted: accepted)
    }

    /// Starts the load and kills the process after so many accepted executions.
    private func load(_ directory: String, killAfter: Int) throws -> [String] {
        let host = try HostProcess(["load", directory, "\(Self.executions)"])
        var accepted: [String] = []
        while accepted.count < killAfter, let line = host.nextLine() {
            if line.hasPrefix("accepted ") { accepted.append(String(line.dropFirst(9))) }
        }
        host.kill()
        while let line = host.nextLine() {
            if line.hasPrefix("accepted ") { accepted.append(String(line.dropFirst(9))) }
        }
        host.waitForExit()
        return accepted
    }

    private func check(_ database: String, accepted: [String]) throws {
        let queue = try DatabaseQueue(path: database)
        try queue.read { database in
            let finished = try String.fetchAll(
                database,
                sql: "SELECT public_id FROM workflow_executions WHERE status = 'completed'")
            #expect(Set(accepted).isSubset(of: finished), "an accepted execution was lost")
            let others = try Int.fetchOne(
                database,
                sql: "SELECT count(*) FROM workflow_executions WHERE status <> 'completed'")
            #expect(others == 0)

            let twice = try Int.fetchOne(
                database,
                sql: """
                    SELECT count(*) FROM (SELECT 1 FROM execution_journal
                    WHERE kind = 'execution_completed' GROUP BY execution_id HAVING count(*) <> 1)
                    """)
            #expect(twice == 0, "an execution ended twice")
            let ended = try Int.fetchOne(
                database,
                sql: "SELECT count(*) FROM execution_journal WHERE kind = 'execution_completed'")
            #expect(ended == finished.count)
            let stepsTwice = try Int.fetchOne(
                database,
                sql: """
                    SELECT count(*) FROM (SELECT 1 FROM execution_journal
                    WHERE kind = 'step_completed' GROUP BY execution_id, step_id
                    HAVING count(*) > 1)
                    """)
            #expect(stepsTwice == 0, "a step completed twice")

            let families = try Int.fetchAll(
                database,
                sql: """
                    SELECT count(*) FROM workflow_executions
                    WHERE parent_execution IS NOT NULL GROUP BY parent_execution
                    """)
            #expect(families.allSatisfy { $0 == 4 }, "one of a family was started twice, or not")
            let ends = try Int.fetchOne(database, sql: "SELECT count(*) FROM child_ends")
            #expect(ends == 0, "an end was not taken in")

            let row = try Row.fetchOne(
                database,
                sql:
                    "SELECT min(seq) AS low, max(seq) AS high, count(*) AS n FROM execution_journal"
            )
            let low: Int64 = row?["low"] ?? 0
            let high: Int64 = row?["high"] ?? 0
            let count: Int64 = row?["n"] ?? 0
            #expect(count == high - low + 1, "the journal has a gap")
            let check = try String.fetchOne(database, sql: "PRAGMA integrity_check")
            #expect(check == "ok")
        }
    }
}

/// The process `EngineHost`, read line by line.
private final class HostProcess {
    private let process = Process()
    private let output = Pipe()
    private var pending: [UInt8] = []

    init(_ arguments: [String]) throws {
        process.executableURL = URL(filePath: Subprocess.auterity)
            .deletingLastPathComponent().appending(path: "EngineHost")
        process.arguments = arguments
        process.standardOutput = output
        try process.run()
    }

    /// The next line of output; `nil` when there will be none.
    func nextLine() -> String? {
        while true {
            if let end = pending.firstIndex(of: UInt8(ascii: "\n")) {
                let line = String(decoding: pending[..<end], as: UTF8.self)
                pending.removeSubrange(...end)
                return line
            }
            let data = output.fileHandleForReading.availableData
            guard !data.isEmpty else { return nil }
            pending += data
        }
    }

    func waitFor(_ wanted: String) throws {
        while let line = nextLine() {
            if line == wanted { return }
        }
        throw TerminalTestError("the process ended without saying “\(wanted)”")
    }

    func kill() {
        Glibc.kill(process.processIdentifier, SIGKILL)
    }

    func waitForExit() {
        process.waitUntilExit()
    }
}

/// The generator of Steele, Lea and Flood, "Fast Splittable Pseudorandom Number Generators".
private struct SplitMix: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}
