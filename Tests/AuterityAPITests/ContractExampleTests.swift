import AuterityAPI
import Testing

/// The JSON examples of the API's contract, with every id made a real one: each must be read,
/// and what is written again must hold every key and value of the example.
@Suite struct ContractExampleTests {
    private static let id = "01988973-4c40-7000-8000-000000000000"

    /// That `whole` has all that `part` has, at every depth.
    private func expect(_ whole: JSONValue, holds part: JSONValue, at path: String = "$") {
        switch (whole, part) {
        case (.object(let whole), .object(let part)):
            for (key, value) in part {
                guard let found = whole[key] else {
                    Issue.record("\(path).\(key) is missing")
                    continue
                }
                expect(found, holds: value, at: "\(path).\(key)")
            }
        case (.array(let whole), .array(let part)):
            #expect(whole.count == part.count, "\(path)")
            for (index, pair) in zip(whole, part).enumerated() {
                expect(pair.0, holds: pair.1, at: "\(path)[\(index)]")
            }
        default:
            // A whole double is the same number as the integer of the example.
            if let left = whole.doubleValue, let right = part.doubleValue {
                #expect(left == right, "\(path)")
            } else {
                #expect(whole == part, "\(path)")
            }
        }
    }

    private func check<Value: Codable>(
        _ type: Value.Type, _ text: String, adding more: JSONObject = [:]
    ) throws {
        let example = try JSONValue(parsing: text.replacing("UUID", with: Self.id))
        var complete = try #require(example.objectValue)
        complete.merge(more)
        let value = try JSONValue.object(complete).decoded(as: type)
        expect(try JSONValue(encoding: value), holds: example)
    }

    @Test func createWorkflow() throws {
        try check(
            CreateWorkflow.self,
            """
            {"name": "Customer Follow-up Workflow", "description": "Automated customer follow-up process",
             "definition": {
               "nodes": [
                 {"id": "start", "type": "start", "data": {"label": "Start Process"}, "position": {"x": 100, "y": 100}},
                 {"id": "send_email", "type": "email",
                  "data": {"label": "Send Follow-up Email", "to": "{{customer_email}}", "template": "follow_up_template"},
                  "position": {"x": 300, "y": 100}}],
               "edges": [{"id": "e1", "source": "start", "target": "send_email"}]},
             "is_active": true}
            """)
    }

    @Test func workflowList() throws {
        try check(
            Page<WorkflowSummary>.self,
            """
            {"workflows": [{"id": "UUID", "name": "a", "description": "b", "is_active": true,
              "created_at": "2025-08-08T10:30:00Z", "execution_count": 3,
              "last_execution": "2025-08-08T11:30:00Z", "updated_at": "2025-08-08T10:30:00Z",
              "version": 1, "is_demo": false}],
             "total": 21, "page": 2, "page_size": 10, "total_pages": 3}
            """)
    }

    @Test func execute() throws {
        try check(
            ExecuteWorkflow.self,
            """
            {"workflow_id": "UUID", "input_data": {"customer_email": "john@example.com"},
             "execution_mode": "async", "webhook_url": "https://example.com/webhook"}
            """)
        try check(
            ExecutionOutcome.self,
            """
            {"execution_id": "UUID", "workflow_id": "UUID", "status": "running",
             "started_at": "2025-08-08T10:30:00Z", "input_data": {"customer_email": "john@example.com"}}
            """)
    }

    @Test func execution() throws {
        try check(
            Execution.self,
            """
            {"id": "UUID", "workflow_id": "UUID", "status": "completed",
             "started_at": "2025-08-08T10:30:00Z", "completed_at": "2025-08-08T10:30:05Z",
             "duration": 5.0, "input_data": {"customer_email": "john@example.com"},
             "output_data": {"email_sent": true, "email_id": "email-uuid", "response_rate": 0.85},
             "steps": [{"step_id": "send_email", "status": "completed",
               "started_at": "2025-08-08T10:30:00Z", "completed_at": "2025-08-08T10:30:05Z",
               "output": {"email_sent": true, "email_id": "email-uuid"},
               "type": "email", "label": "Send", "attempt": 1}]}
            """,
            adding: [
                "workflow_name": "a", "workflow_version": 1, "progress": 100, "is_demo": false,
            ])
    }

