/// What types and their keys mean, where their names do not say it: units, ranges, and what `null`
/// stands for.
enum Meanings {
    /// - Parameter key: empty for the type itself.
    static func text(type: String, key: String) -> String? {
        texts["\(type).\(key)"] ?? (key.isEmpty ? nil : texts[key])
    }

    /// By type and key, or by a key that means the same wherever it stands.
    static let texts: [String: String] = [
        "created_at": "When it was made.",
        "updated_at": "When it was changed last.",
        "created_by": "The account that made it.",
        "started_at": "When it was accepted.",
        "completed_at": "When it ended; `null` before.",
        "duration": "Seconds; `null` before the end.",
        "progress": "Whole per cent of decided steps, rounded down.",
        "current_step": "The unfinished step that started last; `null` at the end.",
        "error": "Why it failed; `null` when it did not.",
        "retried_from": "The execution that this one takes over from.",
        "blocked_by": "Why it does not move, in one sentence; `null` while it moves.",
        "is_demo": "Made by the demo, and removed with it.",
        "version": "Counted from 1; every change makes a new one.",
        "warnings": "What is odd, though it works.",
        "definition": "As it was given.",
        "expires_in": "Seconds.",
        "refresh_expires_in": "Seconds.",
        "response_time": "Milliseconds.",
        "average_duration": "Seconds; `null` without runs.",

        "ErrorBody.error": "What went wrong.",
        "ErrorBodyContent.details": "Every fault at once; empty where the message says it all.",
        "ErrorBodyContent.message": "What failed, why, and what to do.",
        "ErrorBodyContent.request_id": "As in `X-Request-ID`.",
        "FieldFault.": "One fault.",
        "FieldFault.field":
            "Its path, such as `definition.nodes[2].data.to`; empty for the whole.",

        "Workflow.": "A named definition with its history.",
        "Workflow.parameters": "The values that a template was filled with.",
        "Workflow.template_id": "The template that it was made from.",
        "Workflow.execution_stats": "How its executions went; `null` where it was not asked.",
        "WorkflowSummary.last_execution": "When its newest execution was started.",
        "Workflow.warnings":
            "What is odd about the definition, though it runs. Only where the definition was "
            + "judged: in the answer to what has saved one.",
        "WorkflowVersion.definition": "As it was given. Not in lists.",
        "Execution.": "An execution with all its steps.",
        "Execution.output_data":
            "What the `end` nodes say, or else the outputs of the steps, merged.",
        "Execution.started_by": "An email, or a user of the operating system.",
        "Execution.steps": "In the order of the definition.",
        "Step.attempt": "Counted from 1; 0 before the first.",
        "Step.input": "What the step was given; secrets are blotted out.",
        "ExecutionAccepted.": "The execution was accepted and will not be lost.",
        "ExecutionAccepted.status": "`running`, or `pending` when a limit queues it.",
        "ExecutionError.code": "Such as `NOT_CONFIGURED`, `TIMEOUT`, `EXPRESSION_ERROR`.",
        "JournalEntry.seq": "Grows over the whole store.",
        "JournalEntry.data": "What came with it: an output, an error, a time; by `kind`.",

        "Template.": "A definition with blanks.",
        "Template.is_starter": "Made by the product.",
        "TemplateSummary.usage_count": "How many workflows were made from it.",
        "TemplateParameter.": "One blank of a template, with the rules for what may fill it.",
        "TemplateParameter.parameter_type": "`string` when absent.",
        "TemplateParameter.is_required": "`false` when absent.",
        "TemplateParameter.options": "What a `select` offers.",
        "TemplateParameter.pattern": "A regular expression that the whole text must match.",

        "Metrics.": "Every figure is measured; what is not known is `null`.",
        "MetricsSystem.uptime": "Seconds.",
        "MetricsSystem.cpu_usage": "Per cent.",
        "MetricsSystem.memory_usage": "Per cent.",
        "MetricsSystem.disk_usage": "Per cent.",
        "MetricsApplication.average_response_time": "Milliseconds.",
        "MetricsWorkflows.average_execution_time": "Seconds.",
        "MetricsWorkflows.failed_today": "Since midnight UTC.",
        "MetricsAIUsage.total_cost": "US dollars.",
        "MetricsAIUsage.cost_today": "US dollars since midnight UTC.",
        "MetricsAIUsage.average_cost_per_request": "US dollars.",
        "MetricsHistory.": "Figures in equal buckets, the oldest first.",
        "MetricsHistory.from": "When the first bucket begins.",
        "MetricsHistory.interval": "Seconds of a bucket.",
        "MetricsHistorySeries.values": "`null` where nothing was measured.",
        "ServiceHealth.memory_usage": "Such as `45MB`.",
        "ServiceHealth.message": "What is wrong and what to do.",
        "HealthServices.ai_services": "By provider.",
        "Alert.": "Something that an operator should know.",
        "Alert.source": "Such as `cpu_usage`, or the step of a workflow.",
        "Alert.cleared_at": "When the cause went away; `null` before.",

        "TokenGrant.access_token": "For the header `Authorization: Bearer …`.",
        "TokenGrant.refresh_token": "Good for one renewal; a second use ends the session.",
        "CrossSystemToken.permissions": "Exactly those that were asked for.",
        "AuditEntry.": "Who did what, and what came of it.",
        "AuditEntry.user_id": "`null` for who was not logged in.",
        "AuditEntry.action": "The method and the path's template.",
        "AuditEntry.target": "The id or the name of what was acted on.",
        "AuditEntry.status": "The HTTP status of the answer.",
        "AuditEntry.code": "The code of the error; `null` for what succeeded.",
        "LogLine.execution_id": "`null` for lines of clients that name none.",
        "NamedMessage.": "A subject and a body with `{{…}}` holes.",
        "SecretSummary.": "The value never leaves the server.",
    ]
}
