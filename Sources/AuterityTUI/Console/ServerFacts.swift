import AuterityAPI
import AuterityClient
import TerminalUI

/// What a server says of itself besides what it is asked for: its time and its version.
struct ServerFacts: Hashable, Sendable {
    /// Seconds that two clocks may differ without a word.
    static let clockTolerance = 30.0

    /// Seconds that the server's clock is ahead of this machine's; 0 within the tolerance.
    private(set) var clockOffset = 0.0
    private(set) var version: String?

    /// Takes the server's report of its health.
    ///
    /// - Parameters:
    ///   - now: when the answer came, by this machine's clock.
    ///   - milliseconds: from the question to the answer.
    /// - Returns: What a person should know, as sentences.
    mutating func take(
        _ health: Health, of server: String, at now: Timestamp, milliseconds: Double
    ) -> [String] {
        var news: [String] = []
        // The server wrote its time somewhere between the question and the answer.
        let difference = health.timestamp.seconds(since: now) + milliseconds / 2000
        let isOff = abs(difference) > Self.clockTolerance + milliseconds / 1000
        let wasOff = clockOffset != 0
        clockOffset = isOff ? difference : 0
        if isOff != wasOff {
            news.append(isOff ? clockSentence(server) : "The clocks of \(server) and here agree")
        }
        if let version, version != health.version {
            news.append("\(server) runs version \(health.version) now; it was \(version)")
        }
        version = health.version
        return news
    }

    private func clockSentence(_ server: String) -> String {
        let span = TimeText.duration(seconds: abs(clockOffset).rounded())
        return "The clock of \(server) is \(span) \(clockOffset > 0 ? "ahead of" : "behind") this "
            + "machine's: ages go by the server's. Set the clock that is wrong"
    }
}

extension Model {
    /// Now, as the server's clock has it: what it made is that old.
    var serverNow: Timestamp { now.adding(seconds: facts.clockOffset) }

    mutating func learn(from reply: Reply, milliseconds: Double) {
        guard identity?.place == .network, let health = reply.to(GetHealth.self)?.response else {
            return
        }
        let name = SafeText.line(server.title)
        for text in facts.take(health, of: name, at: now, milliseconds: milliseconds) {
            say(SafeText.line(text), .warning)
        }
    }
}
