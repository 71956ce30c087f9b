import ArgumentParser
import AuterityAPI
import AuterityClient
import AuterityEngine
import Foundation
import Glibc
import Logging

/// `auterity demo`: sample workflows and a gentle stream of executions.
struct DemoCommand: StandaloneCommand {
    static let configuration = CommandConfiguration(
        commandName: "demo", abstract: "Fill the store with sample workflows and run them.",
        discussion: """
            Everything it makes is marked as demo. It runs until Ctrl-C. To watch it, open the console \
            and type :demo there instead, since one store has one owner.

            Examples:
              auterity demo --count 2
              auterity demo --remove
            """)

    @Flag(name: .long, help: "Take the demo away, with all its executions.")
    var remove = false

    @Option(name: .long, help: "Stop after so many executions.")
    var count: Int?

    @OptionGroup var output: OutputOptions

    @OptionGroup(title: "Settings")
    var flags: EngineSettingFlags

    func validate() throws {
        if let count, count < 0 { throw ValidationError("--count must not be negative") }
        if remove, count != nil { throw ValidationError("--remove goes without --count") }
    }

    func run(_ printer: Printer, _ environment: [String: String]) async throws -> Int32 {
        let settings = try await Settings(flags: flags, environment: environment)
        Log.start(settings, level: settings.logLevel == "debug" ? .debug : .warning)
        return try await run(printer, settings)
    }

    func run(_ printer: Printer, _ settings: Settings) async throws -> Int32 {
        if settings.isReadOnly {
            throw SettingError(
                "read_only is set: the demo would change the store", status: ExitStatus.refused)
        }
        let store = EmbeddedStore(settings)
        let client = try await store.open()
        do {
            if remove {
                try await takeAway(client, printer)
            } else {
                try await keepGoing(client, printer)
            }
        } catch {
            await store.close()
            throw error
        }
        await store.close()
        return ExitStatus.success
    }

    private func takeAway(_ client: EmbeddedClient, _ printer: Printer) async throws {
        let removed = try await client.send(RemoveDemo())
        try printer.outcome(
            "Removed \(removed.workflows) workflows and \(removed.executions) executions.",
            JSONValue(encoding: removed))
    }

    private func keepGoing(_ client: EmbeddedClient, _ printer: Printer) async throws {
        var limits = Demo.Limits()
        if let count { limits.total = count }
        let demo = Demo(client: client, limits: limits)
        let workflows = try await demo.load()
        let interrupts = Interrupts()
        defer { interrupts.end() }
        let stream = interrupts.stream
        try tell(workflows.map(\.id.description), printer)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await demo.stream() }
            group.addTask { for await _ in stream { return } }
            _ = try await group.next()
            group.cancelAll()
        }
    }

    private func tell(_ workflows: [String], _ printer: Printer) throws {
        if printer.options.format == .name { return workflows.forEach(printer.write) }
        try printer.outcome(
            "\(workflows.count) sample workflows; press Ctrl-C to stop.",
            ["workflows": .array(workflows.map { .string($0) })])
    }
}

/// SIGINT and SIGTERM as something to wait for, instead of the end of the process.
private struct Interrupts {
    let stream: AsyncStream<Void>
    private let sources: [any DispatchSourceSignal]
    private let before: [(number: Int32, handler: sighandler_t?)]

    init() {
        let (stream, continuation) = AsyncStream.makeStream(
            of: Void.self, bufferingPolicy: .bufferingNewest(1))
        let numbers = [SIGINT, SIGTERM]
        self.stream = stream
        before = numbers.map { ($0, signal($0, SIG_IGN)) }
        sources = numbers.map { number in
            let source = DispatchSource.makeSignalSource(signal: number)
            source.setEventHandler { continuation.yield() }
            source.activate()
            return source
        }
    }

    /// Lets signals do what they did before.
    func end() {
        sources.forEach { $0.cancel() }
        for (number, handler) in before { signal(number, handler) }
    }
}
