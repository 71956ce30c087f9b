package import AuterityAPI
import Logging
import Synchronization

/// What of a call goes into the audit log: whatever changes something or concerns accounts, and
/// whatever was forbidden. Never a body.
enum AuditRule: Sendable {
    case none
    /// Handed to the writer; the answer does not wait for it.
    case queued
    /// Durable before the answer, as what was changed is.
    case awaited

    /// For calls that succeed.
    init<Call: Endpoint>(_ type: Call.Type) {
        let route = Call.route
        // These change nothing, though they are no GET; and log lines are a log already.
        let isQuiet =
            route.method == .get || type == ValidateDefinition.self
            || type == PreviewTemplate.self || type == CreateLogs.self
        self = isQuiet ? .none : .awaited
    }

    /// For calls that fail. Who is not logged in where one must be cannot fill the log.
    init<Call: Endpoint>(_ type: Call.Type, _ error: APIError, _ caller: Caller) {
        let isOpen = Call.route.access == .open || Call.route.access == .optional
        if error.code == .forbidden {
            self = .queued
        } else if error.code == .serviceUnavailable {
            // Nothing was done, and the log could hardly be written.
            self = .none
        } else if case .none = AuditRule(type) {
            self = .none
        } else {
            self = caller.isAnonymous && !isOpen ? .none : .queued
        }
    }
}

/// What the handler of a call tells of its entry in the audit log.
final class AuditMark: Sendable {
    private struct State {
        var isWritten = false
        var account: (id: UserID, email: String)?
    }

    private let state = Mutex(State())

    /// The entry was written with what it is about.
    func wrote() { state.withLock { $0.isWritten = true } }

    var isWritten: Bool { state.withLock { $0.isWritten } }

    /// Who it turned out to be that called without a token.
    func account(_ user: User) { state.withLock { $0.account = (user.id, user.email) } }

    fileprivate var account: (id: UserID, email: String)? { state.withLock { $0.account } }

    /// Of calls that only read, and so have no entry.
    static let none = AuditMark()

    static func of<Call: Endpoint>(_ type: Call.Type) -> AuditMark {
        Call.route.method == .get ? .none : AuditMark()
    }
}

extension Engine {
    /// Puts into the audit log that a caller lacks the permission for a call, which a server finds
    /// before it reads the call.
    package func auditRefusal<Call: Endpoint>(
        of type: Call.Type, pathValues: [String: String], by caller: Caller
    ) async {
        let target = Call.route.pathKeys.compactMap { pathValues[$0] }.joined(separator: "/")
        await core.auditRefusal(Call.route, target: target.isEmpty ? nil : target, caller)
    }
}

extension EngineCore {
    fileprivate func auditRefusal(_ route: Route, target: String?, _ caller: Caller) async {
        await write(
            entry(
                of: route, caller, user: nil, target: target, status: 403, code: .forbidden),
            .queued)
    }

    func audit<Call: Endpoint>(
        _ call: Call, _ caller: Caller, status: Int, _ mark: AuditMark
    ) async {
        let rule = AuditRule(Call.self)
        if case .none = rule { return }
        guard !mark.isWritten else { return }
        await write(
            entry(of: call, caller, status: status, code: nil, account: mark.account), rule)
    }

    /// The entry of a call that is accepted, to be written in the transaction that does so.
    func auditEntry<Call: Endpoint>(accepting call: Call, _ caller: Caller) -> AuditEntry {
        entry(of: call, caller, status: Call.route.success, code: nil)
    }

    func audit<Call: Endpoint>(_ call: Call, _ caller: Caller, _ error: APIError) async {
        let rule = AuditRule(Call.self, error, caller)
        if case .none = rule { return }
        await write(entry(of: call, caller, status: error.status, code: error.code), rule)
    }

    private func entry<Call: Endpoint>(
        of call: Call, _ caller: Caller, status: Int, code: APIError.Code?,
        account: (id: UserID, email: String)? = nil
    ) -> AuditEntry {
        entry(
            of: Call.route, caller, user: account?.email ?? Self.named(in: call), id: account?.id,
            target: Self.target(of: call), status: status, code: code)
    }

    /// - Parameters:
    ///   - user: what somebody who is not logged in calls themselves.
    ///   - id: theirs, when they have proved to be that.
    private func entry(
        of route: Route, _ caller: Caller, user: String?, id: UserID? = nil, target: String?,
        status: Int, code: APIError.Code?
    ) -> AuditEntry {
        let now = configuration.clock.now()
        return AuditEntry(
            id: foundation.ids.next(at: now), timestamp: now,
            userID: caller.isAnonymous ? id : caller.id,
            user: Self.shortened(caller.isAnonymous ? user : caller.name),
            action: "\(route.method.rawValue) \(route.path)",
            target: Self.shortened(target), status: status,
            code: code?.rawValue, requestID: caller.origin?.requestID,
            address: caller.origin?.address)
    }

    /// The email by which somebody who is not logged in calls themselves.
    private static func named(in call: some Endpoint) -> String? {
        switch call {
        case let call as Login: call.email
        case let call as RequestToken: call.username
        case let call as Register: call.email
        default: nil
        }
    }

    /// The values of the path, and of a new account the email.
    private static func target<Call: Endpoint>(of call: Call) -> String? {
        switch call {
        case let call as ExecuteWorkflow: return call.workflowID.description
        case let call as CreateUser: return call.email
        default: break
        }
        let keys = Call.route.pathKeys
        guard !keys.isEmpty, let json = try? JSONValue(encoding: call) else { return nil }
        return keys.compactMap { json[$0] }.map { $0.stringValue ?? $0.jsonText }
            .joined(separator: "/")
    }

    /// Characters of a name or a target that are kept.
    private static let textLimit = 255

    private static func shortened(_ text: String?) -> String? {
        text.map { String($0.prefix(textLimit)) }
    }

    private func write(_ entry: AuditEntry, _ rule: AuditRule) async {
        do {
            let writer = try session.writer
            if case .awaited = rule {
                try await writer.perform(mayFail: false) { context in
                    try AuditRecords.insert(entry, in: context)
                }
            } else {
                let logger = logger
                try writer.submit(
                    WriteOperation(
                        mayFail: false, apply: { try AuditRecords.insert(entry, in: $0) },
                        finish: { outcome in
                            guard case .failure(let error) = outcome else { return }
                            logger.error("\(entry.action) is not in the audit log: \(error)")
                        }))
            }
        } catch {
            logger.error("\(entry.action) is not in the audit log: \(error)")
        }
    }
}
