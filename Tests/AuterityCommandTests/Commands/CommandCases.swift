import AuterityAPI
import AuterityClient
import Foundation

@testable import auterity

/// For every command something to run it on: makes it, and answers the command line. Each is
/// called once for each format.
struct CommandCase: Sendable {
    let prepare: @Sendable (CommandWorld) async throws -> [String]
    var status: Int32 = 0
    /// What is printed with `-o name` is one word a line.
    var hasPlainNames = true
    /// What it is told where it asks for a password.
    var input = ""
    /// There is nothing to log in to on the engine itself.
    var needsServer = false

    init(
        status: Int32 = 0, hasPlainNames: Bool = true, input: String = "",
        needsServer: Bool = false,
        _ prepare: @escaping @Sendable (CommandWorld) async throws -> [String]
    ) {
        self.status = status
        self.hasPlainNames = hasPlainNames
        self.input = input
        self.needsServer = needsServer
        self.prepare = prepare
    }

    /// Those that print no values, so that they have no formats; EndToEndTests runs them.
    static let processes: Set<String> = [
        "auterity console", "auterity serve", "auterity completion",
    ]

    static let all = workflows.merging(templates) { $1 }.merging(executions) { $1 }
        .merging(watching) { $1 }.merging(accounts) { $1 }.merging(machine) { $1 }

    private static let workflows: [String: CommandCase] = [
        "auterity workflow list": CommandCase { world in
            _ = try await world.workflow()
            return ["--limit", "3"]
        },
        "auterity workflow show": CommandCase { [try await $0.workflow().name] },
        "auterity workflow create": CommandCase { world in
            ["-f", try world.file("create.json", CommandWorld.definition()), "--name", "made"]
        },
        "auterity workflow edit": CommandCase { world in
            [try await world.workflow(CommandWorld.line).id.description]
        },
        "auterity workflow apply": CommandCase { world in
            let known = try await world.workflow()
            let document: JSONValue = [
                "id": .string(known.id.description), "name": "applied",
                "definition": CommandWorld.definition(CommandWorld.line),
            ]
            return ["-f", try world.file("apply.json", document)]
        },
        "auterity workflow validate": CommandCase(hasPlainNames: false) { world in
            ["-f", try world.file("validate.json", CommandWorld.definition())]
        },
        "auterity workflow run": CommandCase { world in
            [try await world.workflow(CommandWorld.line).name, "-i", "a=1", "--watch"]
        },
        "auterity workflow delete": CommandCase { [try await $0.workflow().name, "--yes"] },
        "auterity workflow export": CommandCase { [try await $0.workflow().name] },
        "auterity workflow versions": CommandCase { [try await $0.workflow().name] },
        "auterity workflow diff": CommandCase(status: 1) { world in
            let known = try await world.workflow()
            let other = CommandWorld.definition(CommandWorld.line)
            return [known.name, "-f", try world.file("diff.json", other)]
        },
    ]

    private static let templates: [String: CommandCase] = [
        "auterity template list": CommandCase { _ in ["--category", "sales"] },
        "auterity template show": CommandCase { _ in ["Sales Lead Qualification"] },
        "auterity template instantiate": CommandCase { world in
            [try await greeting(world), "--name", "greeted", "-i", "word=Hello"]
        },
        "auterity template preview": CommandCase { world in
            [try await greeting(world), "-i", "word=Hello"]
        },
        "auterity template create": CommandCase { world in
            ["-f", try world.file("template.json", template)]
        },
        "auterity template delete": CommandCase { [try await greeting($0), "--yes"] },
    ]

    private static let template: JSONValue = [
        "name": "greeting", "category": "sales",
        "definition": CommandWorld.definition([
            "id": "say", "type": "log", "data": ["message": "{{ word }}"],
        ]),
        "parameters": [
            ["name": "word", "parameter_type": "string", "is_required": true]
        ],
    ]

    private static func greeting(_ world: CommandWorld) async throws -> String {
        let call = try template.decoded(as: CreateTemplate.self)
        return try await world.client.send(call).id.description
    }

