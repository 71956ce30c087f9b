import AuterityAPI
import AuterityClient
import TerminalUI
import Testing

@testable import AuterityTUI

/// The console while the line to its server is broken, and when it is back.
@Suite struct OfflineTests {
    @Test func theScreenNeverSaysLiveWhenItIsNot() async {
        var console = await ServerTests.open()
        let states: [ConnectionState] = [
            .retrying(inSeconds: 1, reason: "gone"), .connecting,
            .retrying(inSeconds: 2, reason: "gone"), .connecting, .resynchronizing,
        ]
        for state in states {
            await console.send(.feed([.connection(state)]))
            #expect(!console.lines[0].contains("live"), "\(state)")
            #expect(console.frame[3, 4]?.style.attributes.contains(.dim) == true, "\(state)")
        }
        await console.send(.feed([.connection(.live)]))
        #expect(console.lines[0].contains("live"))
        #expect(console.frame[3, 4]?.style.attributes.contains(.dim) == false)
    }

    @Test func theBannerTellsTheAgeTheReasonAndTheKey() async {
        var console = await ServerTests.open()
        console.client.fail(
            GetCurrentUser.self, with: APIError(.serviceUnavailable, "No connection"))
        await console.send(ServerTests.lost)
        #expect(console.lines[1].contains("Offline, next try in 4 s, Ctrl-R now"))
        #expect(console.lines[1].contains("No connection to auterity.example.com"))
        #expect(await console.fire("banner", after: 3))
        #expect(console.lines[1].contains("next try in 1 s"))
        #expect(console.lines[1].contains("3s old"))
    }

    /// A login that was put off, and each state on the way back: an age that stands still would
    /// make old data look fresh.
    @Test(arguments: [
        ConnectionState.refused(reason: "The session has ended"),
        .retrying(inSeconds: 300, reason: "No connection"), .connecting, .resynchronizing,
    ])
    func theAgeGoesOnInEveryStateThatShowsIt(state: ConnectionState) async {
        var console = await ServerTests.open()
        console.client.fail(
            GetCurrentUser.self, with: APIError(.serviceUnavailable, "No connection"))
        await console.send(ServerTests.lost)
        await console.send(.feed([.connection(state)]))
        await console.press(.escape)
        #expect(console.lines[1].contains("0s old"), "\(console.lines[1])")
        for second in 1...20 {
            #expect(await console.fire("banner"), "\(second)")
        }
        #expect(console.lines[1].contains("20s old"), "\(console.lines[1])")
        await console.send(.feed([.connection(.live)]))
        #expect(await console.fire("banner") == false)
    }

    /// Where minutes are shown, and nothing counts down, nobody needs a wake-up each second.
    @Test func anAgeOfMinutesIsToldMoreSeldom() async {
        var console = await ServerTests.open()
        await console.send(.feed([.connection(.refused(reason: "The session has ended"))]))
        await console.press(.escape)
        func interval() -> Duration? {
            for case .timer(_, "banner", let every) in Schedule.activities(of: console.model) {
                return every
            }
            return nil
        }
        #expect(interval() == .seconds(1))
        #expect(await console.fire("banner", after: 60))
        #expect(interval().map { $0 > .seconds(1) && $0 <= .seconds(30) } == true)
        #expect(await console.fire("banner", after: 60))
        #expect(console.lines[1].contains("2m old"))
    }

