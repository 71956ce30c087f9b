import AuterityAPI
import AuterityClient
import TerminalUI
import Testing

@testable import AuterityTUI

/// What a server says of itself: its time and its version.
@Suite struct ServerFactsTests {
    @Test(arguments: [(3600.0, "1h", "ahead of"), (-3600, "1h", "behind")])
    func aClockThatIsOffIsSaidOnceAndAgesGoByTheServers(
        seconds: Double, span: String, side: String
    ) async {
        let there = Fixtures.now.adding(seconds: seconds)
        let row = ExecutionSummary(
            id: Fixtures.id(1), workflowID: Fixtures.id(2), workflowName: "Parts Inquiry",
            status: .running, progress: 25, currentStep: nil,
            startedAt: there.adding(seconds: -120), completedAt: nil, error: nil)
        let client = Fixtures.client(
            executions: [row], roles: [.superAdmin], place: .network, name: "a.example.com")
        client.answer(GetCurrentUser.self, with: ServerTests.user(.superAdmin))
        client.answer(GetHealth.self, with: Self.health(at: there))
        var console = await ConsoleTester.open(client: client, server: ServerTests.production)
        let said = console.toasts.filter { $0.contains("The clock of production") }
        #expect(said.count == 1)
        #expect(said.first?.contains("is \(span) \(side) this machine's") == true, "\(said)")
        let shown = console.lines.first { $0.contains("▶ running") } ?? ""
        #expect(shown.contains("2m"), "\(shown)")
        #expect(console.lines[0].contains("14:03"))
        await console.send(.feed([.connection(.connecting), .connection(.live)]))
        #expect(console.model.notices.filter { $0.text.contains("The clock of") }.count == 1)
        await console.send(ServerTests.lost)
        #expect(console.shows("last seen 14:03:27"))
    }

    @Test func aServerThatWasUpgradedSaysSo() async {
        var console = await ServerTests.open()
        console.client.answer(
            GetHealth.self, with: Self.health(at: Fixtures.now, version: "2.0.0"))
        await console.send(ServerTests.lost)
        await console.send(.feed([.connection(.connecting), .connection(.live)]))
        #expect(console.toasts.contains("production runs version 2.0.0 now; it was 1.2.3"))
    }

    private static func health(at moment: Timestamp, version: String = "1.2.3") -> Health {
        let health = Fixtures.health
        return Health(
            status: health.status, timestamp: moment, version: version,
            environment: health.environment, services: health.services)
    }
}
