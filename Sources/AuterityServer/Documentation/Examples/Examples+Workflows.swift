import AuterityAPI

extension Workflow: Exemplified {
    static var example: Workflow {
        Workflow(
            id: Sample.id(), name: "Customer Follow-up Workflow",
            description: "Automated customer follow-up process", isActive: true,
            definition: CreateWorkflow.example.definition, createdAt: Sample.start,
            updatedAt: Sample.start, createdBy: Sample.id(), version: 1,
            executionStats: ExecutionStats(
                totalExecutions: 45, successfulExecutions: 43, failedExecutions: 2,
                averageDuration: 78.3))
    }
}

extension WorkflowSummary: Exemplified {
    static var example: WorkflowSummary {
        WorkflowSummary(
            id: Sample.id(), name: "Customer Follow-up Workflow",
            description: "Automated customer follow-up process", isActive: true,
            createdAt: Sample.start, updatedAt: Sample.start, version: 1, isDemo: false,
            executionCount: 45, lastExecution: Sample.end)
    }
}

extension WorkflowVersion: Exemplified {
    static var example: WorkflowVersion {
        WorkflowVersion(
            version: 1, name: "Customer Follow-up Workflow",
            description: "Automated customer follow-up process",
            definition: CreateWorkflow.example.definition, createdAt: Sample.start,
            createdBy: Sample.id())
    }
}

extension ValidationReport: Exemplified {
    static var example: ValidationReport {
        ValidationReport(
            errors: [],
            warnings: [FieldFault(field: "definition.nodes", message: "there is no end")])
    }
}

extension Execution: Exemplified {
    static var example: Execution {
        let output: JSONValue = ["email_sent": true, "email_id": "email-uuid"]
        let input: JSONObject = ["customer_email": "john@example.com"]
        return Execution(
            id: Sample.id(), workflowID: Sample.id(), workflowName: "Customer Follow-up Workflow",
            workflowVersion: 1, status: .completed, startedAt: Sample.start,
            completedAt: Sample.end, inputData: input, outputData: output,
            steps: [
                Step(
                    stepID: "start", type: "start", label: "Start Process", status: .completed,
                    startedAt: Sample.start, completedAt: Sample.start, attempt: 1,
                    output: .object(input)),
                Step(
                    stepID: "send_email", type: "email", label: "Send Follow-up Email",
                    status: .completed, startedAt: Sample.start, completedAt: Sample.end,
                    attempt: 1, input: ["to": "john@example.com"], output: output),
            ],
            progress: 100, currentStep: nil, error: nil, startedBy: "user@example.com")
    }
}

extension ExecutionSummary: Exemplified {
    static var example: ExecutionSummary {
        ExecutionSummary(
            id: Sample.id(), workflowID: Sample.id(), workflowName: "Customer Follow-up Workflow",
            status: .running, progress: 65, currentStep: "send_email", startedAt: Sample.start,
            completedAt: nil, error: nil)
    }
}

extension ExecutionAccepted: Exemplified {
    static var example: ExecutionAccepted {
        ExecutionAccepted(
            executionID: Sample.id(), workflowID: Sample.id(), status: .running,
            startedAt: Sample.start, inputData: ["customer_email": "john@example.com"])
    }
}

extension JournalEntry: Exemplified {
    static var example: JournalEntry {
        JournalEntry(
            seq: 42, kind: .stepCompleted, stepID: "send_email", attempt: 1, at: Sample.end,
            data: ["output": ["email_sent": true, "email_id": "email-uuid"]])
    }
}
