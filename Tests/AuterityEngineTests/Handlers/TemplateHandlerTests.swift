import AuterityAPI
import Testing

@testable import AuterityEngine

@Suite(.timeLimit(.minutes(30)))
struct TemplateHandlerTests {
    private static let definition: JSONValue = [
        "nodes": [
            ["id": "start", "type": "start", "data": ["label": "Start: {{customer_name}}"]],
            ["id": "log", "type": "log", "data": ["message": "Hello {{customer_name}}"]],
        ],
        "edges": [["id": "e", "source": "start", "target": "log"]],
    ]

    @Test func aTemplateBecomesAWorkflowThatRuns() async throws {
        let test = try await TestEngine.open()
        let template = try await test.send(
            CreateTemplate(
                name: "Greeting", category: "sales", definition: Self.definition,
                parameters: [
                    TemplateParameter(
                        name: "customer_name", parameterType: .string, isRequired: true)
                ]))
        do {
            _ = try await test.send(
                InstantiateTemplate(
                    templateID: template.id, name: "", parameterValues: ["other": 1]))
            Issue.record("wrong values were taken")
        } catch {
            let fields = Set(error.details.map(\.field))
            #expect(
                fields == [
                    "name", "parameter_values.customer_name", "parameter_values.other",
                ])
        }
        let values: JSONObject = ["customer_name": "John Doe"]
        let preview = try await test.send(
            PreviewTemplate(templateID: template.id, parameterValues: values))
        let workflow = try await test.send(
            InstantiateTemplate(
                templateID: template.id, name: "Greet John", parameterValues: values))
        #expect(workflow.definition == preview.definition)
        #expect(workflow.templateID == template.id)
        #expect(workflow.parameters == values)
        let id = try await test.start(workflow.id)
        #expect(try await test.execution(id).status == .completed)
        let logs = try await test.send(ListLogs(workflowID: workflow.id)).items
        #expect(logs.map(\.message) == ["Hello John Doe"])
        let listed = try await test.send(ListTemplates(category: "sales")).items
        #expect(listed.map(\.usageCount) == [1])
        await test.engine.close()
    }

    @Test func startersAreLoadedOnce() async throws {
        let first = try await TestEngine.open { $0.loadsStarters = true }
        let templates = try await first.send(ListTemplates(pageSize: 100)).items
        #expect(templates.count == 8)
        #expect(
            try await first.send(GetMessage(name: "follow_up_template")).subject.isEmpty == false)
        _ = try await first.send(DeleteTemplate(templateID: templates[0].id))
        await first.engine.close()
        let second = try await TestEngine.open(in: first.directory, clock: first.clock, seed: 3) {
            $0.loadsStarters = true
        }
        #expect(try await second.send(ListTemplates(pageSize: 100)).items.count == 7)
        await second.engine.close()
    }
}