    @Test func template() throws {
        try check(
            Template.self,
            """
            {"id": "UUID", "name": "a", "description": "b", "category": "sales",
             "definition": {"nodes": [], "edges": []},
             "parameters": [{"name": "customer_name", "description": "c", "parameter_type": "string",
               "is_required": true, "default_value": null}],
             "is_active": true, "created_at": "2025-08-08T10:30:00Z"}
            """, adding: ["is_starter": true])
    }

    @Test func instantiate() throws {
        try check(
            InstantiateTemplate.self,
            """
            {"template_id": "UUID", "name": "a", "description": "b",
             "parameter_values": {"customer_name": "John Doe"}}
            """)
    }

    @Test func health() throws {
        try check(
            Health.self,
            """
            {"status": "healthy", "timestamp": "2025-08-08T12:00:00Z", "version": "1.0.0", "environment": "production",
             "services": {
               "mail": {"status": "not_configured"},
               "database": {"status": "healthy", "response_time": 12.5, "connections": {"active": 8, "idle": 2, "max": 20}},
               "redis": {"status": "healthy", "response_time": 3.2, "memory_usage": "45MB"},
               "ai_services": {"openai": {"status": "healthy", "response_time": 850.3},
                               "anthropic": {"status": "healthy", "response_time": 720.1}}}}
            """)
    }

    @Test func metrics() throws {
        try check(
            Metrics.self,
            """
            {"system": {"uptime": 86400, "cpu_usage": 45.2, "memory_usage": 67.8, "disk_usage": 23.1},
             "application": {"total_requests": 15420, "successful_requests": 14876, "failed_requests": 544,
                             "average_response_time": 125.6, "requests_per_minute": 45.2},
             "workflows": {"total_executions": 1284, "successful_executions": 1201, "failed_executions": 83,
                           "average_execution_time": 78.3, "executions_last_hour": 12,
                           "running": 0, "waiting": 0, "pending": 0, "failed_today": 0},
             "ai_usage": {"total_requests": 856, "total_cost": 45.67, "tokens_used": 125420,
                          "average_cost_per_request": 0.053, "cost_today": 0}}
            """)
    }

    @Test func event() throws {
        try check(
            Event.self,
            """
            {"type": "workflow_execution_update",
             "data": {"execution_id": "UUID", "workflow_id": "UUID", "status": "running",
                      "current_step": "send_email", "progress": 65, "workflow_name": "a",
                      "steps_completed": 2, "steps_total": 3, "started_at": "2025-08-08T12:00:00Z",
                      "is_demo": false},
             "timestamp": "2025-08-08T12:15:00Z"}
            """)
    }

    @Test func error() throws {
        try check(
            ErrorBody.self,
            """
            {"error": {"code": "VALIDATION_ERROR", "message": "Request validation failed",
                       "details": [{"field": "email", "message": "Invalid email format"}],
                       "timestamp": "2025-08-08T12:00:00Z", "request_id": "req-uuid"}}
            """)
    }

    @Test func everyCodeHasAStatusOfTheContract() {
        let known: Set<Int> = [400, 401, 403, 404, 405, 409, 412, 413, 422, 429, 500, 503]
        for code in APIError.Code.allCases { #expect(known.contains(code.status)) }
    }

    @Test func definitionsAreReadLenientlyWithEveryFault() {
        let json: JSONValue = [
            "nodes": [
                ["id": "a", "type": "start"], ["type": "log", "data": []], 7,
                ["id": "b", "type": "end", "data": ["label": "B"]],
            ],
            "edges": [
                ["id": "e", "source": "a", "target": "b", "sourceHandle": "true"],
                ["source": "a"],
            ],
        ]
        let (definition, faults) = Definition.read(json)
        #expect(definition.nodes.map(\.label) == ["a", "B"])
        #expect(definition.edges.map(\.sourceHandle) == ["true"])
        #expect(
            faults.map(\.field) == [
                "definition.nodes[1].id", "definition.nodes[1].data", "definition.nodes[2]",
                "definition.edges[1].target",
            ])
    }
}
