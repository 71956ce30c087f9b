import AuterityAPI
import TerminalUI
import Testing

@testable import AuterityTUI

/// The manual's tables of keys and commands are made from the lists that the console goes by.
@Suite struct KeyReferenceTests {
    @Test func theManualNamesEveryKey() async throws {
        var sections = [await Self.overview(), await Self.execution(), await Self.workflow()]
        sections += await Self.templatesAndForms()
        sections += await Self.reading()
        let made = KeyReference.markdown(sections)
        try expectPart(of: "docs/console.md", named: "keys", toBe: made)
    }

    @Test func theManualNamesEveryCommand() throws {
        try expectPart(
            of: "docs/console.md", named: "commands", toBe: KeyReference.commands)
    }

    // MARK: Going through the console

    private typealias Section = KeyReference.Section
    private typealias Part = KeyReference.Part

    private static func bindings(_ console: ConsoleTester) -> [KeyBinding] {
        console.model.trail.top.screen.bindings(in: console.model.context)
    }

    private static func bindings(_ tester: ScreenTester) -> [KeyBinding] {
        tester.screen.bindings(in: tester.context)
    }

    private static func overview() async -> Section {
        var console = await ConsoleTester.open()
        var empty = await ConsoleTester.open(
            client: Fixtures.client(executions: [], workflows: []))
        var parts: [Part] = []
        for pane in OverviewPane.allCases {
            await console.type("\(pane.rawValue)")
            await empty.type("\(pane.rawValue)")
            var found = bindings(console) + bindings(empty)
            await console.type("z")
            found += bindings(console)
            await console.type("z")
            parts.append(Part(title: pane.title, bindings: found))
        }
        return Section(title: "Overview", parts: parts)
    }

    private static func execution() async -> Section {
        var found: [String: [KeyBinding]] = [:]
        let tabs = ["Graph", "Timeline", "Steps", "Logs", "Input / Output", "Journal"]
        for story in [Story.running, .waiting, .failed, .completed] {
            for index in tabs.indices {
                var tester = await ScreenTester.open(
                    ExecutionScreen(executionID: Story.id), client: story.client(),
                    height: 30)
                for _ in 0..<index { await tester.press(.character("]")) }
                found[tabs[index], default: []] += bindings(tester)
                await tester.press(.character(","))
                found[tabs[index], default: []] += bindings(tester)
                guard tabs[index] == "Steps" else { continue }
                await tester.press(.escape, .enter)
                found[tabs[index], default: []] += bindings(tester)
            }
        }
        return Section(
            title: "Execution", parts: tabs.map { Part(title: $0, bindings: found[$0] ?? []) })
    }

    private static func workflow() async -> Section {
        let client = Fixtures.client()
        client.answer(
            GetWorkflow.self,
            with: Workflow(
                id: Story.workflowID, name: "Lead Qualification", description: "",
                isActive: true, definition: Story.leads.json, createdAt: Fixtures.ago(60),
                updatedAt: Fixtures.ago(60), createdBy: UserID.numbered(1), version: 1,
                executionStats: ExecutionStats(
                    totalExecutions: 1, successfulExecutions: 1, failedExecutions: 0,
                    averageDuration: 1)))
        var tester = await ScreenTester.open(
            WorkflowScreen(workflowID: Story.workflowID), client: client)
        // A definition that is not right after the edit: faults, and changes to drop. They are
        // shown at once, in the tab after the first.
        await tester.send(.edited(tag: "definition", result: .saved("{")))
        await tester.press(.character("["))
        var parts: [Part] = []
        for tab in ["Graph", "Definition", "Versions", "Executions"] {
            parts.append(Part(title: tab, bindings: bindings(tester)))
            await tester.press(.character("]"))
        }
        return Section(title: "Workflow", parts: parts)
    }

    private static func templatesAndForms() async -> [Section] {
        let template = ScreenTester(
            TemplateScreen(templateID: TemplateID.numbered(200)), client: Fixtures.client())
        let run = ScreenTester(
            RunFormScreen(subject: .workflowID(Story.workflowID, input: [:])),
            client: Fixtures.client())
        let wizard = ScreenTester(
            WizardScreen(template: WizardScreenTests.template), client: FakeClient())
        return [
            Section(
                title: "Template", parts: [Part(title: "", bindings: bindings(template))]),
            Section(
                title: "Template wizard", parts: [Part(title: "", bindings: bindings(wizard))]),
            Section(title: "Run form", parts: [Part(title: "", bindings: bindings(run))]),
        ]
    }

    private static func reading() async -> [Section] {
        let screens = [
            ("health", "Health"), ("alerts", "Alerts"), ("logs", "Logs"),
            ("messages", "Messages"), ("help", "Help, about, perf"),
        ]
        var sections: [Section] = []
        for (command, title) in screens {
            let console = await ConsoleTester.open(screen: command)
            sections.append(
                Section(title: title, parts: [Part(title: "", bindings: bindings(console))]))
        }
        return sections
    }
}
