import ArgumentParser
import AuterityAPI
import AuterityClient
import Foundation
import Glibc
import Logging

/// `auterity demo`: sample workflows and a gentle stream of executions.
struct DemoCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "demo", abstract: "Fill the store with sample workflows and run them.",
        discussion: """
            Everything it makes is marked as demo. It runs until Ctrl-C. To watch it, open the console \
            and type :demo there instead, since one store has one owner.
            """)

    @Flag(name: .long, help: "Take the demo away, with all its executions.")
    var remove = false

    @Option(name: .long, help: "Stop after so many executions.")
    var count: Int?

    @OptionGroup(title: "Settings")
    var flags: EngineSettingFlags

    func validate() throws {
        if let count, count < 0 { throw ValidationError("--count must not be negative") }
        if remove, count != nil { throw ValidationError("--remove goes without --count") }
    }

    func run() async throws {
        let settings = try await Settings(
            flags: flags, environment: ProcessInfo.processInfo.environment)
        if settings.isReadOnly {
            throw SettingError("read_only is set: the demo would change the store")
        }
        Log.start(settings, level: settings.logLevel == "debug" ? .debug : .warning)
        let store = EmbeddedStore(settings)
        let client = try await store.open()
        do {
            if remove {
                try await takeAway(client)
            } else {
                try await keepGoing(client)
            }
        } catch {
            await store.close()
            throw error
        }
        await store.close()
    }

    private func takeAway(_ client: EmbeddedClient) async throws {
        let removed = try await client.send(RemoveDemo())
        print("Removed \(removed.workflows) workflows and \(removed.executions) executions.")
    }

    private func keepGoing(_ client: EmbeddedClient) async throws {
        var limits = Demo.Limits()
        if let count { limits.total = count }
        let demo = Demo(client: client, limits: limits)
        let workflows = try await demo.load()
        print("\(workflows.count) sample workflows; press Ctrl-C to stop.")
        let (interrupts, sources) = Self.interrupts()
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await demo.stream() }
            group.addTask { for await _ in interrupts { return } }
            _ = try await group.next()
            group.cancelAll()
        }
        sources.forEach { $0.cancel() }
    }

    /// SIGINT and SIGTERM as something to wait for, as long as the sources are kept.
    private static func interrupts() -> (AsyncStream<Void>, [any DispatchSourceSignal]) {
        let (stream, continuation) = AsyncStream.makeStream(
            of: Void.self, bufferingPolicy: .bufferingNewest(1))
        let sources = [SIGINT, SIGTERM].map { number in
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number)
            source.setEventHandler { continuation.yield() }
            source.activate()
            return source
        }
        return (stream, sources)
    }
}
