import AuterityAPI

extension Template: Exemplified {
    static var example: Template {
        let call = CreateTemplate.example
        return Template(
            id: Sample.id(), name: call.name, description: call.description ?? "",
            category: call.category, definition: call.definition,
            parameters: call.parameters ?? [], isActive: true, createdAt: Sample.start,
            isStarter: false)
    }
}

extension TemplateSummary: Exemplified {
    static var example: TemplateSummary {
        TemplateSummary(
            id: Sample.id(), name: "Sales Lead Qualification",
            description: "Scores a lead and follows up", category: "sales", isActive: true,
            createdAt: Sample.start, usageCount: 23, parameterCount: 5)
    }
}

extension TemplatePreview: Exemplified {
    static var example: TemplatePreview {
        TemplatePreview(
            name: "Customer greeting", description: "Greets a customer",
            definition: [
                "nodes": [
                    ["id": "start", "type": "start", "data": ["label": "Start: John Doe"]]
                ],
                "edges": [],
            ])
    }
}

extension NamedMessage: Exemplified {
    static var example: NamedMessage {
        let call = PutMessage.example
        return NamedMessage(
            name: call.name, subject: call.subject, text: call.text, html: call.html)
    }
}

extension SecretSummary: Exemplified {
    static var example: SecretSummary {
        SecretSummary(name: "crm_token", workflows: .all, updatedAt: Sample.start)
    }
}

extension LogLine: Exemplified {
    static var example: LogLine {
        LogLine(
            id: Sample.id(), timestamp: Sample.start, level: .info, message: "Import finished",
            executionID: Sample.id(), workflowID: Sample.id(), stepID: "send_email")
    }
}

extension LogsAccepted: Exemplified {
    static var example: LogsAccepted { LogsAccepted(accepted: 1) }
}

extension DemoRemoved: Exemplified {
    static var example: DemoRemoved { DemoRemoved(workflows: 5, executions: 240) }
}