    /// Every pane tells its age and is dim as a whole; what is bold would not look so.
    @Test(arguments: ["", ":health\n", ":alerts\n", ":logs\n"])
    func whatIsOldIsDimAndTellsItsAge(way: String) async {
        var console = await ServerTests.open()
        await console.type(way)
        await console.send(ServerTests.lost)
        #expect(!console.model.line.isLive)
        let frame = console.frame
        let top = 1 + console.model.banner(columns: 120, rows: 32).count
        for y in top..<31 {
            for cell in frame.row(y) where cell.character != " " {
                let attributes = cell.style.attributes
                #expect(
                    attributes.contains(.dim) && !attributes.contains(.bold),
                    "\(cell.character) in row \(y)")
            }
        }
        let ages = console.text.components(of: "last seen").count - 1
        #expect(ages == (way.isEmpty ? 4 : way.contains("health") ? 2 : 1), "\(console.text)")
    }

    @Test func aCommentStaysUntilItCanBeSent() async {
        let client = ServerTests.remote(.operator)
        Story.waiting.answer(in: client)
        client.answer(ApproveExecution.self, with: Story.waiting.execution)
        var console = await ConsoleTester.open(client: client, server: ServerTests.staging)
        await console.type(":execution \(Story.id)\n")
        await console.type("ago ahead")
        client.fail(GetCurrentUser.self, with: APIError(.serviceUnavailable, "No connection"))
        await console.send(ServerTests.lost)
        await console.press(.enter)
        #expect(console.shows("go ahead"))
        #expect(console.toasts.last?.contains("nothing was sent") == true)
        client.answer(GetCurrentUser.self, with: ServerTests.user(.operator))
        await console.send(.feed([.connection(.live)]))
        #expect(client.calls(of: ApproveExecution.self).isEmpty)
        await console.press(.enter)
        #expect(client.calls(of: ApproveExecution.self).map(\.comment) == ["go ahead"])
    }

    @Test(arguments: [(80, 24), (60, 20), (40, 24)])
    func theReasonOfALostConnectionIsReadInWhole(width: Int, height: Int) async {
        let reason =
            "No connection to auterity.example.com: Connection refused. Check that the server "
            + "runs, and its address"
        var console = await ServerTests.open(width: width, height: height)
        console.client.fail(GetCurrentUser.self, with: APIError(.serviceUnavailable, reason))
        await console.send(
            .feed([.connection(.retrying(inSeconds: 4, reason: reason))]))
        let rows = console.model.banner(columns: width, rows: height).count
        let banner = console.lines[1...rows].joined(separator: " ").split(separator: " ")
            .joined(separator: " ")
        #expect(banner.contains(reason), "\(banner)")
        #expect(banner.contains("Offline, next try in 4 s, Ctrl-R now"), "\(banner)")
        #expect(console.lines[rows + 1].contains("1 Workflows"))
        // Another second does not move the screen.
        #expect(await console.fire("banner", after: 100))
        #expect(console.model.banner(columns: width, rows: height).count == rows)
    }

    @Test func aLowTerminalHasOneRowForTheReason() async {
        var console = await ServerTests.open(width: 80, height: 7)
        await console.send(ServerTests.lost)
        #expect(console.lines[1].contains("next try in 4 s, Ctrl-R now · No connection to"))
        #expect(!console.lines[2].contains("Offline"))
    }

    @Test func whatIsAskedForWhileOfflineSaysThatItWaits() async {
        var console = await ServerTests.open()
        let error = APIError(.serviceUnavailable, "No connection")
        console.client.fail(GetCurrentUser.self, with: error)
        await console.send(ServerTests.lost)
        console.holdsCalls = true
        await console.type("1\n")
        #expect(console.shows("offline: waiting for the server"))
        #expect(!console.shows("loading"))
    }

    @Test func aFormThatCouldNotBeSentIsNotOpened() async {
        var console = await ServerTests.open()
        let error = APIError(.serviceUnavailable, "No connection")
        console.client.fail(GetCurrentUser.self, with: error)
        await console.send(ServerTests.lost)
        for keys in ["1x", "2c", "3i", ":run lead\n"] {
            await console.type(keys)
            #expect(console.model.trail.destinations == [.overview], "\(keys)")
            #expect(!console.hasOverlay, "\(keys)")
            #expect(
                console.toasts.contains {
                    $0.hasPrefix("Offline: the server is not reached")
                        && $0.contains("nothing was sent")
                }, "\(keys)")
        }
    }

    @Test func aFormThatCouldNotBeReadIsReadWhenTheLineIsBack() async {
        var console = await ServerTests.open()
        console.holdsCalls = true
        await console.type("1x")
        #expect(console.shows("loading"))
        await console.send(ServerTests.lost)
        #expect(console.shows("offline: waiting for the server"))
        console.holdsCalls = false
        await console.send(.feed([.connection(.connecting), .connection(.live)]))
        #expect(!console.shows("loading"))
        #expect(!console.shows("waiting for the server"))
    }

    @Test func workflowsThatSomebodyElseChangedAreReadEachMinute() async {
        var console = await ServerTests.open()
        let before = console.client.calls(of: ListWorkflows.self).count
        await console.send(.clock)
        #expect(console.client.calls(of: ListWorkflows.self).count == before + 1)
    }

    @Test func aServerThatAnswersWithoutEventsIsNotCalledOffline() async {
        var console = await ServerTests.open()
        await console.send(ServerTests.lost)
        #expect(console.lines[1].contains("No events"))
        await console.press(.down, .character("c"), .character("y"))
        #expect(console.client.calls(of: CancelExecution.self).count == 1)
    }

    @Test func changesAreNotSentWhileOffline() async {
        var console = await ServerTests.open()
        console.client.fail(
            GetCurrentUser.self, with: APIError(.serviceUnavailable, "No connection"))
        await console.send(ServerTests.lost)
        await console.press(.down, .character("c"))
        #expect(!console.hasOverlay)
        #expect(console.client.calls(of: CancelExecution.self).isEmpty)
        #expect(console.toasts.contains { $0.contains("nothing was sent") })
        await console.send(.feed([.connection(.connecting), .connection(.live)]))
        await console.press(.character("c"), .character("y"))
        #expect(console.client.calls(of: CancelExecution.self).count == 1)
    }

    @Test func aKeyTriesTheConnectionAtOnce() async {
        var console = await ServerTests.open()
        await console.send(ServerTests.lost)
        #expect(Schedule.activities(of: console.model).contains(.feed(number: 0)))
        await console.press(.control("r"))
        #expect(Schedule.activities(of: console.model).contains(.feed(number: 1)))
        #expect(console.lines[0].contains("connecting"))
        let before = console.client.calls(of: ListExecutions.self).count
        await console.send(.feed([.connection(.live)]))
        #expect(console.client.calls(of: ListExecutions.self).count == before + 1)
    }

    /// What was seen stays, and filters go on working on it; nothing says that it is in an order
    /// that nobody could be asked for.
    @Test func filtersAndOrdersKeepWhatWasSeen() async {
        var console = await ServerTests.open()
        let away = APIError(.serviceUnavailable, "No connection")
        console.client.fail(GetCurrentUser.self, with: away)
        console.client.fail(ListExecutions.self, with: away)
        await console.send(ServerTests.lost)
        await console.type("2/status:failed")
        #expect(console.shows("SMTP 550"))
        #expect(!console.shows("cancelled"))
        #expect(console.shows("/status:failed · of 6 seen"))
        await console.press(.escape)
        #expect(console.shows("SMTP 550"))
        #expect(console.shows("cancelled"))
        await console.type("s")
        #expect(console.shows("cancelled"))
        #expect(!console.shows("STATUS ▲"))
        await console.type("/nothing-has-this")
        #expect(!console.shows("SMTP 550"))
        #expect(console.shows("No connection"))
        await console.press(.escape)
        #expect(console.shows("SMTP 550"))
    }

    @Test func aTokenThatIsRenewedIsNoLostConnection() async {
        var console = await ServerTests.open()
        await console.send(.feed([.connection(.connecting)]))
        #expect(!console.lines[0].contains("live"))
        #expect(!console.shows("Offline"))
        let before = console.client.calls(of: ListExecutions.self).count
        await console.send(.feed([.connection(.live)]))
        #expect(console.toasts.isEmpty)
        #expect(console.client.calls(of: ListExecutions.self).count == before + 1)
    }

    @Test func aSocketWhoseServerIsGoneIsOpenedAgainAsTheStore() async {
        let attached = Fixtures.client(place: .socket, name: "attached · auterity.sock")
        var console = await ConsoleTester.open(client: attached)
        #expect(console.lines[0].contains("attached · auterity.sock"))
        await console.send(ServerTests.lost)
        await console.press(.control("r"))
        #expect(console.work == [.open(.thisMachine)])
        await console.send(.openingFailed("The store is locked", of: .thisMachine))
        #expect(console.shows("Parts Inquiry"))
        await console.send(.opened(Fixtures.client(), of: .thisMachine))
        await console.send(.feed([.connection(.live)]))
        #expect(console.lines[0].contains("embedded"))
        #expect(console.toasts.contains("The connection is back"))
    }
}

extension String {
    fileprivate func components(of separator: String) -> [Substring] {
        split(separator: separator, omittingEmptySubsequences: false)
    }
}
