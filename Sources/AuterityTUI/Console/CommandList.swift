import AuterityAPI
import TerminalUI

/// A command of the line behind `:`.
struct Command: Sendable {
    let name: String
    /// How it is written, such as `workflow NAME`.
    let usage: String
    /// A sentence without a full stop.
    let help: String
    /// Whether it does nothing without arguments.
    let needsArguments: Bool
    /// The permission it takes.
    let permission: Permission?
    /// Whether it changes something.
    let isChanging: Bool
    /// What the arguments could be.
    let completions: @Sendable (Model) -> [String]
    let run: @Sendable (_ arguments: String, _ model: inout Model) -> [Work]

    init(
        _ usage: String, _ help: String, needsArguments: Bool = false,
        permission: Permission? = nil, changes: Bool = false,
        completions: @escaping @Sendable (Model) -> [String] = { _ in [] },
        run: @escaping @Sendable (String, inout Model) -> [Work]
    ) {
        name = String(usage.prefix { $0 != " " })
        self.usage = usage
        self.help = help
        self.needsArguments = needsArguments
        self.permission = permission
        isChanging = changes
        self.completions = completions
        self.run = run
    }

    /// A command that goes somewhere.
    init(
        _ name: String, _ help: String, to destination: Destination,
        permission: Permission? = nil
    ) {
        self.init(name, help, permission: permission) { _, model in
            model.leave(.open(destination), orAsk: true)
        }
    }
}

/// The list of all commands. `--screen` takes the same words.
enum CommandList {
    static let all: [Command] = places + things + settings

    private static let places: [Command] = [
        Command("overview", "Go to the four panes", to: .overview),
        Command(
            "executions [FILTER]", "Show executions, such as: failed, workflow:lead age:<1h",
            completions: { _ in ExecutionStatus.allCases.map(\.rawValue) }
        ) { arguments, model in model.toOverview("executions", arguments) },
        Command("workflows [FILTER]", "Show workflows") { arguments, model in
            model.toOverview("workflows", arguments)
        },
        Command("templates [FILTER]", "Show templates") { arguments, model in
            model.toOverview("templates", arguments)
        },
        Command("health", "Show services, charts and alerts", to: .health),
        Command(
            "alerts", "Show alerts, to acknowledge them", to: .alerts, permission: .workflowRead),
        Command("logs [TEXT]", "Show the log of everything") { arguments, model in
            model.leave(.open(.logs(LogsFilter(text: arguments))), orAsk: true)
        },
        Command("messages", "Show what was said, and the calls made", to: .messages),
        Command("perf", "Show what the console costs", to: .performance),
        Command("about", "Show versions, user and permissions", to: .about),
        Command("help", "Show what the keys do here") { _, model in
            model.perform(GlobalKeys.help)
        },
    ]

    /// The words that open a screen.
    static var screens: [String] { (places + things).map(\.name) }

    private static let things: [Command] = [
        Command(
            "workflow NAME", "Open a workflow by its name or id", needsArguments: true,
            completions: { $0.workflowNames }
        ) { arguments, model in model.look(for: .workflow(arguments)) },
        Command("execution ID", "Open an execution by its id", needsArguments: true) {
            arguments, model in
            guard let id = ExecutionID(arguments) else {
                return model.refuse("“\(arguments)” is not an execution's id; ids are UUIDs")
            }
            return model.leave(.open(.execution(id)), orAsk: true)
        },
        Command(
            "template NAME", "Open a template by its name or id", needsArguments: true,
            completions: { $0.templateNames }
        ) { arguments, model in model.look(for: .template(arguments)) },
        Command(
            "run NAME [KEY=VALUE…]", "Run a workflow: with this input, or by a form",
            needsArguments: true, permission: .workflowExecute, changes: true,
            completions: { $0.workflowNames }
        ) { arguments, model in
            let (name, input) = RunArguments.parse(arguments)
            return model.look(for: .run(name, input: input))
        },
        Command(
            "demo [remove]", "Load sample workflows and executions, or take them away",
            permission: .workflowCreate, changes: true,
            completions: { _ in ["remove"] }
        ) { arguments, model in
            model.apply(
                [arguments == "remove" ? .removeDemo : .startDemo], from: Model.consoleID)
        },
    ]

    private static let settings: [Command] = [
        Command(
            "theme [NAME]", "Change the colours; without a name, choose with a preview",
            completions: { $0.options.themes.map(\.name) }
        ) { arguments, model in model.changeTheme(arguments) },
        Command(
            "profile [NAME|-]", "Go to another server; - for the one before",
            completions: { model in
                model.servers.map(\.title) + (model.previous == nil ? [] : ["-"])
            }
        ) { arguments, model in model.goTo(named: arguments) },
        Command("login", "Log in to this server, also as somebody else") { _, model in
            model.login()
        },
        Command("reconnect", "Try the connection now, and read everything afresh") { _, model in
            model.reconnect()
        },
        Command("palette", "Find any action by its name") { _, model in
            model.perform(GlobalKeys.palette)
        },
        Command("mouse", "Turn the mouse off or on") { _, model in
            model.perform(GlobalKeys.mouse)
        },
        Command("borders", "Hide or show borders") { _, model in
            model.perform(GlobalKeys.plain)
        },
        Command("q", "Quit the console") { _, model in model.perform(GlobalKeys.quit) },
        Command("quit", "Quit the console") { _, model in model.perform(GlobalKeys.quit) },
    ]

