import AuterityAPI
import TerminalUI

extension Model {
    /// Does what a screen wants: what is about the console itself here, the rest as work.
    mutating func apply(_ effects: [Effect], from screen: ScreenID) -> [Work] {
        effects.flatMap { apply($0, from: screen) }
    }

    private mutating func apply(_ effect: Effect, from screen: ScreenID) -> [Work] {
        switch effect {
        case .request(let request): return start(request, from: screen)
        case .abandon(let tag): return abandon(tag: tag, of: screen)
        case .open, .replace, .back, .quit: return navigate(effect, from: screen)
        case .ask(let question):
            overlay = .question(screen, question, Model.dialog(for: question))
        case .prompt(let prompt):
            overlay = .prompt(screen, prompt, TextField(prompt.text))
        case .choose(let choice):
            overlay = .picker(
                Picker(title: choice.title, options: choice.options),
                .choice(screen, tag: choice.tag))
        case .toast(let toast): say(toast.text, toast.kind)
        case .command(let text): overlay = .command(CommandLine(text, history: commandHistory))
        case .edit(let document): return [.edit(screen, document)]
        case .copy(let text, let label): return [.copy(text, label: label)]
        case .save(let text, let name): return [.save(text, name: name)]
        case .startDemo: return startDemo()
        case .removeDemo: return removeDemo()
        case .setTheme(let name): setTheme(name)
        }
        return []
    }

    private mutating func navigate(_ effect: Effect, from screen: ScreenID) -> [Work] {
        switch effect {
        case .open(let destination): return leave(.open(destination), orAsk: false)
        case .replace(let destination):
            let left =
                screen == trail.top.id
                ? trail.replace(with: destination) : trail.open(destination)
            dropWarnings()
            // What went wrong there before it went well is over.
            toasts.removeAll { $0.call.map { left.contains($0.screen) } ?? false }
            return abandonReading(of: left) + deliver(.appeared)
        case .back: return screen == trail.top.id ? leave(.back, orAsk: false) : []
        case .quit: return leave(.quit, orAsk: true)
        default: return []
        }
    }

    static func dialog(for question: Question) -> Dialog {
        Dialog(
            title: question.title, body: question.lines,
            buttons: [
                DialogButton(question.safe, key: "n"),
                DialogButton(question.confirm, key: "y", isDestructive: true),
            ])
    }

    // MARK: Going

    /// Leaves the screen on top, after a question when that would lose something.
    mutating func leave(_ leaving: Leaving, orAsk: Bool) -> [Work] {
        if orAsk, let loss = unsavedLoss(of: leaving) {
            overlay = .leaving(
                leaving,
                Dialog(
                    title: "Leave?", body: [loss],
                    buttons: [
                        DialogButton("Stay", key: "n"),
                        DialogButton("Leave", key: "y", isDestructive: true),
                    ]))
            return []
        }
        switch leaving {
        case .quit:
            isQuitting = true
            return [.quit(status: 0)]
        case .back:
            guard let left = trail.back() else { return [] }
            dropWarnings()
            return abandonReading(of: left) + deliver(.appeared)
        case .travel(let forward):
            guard let left = trail.travel(forward: forward) else {
                say(forward ? "Nothing to go forth to" : "Nothing before this", .info)
                return []
            }
            return abandonReading(of: left) + deliver(.appeared)
        case .open(let destination):
            rememberHelp(for: destination)
            guard trail.top.screen.destination != destination else { return [] }
            let left = trail.open(destination)
            dropWarnings()
            return abandonReading(of: left) + deliver(.appeared)
        }
    }

    /// A warning is about the screen it came up on, and goes with it; `:messages` keeps it.
    private mutating func dropWarnings() {
        toasts.removeAll { $0.toast.kind == .warning }
    }

    /// What leaving would lose: of the screen on top, or of any when quitting.
    private func unsavedLoss(of leaving: Leaving) -> String? {
        switch leaving {
        case .back, .travel: trail.top.screen.unsaved
        case .quit:
            (trail.places + parked.values.flatMap(\.trail.places)).reversed().lazy
                .compactMap(\.screen.unsaved).first
        case .open: nil
        }
    }

    private mutating func rememberHelp(for destination: Destination) {
        guard destination == .help, trail.top.screen.destination != .help else { return }
        let screen = trail.top.screen
        trail.helpTable = HelpTable(
            screenTitle: screen.title, screen: allowed(screen.bindings(in: context)),
            global: GlobalKeys.bindings)
    }

    /// The bindings that this user may use here.
    func allowed(_ bindings: [KeyBinding]) -> [KeyBinding] {
        bindings.filter { access.allows($0.permission, changing: $0.isChanging) }
    }

    // MARK: The demo

    private mutating func startDemo() -> [Work] {
        if let refusal = access.refusal(.workflowCreate, changing: true) {
            say(refusal, .warning)
            return []
        }
        if server.confirmsChanges {
            return refuse(
                "\(server.title) asks for its name before each change: no place for a demo")
        }
        guard demo == .none else {
            say("The demo runs already", .info)
            return []
        }
        demo = .starting
        return [.startDemo]
    }

    private mutating func removeDemo() -> [Work] {
        if let refusal = access.refusal(.systemConfigure, changing: true) {
            say(refusal, .warning)
            return []
        }
        demo = .removing
        let request = Request(
            RemoveDemo(), activity: "Removing the demo", success: "The demo is gone")
        return [.stopDemo] + start(request, from: Model.consoleID)
    }
}
