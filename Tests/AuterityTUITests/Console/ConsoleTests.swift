import AuterityAPI
import AuterityClient
import TerminalUI
import Testing

@testable import AuterityTUI

@Suite struct ConsoleTests {
    // MARK: Opening

    @Test func drawsBeforeTheClientIsOpen() {
        let console = ConsoleTester(client: Fixtures.client())
        #expect(console.shows("opening"))
        #expect(console.shows("1 Workflows"))
    }

    @Test func saysWhyItCannotBeOpened() async {
        var console = ConsoleTester(client: Fixtures.client())
        await console.send(.openingFailed("The store is locked by process 42; stop it first"))
        #expect(console.shows("The store is locked by process 42; stop it first"))
        await console.press(.enter)
        #expect(console.work == [.open(.thisMachine)])
        #expect(console.shows("opening"))
        await console.press(.character("q"))
        #expect(console.work.last == .quit(status: 0))
    }

    @Test func aLongReasonIsShownInWholeWithWhatToDo() async {
        var console = ConsoleTester(client: Fixtures.client(), width: 60, height: 16)
        let cause = "The store /var/lib/auterity/auterity.lock belongs to another process "
        await console.send(
            .openingFailed(cause + "(process 42). Close that one first, or name another store."))
        #expect(console.shows("name another store."))
        #expect(console.shows("try again"))
    }

    @Test(arguments: [("health", true), ("exec", false), ("workflow", false), ("nope", false)])
    func aScreenThatIsNotThereIsToldBeforeTheStart(name: String, isThere: Bool) {
        #expect((ConsoleOptions(screen: name).screenFault == nil) == isThere)
    }

    @Test func themesAreShownInTheColorsThatThereAre() {
        func selection(_ colors: ColorDepth) -> Style {
            let model = Model(
                options: ConsoleOptions(), size: Size(width: 80, height: 24),
                charset: .unicode, colors: colors, now: Fixtures.now)
            return model.theme[.selection]
        }
        #expect(selection(.truecolor) == Theme.midnight[.selection])
        #expect(selection(.palette16).attributes.contains(.reverse))
        #expect(selection(.mono).attributes.contains(.reverse))
    }

    // MARK: The line

    @Test func showsThatTheLineIsBrokenAndKeepsTheData() async {
        var console = await ConsoleTester.open()
        await console.send(
            .feed([.connection(.retrying(inSeconds: 4, reason: "connection refused"))]))
        #expect(console.shows("Offline, next try in 4 s, Ctrl-R now · data of 14:03:27"))
        #expect(console.shows("connection refused"))
        #expect(console.shows("retrying in 4 s"))
        #expect(console.shows("Parts Inquiry"))
        #expect(await console.fire("banner", after: 1))
        #expect(console.shows("next try in 3 s"))
        #expect(console.frame[3, 4]?.style.attributes.contains(.dim) == true)
    }

    @Test func readsEverythingAfreshWhenTheLineIsBack() async {
        var console = await ConsoleTester.open()
        await console.send(.feed([.connection(.retrying(inSeconds: 1, reason: "gone"))]))
        let before = console.client.calls(of: ListExecutions.self).count
        await console.send(.feed([.connection(.live), .replayed(37)]))
        #expect(console.client.calls(of: ListExecutions.self).count == before + 1)
        #expect(console.toasts.contains("37 events replayed"))
        #expect(!console.shows("Offline"))
    }

    // MARK: Time

    @Test func anIdleConsoleHasNoTimerButTheMinute() async {
        let rows = [Fixtures.execution(1, age: 600, time: 2)]
        let console = await ConsoleTester.open(client: Fixtures.client(executions: rows))
        #expect(Schedule.activities(of: console.model) == [.minute, .feed(number: 0)])
    }

    @Test func theClockChangesOnlyWithTheMinute() async {
        let rows = [Fixtures.execution(1, age: 600, time: 2)]
        var console = await ConsoleTester.open(client: Fixtures.client(executions: rows))
        #expect(console.shows("14:03"))
        await console.send(.clock, after: 33)
        #expect(console.shows("14:04"))
    }

    @Test func twoHundredEventsASecondMakeFewCalls() async {
        var console = await ConsoleTester.open()
        let before = console.client.calls.count
        for number in 0..<200 {
            let row = Fixtures.execution(1000 + number, "Lead", .running, age: 0)
            await console.tell(Fixtures.update(row), after: 0.005)
        }
        #expect(console.client.calls.count - before <= 2)
        #expect(await console.fire("lists", after: 1))
        #expect(console.client.calls.count - before <= 4)
    }

    // MARK: Requests

    @Test func anAnswerOfALeftScreenIsDropped() async {
        var console = await ConsoleTester.open()
        console.holdsCalls = true
        await console.type(":health\n")
        #expect(console.shows("Services"))
        await console.press(.escape)
        #expect(console.model.trail.places.count == 1)
        #expect(!console.model.requests.values.contains { $0.screen > 1 })
        await console.release()
        #expect(console.shows("1 Workflows"))
    }

