import AuterityAPI
import WebSocketTransport

/// Runs a feed: connects, reads, and does what `FeedMachine` says.
struct RemoteFeed: Sendable {
    let connector: StreamConnector
    let queue: FeedQueue
    let times: ClientTimes

    /// Returns when nobody reads any more, or the task is cancelled.
    func run(after id: Int64?) async {
        // Whoever begins a feed wants to know how it is now, not how it was.
        await connector.tokens?.reconsider()
        var machine = FeedMachine(after: id, server: connector.name, chance: times.chance)
        var actions = machine.take(.begin)
        /// The token of the last connection, and the last that the server refused.
        var tokens = FeedTokens()
        while !Task.isCancelled, !actions.isEmpty {
            switch actions.removeFirst() {
            case .deliver(let item):
                guard await queue.put(item) else { return }
            case .ping: break
            case .pause(let seconds):
                do { try await times.pause(seconds) } catch { return }
                actions += machine.take(.pauseOver)
            case .awaitLogin:
                guard await connector.waitForLogin() else { return }
                tokens = FeedTokens()
                actions += machine.take(.loggedIn)
            case .connect(let id, let renewing):
                if renewing { tokens.refused = tokens.last }
                let ending = await connection(after: id, &tokens, &machine)
                guard let ending else { return }
                actions += machine.take(.ended(ending))
            }
        }
    }

    /// One connection from its beginning to its end; `nil` when nobody reads any more.
    private func connection(
        after id: Int64?, _ tokens: inout FeedTokens, _ machine: inout FeedMachine
    ) async -> FeedMachine.Ending? {
        var endpoint: WebSocketEndpoint
        do throws(APIError) {
            endpoint = try await connector.endpoint(after: id, &tokens)
        } catch {
            return error.code.status == 401
                ? .loggedOut(error.message) : .failed(error.message)
        }
        let pulse = LinePulse(now: times.now)
        endpoint.onReceive = { pulse.heard() }
        endpoint.connectTimeout = times.connect
        do {
            return try await WebSocketClient.withConnection(to: endpoint) { connection in
                // Ends with the reading.
                async let _: Void = watch(connection, pulse)
                return try await read(connection, pulse, &machine)
            }
        } catch {
            if Task.isCancelled { return nil }
            if pulse.isSilent { return silent(pulse) }
            return connector.ending(of: error, wasLive: machine.wasLive)
        }
    }

    private func read(
        _ connection: WebSocketConnection, _ pulse: LinePulse, _ machine: inout FeedMachine
    ) async throws -> FeedMachine.Ending? {
        guard try await perform(machine.take(.opened), 0, connection) else { return nil }
        var messages = connection.messages.makeAsyncIterator()
        while true {
            pulse.reading(true)
            let message = try await messages.next()
            pulse.reading(false)
            switch message {
            case .text(let text):
                let actions = machine.take(.message(text))
                guard try await perform(actions, text.utf8.count, connection) else { return nil }
            case .close(let close):
                return .closed(code: Int(close.code.rawValue), reason: close.reason)
            case .binary, .ping, .pong: continue
            case nil:
                return pulse.isSilent ? silent(pulse) : .failed(connector.broken)
            }
        }
    }

    private func silent(_ pulse: LinePulse) -> FeedMachine.Ending {
        .silent(connector.silence, seconds: pulse.silence)
    }

    /// - Parameter bytes: of the message that the actions are about.
    private func perform(
        _ actions: [FeedMachine.Action], _ bytes: Int, _ connection: WebSocketConnection
    ) async throws -> Bool {
        for action in actions {
            switch action {
            case .deliver(let item):
                guard await queue.put(item, bytes: bytes) else { return false }
            case .ping: try await connection.send(text: #"{"type":"ping"}"#)
            case .connect, .pause, .awaitLogin: continue
            }
        }
        return true
    }

    /// Cuts a connection from which nothing comes though something is asked.
    private func watch(_ connection: WebSocketConnection, _ pulse: LinePulse) async {
        do {
            try await pulse.untilSilent(sleep: times.watch) { try await connection.ping() }
            connection.cut()
        } catch {
            // Cancelled, or the connection has ended by itself.
        }
    }
}

/// The tokens of a feed's connections.
struct FeedTokens: Sendable {
    /// The last that a connection was tried with.
    var last: String?
    /// The last that the server refused.
    var refused: String?
}
