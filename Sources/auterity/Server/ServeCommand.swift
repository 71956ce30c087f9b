import ArgumentParser
import AuterityEngine
import AuterityServer
import Foundation
import Glibc
import Logging
import ServiceLifecycle

/// `auterity serve`: the API server.
struct ServeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve", abstract: "Serve the API.",
        discussion: """
            Serves on a port and, for this user alone, on a Unix socket in the data directory. It \
            runs until Ctrl-C or SIGTERM: then requests under way finish, and executions go on at \
            the next start. A second signal ends it at once; SIGHUP reads the certificate again.

            Example:
              auterity serve --port 8000
            """)

    @OptionGroup(title: "Settings")
    var flags: ServerSettingFlags

    func run() async throws {
        let settings = try await Settings(
            flags: flags, environment: ProcessInfo.processInfo.environment)
        Log.start(settings)
        signal(SIGPIPE, SIG_IGN)
        let configuration = try settings.server()
        OpenFiles.raiseLimit(connections: configuration.connections)
        // What is wrong with the addresses is found before the engine begins to work.
        let sockets = try ServerSockets(configuration)
        if settings.usesOwnDataDirectory { EmbeddedStore.makeParents(of: settings.dataDirectory) }
        let engine = try await Engine.open(settings.serverEngine)
        let hasAdministrator = await engine.hasAdministrator()
        let logger = Logger(label: "auterity.server")
        let server = Server(
            engine: engine, configuration: configuration, sockets: sockets, logger: logger,
            onRunning: { addresses in
                let greeting = Greeting(
                    addresses: addresses, settings: settings, hasAdministrator: hasAdministrator)
                greeting.show(logger)
                ServiceNotification.send("READY=1\nSTATUS=Listening on \(greeting.url)")
            })
        do {
            try await Self.serve(server, engine, logger)
        } catch {
            await engine.close()
            throw error
        }
    }

    /// Serves until a signal comes, and closes the engine.
    private static func serve(_ server: Server, _ engine: Engine, _ logger: Logger) async throws {
        let group = ServiceGroup(
            configuration: .init(
                services: [
                    .init(
                        service: server, successTerminationBehavior: .gracefullyShutdownGroup)
                ], logger: quiet(logger)))
        let signals = Signals([SIGINT, SIGTERM, SIGHUP])
        defer { signals.cancel() }
        try await withThrowingTaskGroup(of: Void.self) { [stream = signals.stream] tasks in
            tasks.addTask { await obey(stream, server, group, logger) }
            try await group.run()
            await engine.close()
            logger.info("Stopped; unfinished executions go on at the next start")
            tasks.cancelAll()
        }
    }

    /// What the group has to say of each of its services is no news to who runs one server.
    private static func quiet(_ logger: Logger) -> Logger {
        var logger = logger
        logger.logLevel = max(logger.logLevel, .warning)
        return logger
    }

    private static func obey(
        _ signals: AsyncStream<Int32>, _ server: Server, _ group: ServiceGroup, _ logger: Logger
    ) async {
        var isStopping = false
        for await number in signals {
            if number == SIGHUP {
                reload(server, logger)
            } else if isStopping {
                _exit(128 + number)
            } else {
                isStopping = true
                logger.info("Stopping; requests under way finish")
                ServiceNotification.send("STOPPING=1\nSTATUS=Finishing requests under way")
                await group.triggerGracefulShutdown()
            }
        }
    }

    private static func reload(_ server: Server, _ logger: Logger) {
        do throws(ServerError) {
            guard try server.reloadCertificate() else { return }
            logger.info("Read the certificate again")
        } catch {
            logger.error("The old certificate stays: \(error)")
        }
    }
}
