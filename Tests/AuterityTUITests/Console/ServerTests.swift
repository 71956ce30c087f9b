import AuterityAPI
import AuterityClient
import TerminalUI
import Testing

@testable import AuterityTUI

/// The console on servers elsewhere: which one it is, how the line is, who one is, and the way
/// from one to another.
@Suite struct ServerTests {
    typealias Role = AuterityAPI.Role

    static let production = ServerProfile(
        name: "production", address: "https://auterity.example.com",
        color: .rgb(red: 0xB0, green: 0, blue: 0x20))
    static let staging = ServerProfile(
        name: "staging", address: "https://staging.example.com", theme: "other",
        email: "ann@example.com")

    static func remote(
        _ role: Role = .superAdmin, workflows: [WorkflowSummary] = Fixtures.workflows
    ) -> FakeClient {
        let client = Fixtures.client(
            workflows: workflows, permissions: role.permissions, roles: [role], place: .network,
            name: "auterity.example.com")
        client.answer(GetCurrentUser.self, with: user(role))
        return client
    }

    static func user(_ role: Role) -> CurrentUser {
        CurrentUser(
            User(
                id: UserID.numbered(7), email: "ada", firstName: "", lastName: "", company: "",
                isActive: true, createdAt: Fixtures.now, roles: [role]),
            permissions: role.permissions)
    }

    static func open(
        _ role: Role = .superAdmin, at server: ServerProfile = production, width: Int = 120,
        height: Int = 32
    ) async -> ConsoleTester {
        var console = await ConsoleTester.open(
            client: remote(role), width: width, height: height, server: server)
        await console.send(.servers([.thisMachine, production, staging]))
        return console
    }

    static let lost = Message.feed([
        .connection(.retrying(inSeconds: 4, reason: "No connection to auterity.example.com"))
    ])

    // MARK: The header

    @Test func theHeaderNamesTheServerAndHowLongItsCallsTake() async {
        let console = await Self.open()
        #expect(console.lines[0].contains("◆ production"))
        #expect(console.lines[0].contains("● live 2 ms"))
    }

    @Test func whatIsNotMeasuredIsNotShown() async {
        let embedded = await ConsoleTester.open()
        #expect(embedded.lines[0].contains("● live"))
        #expect(!embedded.lines[0].contains(" ms"))
        var console = await Self.open()
        await console.send(Self.lost)
        #expect(!console.lines[0].contains(" ms"))
    }

    @Test func theHeaderHasTheColourOfTheProfile() async {
        let console = await Self.open()
        for x in [0, 12, 60, 119] {
            #expect(console.frame[x, 0]?.style.background == Self.production.color)
        }
        let plain = await Self.open(at: Self.staging)
        #expect(plain.frame[0, 0]?.style.background != Self.production.color)
    }

    @Test(arguments: Theme.headerColors) func textIsReadableOnEveryColour(color: Color) async {
        var server = Self.production
        server.color = color
        var console = await Self.open(at: server)
        await console.send(Self.lost)
        for x in 0..<120 {
            guard let cell = console.frame[x, 0], cell.character != " " else { continue }
            let contrast = cell.style.foreground.contrast(with: cell.style.background) ?? 0
            #expect(contrast >= 4.5, "\(cell.character) on \(color)")
        }
    }

