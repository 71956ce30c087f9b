import AuterityAPI
import AuterityClient
import TerminalUI
import Testing

@testable import AuterityTUI

/// From one server to another, and what guards them.
@Suite struct SwitchingTests {
    private static let production = ServerProfile(
        name: "production", address: "https://auterity.example.com", confirmsChanges: true)
    private static let staging = ServerProfile(
        name: "staging", address: "https://staging.example.com", theme: "other")
    private static let history = ServerProfile(
        name: "history", address: "https://old.example.com", isReadOnly: true)

    private static func open(at server: ServerProfile = .thisMachine) async -> ConsoleTester {
        var console = await ConsoleTester.open(server: server)
        await console.send(.servers(all))
        return console
    }

    private static let all = [ServerProfile.thisMachine, production, staging, history]

    /// The command, and the list of servers as it is by then.
    private static func go(
        to name: String, _ console: inout ConsoleTester, among servers: [ServerProfile] = all
    ) async {
        await console.type(":profile \(name)\n")
        #expect(console.work.last == .listServers)
        await console.send(.servers(servers))
    }

    private static func stagingClient() -> FakeClient {
        Fixtures.client(
            executions: [Fixtures.execution(50, "Staged Inquiry")], workflows: [],
            place: .network, name: "staging.example.com")
    }

    // MARK: Going

    @Test func aProfileIsGoneToByNameWithCompletion() async {
        var console = await Self.open()
        await console.type(":profile st\t")
        #expect(console.shows(":profile staging"))
        await console.press(.enter)
        await console.send(.servers(Self.all))
        #expect(console.work == [.listServers, .open(Self.staging)])
        #expect(console.shows("Connecting to staging…"))
        #expect(console.lines[0].contains("embedded"))
        let client = Self.stagingClient()
        await console.send(.opened(client, of: Self.staging))
        #expect(console.lines[0].contains("◆ staging"))
        #expect(console.model.theme.name == "other")
        #expect(console.work.contains(.leave(.thisMachine)))
        #expect(Schedule.activities(of: console.model).contains(.feed(number: 1)))
    }

    @Test func aListOfServersIsAKeyAway() async {
        var console = await Self.open()
        await console.press(.character("P"))
        #expect(console.work == [.listServers])
        await console.send(.servers([.thisMachine, Self.production, Self.history]))
        #expect(console.shows("this machine"))
        #expect(console.shows("asks its name"))
        #expect(console.shows("read-only"))
        await console.type("hist\n")
        #expect(console.work.last == .open(Self.history))
    }

    @Test func viewsDoNotLeakFromOneServerToTheOther() async {
        var console = await Self.open()
        await console.type("2/lead\n")
        await console.type(":logs boom\n")
        let here = console.model.trail.destinations
        await console.send(.opened(Self.stagingClient(), of: Self.staging))
        #expect(console.model.trail.destinations == [.overview])
        #expect(!console.shows("/lead"))
        #expect(!console.shows("Price Optimization"))
        #expect(console.model.requests.isEmpty)
        await console.send(.feed([.connection(.live)]))
        await Self.go(to: "-", &console)
        #expect(console.work.last == .open(.thisMachine))
        await console.send(.opened(Fixtures.client(), of: .thisMachine))
        #expect(console.model.trail.destinations == here)
        #expect(console.model.theme.name == Theme.midnight.name)
        // The first takes the filter of the log away, which has come back too.
        await console.press(.escape, .escape)
        #expect(console.shows("/lead"), "\(console.text)")
    }

    @Test func anAnswerOfTheOldServerIsNoneOfTheNew() async {
        var console = await Self.open()
        console.holdsCalls = true
        await console.type(":alerts\n")
        let numbers = console.model.requests.keys.sorted()
        #expect(!numbers.isEmpty)
        await console.send(.opened(Self.stagingClient(), of: Self.staging))
        #expect(Set(console.model.requests.keys).isDisjoint(with: numbers))
    }

    @Test func aFailedSwitchLeavesOneWhereOneWas() async {
        var console = await Self.open()
        await console.type(":alerts\n")
        await Self.go(to: "staging", &console)
        await console.send(.openingFailed("No connection to staging", of: Self.staging))
        #expect(console.model.trail.destinations == [.overview, .alerts])
        #expect(console.lines[0].contains("embedded"))
        #expect(!console.shows("Connecting"))
        #expect(console.shows("staging is not reached"))
        #expect(console.shows("No connection to staging"))
        #expect(console.shows("You are still at this machine."))
        #expect(!console.shows("Password"))
        await console.press(.tab, .enter)
        #expect(console.work.last == .open(Self.staging))
        await console.send(.openingFailed("No connection to staging", of: Self.staging))
        await console.press(.character("o"))
        #expect(console.work.last == .listServers)
        await console.send(.openingFailed("No connection to staging", of: Self.staging))
        await console.press(.enter)
        #expect(!console.hasOverlay)
        #expect(console.lines[0].contains("embedded"))
    }

