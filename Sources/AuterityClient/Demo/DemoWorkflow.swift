import AuterityAPI

/// A sample workflow of the demo, with input to run it on. None needs a service outside.
struct DemoWorkflow: Sendable {
    let name: String
    let description: String
    let definition: String
    /// Input, given a source of random numbers below its argument.
    let input: @Sendable (_ random: (Int) -> Int) -> JSONObject

    /// The step that waits for a person, in every sample that has one.
    static let approvalStep: StepID = "approve"

    func creation() throws(APIError) -> CreateWorkflow {
        do {
            return CreateWorkflow(
                name: name, description: description,
                definition: try JSONValue(parsing: definition), isActive: true, isDemo: true)
        } catch {
            throw APIError(.internalError, "The demo's workflow \(name) is damaged: \(error)")
        }
    }

    static let all: [DemoWorkflow] = [
        leadQualification, serviceReminder, partsInquiry, priceOptimization, inventoryAlert,
        appointment,
    ]

    private static func pick<Item>(_ items: [Item], _ random: (Int) -> Int) -> Item {
        items[random(items.count)]
    }

    private static let people = [
        "Ada Osei", "Jürgen Weiß", "Mei Tanaka", "Luca Bianchi", "Noor Haddad", "Sam O’Neill",
    ]
    private static let cars = ["Corolla", "Model 3", "Golf", "F-150", "Civic", "Kona"]

    private static let leadQualification = DemoWorkflow(
        name: "Demo: Lead Qualification",
        description: "Scores a lead, and hands a good one to sales",
        definition: """
            {"nodes": [
              {"id": "start", "type": "start", "data": {"label": "New lead",
                "input_schema": {"type": "object",
                "required": ["customer", "model", "budget", "test_drive", "returning"],
                "properties": {
                  "customer": {"type": "string", "description": "Who it is about"},
                  "model": {"type": "string", "description": "The model of the car"},
                  "budget": {"type": "integer", "minimum": 0, "description": "In dollars"},
                  "test_drive": {"type": "boolean", "description": "Whether they want one"},
                  "returning": {"type": "boolean", "description": "Whether they bought here before"}}}}},
              {"id": "score", "type": "transform", "data": {"label": "Score the lead", "set": {
                "score": "(input.budget > 30000 ? 40 : 15) + (input.test_drive ? 35 : 5) + (input.returning ? 20 : 0)"},
                "output_key": "rating"}},
              {"id": "think", "type": "delay", "data": {"label": "Let it settle", "seconds": 3}},
              {"id": "hot", "type": "condition", "data": {"label": "Score over 60?", "expression": "rating.score > 60"}},
              {"id": "sales", "type": "notify", "data": {"label": "Tell sales", "severity": "info",
                "message": "Hot lead: {{input.customer}} wants a {{input.model}} (score {{rating.score}})"}},
              {"id": "nurture", "type": "log", "data": {"label": "Put on the newsletter", "level": "info",
                "message": "{{input.customer}} goes on the newsletter (score {{rating.score}})"}},
              {"id": "crm", "type": "merge", "data": {"label": "Update the CRM"}},
              {"id": "end", "type": "end", "data": {"label": "Done", "output": {
                "customer": "input.customer", "score": "rating.score", "hot": "rating.score > 60"}}}],
             "edges": [
              {"id": "e1", "source": "start", "target": "score"},
              {"id": "e2", "source": "score", "target": "think"},
              {"id": "e3", "source": "think", "target": "hot"},
              {"id": "e4", "source": "hot", "target": "sales", "source_handle": "true"},
              {"id": "e5", "source": "hot", "target": "nurture", "source_handle": "false"},
              {"id": "e6", "source": "sales", "target": "crm"},
              {"id": "e7", "source": "nurture", "target": "crm"},
              {"id": "e8", "source": "crm", "target": "end"}]}
            """,
        input: { random in
            [
                "customer": .string(pick(people, random)), "model": .string(pick(cars, random)),
                "budget": .int(Int64(12_000 + random(50) * 1000)),
                "test_drive": .bool(random(2) == 0), "returning": .bool(random(3) == 0),
            ]
        })

