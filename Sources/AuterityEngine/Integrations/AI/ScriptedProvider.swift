internal import AuterityAPI
import Synchronization

/// Answers from a file, for trying out and for tests; its answers say so by `provider`.
///
/// The file: `{"model": "scripted", "rules": [{"match": "refund", "response": "…"}, …]}`. The first
/// rule whose `match` stands in the prompt answers (one without `match` always does), at most
/// `times` times where it says so. Instead of a `response` (a text or any JSON) it may have an
/// `error` with `message`, `status` and `retry_after`. `tokens_in`, `tokens_out` and `cost` are
/// given as they stand in the rule.
package final class ScriptedProvider: AIProvider {
    package static let maximumRules = 1000
    private static let setting = "AUTERITY_AI_SCRIPT"

    package let name = "scripted"
    package let defaultModel: String

    private struct Rule: Sendable {
        let match: String
        let response: JSONValue?
        let error: JSONValue?
        let tokensIn: Int
        let tokensOut: Int
        let cost: Double
        let times: Int?
    }

    private let rules: [Rule]
    /// How often each rule has answered.
    private let uses: Mutex<[Int]>

    init(path: String) throws(IntegrationSettingError) {
        let bytes = try readSettingFile(path, setting: Self.setting)
        let script: JSONValue
        do {
            script = try JSONValue(parsing: bytes)
        } catch {
            throw IntegrationSettingError(
                setting: Self.setting, message: "the file \(path) is not JSON: \(error).")
        }
        guard let list = script["rules"]?.arrayValue, list.count <= Self.maximumRules else {
            throw IntegrationSettingError(
                setting: Self.setting,
                message: "the file \(path) has no list 'rules' of at most \(Self.maximumRules).")
        }
        var rules: [Rule] = []
        for (index, entry) in list.enumerated() {
            guard (entry["response"] == nil) != (entry["error"] == nil) else {
                throw IntegrationSettingError(
                    setting: Self.setting,
                    message: "rules[\(index)] in \(path) needs either 'response' or 'error'.")
            }
            rules.append(Self.rule(entry))
        }
        self.rules = rules
        defaultModel = script["model"]?.stringValue ?? "scripted"
        uses = Mutex(Array(repeating: 0, count: rules.count))
    }

    private static func rule(_ entry: JSONValue) -> Rule {
        Rule(
            match: entry["match"]?.stringValue ?? "", response: entry["response"],
            error: entry["error"], tokensIn: Int(entry["tokens_in"]?.intValue ?? 0),
            tokensOut: Int(entry["tokens_out"]?.intValue ?? 0),
            cost: entry["cost"]?.doubleValue ?? 0, times: entry["times"]?.intValue.map(Int.init))
    }

    package func probe() async throws(AIError) {}

    package func complete(
        _ request: AIRequest, model: String, maximumTokens: Int
    ) async throws(AIError) -> AIResponse {
        guard let rule = takeRule(for: request.prompt) else {
            throw AIError(
                .refused,
                "No rule of the file in AUTERITY_AI_SCRIPT matches the prompt. Add one, or one "
                    + "without 'match' that answers everything.")
        }
        if let error = rule.error { throw Self.failure(error) }
        return AIResponse(
            content: try content(rule.response ?? .null, request), model: defaultModel,
            provider: name, tokensIn: rule.tokensIn, tokensOut: rule.tokensOut, cost: rule.cost)
    }

    private func takeRule(for prompt: String) -> Rule? {
        uses.withLock { uses in
            let index = rules.indices.first { index in
                let rule = rules[index]
                let isLeft = rule.times.map { uses[index] < $0 } ?? true
                return isLeft && (rule.match.isEmpty || prompt.contains(rule.match))
            }
            guard let index else { return nil }
            uses[index] += 1
            return rules[index]
        }
    }

    private func content(_ response: JSONValue, _ request: AIRequest) throws(AIError) -> JSONValue {
        if let text = response.stringValue {
            return try AnswerSchema.content(of: text, request, isCut: false)
        }
        guard let schema = request.responseSchema else { return .string(response.jsonText) }
        return try AnswerSchema.checked(response, schema, isCut: false)
    }

    private static func failure(_ error: JSONValue) -> AIError {
        let status = error["status"]?.intValue.map(Int.init) ?? 500
        let message = error["message"]?.stringValue ?? "The script answers with an error."
        let kind: AIError.Kind =
            switch status {
            case 401, 403: .unauthorized
            case 429: .rateLimited
            case 500...: .unavailable
            default: .refused
            }
        return AIError(
            kind, "Scripted answer, HTTP \(status): \(message)",
            isRetryable: OutboundResponse.isRetryable(status: status),
            retryAfter: error["retry_after"]?.doubleValue)
    }
}
