import AuterityAPI
import Testing

@testable import AuterityEngine

@Suite(.timeLimit(.minutes(30))) struct StarterTemplateMoreRunTests {
    private static let person: JSONObject = [
        "customer_name": "Ann Example", "customer_email": "ann@example.org",
    ]

    private func status(_ execution: Execution, _ id: StepID) -> StepStatus? {
        execution.steps.first { $0.stepID == id }?.status
    }

    @Test(arguments: [(71, true), (70, false)] as [(Int64, Bool)])
    func bothBranchesOfALeadJoinAtTheCRM(score: Int64, isGood: Bool) async throws {
        let run = try await StarterRun(
            rules: [["response": ["score": .int(score), "reason": "It says so."]]],
            answers: ["POST /leads": ["id": "L-1"]])
        let workflow = try await run.workflow(
            from: "Lead Qualification & Follow-up",
            [
                "dealership_name": "Example Motors", "sales_email": "sales@example.com",
                "crm_url": .string(run.server.url("")), "crm_key": "crm-secret-key",
                "nurture_days": 0,
            ])
        var input = Self.person
        input["interest"] = "Example One"
        let execution = try await run.run(workflow, input)
        #expect(execution.status == .completed, "\(String(describing: execution.error))")
        #expect(
            execution.outputData
                == ["score": .int(score), "qualified": .bool(isGood), "crm_status": 200])
        #expect(execution.progress == 100)
        #expect(status(execution, "follow_up") == (isGood ? .completed : .skipped))
        #expect(status(execution, "nurture") == (isGood ? .skipped : .completed))
        let call = try #require(run.server.requests.first)
        #expect(run.server.requests.count == 1)
        #expect(call.json?["score"] == .int(score))
        #expect(call.json?["stage"] == (isGood ? "qualified" : "nurture"))
        #expect(
            try run.recipients()
                == (isGood
                    ? ["ann@example.org": 1, "sales@example.com": 1] : ["ann@example.org": 1]))
        await run.close()
    }

    private func reminder(asks: Bool) async throws -> Execution {
        let run = try await StarterRun()
        let workflow = try await run.workflow(
            from: "Service Appointment Reminder",
            [
                "dealership_name": "Example Motors", "phone": "+1 555 0100200",
                "service_email": "service@example.com", "ask_afterwards": .bool(asks),
            ])
        var input = Self.person
        input["vehicle"] = "Example One"
        // What is past does not wait.
        input["appointment_at"] = "2020-01-31T09:00:00Z"
        let execution = try await run.run(workflow, input)
        #expect(
            try run.recipients()
                == ["ann@example.org": asks ? 2 : 1, "service@example.com": 1])
        #expect(try run.mail().contains { $0.contains("+1 555 0100200") })
        await run.close()
        return execution
    }

    @Test(arguments: [true, false])
    func anAppointmentIsRemindedOf(asks: Bool) async throws {
        let execution = try await reminder(asks: asks)
        #expect(execution.status == .completed, "\(String(describing: execution.error))")
        #expect(execution.outputData?["asked"] == .bool(asks))
        #expect(status(execution, "ask_customer") == (asks ? .completed : .skipped))
    }

    private func inventory(
        _ values: JSONObject
    ) async throws -> (run: StarterRun, workflow: WorkflowID) {
        let run = try await StarterRun(
            rules: [
                [
                    "match": "Example One",
                    "response": ["subject": "Just in", "text": "A fine \"One\".\nSee it."],
                ]
            ], answers: ["POST /campaigns": ["id": "K-1"]])
        var all: JSONObject = [
            "dealership_name": "Example Motors", "sales_email": "sales@example.com",
            "campaign_url": .string(run.server.url("")), "campaign_key": "campaign-secret",
            "channels": ["email", "app"],
        ]
        all.merge(values)
        return (run, try await run.workflow(from: "New Inventory Alert", all))
    }

    private static let vehicle: JSONObject = [
        "make": "Example", "model": "One", "year": 2024, "price": 19999.5, "stock_number": "S-1",
    ]

    @Test(arguments: [true, false])
    func anAnnouncementGoesOutWhenApproved(isApproved: Bool) async throws {
        let (run, workflow) = try await inventory([:])
        let execution = try await run.run(workflow, Self.vehicle, approving: isApproved)
        #expect(execution.status == .completed, "\(String(describing: execution.error))")
        #expect(execution.outputData?["announced"] == .bool(isApproved))
        #expect(run.server.requests.count == (isApproved ? 1 : 0))
        #expect(status(execution, "held_back") == (isApproved ? .skipped : .completed))
        await run.close()
    }

    @Test func anAnnouncementWithoutReviewKeepsItsTypesAndTexts() async throws {
        let (run, workflow) = try await inventory(["needs_review": false])
        let execution = try await run.run(workflow, Self.vehicle)
        #expect(execution.status == .completed, "\(String(describing: execution.error))")
        let campaign = try #require(run.server.requests.first?.json)
        #expect(campaign["channels"] == ["email", "app"])
        #expect(campaign["text"] == "A fine \"One\".\nSee it.")
        #expect(campaign["audience"]?["maximum_price"] == 19999.5)
        #expect(try run.recipients() == ["sales@example.com": 1])
        await run.close()
    }

    private func pricing(
        proposing price: Double
    ) async throws -> (run: StarterRun, workflow: WorkflowID) {
        let run = try await StarterRun(
            rules: [
                [
                    "match": "20500",
                    "response": ["price": .double(price), "reason": "The market says so."],
                ]
            ],
            answers: [
                "GET /listings": ["listings": [["price": 20500]]],
                "PUT /vehicles/S-1/price": ["ok": true],
            ])
        let workflow = try await run.workflow(
            from: "Dynamic Price Optimization",
            [
                "market_url": .string(run.server.url("")),
                "inventory_url": .string(run.server.url("")),
                "inventory_key": "stock-secret", "pricing_email": "pricing@example.com",
            ])
        return (run, workflow)
    }

    private static let priced: JSONObject = [
        "stock_number": "S-1", "make": "Example", "model": "One", "year": 2024,
        "current_price": 20000, "cost": 15000,
    ]

    @Test func aSmallChangeIsMadeAtOnce() async throws {
        let (run, workflow) = try await pricing(proposing: 21000)
        let execution = try await run.run(workflow, Self.priced)
        #expect(execution.status == .completed, "\(String(describing: execution.error))")
        #expect(status(execution, "approve") == .skipped)
        #expect(execution.outputData == ["changed": true, "price": 21000.0, "percent": 5.0])
        let change = try #require(run.server.requests.last)
        #expect(change.method == "PUT")
        #expect(change.json?["price"] == 21000.0)
        #expect(try run.recipients() == ["pricing@example.com": 1])
        await run.close()
    }

    @Test(arguments: [true, false])
    func aLargeChangeNeedsAnApproval(isApproved: Bool) async throws {
        let (run, workflow) = try await pricing(proposing: 18000)
        let execution = try await run.run(workflow, Self.priced, approving: isApproved)
        #expect(execution.status == .completed, "\(String(describing: execution.error))")
        #expect(execution.outputData?["changed"] == .bool(isApproved))
        #expect(execution.outputData?["price"] == (isApproved ? 18000.0 : 20000.0))
        #expect(status(execution, "keep_price") == (isApproved ? .skipped : .completed))
        #expect(run.server.requests.contains { $0.method == "PUT" } == isApproved)
        await run.close()
    }

    @Test func thePriceStaysAboveTheCost() async throws {
        let (run, workflow) = try await pricing(proposing: 100)
        let execution = try await run.run(workflow, Self.priced, approving: true)
        #expect(execution.outputData?["price"] == 15450.0)
        await run.close()
    }

    @Test func whatTheInputSchemaRefusesIsNeverStarted() async throws {
        let (run, workflow) = try await pricing(proposing: 18000)
        var input = Self.priced
        input["year"] = "new"
        input["stock_number"] = nil
        let error = await #expect(throws: APIError.self) { try await run.run(workflow, input) }
        #expect(
            Set(error?.details.map(\.field) ?? [])
                == ["input_data.stock_number", "input_data.year"])
        await run.close()
    }
}
