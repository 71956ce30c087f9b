import AuterityAPI
import AuterityClient
import TerminalUI

@testable import AuterityTUI

/// A console without terminal and without time: keys in, drawings out. Calls are answered by a
/// `FakeClient`, one after the other, before the next key.
struct ConsoleTester {
    private(set) var model: Model
    let client: FakeClient
    /// Who answers calls: `client` until another is opened.
    private(set) var served: any Client
    /// Work that reached the shell, but for calls: copies, edits, quitting.
    private(set) var work: [Work] = []
    /// While true calls are kept back, as on a line that hangs.
    var holdsCalls = false
    private var held: [Work] = []

    init(
        client: FakeClient, width: Int = 120, height: Int = 32, charset: Charset = .unicode,
        options: ConsoleOptions = ConsoleOptions(themes: Fixtures.themes),
        now: Timestamp = Fixtures.now
    ) {
        self.client = client
        served = client
        model = Model(
            options: options, size: Size(width: width, height: height), charset: charset,
            now: now)
    }

    /// A console that is open and live, with everything loaded.
    static func open(
        client: FakeClient = Fixtures.client(), width: Int = 120, height: Int = 32,
        charset: Charset = .unicode, screen: String? = nil,
        server: ServerProfile = .thisMachine, isReadOnly: Bool = false
    ) async -> ConsoleTester {
        let options = ConsoleOptions(
            themes: Fixtures.themes, server: server, isReadOnly: isReadOnly,
            screen: screen, version: "1.2.3")
        var console = ConsoleTester(
            client: client, width: width, height: height, charset: charset, options: options)
        await console.send(.opened(client))
        await console.send(.feed([.connection(.live)]))
        return console
    }

    mutating func send(_ message: Message, after seconds: Double = 0) async {
        if case .opened(let client, _) = message { served = client }
        var queue = model.update(message, at: model.now.adding(seconds: seconds))
        await perform(&queue)
    }

    private mutating func perform(_ queue: inout [Work]) async {
        while !queue.isEmpty {
            let next = queue.removeFirst()
            switch next {
            case .request where holdsCalls: held.append(next)
            case .request(let number, let request):
                let reply = await served.reply(to: request)
                queue += model.update(
                    .reply(number: number, reply, milliseconds: 1.5), at: model.now)
            case .abandon(let number):
                queue.removeAll {
                    if case .request(number, _) = $0 { true } else { false }
                }
                held.removeAll {
                    if case .request(number, _) = $0 { true } else { false }
                }
            default: work.append(next)
            }
        }
    }

    /// Answers the calls that were kept back.
    mutating func release() async {
        holdsCalls = false
        var queue = held
        held = []
        await perform(&queue)
    }

    /// A call was answered after so long.
    mutating func measure(milliseconds: Double) {
        model.line.called(milliseconds: milliseconds, nil)
    }

    /// Makes a call as the screen on top would.
    mutating func start(_ request: Request) async {
        var queue = model.start(request, from: model.trail.top.id)
        await perform(&queue)
    }

    mutating func press(_ keys: Key...) async {
        for key in keys { await send(.terminal(.key(key))) }
    }

    /// Presses the keys of a text; a line feed is Enter, a tab is Tab.
    mutating func type(_ text: String) async {
        for character in text {
            switch character {
            case "\n": await press(.enter)
            case "\t": await press(.tab)
            default: await press(.character(character))
            }
        }
    }

    mutating func resize(_ width: Int, _ height: Int) async {
        await send(.terminal(.resized(Size(width: width, height: height))))
    }

    /// Lets a timer run out that some screen is subscribed to; false when none is.
    mutating func fire(_ name: String, after seconds: Double = 1) async -> Bool {
        for case .timer(let owner, let found, _) in Schedule.activities(of: model)
        where found == name {
            await send(.timer(owner, name), after: seconds)
            return true
        }
        return false
    }

    mutating func tell(_ updates: ExecutionUpdate..., after seconds: Double = 0) async {
        let at = model.now.adding(seconds: seconds)
        let items = updates.enumerated().map { index, update in
            FeedItem.event(
                Event(id: Int64(index), payload: .executionUpdate(update), timestamp: at))
        }
        await send(.feed(items), after: seconds)
    }

    var hasOverlay: Bool { if case nil = model.overlay { false } else { true } }
    var frame: Frame { model.view() }
    var lines: [String] { frame.lines() }
    var text: String { lines.joined(separator: "\n") }
    var toasts: [String] { model.toasts.map(\.toast.text) }

    func shows(_ text: String) -> Bool { self.text.contains(text) }
}
