import AuterityAPI

/// Finds the provider for a model, keeps to the price limit, and goes on to the next model when
/// one fails in a way that another may not.
package struct AIRouter: Sendable {
    package static let maximumModels = 8
    /// UTF-8 bytes of a prompt for each token, guessed low so that the price is guessed high.
    private static let bytesPerToken = 3

    /// Those that are configured, in the order in which `auto` takes them.
    private let providers: [Entry]
    private let defaultModel: String?
    private let prices: ModelPrices
    /// Whether `openai` is another service that only speaks like it, and knows models of any name.
    private let openAITakesAnyModel: Bool

    private struct Entry: Sendable {
        let provider: any AIProvider
        let record: ProviderRecord

        /// A call that was cancelled or never left says nothing of the provider.
        func note(since start: ContinuousClock.Instant, error: AIError?) {
            let seconds = (ContinuousClock.now - start).inSeconds
            switch error?.kind {
            case .cancelled, .notConfigured, .invalidRequest, .tooExpensive: break
            case .unauthorized, .rateLimited, .unavailable:
                record.note(seconds: seconds, error: error?.message)
            case .refused, .invalidAnswer, nil:
                record.note(seconds: seconds, error: nil)
            }
        }
    }

    private struct Route {
        let entry: Entry
        let model: String
    }

    init(
        providers: [any AIProvider], defaultModel: String?, prices: ModelPrices,
        openAITakesAnyModel: Bool, now: @escaping @Sendable () -> Timestamp
    ) {
        self.providers = providers.map { Entry(provider: $0, record: ProviderRecord(now: now)) }
        self.defaultModel = defaultModel
        self.prices = prices
        self.openAITakesAnyModel = openAITakesAnyModel
    }

    package var isConfigured: Bool { !providers.isEmpty }

    /// Asks the model of the request, then each of its `fallback`.
    package func complete(_ request: AIRequest) async throws(AIError) -> AIResponse {
        // Before anything is paid for.
        if let schema = request.responseSchema { _ = try AnswerSchema.read(schema) }
        var failures: [(model: String, error: AIError)] = []
        for model in ([request.model] + request.fallback).prefix(Self.maximumModels) {
            do throws(AIError) {
                return try await ask(model, request)
            } catch {
                failures.append((model, error))
                guard Self.mayGoOn(after: error) else { break }
            }
        }
        throw Self.summary(failures)
    }

    /// Another model may be there, have time, or be cheap enough, where this one was not.
    private static func mayGoOn(after error: AIError) -> Bool {
        error.isRetryable || [.notConfigured, .tooExpensive].contains(error.kind)
    }

    private static func summary(_ failures: [(model: String, error: AIError)]) -> AIError {
        guard let last = failures.last else {
            return AIError(.invalidRequest, "The request names no model.")
        }
        if failures.count == 1 || last.error.kind == .cancelled { return last.error }
        let all = failures.map { "\($0.model): \($0.error.message)" }.joined(separator: " | ")
        return AIError(
            last.error.kind, "None of \(failures.count) models answered. \(all)",
            isRetryable: failures.contains { $0.error.isRetryable },
            retryAfter: failures.compactMap(\.error.retryAfter).min())
    }

    private func ask(_ model: String, _ request: AIRequest) async throws(AIError) -> AIResponse {
        let route = try route(model)
        let maximumTokens = request.maximumTokens ?? AIRequest.defaultMaximumTokens
        guard maximumTokens > 0 else {
            throw AIError(.invalidRequest, "max_tokens is \(maximumTokens). Set at least 1.")
        }
        try checkCost(of: route, request, maximumTokens: maximumTokens)
        let start = ContinuousClock.now
        do throws(AIError) {
            let response = try await route.entry.provider.complete(
                request, model: route.model, maximumTokens: maximumTokens)
            route.entry.note(since: start, error: nil)
            return response
        } catch {
            route.entry.note(since: start, error: error)
            throw error
        }
    }

    // MARK: Which provider

    private func route(_ model: String) throws(AIError) -> Route {
        if model == "auto" || model.isEmpty {
            if let defaultModel, defaultModel != "auto", !defaultModel.isEmpty {
                return try route(defaultModel)
            }
            guard let first = providers.first else { throw Self.nothingConfigured }
            return Route(entry: first, model: first.provider.defaultModel)
        }
        guard !providers.isEmpty else { throw Self.nothingConfigured }
        let parts = model.split(separator: "/", maxSplits: 1).map(String.init)
        let named = parts.first ?? model
        if let entry = provider(named) {
            let inner = parts.count == 2 ? parts[1] : entry.provider.defaultModel
            return Route(entry: entry, model: inner)
        }
        if let setting = Self.keySettings[named] {
            throw AIError(
                .notConfigured,
                "The model '\(model)' needs the provider \(named), which is not configured. Set "
                    + "\(setting).")
        }
        return try routeByModel(model, hasProvider: parts.count == 2)
    }

    private func routeByModel(_ model: String, hasProvider: Bool) throws(AIError) -> Route {
        if hasProvider || openAITakesAnyModel {
            if openAITakesAnyModel, let entry = provider("openai") {
                return Route(entry: entry, model: model)
            }
            let names = providers.map(\.provider.name).joined(separator: ", ")
            throw AIError(
                .notConfigured,
                "No provider is configured for the model '\(model)'. Configured: \(names).")
        }
        let maker = model.hasPrefix("claude") ? "anthropic" : "openai"
        if let entry = provider(maker) { return Route(entry: entry, model: model) }
        if let entry = provider("scripted") { return Route(entry: entry, model: model) }
        throw AIError(
            .notConfigured,
            "The model '\(model)' needs the provider \(maker), which is not configured. Set "
                + "\(Self.keySettings[maker] ?? "its key").")
    }

    private func provider(_ name: String) -> Entry? {
        providers.first { $0.provider.name == name }
    }

    private static let keySettings = [
        "openai": "AUTERITY_OPENAI_API_KEY", "anthropic": "AUTERITY_ANTHROPIC_API_KEY",
        "scripted": "AUTERITY_AI_SCRIPT",
    ]

    private static let nothingConfigured = AIError(
        .notConfigured,
        "No AI provider is configured. Set AUTERITY_OPENAI_API_KEY or AUTERITY_ANTHROPIC_API_KEY "
            + "(or AUTERITY_AI_SCRIPT, a file of answers, to try things out).")

    // MARK: What it may cost

    private func checkCost(
        of route: Route, _ request: AIRequest, maximumTokens: Int
    ) throws(AIError) {
        guard let limit = request.maximumCost, route.entry.provider.name != "scripted" else {
            return
        }
        guard let price = prices[route.model] else {
            throw AIError(
                .tooExpensive,
                "The price of '\(route.model)' is not known, so max_cost cannot be kept. Add it to "
                    + "the file of AUTERITY_AI_PRICES, or take max_cost out.")
        }
        let bytes =
            request.prompt.utf8.count + (request.system?.utf8.count ?? 0)
            + (request.responseSchema?.jsonBytes.count ?? 0)
        let estimate = price.cost(
            tokensIn: bytes / Self.bytesPerToken + 1, tokensOut: maximumTokens)
        guard estimate <= limit else {
            throw AIError(
                .tooExpensive,
                "The call of '\(route.model)' may cost $\(dollars(estimate)) and max_cost is "
                    + "$\(dollars(limit)). Lower max_tokens (\(maximumTokens)), name a cheaper "
                    + "model, or raise max_cost.")
        }
    }

    /// Rounded to a millionth of a dollar.
    private func dollars(_ value: Double) -> Double {
        (value * 1_000_000).rounded() / 1_000_000
    }

    // MARK: Health

    package func health() -> [ProviderHealth] {
        let known = ["openai", "anthropic"].filter { provider($0) == nil }.map { name in
            ProviderHealth(
                name: name, kind: .ai, isConfigured: false, lastResponseSeconds: nil,
                lastCallAt: nil, lastError: nil)
        }
        return providers.map { $0.record.health(name: $0.provider.name, kind: .ai) } + known
    }

    /// Makes one light call to each configured provider and measures it.
    package func probe() async {
        for entry in providers {
            let start = ContinuousClock.now
            do throws(AIError) {
                try await entry.provider.probe()
                entry.note(since: start, error: nil)
            } catch {
                entry.note(since: start, error: error)
            }
        }
    }
}
