import AuterityAPI
import AuterityClient
import AuterityEngine
import FoundationEssentials

/// An embedded client on a store of its own, which is gone with it.
final class ClientFixture {
    let client: EmbeddedClient
    private let directory: String

    init() async throws {
        directory = FileManager.default.temporaryDirectory.path + "/auterity-" + UUID().uuidString
        var configuration = EngineConfiguration(dataDirectory: directory, version: "test")
        // How busy the machine of the tests is must raise no alert among what they expect.
        configuration.alerts.errorRate = .infinity
        configuration.alerts.responseTime = .infinity
        configuration.alerts.cpuUsage = .infinity
        configuration.alerts.memoryUsage = .infinity
        configuration.alerts.diskUsage = .infinity
        configuration.loadsStarters = false
        client = try await EmbeddedClient.open(configuration)
    }

    func close() async throws {
        await client.close()
        try FileManager.default.removeItem(atPath: directory)
    }

    /// A workflow of start and end, with what stands between them.
    static func definition(_ middle: JSONValue...) -> JSONValue { definition(middle) }

    static func definition(_ middle: [JSONValue]) -> JSONValue {
        var nodes: [JSONValue] = [["id": "start", "type": "start", "data": [:]]]
        nodes += middle
        nodes.append(["id": "end", "type": "end", "data": [:]])
        let ids = nodes.compactMap { $0["id"]?.stringValue }
        let edges = zip(ids, ids.dropFirst()).map { source, target -> JSONValue in
            [
                "id": .string("\(source)-\(target)"), "source": .string(source),
                "target": .string(target),
            ]
        }
        return ["nodes": .array(nodes), "edges": .array(edges)]
    }
}