    /// Two consoles that are attached to different stores must not look the same: the path gives
    /// way from the left, and its end is always there.
    @Test(arguments: [
        (200, "◆ attached · ~/sites/frankfurt/auterity/production"),
        (80, "◆ attached · ~/sites/frankfurt/auterity/production"),
        (60, "…/production"), (40, "production"),
    ])
    func anAttachedConsoleNamesTheStore(width: Int, name: String) async {
        let client = Fixtures.client(
            place: .socket, name: "attached · ~/sites/frankfurt/auterity/production")
        var console = await ConsoleTester.open(client: client, width: width, height: 24)
        #expect(console.lines[0].contains(name), "\(console.lines[0])")
        #expect(console.lines[0].contains("● live"), "\(console.lines[0])")
        await console.type(":alerts\n")
        #expect(console.lines[0].contains("production"), "\(console.lines[0])")
        #expect(console.lines[0].contains("● live"), "\(console.lines[0])")
        if width >= 60 { #expect(console.lines[0].contains("▸ alerts"), "\(console.lines[0])") }
    }

    @Test(arguments: [200, 120, 80, 60, 40, 30])
    func whichServerItIsAndHowTheLineIsAlwaysFit(width: Int) async {
        var console = await Self.open(width: width, height: 24)
        #expect(console.lines[0].contains("production"), "\(console.lines[0])")
        #expect(console.lines[0].contains("● live"), "\(console.lines[0])")
        await console.type(":alerts\n")
        #expect(console.lines[0].contains("production"), "\(console.lines[0])")
        await console.send(Self.lost)
        #expect(console.lines[0].contains("⚠"), "\(console.lines[0])")
        #expect(console.lines[0].contains("4 s"), "\(console.lines[0])")
    }

    /// The trail gives way to the name and to how the line is, the beginning of it first.
    @Test(arguments: [80, 70, 60, 50, 40]) func aLongTrailGivesWayToTheState(width: Int) async {
        var console = await Self.open(width: width, height: 24)
        await console.type(":alerts\n")
        await console.type(":logs\n")
        await console.type(":workflow \(Fixtures.workflows[0].id)\n")
        await console.type(":execution \(Fixtures.executions[0].id)\n")
        let header = console.lines[0]
        #expect(header.contains("◆ production"), "\(header)")
        #expect(header.contains("● live 2 ms"), "\(header)")
        let end = console.model.trail.top.screen.title.suffix(3)
        #expect(header.contains(end), "\(header)")
    }

    @Test func whatLiesBetweenGoesFromTheMiddleOfTheTrail() async {
        var console = await Self.open(width: 66, height: 24)
        for name in ["alerts", "logs", "health", "messages", "about"] {
            await console.type(":\(name)\n")
        }
        #expect(console.lines[0].contains("◆ production ▸ alerts ▸ … ▸ about"))
    }

    // MARK: Who one is

    /// Without `system:monitor` one sees the alerts of workflows; where there is none the server
    /// refuses, which is no fault of anybody's.
    @Test(arguments: [Role.viewer, .user], [":alerts\n", ":health\n"])
    func whoSeesNoAlertSeesAnEmptyList(role: Role, way: String) async {
        var console = await Self.open(role)
        console.client.fail(
            ListAlerts.self, with: APIError(.forbidden, "You lack the permission system:monitor"))
        await console.type(way)
        #expect(console.shows("no alerts of workflows"))
        #expect(!console.shows("You lack"), "\(console.text)")
        console.client.fail(
            ListAlerts.self, with: APIError(.serviceUnavailable, "The store is busy"))
        await console.press(.control("r"))
        #expect(console.shows("The store is busy"), "\(console.text)")
    }

    @Test(arguments: [
        (Role.viewer, false, false), (.operator, true, false), (.admin, true, true),
    ])
    func hintsAreThoseOfTheRole(role: Role, mayRun: Bool, mayCreate: Bool) async {
        var console = await Self.open(role)
        await console.type("1")
        #expect(console.shows("x run") == mayRun)
        await console.type("3")
        #expect(console.shows("i use") == mayCreate)
        let commands = CommandList.offered(to: console.model.access).map(\.name)
        #expect(commands.contains("run") == mayRun)
        let palette = console.model.palette.options.map(\.label)
        #expect(palette.contains { $0.hasPrefix("Run a workflow") } == mayRun)
    }

    @Test func whatTheRoleMayNotIsExplainedByRole() async {
        var console = await Self.open(.viewer)
        await console.type("1x")
        #expect(
            console.toasts == [
                "This needs the permission workflow:execute, which the role operator, user, admin "
                    + "or super_admin has; you are viewer."
            ])
        #expect(console.client.calls(of: ExecuteWorkflow.self).isEmpty)
    }

    @Test func aRoleThatHasChangedIsSeenAtTheNextRefusal() async {
        var console = await Self.open(.viewer)
        console.client.answer(GetCurrentUser.self, with: Self.user(.operator))
        await console.type("1x")
        #expect(console.toasts.contains("Your role is now: operator"))
        #expect(console.shows("x run"))
    }

    @Test func aRoleThatChangesIsToldAtOnce() async {
        var console = await Self.open(.viewer)
        await console.type("1")
        #expect(!console.shows("x run"))
        console.client.answer(GetCurrentUser.self, with: Self.user(.operator))
        await console.send(.feed([.accountChanged]))
        #expect(console.toasts == ["Your role is now: operator"])
        #expect(console.shows("x run"))
        console.client.answer(GetCurrentUser.self, with: Self.user(.viewer))
        await console.send(.feed([.accountChanged]))
        #expect(!console.shows("x run"))
    }

