import AuterityAPI
import TerminalUI

extension Model {
    mutating func handle(_ event: TerminalEvent) -> [Work] {
        switch event {
        case .key(let key): return press(key)
        case .resized(let size): self.size = size
        case .resumed: return [.repaint] + refreshMetrics() + deliver(.appeared)
        case .ended(.lost):
            // As a shell counts a program that SIGHUP ended.
            isQuitting = true
            return [.quit(status: 129)]
        case .ended(.signal(let number)):
            isQuitting = true
            return [.quit(status: 128 + number)]
        }
        return []
    }

    /// A key goes to what is in front; then to the screen's table, then to the console's.
    mutating func press(_ key: Key) -> [Work] {
        let always = GlobalKeys.bindings.first {
            $0.keys.contains(key) && GlobalKeys.isAlways($0, key)
        }
        if let action = always?.action { return perform(action) }
        // Who types on since must not end up in a form.
        wantsLogin = false
        if let overlay {
            self.overlay = nil
            return press(key, in: overlay)
        }
        if case .failed = opening, key == .enter { return openAgain() }
        let screen = trail.top.screen
        if screen.capturesText { return deliver(.key(key)) }
        let bindings = screen.bindings(in: context)
        if let binding = bindings.first(where: { $0.keys.contains(key) }) {
            return use(binding)
        }
        if let binding = GlobalKeys.bindings.first(where: { $0.keys.contains(key) }),
            let action = binding.action
        {
            return perform(action)
        }
        return deliver(.key(key))
    }

    /// Uses a binding of the screen on top, if this user may.
    mutating func use(_ binding: KeyBinding) -> [Work] {
        if identity == nil, binding.permission != nil {
            return refuse("\(server.title) is not open yet: nothing can be done there")
        }
        if let refusal = access.refusal(binding.permission, changing: binding.isChanging) {
            say(refusal, .warning)
            // The role may have changed since it was asked for.
            return isReadOnly ? [] : askWho()
        }
        // A form that could never be sent is not opened.
        if binding.isChanging, let refusal = offlineRefusal { return refuse(refusal) }
        return binding.action.map { deliver(.action($0)) } ?? []
    }

    /// Does something by its name, of the screen on top or of the console.
    mutating func perform(_ action: ActionID) -> [Work] {
        let bindings = trail.top.screen.bindings(in: context)
        if let binding = bindings.first(where: { $0.action == action }) { return use(binding) }
        switch action {
        case GlobalKeys.command: overlay = .command(CommandLine("", history: commandHistory))
        case GlobalKeys.palette: overlay = .picker(palette, .actions)
        case GlobalKeys.help: return leave(.open(.help), orAsk: false)
        case GlobalKeys.back: return leave(.back, orAsk: true)
        case GlobalKeys.past: return leave(.travel(forward: false), orAsk: true)
        case GlobalKeys.future: return leave(.travel(forward: true), orAsk: true)
        case GlobalKeys.copy: return offerCopies(trail.top.screen.copies(in: context))
        case GlobalKeys.copyAs: return offerCopies(trail.top.screen.destination.faces)
        case GlobalKeys.mouse:
            isMouseOn.toggle()
            say(
                isMouseOn
                    ? "The mouse is the console's again"
                    : "The mouse is the terminal's: select text as anywhere else", .info)
            return [.setMouse(isMouseOn)]
        case GlobalKeys.plain: isPlain.toggle()
        case GlobalKeys.repaint: return [.repaint]
        case GlobalKeys.suspend: return [.suspend]
        case GlobalKeys.reconnect: return reconnect()
        case GlobalKeys.profiles: return chooseServer()
        case GlobalKeys.quit: return leave(.quit, orAsk: true)
        default: break
        }
        return []
    }

    private mutating func offerCopies(_ offers: [CopyOffer]) -> [Work] {
        guard let first = offers.first else {
            say("There is nothing to copy here", .info)
            return []
        }
        if offers.count == 1 { return [.copy(first.text, label: first.label)] }
        let options = offers.enumerated().map { index, offer in
            Choice.Option(
                String(index), offer.label, detail: SafeText.line(offer.text, limit: 36))
        }
        overlay = .picker(Picker(title: "Copy", options: options), .copies(offers))
        return []
    }

    // MARK: What is in front

