import AuterityAPI
import Testing

@testable import AuterityEngine

@Suite(.timeLimit(.minutes(30))) struct StarterTemplateRunTests {
    private static let inquiry: JSONObject = [
        "customer_name": "Ann Example", "customer_email": "ann@example.org",
        "inquiry": "My brakes squeal {{and}} I drive to Rome tomorrow.",
    ]
    private static let inquiryValues: JSONObject = [
        "dealership_name": "Example Motors", "sales_email": "sales@example.com",
        "service_email": "service@example.com", "parts_email": "parts@example.com",
        "front_desk_email": "desk@example.com",
    ]

    private func status(_ execution: Execution, _ id: StepID) -> StepStatus? {
        execution.steps.first { $0.stepID == id }?.status
    }

    @Test func anInquiryReachesItsDepartmentAndTheCustomerHearsOfIt() async throws {
        let run = try await StarterRun(rules: [
            [
                "match": "brakes",
                "response": [
                    "department": "service", "urgency": "high", "summary": "Brakes squeal.",
                ],
            ]
        ])
        let workflow = try await run.workflow(
            from: "Customer Inquiry Processing", Self.inquiryValues)
        let execution = try await run.run(workflow, Self.inquiry)
        #expect(execution.status == .completed, "\(String(describing: execution.error))")
        #expect(execution.outputData?["department"] == "service")
        #expect(execution.outputData?["urgent"] == true)
        #expect(status(execution, "alert") == .completed)
        #expect(status(execution, "tell_sales") == .skipped)
        #expect(
            try run.recipients() == ["service@example.com": 1, "ann@example.org": 1])
        let confirmation = try #require(try run.mail().first { $0.contains("To: ann@") })
        #expect(confirmation.contains("Example Motors"))
        #expect(confirmation.contains("{{and}}"), "what a customer writes is never a template")
        await run.close()
    }

    @Test func anInquiryThatTheAICannotReadGoesToTheFrontDesk() async throws {
        let run = try await StarterRun()
        let workflow = try await run.workflow(
            from: "Customer Inquiry Processing", Self.inquiryValues)
        let execution = try await run.run(workflow, Self.inquiry)
        #expect(execution.status == .completed, "\(String(describing: execution.error))")
        #expect(execution.outputData?["department"] == "other")
        #expect(status(execution, "classify") == .failed)
        #expect(try run.recipients() == ["desk@example.com": 1, "ann@example.org": 1])
        await run.close()
    }

    private static let appointment: JSONObject = [
        "customer_name": "Ann Example", "customer_email": "ann@example.org",
        "vehicle": "Example One, AB 123", "service_type": "brakes", "preferred_date": "2026-01-31",
    ]

    private func scheduling(
        slots: JSONValue, books: Bool
    ) async throws -> (run: StarterRun, workflow: WorkflowID) {
        var answers: [String: JSONValue] = ["GET /slots": ["slots": slots]]
        if books {
            answers["POST /appointments"] = [
                "starts_at": "2026-01-31T09:00:00Z", "confirmation": "C-17",
            ]
        }
        let run = try await StarterRun(answers: answers)
        let workflow = try await run.workflow(
            from: "Service Appointment Scheduling",
            [
                "dealership_name": "Example Motors", "service_email": "service@example.com",
                "scheduler_url": .string(run.server.url("")),
                "scheduler_key": "scheduler-secret",
            ])
        return (run, workflow)
    }

    @Test func aFreeTimeIsBookedAndConfirmed() async throws {
        let (run, workflow) = try await scheduling(
            slots: ["2026-01-31T09:00:00Z", "2026-01-31T10:00:00Z"], books: true)
        let execution = try await run.run(workflow, Self.appointment)
        #expect(execution.status == .completed, "\(String(describing: execution.error))")
        #expect(
            execution.outputData
                == ["booked": true, "starts_at": "2026-01-31T09:00:00Z", "confirmation": "C-17"])
        let booking = try #require(run.server.requests.last)
        #expect(booking.json?["starts_at"] == "2026-01-31T09:00:00Z")
        #expect(booking.json?["customer"]?["name"] == "Ann Example")
        #expect(booking.field("Authorization") == "Bearer scheduler-secret")
        #expect(booking.field("Idempotency-Key")?.contains(":book:") == true)
        let all = try JSONValue(encoding: execution).jsonText
        #expect(!all.contains("scheduler-secret"), "the journal holds no secret")
        #expect(try run.recipients() == ["ann@example.org": 1])
        await run.close()
    }

    @Test(arguments: [[] as JSONValue, ["2026-01-31T09:00:00Z"]])
    func withoutATimeTheServiceDeskTakesOver(slots: JSONValue) async throws {
        let (run, workflow) = try await scheduling(slots: slots, books: false)
        let execution = try await run.run(workflow, Self.appointment)
        #expect(execution.status == .completed, "\(String(describing: execution.error))")
        #expect(execution.outputData == ["booked": false])
        #expect(try run.recipients() == ["service@example.com": 1])
        await run.close()
    }

    private func parts(available: Int64, price: Double) async throws -> (StarterRun, WorkflowID) {
        let run = try await StarterRun(answers: [
            "GET /parts/BR-1": ["available": .int(available), "price": .double(price)],
            "POST /reservations": ["id": "R-1"], "POST /orders": ["id": "O-1"],
        ])
        let workflow = try await run.workflow(
            from: "Parts Inquiry and Availability",
            [
                "dealership_name": "Example Motors", "parts_email": "parts@example.com",
                "inventory_url": .string(run.server.url("")), "inventory_key": "stock-secret",
            ])
        return (run, workflow)
    }

    private static let part: JSONObject = [
        "customer_name": "Ann Example", "customer_email": "ann@example.org",
        "part_number": "BR-1", "quantity": 4,
    ]

    @Test(arguments: [(5, 10.0, "reserved"), (1, 10.0, "ordered")] as [(Int64, Double, String)])
    func aPartIsReservedOrOrdered(available: Int64, price: Double, outcome: String) async throws {
        let (run, workflow) = try await parts(available: available, price: price)
        let execution = try await run.run(workflow, Self.part)
        #expect(execution.status == .completed, "\(String(describing: execution.error))")
        #expect(execution.outputData == ["outcome": .string(outcome)])
        #expect(run.server.requests.last?.json?["quantity"] == (outcome == "ordered" ? 3 : 4))
        #expect(try run.recipients() == ["ann@example.org": 1])
        await run.close()
    }

    @Test(arguments: [true, false])
    func aDearOrderNeedsAnApproval(isApproved: Bool) async throws {
        let (run, workflow) = try await parts(available: 0, price: 400)
        let execution = try await run.run(workflow, Self.part, approving: isApproved)
        #expect(execution.status == .completed, "\(String(describing: execution.error))")
        #expect(execution.outputData == ["outcome": isApproved ? "ordered" : "declined"])
        let wasOrdered = run.server.requests.contains { $0.target == "/orders" }
        #expect(wasOrdered == isApproved)
        #expect(
            try run.recipients() == [isApproved ? "ann@example.org" : "parts@example.com": 1])
        await run.close()
    }

    private static let lead: JSONObject = [
        "customer_name": "Ann Example", "customer_email": "ann@example.org",
        "interest": "Example One", "budget": 30000, "timeframe": "now",
    ]

    @Test(arguments: ["hot", "warm", "cold"])
    func aLeadIsRatedAndHandedOver(rating: String) async throws {
        let run = try await StarterRun(rules: [
            ["response": ["rating": .string(rating), "reason": "It says so."]]
        ])
        let workflow = try await run.workflow(
            from: "Sales Lead Qualification",
            ["dealership_name": "Example Motors", "sales_email": "sales@example.com"])
        let execution = try await run.run(workflow, Self.lead)
        #expect(execution.status == .completed, "\(String(describing: execution.error))")
        #expect(execution.outputData == ["rating": .string(rating), "reason": "It says so."])
        #expect(status(execution, "alert") == (rating == "hot" ? .completed : .skipped))
        #expect(try run.recipients() == (rating == "cold" ? [:] : ["sales@example.com": 1]))
        await run.close()
    }

    @Test(arguments: [(30000, "hot"), (10000, "cold")] as [(Int64, String)])
    func withoutTheAIALeadIsRatedByRule(budget: Int64, rating: String) async throws {
        let run = try await StarterRun()
        let workflow = try await run.workflow(
            from: "Sales Lead Qualification",
            ["dealership_name": "Example Motors", "sales_email": "sales@example.com"])
        var lead = Self.lead
        lead["budget"] = .int(budget)
        let execution = try await run.run(workflow, lead)
        #expect(execution.status == .completed, "\(String(describing: execution.error))")
        #expect(execution.outputData?["rating"] == .string(rating))
        await run.close()
    }
}