    private static let executions: [String: CommandCase] = [
        "auterity execution list": CommandCase { world in
            _ = try await world.execution(until: .completed)
            return ["--limit", "2", "--status", "completed"]
        },
        "auterity execution show": CommandCase { [try await $0.execution(until: .completed)] },
        "auterity execution watch": CommandCase { [try await $0.execution(until: .completed)] },
        "auterity execution logs": CommandCase { world in
            [try await world.execution(CommandWorld.line, until: .completed)]
        },
        "auterity execution cancel": CommandCase { world in
            [try await world.execution(CommandWorld.approval, until: .waiting)]
        },
        "auterity execution retry": CommandCase(status: ExitStatus.executionFailed) { world in
            [try await world.execution(CommandWorld.refusal, until: .failed), "--watch"]
        },
        "auterity execution approve": CommandCase { world in
            [try await world.execution(CommandWorld.approval, until: .waiting), "--comment", "yes"]
        },
        "auterity execution why": CommandCase { world in
            [try await world.execution(CommandWorld.approval, until: .waiting)]
        },
    ]

    private static let watching: [String: CommandCase] = [
        "auterity event tail": CommandCase { world in
            _ = try await world.execution(until: .completed)
            return ["--after", "0", "--count", "1"]
        },
        "auterity log": CommandCase { world in
            _ = try await world.execution(CommandWorld.line, until: .completed)
            return ["--level", "warning", "--limit", "2"]
        },
        "auterity alert list": CommandCase { world in
            _ = try await world.execution(CommandWorld.notice, until: .completed)
            return ["--limit", "2"]
        },
        "auterity alert acknowledge": CommandCase { world in
            _ = try await world.execution(CommandWorld.notice, until: .completed)
            let alerts = try await world.client.send(ListAlerts(pageSize: 1, cursor: ""))
            return alerts.items.map(\.id.description)
        },
        "auterity health": CommandCase { _ in [] },
        "auterity metrics": CommandCase { _ in [] },
    ]

    private static let accounts: [String: CommandCase] = [
        "auterity user list": CommandCase { world in
            _ = try await world.user()
            return ["--limit", "2"]
        },
        "auterity user create": CommandCase(input: CommandWorld.password) { _ in
            ["\(UUID().uuidString)@example.com", "--role", "operator"]
        },
        "auterity user show": CommandCase { [try await $0.user().email] },
        "auterity user update": CommandCase { [try await $0.user().email, "--role", "operator"] },
        "auterity user delete": CommandCase { [try await $0.user().email, "--yes"] },
        "auterity user roles": CommandCase { _ in [] },
        "auterity whoami": CommandCase { _ in [] },
        "auterity login": CommandCase(input: CommandWorld.password, needsServer: true) { _ in
            ["--email", CommandWorld.email]
        },
        "auterity logout": CommandCase(needsServer: true) { world in
            let words = ["login", "--email", CommandWorld.email]
            _ = try await world.run(words, input: CommandWorld.password)
            return []
        },
        "auterity profile list": CommandCase { try await profile($0, "here", []) },
        "auterity profile show": CommandCase { try await profile($0, "shown", ["shown"]) },
        "auterity profile use": CommandCase { try await profile($0, "used", ["used"]) },
        "auterity profile remove": CommandCase { try await profile($0, "gone", ["gone"]) },
        "auterity profile add": CommandCase { _ in
            ["added", "--url", "https://auterity.example.com"]
        },
    ]

    private static func profile(
        _ world: CommandWorld, _ name: String, _ words: [String]
    ) async throws -> [String] {
        _ = try await world.run(
            ["profile", "add", name, "--url", "https://\(name).example.com"])
        return words
    }

    /// What works on this machine alone.
    private static let machine: [String: CommandCase] = [
        "auterity eval": CommandCase { _ in ["a * 2", "-i", "a=21"] },
        "auterity doctor": CommandCase { _ in ["--fast"] },
        "auterity demo": CommandCase { world in
            ["--count", "0", "--data-dir", world.folder.path + "/demo-\(UUID().uuidString)"]
        },
        "auterity backup": CommandCase { world in
            [world.folder.path + "/backup-\(UUID().uuidString)"] + store(world)
        },
        "auterity restore": CommandCase { world in
            let path = world.folder.path + "/backup-\(UUID().uuidString)"
            _ = try await world.run(["backup", path] + store(world))
            return [path, "--data-dir", path + "-restored"]
        },
    ]

    /// The store that this machine has, whichever it is.
    private static func store(_ world: CommandWorld) -> [String] {
        let far = world.folder.path + "/far"
        return FileManager.default.fileExists(atPath: far) ? ["--data-dir", far] : []
    }
}
