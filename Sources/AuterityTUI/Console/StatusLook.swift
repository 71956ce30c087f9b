import AuterityAPI
import TerminalUI

/// How a status is shown: a sign, a word and a colour, never colour alone.
struct StatusLook: Sendable {
    let sign: Character
    let word: String
    let role: TerminalUI.Role

    /// Such as `▶ running`.
    var text: String { "\(sign) \(word)" }
}

extension ExecutionStatus {
    func look(_ glyphs: Glyphs) -> StatusLook {
        switch self {
        case .pending: StatusLook(sign: glyphs.pending, word: "pending", role: .statusPending)
        case .running: StatusLook(sign: glyphs.running, word: "running", role: .statusRunning)
        case .waiting: StatusLook(sign: glyphs.waiting, word: "waiting", role: .statusWaiting)
        case .completed:
            StatusLook(sign: glyphs.completed, word: "done", role: .statusCompleted)
        case .failed: StatusLook(sign: glyphs.failed, word: "failed", role: .statusFailed)
        case .cancelled:
            StatusLook(sign: glyphs.cancelled, word: "cancelled", role: .statusCancelled)
        }
    }
}

extension StepStatus {
    func look(_ glyphs: Glyphs) -> StatusLook {
        switch self {
        case .pending: StatusLook(sign: glyphs.pending, word: "pending", role: .statusPending)
        case .running: StatusLook(sign: glyphs.running, word: "running", role: .statusRunning)
        case .waiting: StatusLook(sign: glyphs.waiting, word: "waiting", role: .statusWaiting)
        case .completed:
            StatusLook(sign: glyphs.completed, word: "done", role: .statusCompleted)
        case .failed: StatusLook(sign: glyphs.failed, word: "failed", role: .statusFailed)
        case .skipped: StatusLook(sign: glyphs.skipped, word: "skipped", role: .statusSkipped)
        case .cancelled:
            StatusLook(sign: glyphs.cancelled, word: "cancelled", role: .statusCancelled)
        }
    }
}

extension ServiceStatus {
    func look(_ glyphs: Glyphs) -> StatusLook {
        switch self {
        case .healthy: StatusLook(sign: glyphs.dot, word: "healthy", role: .success)
        case .degraded: StatusLook(sign: glyphs.warning, word: "degraded", role: .warning)
        case .unhealthy: StatusLook(sign: glyphs.failed, word: "unhealthy", role: .error)
        case .notConfigured: StatusLook(sign: glyphs.ring, word: "not set up", role: .muted)
        }
    }
}

extension AlertSeverity {
    func look(_ glyphs: Glyphs) -> StatusLook {
        switch self {
        case .info: StatusLook(sign: glyphs.bullet, word: "info", role: .severityInfo)
        case .warning:
            StatusLook(sign: glyphs.warning, word: "warning", role: .severityWarning)
        case .critical:
            StatusLook(sign: glyphs.failed, word: "critical", role: .severityCritical)
        }
    }
}

extension LogLevel {
    func look(_ glyphs: Glyphs) -> StatusLook {
        switch self {
        case .debug: StatusLook(sign: glyphs.separator, word: "debug", role: .severityDebug)
        case .info: StatusLook(sign: glyphs.bullet, word: "info", role: .severityInfo)
        case .warning:
            StatusLook(sign: glyphs.warning, word: "warn", role: .severityWarning)
        case .error: StatusLook(sign: glyphs.failed, word: "error", role: .severityError)
        }
    }
}
