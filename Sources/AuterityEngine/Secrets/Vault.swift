import AuterityAPI
import CCrypto
import Synchronization

/// The secrets in memory as running steps may see them, and whatever takes their values out of
/// texts.
final class Vault: Sendable {
    struct Secret: Sendable {
        let name: String
        let value: String
        let scope: SecretScope
    }

    private struct State {
        var secrets: [Secret] = []
        var redactor: Redactor?
        var byWorkflow: [WorkflowID: JSONObject] = [:]
    }

    private let state: Mutex<State>
    /// The secrets among the settings.
    private let settings: [String]

    init(settings: [String]) {
        self.settings = settings
        state = Mutex(State(redactor: settings.isEmpty ? nil : Redactor(settings)))
    }

    func replace(_ secrets: [Secret]) {
        let values = secrets.map(\.value) + settings
        let redactor = values.isEmpty ? nil : Redactor(values)
        state.withLock { state in
            state.secrets = secrets
            state.redactor = redactor
            state.byWorkflow = [:]
        }
    }

    /// The secrets that a workflow may use, by name.
    func secrets(for workflow: WorkflowID) -> JSONObject {
        state.withLock { state in
            if state.secrets.isEmpty { return [:] }
            if let known = state.byWorkflow[workflow] { return known }
            var object = JSONObject()
            for secret in state.secrets where secret.scope.includes(workflow) {
                object[secret.name] = .string(secret.value)
            }
            if state.byWorkflow.count >= Self.limit { state.byWorkflow = [:] }
            state.byWorkflow[workflow] = object
            return object
        }
    }

    /// `nil` when there is nothing to hide.
    var redactor: Redactor? { state.withLock { $0.redactor } }

    var names: Set<String> { state.withLock { Set($0.secrets.map(\.name)) } }

    func redact(_ text: String) -> String { redactor?.redact(text) ?? text }

    private static let limit = 1000
}

extension SecretScope {
    func includes(_ workflow: WorkflowID) -> Bool {
        switch self {
        case .all: true
        case .workflows(let ids): ids.contains(workflow)
        }
    }
}
