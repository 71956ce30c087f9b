// The models that are answered most, written without an encoder.

extension ExecutionSummary: JSONWritten {
    func write(to json: inout JSONWriter) {
        json.object { json in
            json.member(CodingKeys.id, id)
            json.member(CodingKeys.status, status)
            json.member(CodingKeys.progress, progress)
            json.member(CodingKeys.duration, duration)
            json.member(CodingKeys.error, error)
            json.member(CodingKeys.workflowID, workflowID)
            json.member(CodingKeys.workflowName, workflowName)
            json.member(CodingKeys.currentStep, currentStep)
            json.member(CodingKeys.startedAt, startedAt)
            json.member(CodingKeys.completedAt, completedAt)
            json.member(CodingKeys.isDemo, isDemo)
        }
    }
}

extension ExecutionError: JSONWritten {
    func write(to json: inout JSONWriter) {
        json.object { json in
            json.member(CodingKeys.code, code)
            json.member(CodingKeys.message, message)
            json.member(CodingKeys.stepID, stepID)
        }
    }
}

extension Execution: JSONWritten {
    func write(to json: inout JSONWriter) {
        json.object { json in
            json.member(CodingKeys.id, id)
            json.member(CodingKeys.status, status)
            json.member(CodingKeys.duration, duration)
            json.member(CodingKeys.steps, steps)
            json.member(CodingKeys.progress, progress)
            json.member(CodingKeys.error, error)
            json.member(CodingKeys.workflowID, workflowID)
            json.member(CodingKeys.workflowName, workflowName)
            json.member(CodingKeys.workflowVersion, workflowVersion)
            json.member(CodingKeys.startedAt, startedAt)
            json.member(CodingKeys.completedAt, completedAt)
            json.member(CodingKeys.inputData, inputData)
            json.member(CodingKeys.outputData, outputData)
            json.member(CodingKeys.currentStep, currentStep)
            json.member(CodingKeys.retriedFrom, retriedFrom)
            json.member(CodingKeys.parentExecutionID, parentExecutionID)
            json.member(CodingKeys.parentStepID, parentStepID)
            json.member(CodingKeys.blockedBy, blockedBy)
            json.member(CodingKeys.startedBy, startedBy)
            json.member(CodingKeys.idempotencyKey, idempotencyKey)
            json.member(CodingKeys.isDemo, isDemo)
        }
    }
}

extension Step: JSONWritten {
    func write(to json: inout JSONWriter) {
        json.object { json in
            json.member(CodingKeys.type, type)
            json.member(CodingKeys.label, label)
            json.member(CodingKeys.status, status)
            json.member(CodingKeys.duration, duration)
            json.member(CodingKeys.attempt, attempt)
            json.member(CodingKeys.input, input)
            json.member(CodingKeys.output, output)
            json.member(CodingKeys.error, error)
            json.member(CodingKeys.stepID, stepID)
            json.member(CodingKeys.startedAt, startedAt)
            json.member(CodingKeys.completedAt, completedAt)
        }
    }
}

extension ExecutionAccepted: JSONWritten {
    func write(to json: inout JSONWriter) {
        json.object { json in
            json.member(CodingKeys.status, status)
            json.member(CodingKeys.executionID, executionID)
            json.member(CodingKeys.workflowID, workflowID)
            json.member(CodingKeys.startedAt, startedAt)
            json.member(CodingKeys.inputData, inputData)
            json.member(CodingKeys.retriedFrom, retriedFrom)
        }
    }
}

extension ExecutionOutcome: JSONWritten {
    func write(to json: inout JSONWriter) {
        switch self {
        case .accepted(let accepted): accepted.write(to: &json)
        case .finished(let execution), .finishedBefore(let execution): execution.write(to: &json)
        }
    }
}

extension Workflow: JSONWritten {
    func write(to json: inout JSONWriter) {
        json.object { json in
            json.member(CodingKeys.id, id)
            json.member(CodingKeys.name, name)
            json.member(CodingKeys.description, description)
            json.member(CodingKeys.isActive, isActive)
            json.member(CodingKeys.definition, definition)
            json.member(CodingKeys.createdAt, createdAt)
            json.member(CodingKeys.updatedAt, updatedAt)
            json.member(CodingKeys.createdBy, createdBy)
            json.member(CodingKeys.version, version)
            json.member(CodingKeys.templateID, templateID)
            json.member(CodingKeys.parameters, parameters)
            json.member(CodingKeys.isDemo, isDemo)
            json.member(CodingKeys.executionStats, executionStats)
            // There is no such key where the definition was not judged.
            if let warnings { json.member(CodingKeys.warnings, warnings) }
        }
    }
}

extension ExecutionStats: JSONWritten {
    func write(to json: inout JSONWriter) {
        json.object { json in
            json.member(CodingKeys.totalExecutions, totalExecutions)
            json.member(CodingKeys.successfulExecutions, successfulExecutions)
            json.member(CodingKeys.failedExecutions, failedExecutions)
            json.member(CodingKeys.averageDuration, averageDuration)
        }
    }
}

extension FieldFault: JSONWritten {
    func write(to json: inout JSONWriter) {
        json.object { json in
            json.member(CodingKeys.field, field)
            json.member(CodingKeys.message, message)
        }
    }
}
