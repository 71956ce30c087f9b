import AuterityAPI
import AuterityClient
import AuterityEngine
import Glibc
import TerminalUI

/// Follows one execution to its end, with its progress on standard error.
struct ExecutionWatch {
    let session: CommandSession
    let id: ExecutionID
    /// Columns of the terminal that standard error is; `nil` where it is none.
    private let columns = Printer.columns(of: STDERR_FILENO)

    private static let barWidth = 20

    init(_ session: CommandSession, _ id: ExecutionID) {
        self.session = session
        self.id = id
    }

    /// - Returns: The execution as it ended.
    func run() async throws -> Execution {
        // The feed is opened before the first look, so that no change falls between the two.
        let feed = session.client.feed(after: nil)
        var link = LinkNotice(
            columns.map { .inPlace(columns: $0) } ?? .lines,
            secondsEastOfUTC: LinkNotice.localOffset)
        var shown = ""
        for await item in feed {
            if case .connection(let state) = item,
                let text = link.text(for: state, now: EngineClock.system.now())
            {
                put(columns == nil ? text + "\n" : text)
                shown = ""
            }
            switch item {
            case .connection(.live), .resynchronize:
                let execution = try await session.client.send(GetExecution(executionID: id))
                if execution.status.isFinished { return finish(execution) }
                progress(execution.progressLine, &shown)
            case .connection(.refused(let reason)):
                throw APIError(.unauthorized, reason)
            case .event(let event):
                guard case .executionUpdate(let update) = event.payload, update.executionID == id
                else { continue }
                if update.status.isFinished {
                    return finish(try await session.client.send(GetExecution(executionID: id)))
                }
                progress(update.progressLine, &shown)
            case .connection, .replayed, .silence, .accountChanged: continue
            }
        }
        throw APIError(.serviceUnavailable, "The events ended before the execution did")
    }

    /// One line of a terminal, written again and again; elsewhere it would stand between what a
    /// script reads.
    private func progress(_ line: String, _ shown: inout String) {
        guard let columns, line != shown else { return }
        shown = line
        put("\r\u{1B}[K" + TextWidth.truncate(line, to: max(1, columns - 1)))
    }

    private func finish(_ execution: Execution) -> Execution {
        if columns != nil { put("\r\u{1B}[K") }
        return execution
    }

    private func put(_ text: String) {
        let bytes = Array(text.utf8)
        _ = write(STDERR_FILENO, bytes, bytes.count)
    }

    static func line(
        status: ExecutionStatus, progress: Int, step: StepID?, blockedBy: String?
    ) -> String {
        let filled = barWidth * progress / 100
        let bar =
            String(repeating: "█", count: filled)
            + String(repeating: "░", count: barWidth - filled)
        let place = blockedBy ?? step?.rawValue ?? ""
        return SafeText.line("\(status.rawValue) \(bar) \(progress)% \(place)", limit: 120)
    }
}

extension Execution {
    fileprivate var progressLine: String {
        ExecutionWatch.line(
            status: status, progress: progress, step: currentStep, blockedBy: blockedBy)
    }
}

extension ExecutionUpdate {
    fileprivate var progressLine: String {
        ExecutionWatch.line(
            status: status, progress: progress, step: currentStep, blockedBy: nil)
    }
}
