import AuterityAPI
import AuterityClient
import TerminalUI

extension Model {
    /// Notes and answers of requests.
    mutating func handle(_ reply: Reply, number: Int, milliseconds: Double) -> [Work] {
        guard let running = requests.removeValue(forKey: number) else { return [] }
        let request = running.request
        let error = reply.error
        var work: [Work] = []
        // That a broken line is broken has been said; what became of a change is never left out.
        if !line.isBroken || error?.code != .serviceUnavailable || request.changes {
            note(
                .call(milliseconds: milliseconds, failed: error != nil),
                error.map { "\(request.name): \($0.description)" } ?? request.name)
        }
        line.called(milliseconds: milliseconds, error)
        learn(from: reply, milliseconds: milliseconds)
        failedCall = error.map { _ in FailedCall(name: request.name, screen: running.screen) }
        defer { failedCall = nil }
        if error == nil { toasts.removeAll { $0.call?.name == request.name } }
        if let error {
            report(error, of: request)
            work = react(to: error, of: request)
        } else if let success = request.success {
            say(success, .success)
        }
        if running.screen == Model.consoleID { return work + handleOwn(reply) }
        return work + deliver(.reply(reply), to: running.screen)
    }

    private mutating func report(_ error: APIError, of request: Request) {
        guard !request.showsErrors else { return }
        // While the line is broken the banner says so; one sentence more a call would bury it.
        guard line.isLive || request.tag == nil else { return }
        say(error.description, .error)
    }

    /// Answers of what the console itself asked.
    private mutating func handleOwn(_ reply: Reply) -> [Work] {
        if let answer = reply.to(GetMetrics.self), let figures = answer.response {
            metrics = figures
        }
        if let answer = reply.to(GetCurrentUser.self) {
            return answer.response.map { identified($0) } ?? []
        }
        guard let answer = reply.to(RemoveDemo.self), answer.response != nil else {
            return CommandList.finish(reply, in: &self)
        }
        demo = .none
        metricsAreStale = true
        // No event tells of what was taken away: every screen reads afresh.
        return CommandList.finish(reply, in: &self) + deliverToAll(.resynchronize)
    }

    mutating func makeCall(_ request: Request, from screen: ScreenID) -> [Work] {
        var work: [Work] = []
        if let tag = request.tag { work += abandon(tag: tag, of: screen) }
        let number = nextNumber
        nextNumber += 1
        requests[number] = RunningRequest(screen: screen, request: request, since: now)
        costs.requestsMade += 1
        return work + [.request(number: number, request)]
    }

    mutating func abandon(tag: String, of screen: ScreenID) -> [Work] {
        let numbers = requests.filter { $0.value.screen == screen && $0.value.request.tag == tag }
        return abandon(numbers.keys.sorted())
    }

    /// Gives up what a left screen was reading. What it was changing goes on.
    mutating func abandonReading(of screens: [ScreenID]) -> [Work] {
        let numbers = requests.filter {
            screens.contains($0.value.screen) && $0.value.request.tag != nil
        }
        return abandon(numbers.keys.sorted())
    }

    private mutating func abandon(_ numbers: [Int]) -> [Work] {
        numbers.map { number in
            requests[number] = nil
            return .abandon(number: number)
        }
    }
}
