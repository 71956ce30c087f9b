import AuterityAPI
import AuterityServer
import Testing

@testable import AuterityClient

/// The clients that must behave alike.
enum ClientKind: String, CaseIterable, Sendable, CustomTestStringConvertible {
    case embedded
    /// Over TCP, with a session.
    case remote
    /// Over the Unix socket, as the user of the operating system.
    case local

    var testDescription: String { rawValue }
    var isRemote: Bool { self != .embedded }

    /// Hands a client on an empty store of its own to `body`. It is closed afterwards, unless that
    /// is done by then.
    func withClient(
        _ body: @escaping @Sendable (OpenClient) async throws -> Void
    ) async throws {
        guard isRemote else {
            let fixture = try await ClientFixture()
            let client = fixture.client
            try await body(OpenClient(client: client) { await client.close() })
            return try await fixture.close()
        }
        try await RunningServer.run(in: try TemporaryFolder()) { server in
            let client: RemoteClient
            if self == .remote {
                client = try await server.client()
            } else {
                let socket = try #require(server.addresses.unixSocket)
                client = try await RemoteClient.connect(
                    .local(socket: socket), as: .none, version: "test", times: .quick)
            }
            defer { client.close() }
            try await body(OpenClient(client: client) { client.close() })
        }
    }
}

/// A client, and how it is closed.
struct OpenClient: Sendable {
    let client: any Client
    let close: @Sendable () async -> Void

    func workflow(
        _ name: String = "work", _ middle: JSONValue...
    ) async throws -> Workflow {
        let nodes: [JSONValue] =
            middle.isEmpty
            ? [["id": "work", "type": "transform", "data": ["set": ["x": "1 + 1"]]]] : middle
        return try await client.send(
            CreateWorkflow(name: name, definition: ClientFixture.definition(nodes)))
    }

    /// A workflow that does not come to its end while a test lasts.
    func endless() async throws -> Workflow {
        try await workflow("endless", ["id": "wait", "type": "delay", "data": ["seconds": 3600]])
    }

    /// What a call fails with.
    func failure<Call: Endpoint>(of call: Call) async throws -> APIError {
        do {
            _ = try await client.send(call)
        } catch {
            return error
        }
        throw UnexpectedSuccess()
    }

    struct UnexpectedSuccess: Error {}
}
