import AuterityAPI
import AuterityClient
import Glibc
import TerminalUI

/// Says on a terminal what a command waits for, once that takes longer than one expects.
enum WaitingNotice {
    /// Seconds until it says so.
    private static let patience = 3

    /// Runs `body`; says beside it, on standard error, how long `name` has been waited for.
    ///
    /// - Parameter name: such as the address of a server; nothing is said when `nil`.
    static func during<Value: Sendable>(
        _ name: String?, _ body: () async throws(APIError) -> Value
    ) async throws(APIError) -> Value {
        guard let name, isatty(STDERR_FILENO) == 1 else { return try await body() }
        let text = SafeText.line(name)
        // Ends with the wait, below.
        let notice = Task { await tell(text) }
        let result: Result<Value, APIError>
        do throws(APIError) {
            result = .success(try await body())
        } catch {
            result = .failure(error)
        }
        notice.cancel()
        // So that its line is gone before anything else is written.
        await notice.value
        return try result.get()
    }

    private static func tell(_ name: String) async {
        guard (try? await Task.sleep(for: .seconds(patience))) != nil else { return }
        var seconds = patience
        repeat {
            write("\r\u{1B}[Kwaiting for \(name) (\(seconds) s)")
            seconds += 1
        } while (try? await Task.sleep(for: .seconds(1))) != nil
        write("\r\u{1B}[K")
    }

    private static func write(_ text: String) {
        let bytes = Array(text.utf8)
        // Where nobody reads, there is nobody to tell.
        _ = Glibc.write(STDERR_FILENO, bytes, bytes.count)
    }
}
