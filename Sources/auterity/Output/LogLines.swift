import AuterityAPI
import TerminalUI

/// Log lines, the oldest first, each printed once.
struct LogLines {
    let session: CommandSession
    private var cursor = ""
    private var printed: Set<LogLineID> = []
    /// Lines that were printed.
    private var count = 0

    init(session: CommandSession) { self.session = session }

    /// Prints what is new. A list in the order of time is read on where it ended.
    mutating func print(
        _ fetch: (_ cursor: String, _ size: Int) async throws -> Page<LogLine>
    ) async throws {
        while true {
            let page = try await fetch(cursor, PageLimits.maximumSize)
            for line in page.items where printed.insert(line.id).inserted {
                try print(line)
                count += 1
            }
            guard let next = page.nextCursor else { return }
            cursor = next
            printed = []
        }
    }

    /// Prints all there is, as one list.
    mutating func printAll(
        _ fetch: (_ cursor: String, _ size: Int) async throws -> Page<LogLine>
    ) async throws {
        guard !session.isForPeople else {
            try await print(fetch)
            if count == 0 { session.printer.nothing("log lines") }
            return
        }
        var items: [LogLine] = []
        while true {
            let page = try await fetch(cursor, PageLimits.maximumSize)
            items += page.items
            guard let next = page.nextCursor else { break }
            cursor = next
        }
        try session.printer.list(items, columns: [])
    }

    func print(_ line: LogLine) throws {
        try session.printer.entry(line) {
            let step = line.stepID.map { " [\($0)]" } ?? ""
            return SafeText.line(
                "\(line.timestamp) \(line.level.rawValue.uppercased())\(step) \(line.message)",
                limit: .max)
        }
    }
}
