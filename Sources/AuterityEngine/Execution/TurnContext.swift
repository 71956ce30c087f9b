package import AuterityAPI
import OrderedCollections

/// What the shell hands to a live execution for one turn: the time, chance, and what the store
/// knows.
package struct TurnContext {
    package let now: Timestamp
    /// In `0..<1`; spreads the retries.
    package let random: Double
    /// The secrets that the workflow may use, by name.
    package let secrets: JSONObject
    /// Takes their values out of whatever is written down.
    package let redactor: Redactor?
    /// Bytes that a step may put out, as JSON.
    package let maximumOutput: Int
    /// A named message of the store.
    package let message: (String) -> NamedMessage?
    /// An id for an execution that a step starts.
    package let newExecutionID: () -> ExecutionID

    /// 16 MiB.
    package static let standardMaximumOutput = 16 << 20

    package init(
        now: Timestamp, random: Double = 0.5, secrets: JSONObject = [:],
        redactor: Redactor? = nil, maximumOutput: Int = TurnContext.standardMaximumOutput,
        message: @escaping (String) -> NamedMessage? = { _ in nil },
        newExecutionID: (() -> ExecutionID)? = nil
    ) {
        self.now = now
        self.random = random
        self.secrets = secrets
        self.redactor = redactor
        self.maximumOutput = maximumOutput
        self.message = message
        self.newExecutionID =
            newExecutionID
            ?? {
                var generator = SystemRandomNumberGenerator()
                return ExecutionID(at: now, using: &generator)
            }
    }

    func redact(_ value: JSONValue) -> JSONValue { redactor?.redact(value) ?? value }
    func redact(_ text: String) -> String { redactor?.redact(text) ?? text }
}

extension JSONValue {
    /// Whether it takes more than `limit` bytes as JSON; stops counting there.
    func exceeds(bytes limit: Int) -> Bool {
        var left = limit
        return !spend(&left)
    }

    /// Whether lists and objects stand in each other more often than that.
    func isDeeper(than levels: Int) -> Bool {
        switch self {
        case .null, .bool, .int, .double, .string: false
        case .array(let elements):
            levels < 1 || elements.contains { $0.isDeeper(than: levels - 1) }
        case .object(let object):
            levels < 1 || object.members.values.contains { $0.isDeeper(than: levels - 1) }
        }
    }

    /// Takes its bytes as JSON off `left`; answers false when there are not so many.
    func spend(_ left: inout Int) -> Bool {
        switch self {
        case .null, .bool, .int, .double: left -= 4
        case .string(let text): left -= text.utf8.count + 2
        case .array(let elements):
            left -= 2 + elements.count
            for element in elements where left >= 0 {
                if !element.spend(&left) { return false }
            }
        case .object(let object):
            left -= 2
            for (key, value) in object.members where left >= 0 {
                left -= key.utf8.count + 4
                if !value.spend(&left) { return false }
            }
        }
        return left >= 0
    }
}
