import AuterityAPI
import AuterityClient
import Synchronization

@testable import AuterityTUI

/// A client in memory: each kind of call is answered by what the test scripted for it.
final class FakeClient: Client {
    typealias Script = @Sendable (any Endpoint) throws(APIError) -> any Sendable

    private struct State {
        var scripts: [ObjectIdentifier: Script] = [:]
        var calls: [any Endpoint] = []
    }

    private let state = Mutex(State())
    let identity: ClientIdentity
    private let feed: AsyncStream<FeedItem>
    let feedInput: AsyncStream<FeedItem>.Continuation

    init(
        name: String = "embedded · auterity.db",
        permissions: Set<Permission> = Set(Permission.allCases), roles: Set<Role> = [],
        place: ServerPlace = .embedded
    ) {
        identity = ClientIdentity(
            name: name, user: "ada", permissions: permissions, roles: roles, place: place)
        (feed, feedInput) = AsyncStream.makeStream(bufferingPolicy: .bufferingOldest(10_000))
    }

    /// Answers calls of a type from now on.
    func answer<Call: Endpoint>(
        _ type: Call.Type, _ answer: @escaping @Sendable (Call) throws(APIError) -> Call.Response
    ) {
        let script: Script = { call throws(APIError) in
            guard let call = call as? Call else { throw APIError(.internalError, "wrong call") }
            return try answer(call)
        }
        state.withLock { $0.scripts[ObjectIdentifier(type)] = script }
    }

    func answer<Call: Endpoint>(_ type: Call.Type, with response: Call.Response) {
        answer(type) { _ throws(APIError) in response }
    }

    func fail<Call: Endpoint>(_ type: Call.Type, with error: APIError) {
        answer(type) { _ throws(APIError) in throw error }
    }

    /// Every call that was made, in order.
    var calls: [any Endpoint] { state.withLock { $0.calls } }

    func calls<Call: Endpoint>(of type: Call.Type) -> [Call] {
        calls.compactMap { $0 as? Call }
    }

    func send<Call: Endpoint>(_ call: Call) async throws(APIError) -> Call.Response {
        let script = state.withLock { state in
            state.calls.append(call)
            return state.scripts[ObjectIdentifier(Call.self)]
        }
        guard let response = try script?(call) as? Call.Response else {
            throw APIError(.notFound, "No answer was scripted for \(Call.self)")
        }
        return response
    }

    func feed(after id: Int64?) -> AsyncStream<FeedItem> { feed }
}
