public import AuterityAPI
import AuterityEngine

/// How a server does and how far away it is, for whoever may not be logged in.
public struct ServerProbe: Sendable {
    public let health: Health
    /// Milliseconds from the question to the answer.
    public let latency: Double
    /// Seconds that the server's clock is ahead of this machine's; half the latency is unsure.
    public let clockDifference: Double

    /// Asks twice: the second answer, over the connection of the first, gives the figures.
    ///
    /// - Throws: 503 with a sentence when the server cannot be reached or is none.
    public static func ask(
        _ address: ServerAddress, environment: [String: String], version: String
    ) async throws(APIError) -> ServerProbe {
        let client = try RemoteClient(
            address, as: .none, environment: environment, version: version)
        defer { client.close() }
        _ = try await client.send(GetHealth())
        let clock = EngineClock.system
        let (asked, start) = (clock.now(), clock.monotonic())
        let health = try await client.send(GetHealth())
        let latency = Double(clock.monotonic() &- start) / 1_000_000
        let middle = asked.adding(seconds: latency / 2000)
        return ServerProbe(
            health: health, latency: latency,
            clockDifference: health.timestamp.seconds(since: middle))
    }
}
