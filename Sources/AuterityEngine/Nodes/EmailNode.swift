package import AuterityAPI

/// Sends an email.
package struct EmailNode: EffectfulNode {
    static let unknownMessageCode = "UNKNOWN_MESSAGE"

    package static let documentation = NodeDocumentation(
        "email", summary: "Sends an email.",
        fields: [
            NodeField(
                "to", .texts, isRequired: true,
                doc: "Addresses, such as ann@example.com or Ann <ann@example.com>; a list, or "
                    + "one text with commas."),
            NodeField("subject", .text, doc: "Needed without a template."),
            NodeField("body", .text, doc: "The text of the message; needed without a template."),
            NodeField(
                "template", .word,
                doc: "A named message to send; subject and body, where given, go before its own."),
            NodeField("cc", .texts, doc: "More addresses, seen by everybody."),
            NodeField("from", .text, doc: "The sender; AUTERITY_MAIL_FROM without."),
        ],
        output: [
            OutputField("email_sent", doc: "true"),
            OutputField("email_id", doc: "A UUID, which the Message-ID of the email begins with."),
        ])

    private let to: [TextTemplate]
    private let cc: [TextTemplate]
    private let from: TextTemplate?
    private let subject: TextTemplate?
    private let body: TextTemplate?
    private let template: String?

    package init?(_ data: inout NodeData) {
        let to = data.texts("to", isRequired: true)
        cc = data.texts("cc") ?? []
        from = data.text("from")
        template = data.word("template")
        subject = data.text("subject", isRequired: template == nil)
        body = data.text("body", isRequired: template == nil)
        if let template { data.usesMessage(template, in: "template") }
        for (key, texts) in [("to", to ?? []), ("cc", cc)] {
            for text in texts where text.isConstant {
                do throws(MailError) {
                    if try MailAddress.list(text.source).isEmpty {
                        data.fault(key, "must name an email address")
                    }
                } catch {
                    data.fault(key, error.message)
                }
            }
        }
        guard let to else { return nil }
        self.to = to
    }

    package func render(_ context: NodeContext) throws(StepFailure) -> JSONObject {
        var input = JSONObject()
        if let from { input["from"] = .string(try context.text(from, in: "from")) }
        input["to"] = .array(try addresses(to, in: "to", context))
        if !cc.isEmpty { input["cc"] = .array(try addresses(cc, in: "cc", context)) }
        let message = try message(context)
        if let template { input["template"] = .string(template) }
        input["subject"] = .string(
            try part(subject, message?.subject, in: "subject", context))
        input["text"] = .string(try part(body, message?.text, in: "body", context))
        if body == nil, let html = message?.html {
            do throws(ExpressionError) {
                input["html"] = .string(try HTMLTemplate(html).render(in: context.scope))
            } catch {
                throw StepFailure(error, in: "template")
            }
        }
        return input
    }

    private func message(_ context: NodeContext) throws(StepFailure) -> NamedMessage? {
        guard let template else { return nil }
        guard let message = context.message(template) else {
            throw StepFailure(
                Self.unknownMessageCode,
                "template: there is no message named \"\(template)\"; make it, or name another")
        }
        return message
    }

    private func part(
        _ own: TextTemplate?, _ named: String?, in field: String, _ context: NodeContext
    ) throws(StepFailure) -> String {
        if let own { return try context.text(own, in: field) }
        do throws(ExpressionError) {
            return try TextTemplate(named ?? "").renderText(in: context.scope)
        } catch {
            throw StepFailure(error, in: "template")
        }
    }

    /// A hole that gives a list gives several addresses.
    private func addresses(
        _ templates: [TextTemplate], in field: String, _ context: NodeContext
    ) throws(StepFailure) -> [JSONValue] {
        var all: [JSONValue] = []
        for template in templates {
            let value: JSONValue
            do throws(ExpressionError) {
                value = try template.render(in: context.scope).json()
            } catch {
                throw StepFailure(error, in: field)
            }
            let items = value.arrayValue ?? [value]
            guard items.allSatisfy({ $0.stringValue != nil }) else {
                throw StepFailure(
                    StepFailure.expressionCode,
                    "\(field): must give texts with email addresses, not \(value.kindName)")
            }
            all += items
        }
        return all
    }

    package func run(_ input: JSONObject, _ context: EffectContext) async -> NodeOutcome {
        func texts(_ key: String) -> [String] {
            input[key]?.arrayValue?.compactMap(\.stringValue) ?? []
        }
        let message = MailMessage(
            from: input["from"]?.stringValue, to: texts("to"), cc: texts("cc"),
            subject: input["subject"]?.stringValue ?? "", text: input["text"]?.stringValue ?? "",
            html: input["html"]?.stringValue, idempotencyKey: context.idempotencyKey)
        do {
            let receipt = try await context.services.deliver(message)
            return .completed(["email_sent": true, "email_id": .string(receipt.emailID)])
        } catch {
            return .failed(StepFailure(ofCall: error))
        }
    }
}