    private mutating func press(_ key: Key, in overlay: Overlay) -> [Work] {
        switch overlay {
        case .question(let screen, let question, var dialog):
            switch dialog.handle(key) {
            case .chose(1): return apply(question.effects, from: screen)
            case .chose, .cancelled: break
            case .stays, .ignored: self.overlay = .question(screen, question, dialog)
            }
        case .leaving(let leaving, var dialog):
            switch dialog.handle(key) {
            case .chose(1): return leave(leaving, orAsk: false)
            case .chose, .cancelled: break
            case .stays, .ignored: self.overlay = .leaving(leaving, dialog)
            }
        case .prompt(let screen, let prompt, var field):
            switch key {
            case .escape: break
            case .enter:
                if prompt.isChanging, let refusal = offlineRefusal {
                    self.overlay = .prompt(screen, prompt, field)
                    return refuse(refusal)
                }
                return deliver(.answered(tag: prompt.tag, text: field.text), to: screen)
            default:
                _ = field.handle(key)
                self.overlay = .prompt(screen, prompt, field)
            }
        case .command(var line):
            switch line.handle(key, in: self) {
            case .stays: self.overlay = .command(line)
            case .cancelled: break
            case .entered(let text): return enter(text)
            }
        case .picker(var picker, let purpose):
            switch picker.handle(key) {
            case .stays:
                preview(picker, purpose)
                self.overlay = .picker(picker, purpose)
            case .cancelled:
                if case .themes(let before) = purpose { setTheme(before) }
            case .chose(let option): return chose(option, purpose)
            }
        case .confirming(let held): return press(key, in: held)
        case .login(let form): return press(key, in: form)
        case .unreached(let server, let dialog): return press(key, in: dialog, about: server)
        }
        return []
    }

    /// Runs a command that was typed, and remembers it.
    mutating func enter(_ text: String) -> [Work] {
        let text = text.trimmed
        guard !text.isEmpty else { return [] }
        commandHistory.removeAll { $0 == text }
        commandHistory.append(text)
        if commandHistory.count > CommandLine.historyLimit { commandHistory.removeFirst() }
        return CommandList.run(text, in: &self)
    }

    private mutating func preview(_ picker: Picker, _ purpose: PickerPurpose) {
        guard case .themes = purpose, let name = picker.selected?.id else { return }
        setTheme(name)
    }

    private mutating func chose(_ option: Choice.Option, _ purpose: PickerPurpose) -> [Work] {
        switch purpose {
        case .actions:
            if option.id.hasPrefix(":") {
                return CommandList.needsArguments(option.id)
                    ? apply([.command(String(option.id.dropFirst()) + " ")], from: trail.top.id)
                    : enter(String(option.id.dropFirst()))
            }
            return perform(ActionID(rawValue: option.id))
        case .themes:
            setTheme(option.id)
        case .copies(let offers):
            guard let index = Int(option.id), offers.indices.contains(index) else { return [] }
            return [.copy(offers[index].text, label: offers[index].label)]
        case .servers(let servers):
            guard let index = Int(option.id), servers.indices.contains(index) else { return [] }
            return goTo(servers[index])
        case .destinations(let destinations):
            guard let index = Int(option.id), destinations.indices.contains(index) else {
                return []
            }
            return leave(.open(destinations[index]), orAsk: false)
        case .choice(let screen, let tag):
            return deliver(.answered(tag: tag, text: option.id), to: screen)
        }
        return []
    }

    /// Every action that can be done here, with its key, and every command.
    var palette: Picker {
        let here = allowed(trail.top.screen.bindings(in: context)) + GlobalKeys.bindings
        var options: [Choice.Option] = here.compactMap { binding in
            binding.action.map {
                Choice.Option($0.rawValue, binding.help, detail: binding.shown)
            }
        }
        options += CommandList.offered(to: access).map {
            Choice.Option(":" + $0.name, $0.help, detail: ":" + $0.usage)
        }
        return Picker(title: "Do", options: options)
    }
}

extension String {
    /// Without blanks and line feeds at both ends.
    var trimmed: String {
        var text = self[...]
        while text.first?.isWhitespace == true { text.removeFirst() }
        while text.last?.isWhitespace == true { text.removeLast() }
        return String(text)
    }
}
