import AuterityAPI

/// What a model costs.
struct ModelPrice: Hashable, Sendable {
    /// US dollars for a million tokens of the prompt.
    let input: Double
    /// US dollars for a million tokens of the answer.
    let output: Double

    func cost(tokensIn: Int, tokensOut: Int) -> Double {
        (Double(tokensIn) * input + Double(tokensOut) * output) / 1_000_000
    }
}

/// The prices by model. A model that is not in it has no known price, and no call of it a cost.
struct ModelPrices: Sendable {
    private static let setting = "AUTERITY_AI_PRICES"

    private var prices: [String: ModelPrice]

    /// The providers' list prices, as published on openai.com/api/pricing and
    /// anthropic.com/pricing in 2025, without discounts for batches and caches.
    static let builtIn = ModelPrices(prices: [
        "gpt-3.5-turbo": ModelPrice(input: 0.50, output: 1.50),
        "gpt-4": ModelPrice(input: 30, output: 60),
        "gpt-4-turbo": ModelPrice(input: 10, output: 30),
        "gpt-4o": ModelPrice(input: 2.50, output: 10),
        "gpt-4o-mini": ModelPrice(input: 0.15, output: 0.60),
        "gpt-4.1": ModelPrice(input: 2, output: 8),
        "gpt-4.1-mini": ModelPrice(input: 0.40, output: 1.60),
        "gpt-4.1-nano": ModelPrice(input: 0.10, output: 0.40),
        "gpt-5": ModelPrice(input: 1.25, output: 10),
        "gpt-5-mini": ModelPrice(input: 0.25, output: 2),
        "gpt-5-nano": ModelPrice(input: 0.05, output: 0.40),
        "o3": ModelPrice(input: 2, output: 8),
        "o3-mini": ModelPrice(input: 1.10, output: 4.40),
        "o4-mini": ModelPrice(input: 1.10, output: 4.40),
        "claude-3-haiku": ModelPrice(input: 0.25, output: 1.25),
        "claude-3-5-haiku": ModelPrice(input: 0.80, output: 4),
        "claude-3-5-sonnet": ModelPrice(input: 3, output: 15),
        "claude-3-7-sonnet": ModelPrice(input: 3, output: 15),
        "claude-3-opus": ModelPrice(input: 15, output: 75),
        "claude-haiku-4-5": ModelPrice(input: 1, output: 5),
        "claude-sonnet-4": ModelPrice(input: 3, output: 15),
        "claude-sonnet-4-5": ModelPrice(input: 3, output: 15),
        "claude-opus-4": ModelPrice(input: 15, output: 75),
        "claude-opus-4-1": ModelPrice(input: 15, output: 75),
    ])

    private init(prices: [String: ModelPrice]) {
        self.prices = prices
    }

    /// The built-in prices, and over them those of a file such as
    /// `{"gpt-4o": {"input": 2.5, "output": 10}}`, in US dollars for a million tokens.
    init(path: String?) throws(IntegrationSettingError) {
        self = Self.builtIn
        guard let path else { return }
        let bytes = try readSettingFile(path, setting: Self.setting)
        guard let object = (try? JSONValue(parsing: bytes))?.objectValue else {
            throw IntegrationSettingError(
                setting: Self.setting, message: "the file \(path) is not a JSON object. \(advice)")
        }
        for (model, entry) in object {
            guard let input = entry["input"]?.doubleValue, input >= 0,
                let output = entry["output"]?.doubleValue, output >= 0
            else {
                throw IntegrationSettingError(
                    setting: Self.setting,
                    message: "the price of '\(model)' in \(path) lacks a number. \(advice)")
            }
            prices[model] = ModelPrice(input: input, output: output)
        }
    }

    private var advice: String {
        "Write {\"gpt-4o\": {\"input\": 2.5, \"output\": 10}}, in US dollars for a million tokens."
    }

    /// The price of a model, also under the name of one of its releases: `gpt-4o-2024-08-06` and
    /// `claude-sonnet-4-20250514` cost what the name before the date costs.
    subscript(model: String) -> ModelPrice? {
        if let exact = prices[model] { return exact }
        let plain = model.split(separator: "/").last.map(String.init) ?? model
        if let exact = prices[plain] { return exact }
        let known = prices.keys.filter { name in
            guard plain.hasPrefix("\(name)-") else { return false }
            let release = plain.dropFirst(name.count + 1)
            let isDate = release.count >= 8 && release.allSatisfy { $0.isNumber || $0 == "-" }
            return release == "latest" || isDate
        }
        return known.max { $0.count < $1.count }.flatMap { prices[$0] }
    }

    /// US dollars by the first of the names that has a price.
    func cost(of models: [String], tokensIn: Int?, tokensOut: Int?) -> Double? {
        guard let tokensIn, let tokensOut else { return nil }
        return models.lazy.compactMap { self[$0] }.first?
            .cost(tokensIn: tokensIn, tokensOut: tokensOut)
    }
}
