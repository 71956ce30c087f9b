import AuterityAPI
import AuterityEngine
import WebSocketTransport

/// Runs a feed: connects, reads, and does what `FeedMachine` says.
struct RemoteFeed: Sendable {
    let connector: StreamConnector
    let queue: FeedQueue
    /// Returns when nobody reads any more, or the task is cancelled.
    func run(after id: Int64?) async {
        var machine = FeedMachine(after: id) { Double.random(in: 0..<1) }
        var actions = machine.take(.begin)
        while !Task.isCancelled {
            guard !actions.isEmpty else { return }
            let action = actions.removeFirst()
            switch action {
            case .deliver(let item):
                guard await queue.put(item) else { return }
            case .ping: break
            case .pause(let seconds):
                do { try await Task.sleep(for: .seconds(seconds)) } catch { return }
                actions += machine.take(.pauseOver)
            case .awaitLogin:
                guard await connector.waitForLogin() else { return }
                actions += machine.take(.loggedIn)
            case .connect(let id, let renewing):
                let ending = await connection(after: id, renewing: renewing, &machine)
                guard let ending else { return }
                actions += machine.take(.ended(ending))
            }
        }
    }

    /// One connection from its beginning to its end; `nil` when nobody reads any more.
    private func connection(
        after id: Int64?, renewing: Bool, _ machine: inout FeedMachine
    ) async -> FeedMachine.Ending? {
        let endpoint: WebSocketEndpoint
        do throws(APIError) {
            endpoint = try await connector.endpoint(after: id, renewing: renewing)
        } catch {
            return error.code.status == 401
                ? .loggedOut(error.message) : .failed(error.message)
        }
        do {
            return try await WebSocketClient.withConnection(to: endpoint) { connection in
                try await read(connection, &machine)
            }
        } catch {
            return Task.isCancelled ? nil : connector.ending(of: error)
        }
    }

    private func read(
        _ connection: WebSocketConnection, _ machine: inout FeedMachine
    ) async throws -> FeedMachine.Ending? {
        guard try await perform(machine.take(.opened), connection) else { return nil }
        for try await message in connection.messages {
            switch message {
            case .text(let text):
                let actions = machine.take(.message(text))
                guard try await perform(actions, connection) else { return nil }
            case .close(let close):
                return .closed(code: Int(close.code.rawValue), reason: close.reason)
            case .binary, .ping, .pong: continue
            }
        }
        return .failed("The connection to the server broke")
    }

    private func perform(
        _ actions: [FeedMachine.Action], _ connection: WebSocketConnection
    ) async throws -> Bool {
        for action in actions {
            switch action {
            case .deliver(let item):
                guard await queue.put(item) else { return false }
            case .ping: try await connection.send(text: #"{"type":"ping"}"#)
            case .connect, .pause, .awaitLogin: continue
            }
        }
        return true
    }
}
