package import AuterityAPI

/// Everything that leaves the process, built once from the settings and handed to the runs of
/// nodes.
package struct Integrations: Sendable {
    package let http: OutboundHTTP
    package let mail: MailDelivery
    package let ai: AIRouter
    package let addressGuard: AddressGuard
    /// The secrets among the settings, which no log, journal or error may show.
    package let secretValues: [String]
    private let mailTransfers: BlockingTransfers

    /// `now` dates messages and the calls that health tells of.
    package init(
        _ settings: IntegrationSettings, now: @escaping @Sendable () -> Timestamp
    ) throws(IntegrationSettingError) {
        addressGuard = try AddressGuard(allowedHosts: settings.allowedHosts)
        http = OutboundHTTP(
            addressGuard: addressGuard, proxies: settings.proxies,
            certificateFile: settings.certificateFile, userAgent: settings.userAgent)
        mailTransfers = BlockingTransfers()
        mail = MailDelivery(transport: try Self.mail(settings, mailTransfers, now), now: now)
        ai = try Self.ai(settings, http, now)
        let smtp = settings.smtpURL.flatMap { OutboundURL($0, schemes: ["smtp", "smtps"]) }
        secretValues = [settings.openAIKey, settings.anthropicKey, smtp?.password]
            .compactMap(\.self)
    }

    /// What is known of each provider, from real calls; asks nobody.
    package func health() -> [ProviderHealth] {
        ai.health() + [mail.health()]
    }

    /// Makes one light call to every configured provider, so that `health` has a fresh figure.
    package func probe() async {
        await ai.probe()
        await mail.probe()
    }

    /// Ends every call under way.
    package func close() {
        http.close()
        mailTransfers.close()
    }

    private static func mail(
        _ settings: IntegrationSettings, _ transfers: BlockingTransfers,
        _ now: @escaping @Sendable () -> Timestamp
    ) throws(IntegrationSettingError) -> (any MailTransport)? {
        let outbox = settings.mailOutbox.flatMap { $0.isEmpty ? nil : $0 }
        let url = settings.smtpURL.flatMap { $0.isEmpty ? nil : $0 }
        if outbox != nil, url != nil {
            throw IntegrationSettingError(
                setting: "AUTERITY_MAIL_OUTBOX",
                message: "it is set together with AUTERITY_SMTP_URL. Take one of them out: mail is "
                    + "either sent or put into a directory.")
        }
        if let outbox {
            return OutboxTransport(directory: outbox, from: settings.mailFrom, now: now)
        }
        guard let url else { return nil }
        return try SMTPTransport(
            url: url, from: settings.mailFrom, transfers: transfers,
            certificateFile: settings.certificateFile, now: now)
    }

    private static func ai(
        _ settings: IntegrationSettings, _ http: OutboundHTTP,
        _ now: @escaping @Sendable () -> Timestamp
    ) throws(IntegrationSettingError) -> AIRouter {
        let prices = try ModelPrices(path: settings.aiPricesPath)
        var providers: [any AIProvider] = []
        if let path = settings.aiScriptPath, !path.isEmpty {
            providers.append(try ScriptedProvider(path: path))
        }
        if let key = settings.openAIKey, !key.isEmpty {
            try check(settings.openAIBaseURL, "AUTERITY_OPENAI_BASE_URL")
            providers.append(
                OpenAIProvider(
                    baseURL: settings.openAIBaseURL, key: key, http: http, prices: prices))
        }
        if let key = settings.anthropicKey, !key.isEmpty {
            try check(settings.anthropicBaseURL, "AUTERITY_ANTHROPIC_BASE_URL")
            providers.append(
                AnthropicProvider(
                    baseURL: settings.anthropicBaseURL, key: key, http: http, prices: prices))
        }
        return AIRouter(
            providers: providers, defaultModel: settings.defaultModel, prices: prices,
            openAITakesAnyModel: settings.openAIBaseURL
                != IntegrationSettings.openAIDefaultBaseURL, now: now)
    }

    private static func check(
        _ url: String, _ setting: String
    ) throws(IntegrationSettingError) {
        guard OutboundURL(url) == nil else { return }
        throw IntegrationSettingError(
            setting: setting,
            message: "the value is not an http or https URL. Write one such as "
                + "\(IntegrationSettings.openAIDefaultBaseURL).")
    }
}
