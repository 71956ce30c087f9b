import AuterityAPI
import AuterityClient
import TerminalUI

@testable import AuterityTUI

/// One screen alone, without console and terminal: keys in, drawings out. Calls are answered by
/// a `FakeClient` before the next key; what else the screen wants done is noted.
struct ScreenTester {
    private(set) var screen: any Screen
    let client: FakeClient
    private(set) var context: ScreenContext
    private(set) var effects: [Effect] = []

    init(
        _ screen: any Screen, client: FakeClient, width: Int = 120, height: Int = 32,
        charset: Charset = .unicode, now: Timestamp = Fixtures.now, isReadOnly: Bool = false
    ) {
        self.screen = screen
        self.client = client
        context = ScreenContext(
            now: now, utcOffset: 0, area: Rect(x: 0, y: 0, width: width, height: height),
            theme: .midnight, charset: charset,
            access: Access(permissions: client.identity.permissions, isReadOnly: isReadOnly),
            identity: client.identity, connection: .live, isOffline: false, lastLive: now,
            themeNames: ["midnight"], notices: [],
            costs: ConsoleCosts(), metrics: nil, demo: .none, isPlain: false, version: "1.2.3",
            helpTable: HelpTable())
    }

    static func open(
        _ screen: any Screen, client: FakeClient, width: Int = 120, height: Int = 32,
        charset: Charset = .unicode, now: Timestamp = Fixtures.now
    ) async -> ScreenTester {
        var tester = ScreenTester(
            screen, client: client, width: width, height: height, charset: charset, now: now)
        await tester.send(.appeared)
        return tester
    }

    mutating func send(_ message: ScreenMessage, after seconds: Double = 0) async {
        context.now = context.now.adding(seconds: seconds)
        var queue = screen.update(message, in: context)
        while !queue.isEmpty {
            let effect = queue.removeFirst()
            if case .request(let request) = effect {
                let reply = await client.reply(to: request)
                queue += screen.update(.reply(reply), in: context)
            } else {
                effects.append(effect)
            }
        }
    }

    /// As the console hands out keys: to the bindings that are allowed, else to the screen.
    mutating func press(_ keys: Key...) async {
        for key in keys {
            let binding = screen.bindings(in: context).first {
                $0.keys.contains(key)
                    && context.access.allows($0.permission, changing: $0.isChanging)
            }
            if let action = binding?.action, !screen.capturesText {
                await send(.action(action))
            } else {
                await send(.key(key))
            }
        }
    }

    mutating func type(_ text: String) async {
        for character in text {
            await press(character == "\n" ? .enter : .character(character))
        }
    }

    /// Answers a question by what it would do.
    mutating func confirm() async {
        guard case .ask(let question)? = effects.popLast() else { return }
        for effect in question.effects {
            guard case .request(let request) = effect else { continue }
            await send(.reply(await client.reply(to: request)))
        }
    }

    mutating func resize(_ width: Int, _ height: Int) {
        context.area = Rect(x: 0, y: 0, width: width, height: height)
    }

    var timers: [String] {
        screen.subscriptions(in: context).map { subscription in
            switch subscription {
            case .timer(let name, _): name
            }
        }
    }

    var frame: Frame {
        var frame = Frame(
            size: context.area.size, charset: context.charset, style: context.theme[.background])
        screen.draw(into: &frame, in: context.area, context: context)
        return frame
    }

    var lines: [String] { frame.lines() }
    var text: String { lines.joined(separator: "\n") }

    func shows(_ text: String) -> Bool { self.text.contains(text) }

    var toasts: [String] {
        effects.compactMap { effect in
            if case .toast(let toast) = effect { toast.text } else { nil }
        }
    }
}
