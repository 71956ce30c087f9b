import AuterityAPI
public import AuterityClient
public import TerminalUI

/// One frame as text, for scripts and for a look without a terminal.
public enum OneFrame {
    /// Rounds of calls before the frame is taken as it is: a screen asks for what it needs in
    /// few rounds, and a list for the pages in view.
    private static let mostRounds = 12

    /// The screen that `options.screen` names (the overview without), loaded through `client`.
    ///
    /// - Returns: A line a row, without blanks at the ends.
    public static func lines(
        options: ConsoleOptions, size: Size, charset: Charset, client: any Client,
        clock: ConsoleClock = .system
    ) async -> [String] {
        var model = Model(options: options, size: size, charset: charset, now: clock.now())
        var work = model.update(.opened(client), at: clock.now())
        work += model.update(.feed([.connection(.live)]), at: clock.now())
        for _ in 0..<mostRounds {
            var next: [Work] = []
            var abandoned: Set<Int> = []
            for case .abandon(let number) in work { abandoned.insert(number) }
            for case .request(let number, let request) in work where !abandoned.contains(number) {
                let reply = await client.reply(to: request)
                next += model.update(
                    .reply(number: number, reply, milliseconds: 0), at: clock.now())
            }
            if next.isEmpty, !model.trail.top.screen.isLoaded {
                // A screen may wait a moment before it asks; there is nothing to wait for here.
                next = timers(of: model).flatMap { model.update($0, at: clock.now()) }
            }
            guard !next.isEmpty else { break }
            work = next
        }
        return model.view().lines()
    }

    private static func timers(of model: Model) -> [Message] {
        Schedule.activities(of: model).compactMap { activity in
            if case .timer(let owner, let name, _) = activity { .timer(owner, name) } else { nil }
        }
    }
}
