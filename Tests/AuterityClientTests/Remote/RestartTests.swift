import AuterityAPI
import AuterityEngine
import Testing

@testable import AuterityClient

/// What happens to the server and to the session while a client is there.
@Suite(.timeLimit(.minutes(30))) struct RestartTests {
    @Test func aServerThatIsUpgradedIsFoundAgainWithItsEvents() async throws {
        let folder = try TemporaryFolder()
        try await TestLine.run { line in
            let store = MemoryCredentials()
            let before = try await RunningServer.run(in: folder, version: "1.0.0") { server in
                line.lead(to: server.port)
                try await server.logIn(store)
                let client = try await RemoteClient.connect(
                    ServerAddress(url: "http://127.0.0.1:\(line.port)"), as: .session(store),
                    version: "test", times: .quick)
                let workflow = try await server.workflow()
                try await server.execute(workflow)
                let reader = FeedReader(client.feed(after: 0))
                #expect(await reader.untilLive())
                #expect(try await client.send(GetHealth()).version == "1.0.0")
                return (client: client, reader: reader, workflow: workflow)
            }
            defer { before.client.close() }
            let reader = before.reader
            let name = "127.0.0.1:\(line.port)"
            let reason = await reader.failure()
            #expect(reason == "\(name) is stopping, perhaps to start again")
            let seen = await reader.ids.count
            #expect(seen > 0)
            try await RunningServer.run(in: folder, version: "2.0.0") { server in
                // What happens before the client is back.
                try await server.execute(before.workflow)
                line.lead(to: server.port)
                #expect(await reader.untilLive())
                #expect(try await before.client.send(GetHealth()).version == "2.0.0")
                try await server.execute(before.workflow)
                let direct = try await server.client()
                defer { direct.close() }
                let other = FeedReader(direct.feed(after: 0))
                #expect(await other.untilLive())
                let last = try #require(await other.ids.last)
                await reader.until(event: last)
                #expect(await reader.events == server.events(upTo: last))
                #expect(await reader.ids.count > seen)
                #expect(await reader.replayed > 0)
                #expect(await reader.resynchronizations == 0)
            }
        }
    }

    @Test func aServerWithAnotherStoreIsReadAfreshAndItsEventsAreNotTakenForOldOnes() async throws {
        try await TestLine.run { line in
            let store = MemoryCredentials()
            let before = try await RunningServer.run(in: try TemporaryFolder()) { server in
                line.lead(to: server.port)
                try await server.logIn(store)
                let client = try await RemoteClient.connect(
                    ServerAddress(url: "http://127.0.0.1:\(line.port)"), as: .session(store),
                    version: "test", times: .quick)
                let workflow = try await server.workflow()
                for _ in 0..<10 { try await server.execute(workflow) }
                let reader = FeedReader(client.feed(after: 0))
                #expect(await reader.untilLive())
                return (client, reader)
            }
            let (client, reader) = before
            defer { client.close() }
            try await RunningServer.run(in: try TemporaryFolder()) { server in
                line.lead(to: server.port)
                #expect(await reader.until { if case .refused = $0 { true } else { false } })
                try await client.login(
                    email: RunningServer.email, password: RunningServer.password)
                #expect(await reader.untilLive())
                #expect(await reader.resynchronizations == 1)
                let seen = await reader.ids.count
                try await server.execute(try await server.workflow())
                await reader.next()
                #expect(await reader.ids.count == seen + 1)
            }
        }
    }

    /// A feed that begins anew tries the tokens that are kept, whatever was found of them before:
    /// the server may be its own again, and somebody may have logged in elsewhere.
    @Test(arguments: [false, true])
    func anotherTryTakesUpTheSessionThatIsKept(logsInElsewhere: Bool) async throws {
        let folder = try TemporaryFolder()
        try await TestLine.run { line in
            let store = MemoryCredentials()
            let address = ServerAddress(url: "http://127.0.0.1:\(line.port)")
            let client = try await RunningServer.run(in: folder) { server in
                line.lead(to: server.port)
                try await server.logIn(store)
                return try await RemoteClient.connect(
                    address, as: .session(store), version: "test", times: .quick)
            }
            defer { client.close() }
            try await RunningServer.run(in: try TemporaryFolder()) { server in
                line.lead(to: server.port)
                let refused = FeedReader(client.feed(after: nil))
                #expect(await refused.until { if case .refused = $0 { true } else { false } })
                // Nothing has changed: another try is refused as well.
                let again = FeedReader(client.feed(after: nil))
                #expect(await again.until { if case .refused = $0 { true } else { false } })
                guard logsInElsewhere else { return }
                try await server.logIn(store)
                #expect(await FeedReader(client.feed(after: nil)).untilLive())
                _ = try await client.send(ListWorkflows())
            }
            guard !logsInElsewhere else { return }
            try await RunningServer.run(in: folder) { server in
                line.lead(to: server.port)
                #expect(await FeedReader(client.feed(after: nil)).untilLive())
                _ = try await client.send(ListWorkflows())
            }
        }
    }

    /// Logged out elsewhere, by `auterity logout`, and in again.
    @Test func aSessionThatWasEndedElsewhereIsFoundAgainElsewhere() async throws {
        try await RunningServer.run(in: try TemporaryFolder()) { server in
            let store = MemoryCredentials()
            let client = try await server.client(store: store)
            defer { client.close() }
            let token = try #require(store.credentials?.accessToken)
            let other = try await RemoteClient.connect(
                ServerAddress(url: server.url), as: .token(token, origin: "the test"),
                version: "test", times: .quick)
            _ = try await other.send(Logout())
            other.close()
            store.save(nil)
            let refused = FeedReader(client.feed(after: nil))
            #expect(await refused.until { if case .refused = $0 { true } else { false } })
            let again = FeedReader(client.feed(after: nil))
            #expect(await again.failure()?.contains("Nobody is logged in") == true)
            try await server.logIn(store)
            #expect(await FeedReader(client.feed(after: nil)).untilLive())
        }
    }

    // MARK: - Sessions

    @Test func aTokenThatEndsIsRenewedByItselfAndTheFeedGoesOn() async throws {
        let clock = MovedClock()
        try await RunningServer.run(in: try TemporaryFolder()) { settings in
            settings.engine.clock = clock.clock
        } _: { server in
            let store = MemoryCredentials()
            let client = try await server.client(store: store)
            defer { client.close() }
            let first = store.credentials?.accessToken
            let reader = FeedReader(client.feed(after: nil))
            #expect(await reader.untilLive())
            // The server's clock alone goes on: by ours the token is still good.
            clock.advance(seconds: 3600)
            #expect(try await client.send(ListWorkflows()).items.isEmpty)
            #expect(store.credentials?.accessToken != first)
            let workflow = try await server.workflow()
            try await server.execute(workflow)
            while await reader.ids.isEmpty, await reader.next() != nil {}
            #expect(await !reader.ids.isEmpty)
        }
    }

    @Test(arguments: [-3600.0, 3600.0])
    func clocksThatDisagreeByAnHourDoNotMatter(seconds: Double) async throws {
        let clock = MovedClock()
        clock.advance(seconds: seconds)
        try await RunningServer.run(in: try TemporaryFolder()) { settings in
            settings.engine.clock = clock.clock
        } _: { server in
            let store = MemoryCredentials()
            let client = try await server.client(store: store)
            defer { client.close() }
            let saves = store.saves
            for _ in 0..<3 { _ = try await client.send(ListWorkflows()) }
            let reader = FeedReader(client.feed(after: nil))
            #expect(await reader.untilLive())
            // Nothing was renewed for it.
            #expect(store.saves == saves)
        }
    }

    @Test func theClockOfTheClientMayBeSetMeanwhile() async throws {
        let now = Slot(EngineClock.system.now())
        try await RunningServer.run(in: try TemporaryFolder()) { server in
            let store = MemoryCredentials()
            let client = try await server.client(
                store: store, times: .quick(now: { now.value }))
            defer { client.close() }
            for seconds in [3600.0, -7200.0] {
                now.value = now.value.adding(seconds: seconds)
                _ = try await client.send(ListWorkflows())
            }
        }
    }

    @Test func aSessionThatWasEndedAsksForThePasswordAndGoesOnWithIt() async throws {
        try await RunningServer.run(in: try TemporaryFolder()) { server in
            let id = try await server.account("ann@example.com", [.operator])
            let client = try await server.client(as: "ann@example.com")
            defer { client.close() }
            let reader = FeedReader(client.feed(after: nil))
            #expect(await reader.untilLive())
            _ = try await server.engine.send(
                UpdateUser(userID: id, isActive: false), as: .operatingSystemUser)
            #expect(await reader.until { if case .refused = $0 { true } else { false } })
            guard case .refused(let reason)? = await reader.state else { return }
            let name = "127.0.0.1:\(server.port)"
            #expect(
                reason.hasPrefix("The session of ann@example.com with \(name) is over: "))
            #expect(reason.hasSuffix(". Log in again: auterity login"))
            let fault = await #expect(throws: APIError.self) {
                try await client.send(ListWorkflows())
            }
            #expect(fault?.status == 401)
            #expect(fault?.message == reason)

            _ = try await server.engine.send(
                UpdateUser(userID: id, isActive: true), as: .operatingSystemUser)
            let wrong = await #expect(throws: APIError.self) {
                try await client.login(email: "ann@example.com", password: "wrong password")
            }
            #expect(wrong?.code == .invalidCredentials)
            try await client.login(email: "ann@example.com", password: RunningServer.password)
            #expect(await reader.untilLive())
            _ = try await client.send(ListWorkflows())
        }
    }

    @Test func aRoleThatChangesIsNoticed() async throws {
        try await RunningServer.run(in: try TemporaryFolder()) { server in
            let id = try await server.account("ann@example.com", [.user])
            let client = try await server.client(as: "ann@example.com")
            defer { client.close() }
            #expect(client.identity.permissions.contains(.workflowCreate))
            _ = try await server.engine.send(
                UpdateUser(userID: id, roles: [.viewer]), as: .operatingSystemUser)
            let fault = await #expect(throws: APIError.self) {
                try await client.send(
                    CreateWorkflow(name: "w", definition: ClientFixture.definition()))
            }
            #expect(fault?.code == .forbidden)
            #expect(fault?.message.contains("workflow:create") == true)
            #expect(client.identity.permissions == Role.viewer.permissions)
        }
    }
}

/// The clock of the machine, moved.
final class MovedClock: Sendable {
    private let seconds = Slot(0.0)

    func advance(seconds: Double) { self.seconds.value += seconds }

    var clock: EngineClock {
        EngineClock(
            now: { EngineClock.system.now().adding(seconds: self.seconds.value) },
            monotonic: EngineClock.system.monotonic,
            sleep: { until in
                try await EngineClock.system.sleep(until.adding(seconds: -self.seconds.value))
            })
    }
}
