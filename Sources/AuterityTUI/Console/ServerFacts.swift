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
    /// What the clocks differ, by the answer that told it most exactly.
    private var reading: ClockReading?

    private struct ClockReading: Hashable {
        /// Seconds that the server's clock is ahead, and by how much that may be wrong.
        let difference: Double
        let error: Double
        let at: Timestamp
        /// Seconds after which clocks may have drifted apart.
        static let lifetime = 600.0

        func isBetter(than other: ClockReading) -> Bool {
            error <= other.error || at.seconds(since: other.at) > Self.lifetime
                || abs(difference - other.difference) > error + other.error
        }
    }

    /// Seconds that something of the server was under way; `nil` as long as its clock is not
    /// known. By as much as the clocks are known inexactly it is less.
    ///
    /// - Parameters:
    ///   - moment: when it was made, by the server's clock.
    ///   - now: when it came, by this machine's.
    func age(of moment: Timestamp, at now: Timestamp) -> Double? {
        guard let reading else { return nil }
        return max(0, now.seconds(since: moment) + reading.difference - reading.error)
    }

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
        let new = ClockReading(difference: difference, error: milliseconds / 2000, at: now)
        if reading.map({ new.isBetter(than: $0) }) ?? true { reading = new }
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
