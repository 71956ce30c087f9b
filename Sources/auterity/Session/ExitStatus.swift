import AuterityAPI
import Glibc

/// What the program says by its exit status; the manual lists them.
enum ExitStatus {
    static let success: Int32 = EXIT_SUCCESS
    static let failure: Int32 = EXIT_FAILURE
    /// The execution that was waited for failed.
    static let executionFailed: Int32 = 3
    /// The execution that was waited for was cancelled.
    static let executionCancelled: Int32 = 4
    /// Nobody is logged in, the permission is missing, or a profile guards the change.
    static let refused: Int32 = 5
    /// There is no such thing.
    static let notFound: Int32 = 6
    /// The server or the store cannot be reached.
    static let unavailable: Int32 = 7

    /// The command line is wrong (EX_USAGE of sysexits.h).
    static let usage: Int32 = 64

    /// Of an execution that has ended.
    static func of(_ status: ExecutionStatus) -> Int32 {
        switch status {
        case .failed: executionFailed
        case .cancelled: executionCancelled
        case .pending, .running, .waiting, .completed: success
        }
    }

    static func of(_ error: APIError) -> Int32 {
        if error.code == .inactiveAccount { return refused }
        return switch error.code.status {
        case 401, 403: refused
        case 404: notFound
        case 503: unavailable
        default: failure
        }
    }
}
