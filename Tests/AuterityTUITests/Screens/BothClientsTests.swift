import AuterityAPI
import AuterityClient
import TerminalUI
import Testing

@testable import AuterityTUI

/// Every screen, drawn from one store by an embedded client, by one that is attached to the
/// server's socket, and by one over the network: what is seen is the same, but for what the
/// header says of the connection.
@Suite(.timeLimit(.minutes(30))) struct BothClientsTests {
    typealias Role = AuterityAPI.Role

    /// A way to a screen: what is typed, from the overview.
    private struct Way {
        let name: String
        let keys: String
    }

    private static func ways(_ store: ServedStore) -> [Way] {
        var ways = [Way(name: "overview", keys: "")]
        for name in ["health", "alerts", "logs", "messages", "help", "about", "perf"] {
            ways.append(Way(name: name, keys: ":\(name)\n"))
        }
        for pane in ["1", "3", "4"] { ways.append(Way(name: "pane \(pane)", keys: pane + "z")) }
        for (index, id) in store.executions.enumerated() {
            for tab in 0..<6 {
                let keys = ":execution \(id)\n" + String(repeating: "]", count: tab)
                ways.append(Way(name: "execution \(index), tab \(tab)", keys: keys))
            }
        }
        for tab in 0..<4 {
            let keys = ":workflow \(store.workflow)\n" + String(repeating: "]", count: tab)
            ways.append(Way(name: "workflow, tab \(tab)", keys: keys))
        }
        ways.append(Way(name: "run form", keys: "1x"))
        ways.append(Way(name: "template", keys: "3\n"))
        ways.append(Way(name: "wizard", keys: "3\ni"))
        return ways
    }

    private static func draw(
        _ way: Way, _ client: any Client, _ store: ServedStore, _ size: Size
    ) async -> [String] {
        let server = ServerProfile(name: "store", address: "https://auterity.example.com")
        var console = ConsoleTester(
            client: FakeClient(), width: size.width, height: size.height,
            options: ConsoleOptions(themes: Fixtures.themes, server: server, version: "1.2.3"),
            now: store.now)
        await console.send(.opened(StillMachine(client: client)))
        await console.send(.feed([.connection(.live)]))
        await console.type(way.keys)
        // Lists that wait a moment before they are read.
        for name in ["lists", "list"] { _ = await console.fire(name) }
        var lines = console.lines
        lines[0] = withoutConnection(lines[0])
        // Whom one speaks to, and as, is another thing each way.
        guard way.name == "about" else { return lines }
        return lines.filter { line in
            !["engine", "user", "role"].contains { line.contains("│ " + $0 + " ") }
        }
    }

    /// The header without the cell of the connection, and what gives way to it: the counts, the
    /// product's name, and blanks.
    private static func withoutConnection(_ header: String) -> String {
        header.replacing(/● live( \d+ ms)?/, with: "")
            .replacing(/\d+ running · \d+ waiting · \d+ failed today/, with: "")
            .replacing(/▶\d+ ◔\d+ ✖\d+/, with: "").replacing("auterity", with: "")
            .split(separator: " ").joined(separator: " ")
    }

    @Test(arguments: [Size(width: 80, height: 24), Size(width: 160, height: 48)])
    func everyScreenIsDrawnAlike(size: Size) async throws {
        try await ServedStore.run { store in
            let attached = try await store.attached()
            let remote = try await store.remote(.superAdmin)
            for way in Self.ways(store) {
                let expected = await Self.draw(way, store.embedded, store, size)
                #expect(!expected.joined().contains("loading"), "\(way.name): \(expected)")
                for client in [attached, remote] {
                    let drawn = await Self.draw(way, client, store, size)
                    let isEqual = drawn == expected
                    #expect(
                        isEqual,
                        """
                        \(way.name) by \(client.identity.name):
                        \(drawn.joined(separator: "\n"))
                        embedded:
                        \(expected.joined(separator: "\n"))
                        """)
                }
            }
            attached.close()
            remote.close()
        }
    }

    @Test func theHeaderSaysHowTheEngineIsReached() async throws {
        try await ServedStore.run { store in
            let attached = try await store.attached()
            let remote = try await store.remote(.viewer)
            #expect(store.embedded.identity.place == .embedded)
            #expect(attached.identity.place == .socket)
            #expect(attached.identity.name.hasPrefix("attached · "))
            #expect(attached.identity.name.hasSuffix("/auterity.sock"))
            #expect(remote.identity.place == .network)
            #expect(remote.identity.roles == [.viewer])
            var console = ConsoleTester(client: FakeClient(), now: store.now)
            await console.send(.opened(attached))
            #expect(console.lines[0].contains("/auterity.sock"))
            attached.close()
            remote.close()
        }
    }

    /// What a role may not do is refused by the console and by the server alike, whatever way.
    @Test(arguments: Role.allCases) func theServerAgreesWithWhatIsOffered(role: Role) async throws {
        try await ServedStore.run { store in
            let client = try await store.remote(role)
            #expect(client.identity.permissions == role.permissions)
            var console = ConsoleTester(client: FakeClient(), now: store.now)
            await console.send(.opened(client))
            await console.send(.feed([.connection(.live)]))
            // The screen asks whatever the key table says; the console's gate stops it.
            let before = console.model.costs.requestsMade
            await console.start(
                Request(ExecuteWorkflow(workflowID: store.workflow, inputData: [:])))
            let wasSent = console.model.costs.requestsMade > before
            #expect(wasSent == role.permissions.contains(.workflowExecute))
            var status: Int?
            do throws(APIError) {
                _ = try await client.send(
                    ExecuteWorkflow(workflowID: store.workflow, inputData: ["name": "x"]))
            } catch {
                status = error.code.status
            }
            // A user sees no workflow of somebody else.
            let expected =
                role.permissions.contains(.workflowExecute) ? (role == .user ? 404 : nil) : 403
            #expect(status == expected, "\(role)")
            client.close()
        }
    }
}