    // MARK: Using the list

    /// What this user may do.
    static func offered(to access: Access) -> [Command] {
        all.filter { access.allows($0.permission, changing: $0.isChanging) }
    }

    /// The command that a word names: by its whole name, or by a beginning that no other has.
    static func command(named word: String) -> Command? {
        if let exact = all.first(where: { $0.name == word }) { return exact }
        let candidates = all.filter { $0.name.hasPrefix(word) }
        return candidates.count == 1 ? candidates.first : nil
    }

    private static func split(_ text: String) -> (word: String, arguments: String?) {
        guard let space = text.firstIndex(of: " ") else { return (text, nil) }
        return (String(text[..<space]), String(text[text.index(after: space)...]))
    }

    static func run(_ text: String, in model: inout Model) -> [Work] {
        switch read(text) {
        case .unknown(let word):
            model.refuse("There is no command “\(word)”; Ctrl-K lists all there are")
        case .incomplete(let command): model.refuse("It is written :\(command.usage)")
        case .complete(let command, let arguments):
            if let refusal = model.access.refusal(
                command.permission, changing: command.isChanging)
            {
                model.refuse(refusal)
            } else if command.isChanging, let refusal = model.offlineRefusal {
                model.refuse(refusal)
            } else {
                command.run(arguments, &model)
            }
        }
    }

    private enum Reading { case unknown(String), incomplete(Command), complete(Command, String) }

    private static func read(_ text: String) -> Reading {
        let (word, arguments) = split(text.trimmed)
        guard let command = command(named: word.lowercased()) else { return .unknown(word) }
        let rest = (arguments ?? "").trimmed
        return command.needsArguments && rest.isEmpty
            ? .incomplete(command) : .complete(command, rest)
    }

    /// What is wrong with the name of a screen, as a sentence; `nil` when nothing is.
    static func fault(ofScreen text: String) -> String? {
        switch read(text) {
        case .unknown(let word):
            let names = screens.joined(separator: ", ")
            return "There is no screen “\(word)”; there are \(names)"
        case .incomplete(let command): return "It is written “\(command.usage)”"
        case .complete: return nil
        }
    }

    static func needsArguments(_ id: String) -> Bool {
        command(named: String(id.dropFirst()))?.needsArguments ?? false
    }

    /// What a line could become.
    static func completions(of text: String, in model: Model) -> [String] {
        let (word, arguments) = split(text)
        guard let arguments else {
            return offered(to: model.access).map(\.name).filter { $0.hasPrefix(word.lowercased()) }
        }
        guard let command = command(named: word.lowercased()) else { return [] }
        let start = arguments.lowercased()
        return command.completions(model).filter { $0.lowercased().hasPrefix(start) }
            .map { "\(command.name) \($0)" }
    }

    /// A completion as it is shown: a bare command with its usage and what it does.
    static func usage(of completion: String) -> String {
        guard let command = all.first(where: { $0.name == completion }) else { return completion }
        return "\(command.usage)  \(command.help)"
    }
}

extension Model {
    /// Says why a command does nothing.
    mutating func refuse(_ reason: String) -> [Work] {
        say(reason, .warning)
        return []
    }

    /// Goes to a pane of the overview with a filter.
    fileprivate mutating func toOverview(_ pane: String, _ filter: String) -> [Work] {
        leave(.open(.overview), orAsk: true)
            + deliver(.command(pane, arguments: filter), to: trail.places[0].id)
    }

    fileprivate mutating func changeTheme(_ name: String) -> [Work] {
        guard name.isEmpty else {
            guard options.themes.contains(where: { $0.name == name }) else {
                let names = options.themes.map(\.name).joined(separator: ", ")
                return refuse("There is no theme “\(name)”; there are \(names)")
            }
            setTheme(name)
            return []
        }
        let names = options.themes.map { Choice.Option($0.name, $0.name) }
        overlay = .picker(
            Picker(title: "Theme", options: names, selected: theme.name),
            .themes(before: theme.name))
        return []
    }

    /// The names that completion offers: of what the overview has loaded.
    fileprivate var workflowNames: [String] {
        (trail.places[0].screen as? OverviewScreen)?.workflowNames ?? []
    }

    fileprivate var templateNames: [String] {
        (trail.places[0].screen as? OverviewScreen)?.templateNames ?? []
    }
}
