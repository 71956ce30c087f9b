public import ArgumentParser
public import AuterityAPI

/// A time as a person gives it: `30m` ago, or an RFC 3339 time.
enum Moment: ExpressibleByArgument {
    case ago(seconds: Double)
    case at(Timestamp)

    init?(argument: String) {
        if let time = Timestamp(argument) {
            self = .at(time)
            return
        }
        let units: [Character: Double] = ["s": 1, "m": 60, "h": 3600, "d": 86_400, "w": 604_800]
        guard let unit = argument.last.flatMap({ units[$0] }),
            let count = Double(argument.dropLast()), count >= 0, count.isFinite
        else { return nil }
        self = .ago(seconds: count * unit)
    }

    func time(before now: Timestamp) -> Timestamp {
        switch self {
        case .ago(let seconds): now.adding(seconds: -seconds)
        case .at(let time): time
        }
    }
}

extension ExecutionStatus: ExpressibleByArgument {}
extension LogLevel: ExpressibleByArgument {}
extension AlertSeverity: ExpressibleByArgument {}
