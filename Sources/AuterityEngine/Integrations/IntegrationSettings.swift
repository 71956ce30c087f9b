/// Everything that outgoing calls can be told, as plain values; where nothing is set, the call
/// fails and says what to set.
package struct IntegrationSettings: Sendable {
    package static let openAIDefaultBaseURL = "https://api.openai.com/v1"
    package static let anthropicDefaultBaseURL = "https://api.anthropic.com"

    /// `AUTERITY_OPENAI_BASE_URL`: any OpenAI-compatible endpoint, up to and with its `/v1`.
    package var openAIBaseURL = IntegrationSettings.openAIDefaultBaseURL
    /// `AUTERITY_OPENAI_API_KEY`.
    package var openAIKey: String?
    /// `AUTERITY_ANTHROPIC_BASE_URL`.
    package var anthropicBaseURL = IntegrationSettings.anthropicDefaultBaseURL
    /// `AUTERITY_ANTHROPIC_API_KEY`.
    package var anthropicKey: String?
    /// `AUTERITY_AI_SCRIPT`: a JSON file of answers; its provider is called `scripted`.
    package var aiScriptPath: String?
    /// `AUTERITY_AI_MODEL`: `provider/model`, what `auto` means.
    package var defaultModel: String?
    /// `AUTERITY_AI_PRICES`: a JSON file of prices that go before the built-in ones.
    package var aiPricesPath: String?
    /// `AUTERITY_SMTP_URL`: `smtp://user:password@host:587` or `smtps://…`.
    package var smtpURL: String?
    /// `AUTERITY_MAIL_FROM`.
    package var mailFrom: String?
    /// `AUTERITY_MAIL_OUTBOX`: a directory that takes messages as `.eml` files instead.
    package var mailOutbox: String?
    /// `AUTERITY_ALLOWED_HOSTS`: host names and networks that the guard lets through, by commas.
    package var allowedHosts = ""
    /// Proxies, where the operator allows them; none by default.
    package var proxies = OutboundProxies.none
    /// `AUTERITY_CA_FILE`: certificates (PEM) to trust instead of the system's.
    package var certificateFile: String?
    package var userAgent = "Auterity"

    package init() {}
}

/// A setting that cannot be used, named by its environment variable.
package struct IntegrationSettingError: Error, Hashable, Sendable, CustomStringConvertible {
    package let setting: String
    /// What is wrong and what to write instead; holds no part of a secret value.
    package let message: String

    package var description: String { "\(setting): \(message)" }
}