    @Test func aFailedSwitchDoesNotTakeTheKeysOfWhatIsBeingTyped() async {
        var console = await Self.open()
        await Self.go(to: "staging", &console)
        await console.type("2/lea")
        await console.send(.openingFailed("No connection to staging", of: Self.staging))
        #expect(
            console.toasts == [
                "staging: No connection to staging. You are still at this machine"
            ])
        await console.type("d")
        #expect(console.shows("/lead"))
    }

    @Test func aServerThatAsksWhoOneIsIsGoneToAfterTheLogin() async {
        var console = await Self.open()
        await Self.go(to: "staging", &console)
        await console.send(
            .openingFailed("Nobody is logged in", of: Self.staging, needsLogin: true))
        #expect(console.shows("Log in to staging"))
        #expect(console.lines[0].contains("embedded"))
        await console.press(.escape)
        #expect(console.lines[0].contains("● live"))
        await console.send(
            .openingFailed("Nobody is logged in", of: Self.staging, needsLogin: true))
        await console.send(.loggedIn(Self.staging))
        #expect(console.work.last == .open(Self.staging))
    }

    @Test func aNameThatIsNoProfileIsToldWithThoseThereAre() async {
        var console = await Self.open()
        await Self.go(to: "nope", &console)
        #expect(console.toasts.first?.contains("there are this machine, production") == true)
        #expect(console.work == [.listServers])
    }

    @Test func aProfileIsTheOneThatTheFileHasByNow() async {
        var console = await Self.open()
        let new = ServerProfile(name: "new", address: "https://new.example.com")
        var guarded = Self.staging
        guarded.isReadOnly = true
        await Self.go(to: "new", &console, among: Self.all + [new])
        #expect(console.work.last == .open(new))
        await Self.go(to: "staging", &console, among: [.thisMachine, guarded])
        #expect(console.work.last == .open(guarded))
    }

    @Test func anotherAccountDoesNotFindTheViewOfTheOneBefore() async {
        var console = await Self.open()
        await console.type(":alerts\n")
        await console.send(.opened(Self.stagingClient(), of: Self.staging))
        let other = FakeClient(name: "embedded · auterity.db")
        await console.send(.opened(SomebodyElse(client: other), of: .thisMachine))
        #expect(console.model.trail.destinations == [.overview])
    }

    private struct SomebodyElse: Client {
        let client: FakeClient

        var identity: ClientIdentity {
            ClientIdentity(name: "embedded · auterity.db", user: "bob", permissions: [])
        }

        func send<Call: Endpoint>(_ call: Call) async throws(APIError) -> Call.Response {
            try await client.send(call)
        }

        func feed(after id: Int64?) -> AsyncStream<FeedItem> { client.feed(after: id) }
    }

    // MARK: Guards

    @Test func aReadOnlyProfileTakesChangesAwayAndSaysSo() async {
        var console = await Self.open(at: Self.history)
        #expect(console.lines[0].contains("read-only"))
        #expect(!console.shows("c cancel"))
        await console.press(.down, .character("c"))
        #expect(
            console.toasts == ["The profile history is read-only: nothing can be changed there."])
        await console.type(":run lead a=b\n")
        #expect(console.client.calls(of: ExecuteWorkflow.self).isEmpty)
    }

    @Test func aChangeWaitsForTheNameOfTheProfile() async {
        var console = await Self.open(at: Self.production)
        await console.press(.down, .character("c"), .character("y"))
        #expect(console.shows("Change production?"))
        #expect(console.client.calls(of: CancelExecution.self).isEmpty)
        await console.press(.character("p"), .character("r"), .enter)
        #expect(console.shows("Change production?"))
        #expect(console.shows("That is not the name: nothing is done"))
        #expect(console.client.calls(of: CancelExecution.self).isEmpty)
        await console.type("o")
        #expect(!console.shows("That is not the name"))
        await console.press(.escape)
        #expect(console.toasts == ["Nothing was changed: the name was not confirmed"])
        #expect(console.client.calls(of: CancelExecution.self).isEmpty)
        await console.press(.character("c"), .character("y"))
        await console.type("production\n")
        #expect(console.client.calls(of: CancelExecution.self).count == 1)
    }

    @Test func severalChangesAreOneQuestion() async {
        var console = await Self.open(at: Self.production)
        await console.type("2*")
        await console.press(.character("c"), .character("y"))
        #expect(console.shows("3 times"))
        await console.type("production\n")
        #expect(console.client.calls(of: CancelExecution.self).count == 3)
    }

    @Test func noDemoIsLoadedWhereEachChangeIsAskedFor() async {
        var console = await Self.open(at: Self.production)
        await console.type(":demo\n")
        #expect(!console.work.contains(.startDemo))
        #expect(console.toasts.first?.contains("no place for a demo") == true)
    }

    @Test(arguments: [staging, production])
    func theDemoIsOfferedWhereItCanBeLoaded(server: ServerProfile) async {
        let console = await ConsoleTester.open(
            client: Fixtures.client(executions: [], workflows: []), server: server)
        #expect(console.shows("Nothing is here yet."))
        #expect(console.shows("load the demo") == !server.confirmsChanges)
        #expect(console.shows("d demo") == !server.confirmsChanges)
    }

    @Test func readingNeverAsks() async {
        var console = await Self.open(at: Self.production)
        await console.type(":health\n")
        await console.type(":alerts\n")
        #expect(!console.hasOverlay)
    }
}
