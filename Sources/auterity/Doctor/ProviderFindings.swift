import AuterityEngine

/// What is set up for steps that reach out. Keys are named, never shown.
enum ProviderFindings {
    static func all(_ settings: Settings) -> [Finding] {
        let outside = settings.integrations
        var findings: [Finding] = []
        func provider(_ id: String, _ key: String?, _ url: String, _ setting: String) {
            findings.append(
                .ok(
                    "providers.\(id)",
                    key == nil ? "not set up (\(setting))" : "a key is set, \(Self.host(url))"))
        }
        provider("openai", outside.openAIKey, outside.openAIBaseURL, "openai_api_key")
        provider("anthropic", outside.anthropicKey, outside.anthropicBaseURL, "anthropic_api_key")
        if let script = outside.aiScriptPath {
            findings.append(
                .warn(
                    "providers.scripted", "canned answers from \(script)",
                    "Take ai_script away when real answers are wanted"))
        }
        findings.append(mail(outside))
        return findings
    }

    private static func mail(_ outside: IntegrationSettings) -> Finding {
        if let outbox = outside.mailOutbox {
            return .warn(
                "providers.mail", "messages go into files in \(outbox)",
                "Take mail_outbox away when they are to be sent")
        }
        guard let url = outside.smtpURL else {
            return .ok("providers.mail", "not set up (smtp_url)")
        }
        guard outside.mailFrom != nil else {
            return .warn(
                "providers.mail", "\(host(url)), without a sender", "Set mail_from")
        }
        return .ok("providers.mail", host(url))
    }

    /// Scheme, host and port: what stands before an @ is a password, what stands behind may be.
    static func host(_ url: String) -> String {
        guard let end = url.firstRange(of: "://") else { return "an address without a scheme" }
        let authority = url[end.upperBound...].prefix { $0 != "/" && $0 != "?" && $0 != "#" }
        let host = authority.split(separator: "@", omittingEmptySubsequences: false).last ?? ""
        return String(url[..<end.upperBound] + host)
    }
}
