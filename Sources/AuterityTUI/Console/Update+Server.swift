import AuterityAPI
import AuterityClient
import TerminalUI

/// Where one was in a server that was left, to come back to.
struct ParkedServer: Sendable {
    let trail: Trail
    let theme: String
    /// Whose view it was: another account must not find it.
    let user: String
}

// MARK: - Opening

extension Model {
    mutating func opened(_ identity: ClientIdentity, _ new: ServerProfile) -> [Work] {
        var work: [Work] = []
        let isFirst = !hasOpened
        hasOpened = true
        if new.key != server.key {
            work += move(to: new, identity)
        } else if case .open = opening {
            feedNumber += 1
        }
        switching = nil
        server = new
        opening = .open(identity)
        metricsAreStale = false
        if case .login? = overlay { overlay = nil }
        work += refreshMetrics() + deliver(.appeared)
        guard isFirst, let screen = options.screen else { return work }
        return work + CommandList.run(screen, in: &self)
    }

    /// Leaves one server for another: nothing of the one is seen in the other.
    private mutating func move(
        to new: ServerProfile, _ identity: ClientIdentity
    ) -> [Work] {
        var work: [Work] = requests.keys.sorted().map { .abandon(number: $0) }
        requests = [:]
        if demo != .none { work.append(.stopDemo) }
        work.append(.leave(server))
        if let user = self.identity?.user {
            parked[server.key] = ParkedServer(trail: trail, theme: theme.name, user: user)
        }
        previous = server
        demo = .none
        lookup = nil
        overlay = nil
        toasts = []
        metrics = nil
        metricsHeardAt = nil
        line = Line()
        facts = ServerFacts()
        feedNumber += 1
        trailCount += 1
        let known = parked.removeValue(forKey: new.key).flatMap {
            $0.user == identity.user ? $0 : nil
        }
        trail = known?.trail ?? Trail(start: .overview, number: trailCount)
        takeTheme(known?.theme ?? new.theme)
        say("You are at \(new.title) as \(identity.user)", .success)
        // What was parked is old; the screens below the top are told as well.
        guard known != nil else { return work }
        opening = .open(identity)
        return work + trail.places.dropLast().map(\.id).flatMap { deliver(.resynchronize, to: $0) }
    }

    private mutating func takeTheme(_ name: String?) {
        let name = name ?? options.theme
        if !options.themes.contains(where: { $0.name == name }) {
            say("There is no theme \(name), which the profile asks for", .warning)
        }
        setTheme(name)
    }

    mutating func openingFailed(
        _ reason: String, _ failed: ServerProfile, needsLogin: Bool
    ) {
        let isSwitch = failed.key != server.key
        switching = nil
        if !isSwitch {
            // Tried again while it is shown: what is seen stays.
            if case .open = opening { return say(reason, .error) }
            opening = .failed(reason, needsLogin: needsLogin)
        }
        note(.said(needsLogin ? .info : .error), reason)
        // What is being typed in front must not end up in a form, nor answer a question.
        let isFree = overlay == nil && !trail.top.screen.capturesText
        if needsLogin, isFree {
            overlay = .login(LoginForm(failed, reason: reason))
        } else if isSwitch, isFree {
            overlay = .unreached(failed, dialog(about: failed, reason))
        } else if isSwitch {
            say("\(failed.title): \(reason). You are still at \(server.title)", .error)
        }
    }

    /// Asks what is to be done about a server that one could not go to.
    private func dialog(about failed: ServerProfile, _ reason: String) -> Dialog {
        let title = SafeText.line(failed.title)
        return Dialog(
            title: "\(title) is not reached",
            body: [
                SafeText.line(reason), "", "You are still at \(SafeText.line(server.title)).",
            ],
            buttons: [
                DialogButton("Stay", key: "s"), DialogButton("Try again", key: "t"),
                DialogButton("Other servers", key: "o"),
            ])
    }

    mutating func press(_ key: Key, in dialog: Dialog, about failed: ServerProfile) -> [Work] {
        var dialog = dialog
        switch dialog.handle(key) {
        case .chose(1): return goTo(failed)
        case .chose(2): return chooseServer()
        case .chose, .cancelled: break
        case .stays, .ignored: overlay = .unreached(failed, dialog)
        }
        return []
    }

    mutating func openAgain() -> [Work] {
        opening = .opening
        openingSince = now
        return [.open(server)]
    }

    /// Tries the connection at once, or asks to log in; everything is read afresh.
    mutating func reconnect() -> [Work] {
        switch opening {
        case .opening: return []
        case .failed: return openAgain()
        case .open: break
        }
        if line.isRefused, identity?.place == .network {
            // The session may be another by now: only what comes of the try says whether one must
            // log in, and until then every call would tell what was found before.
            wantsLogin = true
            feedNumber += 1
            line.retry()
            return []
        }
        feedNumber += 1
        line.retry()
        // The server that owned the store may be gone for good: then the store can be opened.
        if line.isBroken, identity?.place == .socket { return [.open(server)] }
        return askWho() + refreshMetrics() + deliverToAll(.resynchronize)
    }
}

// MARK: - Going elsewhere

/// What is to be done once the list of servers has been read.
enum ServerWish: Hashable, Sendable {
    case choice
    /// Going to the one of this title.
    case named(String)
}

extension Model {
    /// Reads the list of servers, which shows them then.
    mutating func chooseServer() -> [Work] {
        serverWish = .choice
        return [.listServers]
    }