    private static let serviceReminder = DemoWorkflow(
        name: "Demo: Service Reminder",
        description: "Reminds a customer of a service twice before it is due",
        definition: """
            {"nodes": [
              {"id": "start", "type": "start", "data": {"label": "Service is due soon",
                "input_schema": {"type": "object",
                "required": ["customer", "model", "mileage"],
                "properties": {
                  "customer": {"type": "string", "description": "Who it is about"},
                  "model": {"type": "string", "description": "The model of the car"},
                  "mileage": {"type": "integer", "minimum": 0, "description": "In kilometres"}}}}},
              {"id": "first", "type": "log", "data": {"label": "First reminder", "level": "info",
                "message": "First reminder to {{input.customer}} for {{input.model}} at {{input.mileage}} km"}},
              {"id": "wait", "type": "delay", "data": {"label": "Wait for an answer", "seconds": 8}},
              {"id": "second", "type": "log", "data": {"label": "Second reminder", "level": "info",
                "message": "Second reminder to {{input.customer}}"}},
              {"id": "end", "type": "end", "data": {"label": "Done", "output": {"reminders": "2"}}}],
             "edges": [
              {"id": "e1", "source": "start", "target": "first"},
              {"id": "e2", "source": "first", "target": "wait"},
              {"id": "e3", "source": "wait", "target": "second"},
              {"id": "e4", "source": "second", "target": "end"}]}
            """,
        input: { random in
            [
                "customer": .string(pick(people, random)), "model": .string(pick(cars, random)),
                "mileage": .int(Int64(10_000 + random(90) * 1000)),
            ]
        })

    private static let partsInquiry = DemoWorkflow(
        name: "Demo: Parts Inquiry",
        description: "Looks a part up; one that nobody knows makes it fail, as in real life",
        definition: """
            {"nodes": [
              {"id": "start", "type": "start", "data": {"label": "A customer asks for a part",
                "input_schema": {"type": "object",
                "required": ["part"],
                "properties": {
                  "part": {"type": "string", "description": "Such as brake pads, oil filter or wiper blades"}}}}},
              {"id": "find_part", "type": "transform", "data": {"label": "Find the part", "output_key": "found", "set": {
                "stock": "{'brake pads': 12, 'oil filter': 31, 'wiper blades': 0}[input.part]"}}},
              {"id": "in_stock", "type": "switch", "data": {"label": "In stock?",
                "expression": "found.stock > 10 ? 'plenty' : (found.stock > 0 ? 'few' : 'none')", "cases": ["plenty", "few"]}},
              {"id": "reserve", "type": "log", "data": {"label": "Reserve it", "level": "info", "message": "Reserved {{input.part}}"}},
              {"id": "call", "type": "log", "data": {"label": "Call the customer", "level": "warning", "message": "Only {{found.stock}} left of {{input.part}}"}},
              {"id": "order", "type": "delay", "data": {"label": "Order and wait", "seconds": 12}},
              {"id": "end", "type": "end", "data": {"label": "Done", "output": {"part": "input.part", "stock": "found.stock"}}}],
             "edges": [
              {"id": "e1", "source": "start", "target": "find_part"},
              {"id": "e2", "source": "find_part", "target": "in_stock"},
              {"id": "e3", "source": "in_stock", "target": "reserve", "source_handle": "plenty"},
              {"id": "e4", "source": "in_stock", "target": "call", "source_handle": "few"},
              {"id": "e5", "source": "in_stock", "target": "order", "source_handle": "default"},
              {"id": "e6", "source": "reserve", "target": "end"},
              {"id": "e7", "source": "call", "target": "end"},
              {"id": "e8", "source": "order", "target": "end"}]}
            """,
        input: { random in
            let parts = [
                "brake pads", "oil filter", "oil filter", "wiper blades", "flux capacitor",
            ]
            return ["part": .string(pick(parts, random))]
        })

    private static let priceOptimization = DemoWorkflow(
        name: "Demo: Price Optimization",
        description: "Proposes a new price; a change of more than 5 % needs a person's word",
        definition: """
            {"nodes": [
              {"id": "start", "type": "start", "data": {"label": "Market prices are in",
                "input_schema": {"type": "object",
                "required": ["model", "price", "market"],
                "properties": {
                  "model": {"type": "string", "description": "The model of the car"},
                  "price": {"type": "integer", "minimum": 1, "description": "Our price in dollars"},
                  "market": {"type": "integer", "minimum": 0, "description": "What others ask, in dollars"}}}}},
              {"id": "propose", "type": "transform", "data": {"label": "Propose a price", "output_key": "proposal", "set": {
                "price": "(input.price * 2 + input.market) / 3",
                "change": "double((input.price * 2 + input.market) / 3 - input.price) / double(input.price) * 100.0"}}},
              {"id": "large", "type": "condition", "data": {"label": "Over 5 %?", "expression": "proposal.change > 5.0 || proposal.change < -5.0"}},
              {"id": "approve", "type": "approval", "data": {"label": "Ask the manager", "timeout": 600,
                "message": "{{input.model}}: {{input.price}} → {{proposal.price}} ({{math.round(proposal.change)}} %)"}},
              {"id": "publish", "type": "log", "data": {"label": "Publish", "level": "info", "message": "{{input.model}} now costs {{proposal.price}}"}},
              {"id": "keep", "type": "log", "data": {"label": "Keep the price", "level": "info", "message": "{{input.model}} stays at {{input.price}}"}},
              {"id": "end", "type": "end", "data": {"label": "Done"}}],
             "edges": [
              {"id": "e1", "source": "start", "target": "propose"},
              {"id": "e2", "source": "propose", "target": "large"},
              {"id": "e3", "source": "large", "target": "approve", "source_handle": "true"},
              {"id": "e4", "source": "large", "target": "publish", "source_handle": "false"},
              {"id": "e5", "source": "approve", "target": "publish", "source_handle": "approved"},
              {"id": "e6", "source": "approve", "target": "keep", "source_handle": "rejected"},
              {"id": "e7", "source": "publish", "target": "end"},
              {"id": "e8", "source": "keep", "target": "end"}]}
            """,
        input: { random in
            let price = 18_000 + random(20) * 1000
            return [
                "model": .string(pick(cars, random)), "price": .int(Int64(price)),
                "market": .int(Int64(price * (80 + random(40)) / 100)),
            ]
        })

