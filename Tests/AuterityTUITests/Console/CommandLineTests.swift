import AuterityAPI
import TerminalUI
import Testing

@testable import AuterityTUI

@Suite struct CommandLineTests {
    @Test func completesCommandsAndNames() async {
        var console = await ConsoleTester.open()
        await console.type(":wor")
        #expect(console.shows("workflow NAME  Open a workflow by its name or id"))
        await console.press(.tab)
        #expect(console.shows(":workflows"))
        await console.press(.tab)
        #expect(console.lines.last == " :workflow")
        await console.type(" le\t")
        #expect(console.lines.last == " :workflow Lead Qualification")
        await console.press(.enter)
        #expect(console.model.trail.top.screen.destination == .workflow(Fixtures.id(101)))
    }

    @Test func remembersWhatWasTyped() async {
        var console = await ConsoleTester.open()
        await console.type(":alerts\n:health\n:")
        await console.press(.up)
        #expect(console.lines.last == " :health")
        await console.press(.up)
        #expect(console.lines.last == " :alerts")
        await console.press(.down, .down)
        #expect(console.lines.last == " :")
    }

    @Test func aColonThatBeginsTheLineIsTheOneThatOpenedIt() async {
        var console = await ConsoleTester.open()
        await console.type("::health\n")
        #expect(console.model.trail.top.screen.destination == .health)
        await console.type(":")
        await console.send(.terminal(.key(.paste(":alerts"))))
        await console.press(.enter)
        #expect(console.model.trail.top.screen.destination == .alerts)
        // Behind the beginning it is a character as any other.
        await console.type(":logs a:b")
        #expect(console.lines.last == " :logs a:b")
        await console.press(.control("u"), .escape)
        #expect(!console.hasOverlay)
    }

    @Test func filtersExecutions() async {
        var console = await ConsoleTester.open()
        await console.type(":health\n:executions failed\n")
        #expect(console.model.trail.destinations == [.overview])
        #expect(console.client.calls(of: ListExecutions.self).last?.status == [.failed])
        #expect(console.shows("/status:failed"))
        #expect(!console.shows("Price Optimization"))
    }

    @Test func runsAWorkflowWithInput() async {
        var console = await ConsoleTester.open()
        console.client.answer(ExecuteWorkflow.self) { call throws(APIError) in
            .accepted(
                ExecutionAccepted(
                    executionID: Fixtures.id(77), workflowID: call.workflowID, status: .running,
                    startedAt: Fixtures.now, inputData: call.inputData ?? [:]))
        }
        await console.type(":run lead email=a@b.c age=7 note=\"two words\"\n")
        let call = console.client.calls(of: ExecuteWorkflow.self).first
        #expect(call?.workflowID == Fixtures.id(101))
        #expect(call?.inputData == ["email": "a@b.c", "age": 7, "note": "two words"])
        #expect(console.model.trail.top.screen.destination == .execution(Fixtures.id(77)))
    }

    @Test func asksWhichWhenSeveralHaveTheName() async {
        var console = await ConsoleTester.open()
        await console.type(":template i\n")
        #expect(console.shows("Which “i”?"))
        await console.type("appoint\n")
        #expect(console.model.trail.top.screen.destination == .template(Fixtures.id(202)))
    }

    @Test(arguments: [
        (":nosuch\n", "There is no command “nosuch”; Ctrl-K lists all there are"),
        (":workflow\n", "It is written :workflow NAME"),
        (":workflow zebra\n", "Nothing is named “zebra”; :workflows and :templates list all"),
        (":execution 12\n", "“12” is not an execution's id; ids are UUIDs"),
        (":theme pink\n", "There is no theme “pink”; there are midnight, other"),
    ])
    func saysWhatIsWrong(keys: String, sentence: String) async {
        var console = await ConsoleTester.open()
        await console.type(keys)
        #expect(console.toasts == [sentence])
    }

    @Test func previewsThemesAndTakesThePreviewBack() async {
        var console = await ConsoleTester.open()
        await console.type(":theme\n")
        await console.press(.down)
        #expect(console.model.theme.name == "other")
        await console.press(.escape)
        #expect(console.model.theme.name == "midnight")
        await console.type(":theme\n")
        await console.press(.down, .enter)
        #expect(console.model.theme.name == "other")
    }

    @Test func thePaletteDoesWhatItNames() async {
        var console = await ConsoleTester.open()
        await console.press(.control("k"))
        await console.type("whole screen")
        #expect(console.shows("Make this pane the whole screen, and back"))
        await console.press(.enter)
        #expect(console.shows("STARTED"))
        await console.press(.control("k"))
        await console.type("alerts\n")
        #expect(console.model.trail.top.screen.destination == .alerts)
    }

    @Test func everyKeyOfATableIsUniqueAndNamed() async {
        let console = await ConsoleTester.open()
        for place in console.model.trail.places {
            let bindings = place.screen.bindings(in: console.model.context)
            let keys = bindings.flatMap(\.keys)
            #expect(Set(keys).count == keys.count)
            #expect(bindings.allSatisfy { !$0.help.isEmpty && !$0.shown.isEmpty })
        }
        let global = GlobalKeys.bindings.flatMap(\.keys)
        #expect(Set(global).count == global.count)
        #expect(Set(CommandList.all.map(\.name)).count == CommandList.all.count)
    }
}