    mutating func received(_ list: [ServerProfile]) -> [Work] {
        servers = list
        let wish = serverWish
        serverWish = nil
        switch wish {
        case .choice: offerServers()
        case .named(let name): return goTo(listed: name)
        case nil: break
        }
        return []
    }

    private mutating func offerServers() {
        guard overlay == nil else { return }
        let list = servers
        let options = list.enumerated().map { index, server in
            Choice.Option(
                String(index), SafeText.line(server.title),
                detail: detail(of: server))
        }
        let here = list.firstIndex { $0.key == self.server.key }.map(String.init)
        overlay = .picker(
            Picker(title: "Go to", options: options, selected: here), .servers(list))
    }

    private func detail(of server: ServerProfile) -> String {
        var words: [String] = []
        if server.name != nil { words.append(SafeText.line(server.address, limit: 40)) }
        if server.isReadOnly { words.append("read-only") }
        if server.confirmsChanges { words.append("asks its name") }
        if server.key == self.server.key { words.append("here") }
        return words.joined(separator: "  ")
    }

    /// The command `:profile`. The list is read again first: the profile may be newer than this
    /// console, or be another by now.
    mutating func goTo(named name: String) -> [Work] {
        if name.isEmpty { return chooseServer() }
        if name == "-" {
            guard let previous else { return refuse("There is no server before this one") }
            serverWish = .named(previous.title)
        } else {
            serverWish = .named(name)
        }
        return [.listServers]
    }

    private mutating func goTo(listed name: String) -> [Work] {
        guard let found = servers.first(where: { $0.title == name }) else {
            let names = servers.map(\.title).joined(separator: ", ")
            return refuse("There is no profile “\(name)”; there are \(names)")
        }
        return goTo(found)
    }

    mutating func goTo(_ goal: ServerProfile) -> [Work] {
        guard goal.key != server.key else {
            if case .failed = opening { return openAgain() }
            say("You are at \(server.title)", .info)
            return []
        }
        switching = goal
        return [.open(goal)]
    }
}

// MARK: - Who one is

extension Model {
    /// Asks the server who one is: a role may have changed, a session may have ended.
    mutating func askWho() -> [Work] {
        guard identity?.place == .network else { return [] }
        return makeCall(
            Request(GetCurrentUser(), tag: "whoami", showsErrors: true), from: Model.consoleID)
    }

    mutating func identified(_ user: CurrentUser) -> [Work] {
        guard let identity else { return [] }
        let updated = identity.updated(user)
        guard updated != identity else { return [] }
        opening = .open(updated)
        let names = user.roles.map(\.rawValue).joined(separator: ", ")
        say("Your role is now: \(names.isEmpty ? "none" : names)", .info)
        return deliverToAll(.resynchronize)
    }

    /// What an error says of the session.
    mutating func react(to error: APIError, of request: Request) -> [Work] {
        guard identity?.place == .network else { return [] }
        switch error.code.status {
        case 401 where !line.isRefused: return handle(.refused(reason: error.message))
        case 403 where !(request.call is GetCurrentUser): return askWho()
        default: return []
        }
    }

    /// Asks to log in, unless something else has the keyboard: what is being typed there must
    /// not end up in a form.
    mutating func offerLogin(_ reason: String) {
        guard identity?.place == .network else { return }
        if case .login(var form)? = overlay {
            form.restate(reason)
            overlay = .login(form)
        } else if wantsLogin || (overlay == nil && !trail.top.screen.capturesText) {
            overlay = .login(loginForm(reason))
        }
        wantsLogin = false
    }

    /// The server takes the session again: nobody need log in for it.
    mutating func dropLoginOffer() {
        wantsLogin = false
        if case .login(let form)? = overlay, form.isNeeded, !form.isSending { overlay = nil }
    }

    /// The command `:login`.
    mutating func login() -> [Work] {
        let isNetwork = identity.map { $0.place == .network } ?? (server != .thisMachine)
        guard isNetwork else { return refuse("Nobody logs in to \(server.title)") }
        overlay = .login(loginForm(""))
        return []
    }

    /// The form for this server, with the account that one has there.
    private func loginForm(_ reason: String) -> LoginForm {
        var known = server
        if let user = identity?.user, !user.isEmpty { known.email = user }
        return LoginForm(known, reason: reason)
    }

    mutating func press(_ key: Key, in form: LoginForm) -> [Work] {
        var form = form
        switch form.handle(key) {
        case .stays: overlay = .login(form)
        case .cancelled: return form.isSending ? [.stopOpening] : []
        case .entered:
            let (email, password) = form.send()
            overlay = .login(form)
            return [.login(form.server, email: email, password: password)]
        }
        return []
    }

    mutating func loggedIn(_ to: ServerProfile) -> [Work] {
        if case .login? = overlay { overlay = nil }
        guard to.key == server.key, case .open = opening else {
            if to.key == server.key { return openAgain() }
            switching = to
            return [.open(to)]
        }
        say("Logged in", .success)
        feedNumber += 1
        line.retry()
        return askWho() + refreshMetrics() + deliverToAll(.resynchronize)
    }

    mutating func loginFailed(_ to: ServerProfile, _ reason: String) {
        guard case .login(var form)? = overlay, form.server.key == to.key else {
            say(reason, .error)
            return
        }
        form.fail(reason)
        overlay = .login(form)
    }
}