    @Test func aSlowActionShowsThatItRunsAndCanBeLeft() async {
        var console = await ConsoleTester.open()
        console.client.answer(CancelExecution.self) { _ throws(APIError) in
            throw APIError(.executionFinished, "The execution has ended already")
        }
        await console.press(.down, .character("c"))
        console.holdsCalls = true
        await console.press(.character("y"))
        #expect(!console.shows("Cancelling"))
        #expect(await console.fire("activity", after: 0.3))
        #expect(console.shows("Cancelling…"))
        await console.type(":help\n")
        #expect(console.shows("Everywhere"))
        await console.release()
        #expect(console.toasts == ["The execution has ended already"])
        #expect(!console.shows("Cancelling…"))
    }

    @Test func errorsAndCallsStayInMessages() async {
        let client = Fixtures.client()
        client.fail(
            ListWorkflows.self,
            with: APIError(.internalError, "The disk is full; free some space"))
        var console = await ConsoleTester.open(client: client)
        await console.type(":messages\n")
        #expect(console.shows("GET /api/workflows: The disk is full; free some space"))
        #expect(!console.shows("GET /api/workflows/executions  1ms"))
        await console.press(.character("a"))
        #expect(console.shows("GET /api/workflows/executions  1ms"))
    }

    // MARK: Leaving

    @Test func goesBackAndForthThroughTheHistory() async {
        var console = await ConsoleTester.open()
        await console.type(":alerts\n")
        await console.type(":logs\n")
        #expect(console.model.trail.destinations == [.overview, .alerts, .logs(LogsFilter())])
        await console.press(.control("o"))
        #expect(console.model.trail.destinations == [.overview, .alerts])
        await console.press(.control("o"))
        #expect(console.model.trail.destinations == [.overview])
        await console.press(.alt("o"))
        #expect(console.model.trail.destinations == [.overview, .alerts])
        await console.press(.tab)
        #expect(console.model.trail.destinations == [.overview, .alerts, .logs(LogsFilter())])
        await console.press(.escape, .backspace)
        #expect(console.model.trail.destinations == [.overview])
    }

    @Test func aLostTerminalEndsItAsAHangUpDoes() async {
        var console = await ConsoleTester.open()
        await console.send(.terminal(.ended(.lost)))
        #expect(console.work.last == .quit(status: 129))
    }

    @Test func aSignalEndsItWithItsStatus() async {
        var console = await ConsoleTester.open()
        await console.send(.terminal(.ended(.signal(15))))
        #expect(console.work == [.quit(status: 143)])
    }

    @Test func keysReachTheTerminalToo() async {
        var console = await ConsoleTester.open()
        await console.press(.control("l"), .control("z"), .character("m"))
        #expect(console.work == [.repaint, .suspend, .setMouse(false)])
    }

    // MARK: Rights

    @Test func readOnlyTakesChangingActionsAway() async {
        var console = await ConsoleTester.open(isReadOnly: true)
        #expect(!console.shows("c cancel"))
        #expect(console.shows("read-only"))
        for width in [60, 80, 100] {
            await console.send(.terminal(.resized(Size(width: width, height: 24))))
            #expect(console.shows("read-only"), "\(width)")
        }
        await console.press(.down, .character("c"))
        #expect(!console.hasOverlay)
        #expect(console.toasts.first?.contains("read-only") == true)
        #expect(console.client.calls(of: CancelExecution.self).isEmpty)
    }

    @Test func whatOneMayNotIsNotOfferedAndRefusedWithAReason() async {
        let client = Fixtures.client(permissions: Role.viewer.permissions)
        var console = await ConsoleTester.open(client: client)
        #expect(!console.shows("c cancel"))
        await console.press(.down, .character("c"))
        #expect(
            console.toasts == [
                "This needs the permission workflow:execute, which the role operator, user, admin "
                    + "or super_admin has; ask an administrator for it."
            ])
        await console.type(":run lead\n")
        #expect(console.client.calls(of: ExecuteWorkflow.self).isEmpty)
    }

    // MARK: Copying

    @Test func copiesAndSaysSo() async {
        var console = await ConsoleTester.open()
        await console.press(.down, .character("y"))
        #expect(console.shows("execution id"))
        await console.press(.enter)
        let id = Fixtures.executions[1].id.description
        #expect(console.work == [.copy(id, label: "execution id")])
        await console.send(.copied(.program("tmux"), label: "execution id", text: id))
        #expect(console.toasts == ["Copied execution id with tmux"])
    }

    @Test func offersAFileWhenNothingCouldBeCopied() async {
        var console = await ConsoleTester.open()
        await console.send(.copied(.failed("no clipboard"), label: "id", text: "abc"))
        #expect(console.shows("Nothing was copied"))
        await console.press(.character("y"))
        #expect(console.work == [.save("abc", name: "auterity-copy.txt")])
    }

    @Test func copiesAViewAsACall() async {
        var console = await ConsoleTester.open()
        await console.type(":health\n")
        await console.press(.character("Y"))
        #expect(console.shows("GET /api/monitoring/health"))
        #expect(console.shows("auterity --once --screen 'health'"))
    }
}