    private static let inventoryAlert = DemoWorkflow(
        name: "Demo: New Inventory Alert",
        description: "Tells website and showroom of a car at the same time",
        definition: """
            {"nodes": [
              {"id": "start", "type": "start", "data": {"label": "A car has arrived",
                "input_schema": {"type": "object",
                "required": ["model"],
                "properties": {
                  "model": {"type": "string", "description": "The model of the car"}}}}},
              {"id": "fork", "type": "parallel", "data": {"label": "At the same time"}},
              {"id": "website", "type": "delay", "data": {"label": "Website", "seconds": 2}},
              {"id": "showroom", "type": "delay", "data": {"label": "Showroom", "seconds": 5}},
              {"id": "newsletter", "type": "log", "data": {"label": "Newsletter", "level": "info", "message": "New: {{input.model}}"}},
              {"id": "join", "type": "merge", "data": {"label": "All told"}},
              {"id": "end", "type": "end", "data": {"label": "Done", "output": {"model": "input.model", "channels": "3"}}}],
             "edges": [
              {"id": "e1", "source": "start", "target": "fork"},
              {"id": "e2", "source": "fork", "target": "website"},
              {"id": "e3", "source": "fork", "target": "showroom"},
              {"id": "e4", "source": "fork", "target": "newsletter"},
              {"id": "e5", "source": "website", "target": "join"},
              {"id": "e6", "source": "showroom", "target": "join"},
              {"id": "e7", "source": "newsletter", "target": "join"},
              {"id": "e8", "source": "join", "target": "end"}]}
            """,
        input: { random in ["model": .string(pick(cars, random))] })

    private static let appointment = DemoWorkflow(
        name: "Demo: Appointment Scheduling",
        description: "Finds a slot in the workshop and confirms it",
        definition: """
            {"nodes": [
              {"id": "start", "type": "start", "data": {"label": "A customer wants an appointment",
                "input_schema": {"type": "object",
                "required": ["customer", "minutes"],
                "properties": {
                  "customer": {"type": "string", "description": "Who it is about"},
                  "minutes": {"type": "integer", "minimum": 1, "description": "How long the work takes"}}}}},
              {"id": "slot", "type": "transform", "data": {"label": "Find a slot", "output_key": "slot", "set": {
                "bay": "input.minutes > 90 ? 'long bay' : 'quick bay'", "minutes": "input.minutes"}}},
              {"id": "hold", "type": "delay", "data": {"label": "Hold the slot", "seconds": 4}},
              {"id": "confirm", "type": "log", "data": {"label": "Confirm", "level": "info",
                "message": "{{input.customer}}: {{slot.bay}}, {{slot.minutes}} minutes"}},
              {"id": "prepare", "type": "delay", "data": {"label": "Prepare the bay", "seconds": 6}},
              {"id": "end", "type": "end", "data": {"label": "Done", "output": {"bay": "slot.bay"}}}],
             "edges": [
              {"id": "e1", "source": "start", "target": "slot"},
              {"id": "e2", "source": "slot", "target": "hold"},
              {"id": "e3", "source": "hold", "target": "confirm"},
              {"id": "e4", "source": "confirm", "target": "prepare"},
              {"id": "e5", "source": "prepare", "target": "end"}]}
            """,
        input: { random in
            [
                "customer": .string(pick(people, random)),
                "minutes": .int(Int64(30 + random(10) * 15)),
            ]
        })
}