    @Test func aRoleThatChangedWhileTheLineWasBrokenIsSeenWhenItIsBack() async {
        var console = await Self.open(.viewer)
        console.client.answer(GetCurrentUser.self, with: Self.user(.operator))
        await console.send(.feed([.connection(.connecting), .connection(.live)]))
        #expect(console.toasts.contains("Your role is now: operator"))
    }

    @Test func theServersNoIsHeard() async {
        var console = await Self.open(.operator)
        console.client.fail(CancelExecution.self, with: APIError(.forbidden, "You lack it"))
        console.client.answer(GetCurrentUser.self, with: Self.user(.viewer))
        await console.press(.down, .character("c"), .character("y"))
        #expect(console.toasts.contains("Your role is now: viewer"))
        #expect(!console.shows("c cancel"))
    }

    // MARK: Logging in

    @Test func anEndedSessionAsksForThePasswordInFrontOfTheScreen() async throws {
        var console = await Self.open(at: Self.staging)
        await console.send(.feed([.connection(.refused(reason: "The session has ended"))]))
        #expect(console.shows("Log in to staging"))
        // Who one was goes before who is said to have been there last.
        #expect(console.shows("Email     ada"))
        #expect(console.shows("1 Workflows"))
        await console.type("s3cret")
        #expect(!console.shows("s3cret"))
        await console.press(.enter)
        var asked = Self.staging
        asked.email = "ada"
        #expect(
            console.work == [
                .login(asked, email: "ada", password: "s3cret")
            ])
        guard case .login(let form)? = console.model.overlay else {
            Issue.record("the form has gone")
            return
        }
        #expect(form.password.isEmpty)
        await console.send(.loginFailed(Self.staging, "The email or the password is wrong"))
        #expect(console.shows("The email or the password is wrong"))
        await console.send(.loggedIn(Self.staging))
        #expect(!console.hasOverlay)
        #expect(Schedule.activities(of: console.model).contains(.feed(number: 1)))
        await console.send(.feed([.connection(.live)]))
        #expect(console.lines[0].contains("live"))
    }

    @Test func escapeLeavesItOfflineAndAKeyAsksAgain() async {
        var console = await Self.open()
        await console.send(.feed([.connection(.refused(reason: "The session has ended"))]))
        await console.press(.escape)
        #expect(!console.hasOverlay)
        #expect(console.lines[1].contains("Ctrl-R logs in"))
        #expect(console.shows("refused"))
        await console.press(.down, .character("c"), .character("y"))
        #expect(console.client.calls(of: CancelExecution.self).isEmpty)
        // The session may be another by now: that is found out before a password is asked for.
        await console.press(.escape, .control("r"))
        #expect(!console.hasOverlay)
        #expect(console.lines[0].contains("connecting"))
        #expect(Schedule.activities(of: console.model).contains(.feed(number: 1)))
        await console.send(.feed([.connection(.refused(reason: "The session is still over"))]))
        #expect(console.shows("Log in to production"))
        #expect(console.shows("The session is still over"))
        // What was asked for is shown also where something else is open.
        await console.press(.escape)
        await console.type("/lead")
        await console.press(.control("r"))
        await console.send(.feed([.connection(.refused(reason: "The session is still over"))]))
        #expect(console.shows("Log in to production"))
        await console.press(.escape, .control("r"))
        await console.type("s")
        await console.send(.feed([.connection(.refused(reason: "The session is still over"))]))
        #expect(!console.hasOverlay)
        #expect(console.shows("leads"))
    }

    @Test func aLoginThatWasMadeElsewhereIsTakenUp() async {
        var console = await Self.open()
        await console.send(.feed([.connection(.refused(reason: "The session has ended"))]))
        await console.type("s3")
        await console.press(.control("r"))
        // Meanwhile the form stays as it is.
        #expect(console.shows("Log in to production"))
        #expect(console.shows("••"))
        let before = console.client.calls(of: ListExecutions.self).count
        await console.send(.feed([.connection(.connecting), .connection(.live)]))
        #expect(!console.hasOverlay)
        #expect(console.lines[0].contains("live"))
        #expect(console.client.calls(of: ListExecutions.self).count == before + 1)
        // Who asked for the form keeps it.
        await console.type(":login\n")
        await console.send(.feed([.connection(.connecting), .connection(.live)]))
        #expect(console.shows("Log in to production"))
    }

    @Test func aFormThatIsOpenTellsTheNewReason() async {
        var console = await Self.open()
        await console.send(.feed([.connection(.refused(reason: "The session has ended"))]))
        await console.press(.control("r"))
        await console.send(.feed([.connection(.refused(reason: "Another store. Log in"))]))
        #expect(console.shows("Another store"))
        #expect(!console.shows("The session has ended"))
    }

    @Test func aCallThatIsRefusedForTheTokenAsksToo() async {
        var console = await Self.open()
        console.client.fail(
            ListAlerts.self, with: APIError(.tokenRevoked, "The session was ended"))
        await console.type(":alerts\n")
        #expect(console.shows("Log in to production"))
        #expect(console.lines[0].contains("refused"))
    }

    @Test func whatIsBeingTypedDoesNotEndUpInTheForm() async {
        var console = await Self.open()
        await console.type("/lead")
        await console.send(.feed([.connection(.refused(reason: "The session has ended"))]))
        #expect(!console.hasOverlay)
        await console.type("s")
        #expect(console.shows("leads"))
    }

    @Test func aServerThatIsNotReachedAsksForNoPassword() async {
        var console = ConsoleTester(
            client: Self.remote(), width: 80, height: 24,
            options: ConsoleOptions(themes: Fixtures.themes, server: Self.production))
        await console.send(.servers([.thisMachine, Self.production]))
        await console.send(.openingFailed("No connection to production", of: Self.production))
        #expect(console.shows("No connection to production"))
        #expect(console.shows("↵ try again   P or :profile other servers   q quit"))
        #expect(!console.shows("Password"))
        #expect(!console.shows("loading"))
        #expect(!console.shows("f follow"))
        await console.press(.enter)
        #expect(console.work.last == .open(Self.production))
    }

    @Test func oneDialogIsShownAtATime() async {
        var console = ConsoleTester(
            client: Self.remote(), width: 80, height: 24,
            options: ConsoleOptions(themes: Fixtures.themes, server: Self.production))
        await console.send(.servers([.thisMachine, Self.production]))
        // What is being typed is not taken away, and no letter of it becomes a password.
        await console.type(":prof")
        await console.send(
            .openingFailed("Nobody is logged in", of: Self.production, needsLogin: true))
        #expect(console.shows(":prof"))
        #expect(!console.shows("Password"))
        await console.press(.escape)
        #expect(console.shows("Not open"))
        #expect(console.shows("↵ log in"))
        await console.press(.character("P"))
        await console.send(.servers([.thisMachine, Self.production]))
        #expect(console.shows("Go to"))
        #expect(!console.shows("Not open"))
        await console.press(.escape, .enter)
        await console.send(
            .openingFailed("Nobody is logged in", of: Self.production, needsLogin: true))
        #expect(console.shows("Password"))
        #expect(!console.shows("Not open"))
    }

    @Test func whatNeedsNoServerIsReadWithoutOne() async {
        var console = ConsoleTester(
            client: Self.remote(), width: 80, height: 24,
            options: ConsoleOptions(themes: Fixtures.themes, server: Self.production))
        await console.send(.openingFailed("No connection to production", of: Self.production))
        await console.type(":messages\n")
        #expect(!console.shows("Not open"))
        #expect(console.shows("No connection to production"))
    }

    @Test func atTheStartTheFormStandsWhereTheFailureWouldBe() async {
        var console = ConsoleTester(
            client: Self.remote(),
            options: ConsoleOptions(themes: Fixtures.themes, server: Self.production))
        await console.send(
            .openingFailed("Nobody is logged in", of: Self.production, needsLogin: true))
        #expect(console.shows("Log in to production"))
        await console.type("ann@example.com\n")
        await console.type("s3cret\n")
        #expect(
            console.work == [
                .login(Self.production, email: "ann@example.com", password: "s3cret")
            ])
        await console.send(.loggedIn(Self.production))
        #expect(console.work.last == .open(Self.production))
    }
}

extension Theme {
    /// Colours that a header may have: the extremes, the terminal's own, and common ones.
    static let headerColors: [Color] =
        (0...15).map { .indexed($0) } + [
            .rgb(red: 0xB0, green: 0, blue: 0x20), .rgb(red: 0, green: 0x5F, blue: 0x87),
            .rgb(red: 0x80, green: 0x80, blue: 0x80), .rgb(red: 255, green: 255, blue: 255),
        ]
}
