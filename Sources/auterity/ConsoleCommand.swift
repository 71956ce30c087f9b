import ArgumentParser
import AuterityAPI
import AuterityClient
import AuterityEngine
import AuterityTUI
import Foundation
import Logging
import TerminalUI

/// `auterity`: the console.
struct ConsoleCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "console", abstract: "Open the console (what happens without a command).",
        discussion: """
            With --once it prints one frame as text and ends, for scripts and for a look without a \
            terminal.

            Example:
              auterity console --once --size 100x30 --screen health
            """)

    @Flag(name: .long, help: "Print one frame as text and end.")
    var once = false

    @Option(name: .long, help: "The size of that frame: columns x rows.")
    var size: FrameSize = FrameSize(width: 120, height: 32)

    @Option(
        name: .long, help: "The screen to begin with, as a command: health, logs, …",
        completion: .list(ConsoleOptions.screens))
    var screen: String?

    @OptionGroup(title: "Settings")
    var flags: ConsoleSettingFlags

    func validate() throws {
        if let screen, screen.hasPrefix("-") {
            throw ValidationError("--screen takes the name of a screen, such as health")
        }
        if let fault = ConsoleOptions(screen: screen).screenFault {
            throw ValidationError(fault)
        }
    }

    /// Opens the console, or prints one frame.
    ///
    /// - Parameter supervisor: `nil` only with `--once`.
    /// - Returns: The exit status.
    func run(supervisor: Supervisor?) async throws -> Int32 {
        let environment = ProcessInfo.processInfo.environment
        let settings = try await Settings(flags: flags, environment: environment)
        let servers = try ServerList(settings, environment)
        let options = try consoleOptions(settings, environment, servers.first)
        guard let supervisor else { return try await printFrame(options, servers, settings) }
        let terminal = NcursesTerminal(
            supervisor: supervisor,
            options: TerminalOptions(
                escapeDelay: settings.escapeDelay.map { .milliseconds($0) },
                ascii: settings.isASCII ?? false, mouse: settings.usesMouse,
                logFile: LogFile.prepare(settings), environment: environment))
        Log.start(settings)
        let runtime = Runtime(
            options: options, terminal: terminal,
            demo: { client, started in
                let demo = Demo(client: client)
                try await demo.load()
                started()
                try await demo.stream()
            },
            servers: servers)
        let status = try await runtime.run()
        await servers.close()
        return status
    }

    private func printFrame(
        _ options: ConsoleOptions, _ servers: ServerList, _ settings: Settings
    ) async throws -> Int32 {
        Log.start(settings, level: .error)
        let client = try await servers.open(options.server)
        let lines = await OneFrame.lines(
            options: options, size: Size(width: size.width, height: size.height),
            charset: settings.isASCII == true ? .ascii : .unicode, client: client)
        Printer.writeLine(lines.joined(separator: "\n"))
        await servers.close()
        return EXIT_SUCCESS
    }

    private func consoleOptions(
        _ settings: Settings, _ environment: [String: String], _ server: ServerProfile
    ) throws -> ConsoleOptions {
        let library = try ThemeLibrary(
            name: settings.theme, directories: settings.directories,
            executable: ThemeLibrary.executablePath)
        let editor = environment["VISUAL"] ?? environment["EDITOR"] ?? "vi"
        return ConsoleOptions(
            theme: ThemeLibrary.chosenName(settings.theme, among: library.themes),
            themes: library.themes, server: server, isReadOnly: settings.isReadOnly,
            isASCII: settings.isASCII ?? false, screen: screen,
            utcOffset: TimeZone.current.secondsFromGMT(), version: Product.version,
            editor: editor.split(separator: " ").map(String.init))
    }
}

/// `120x32`.
struct FrameSize: ExpressibleByArgument {
    /// Columns and rows: 1 to 1000.
    let width: Int
    let height: Int

    init(width: Int, height: Int) {
        self.width = width
        self.height = height
    }

    init?(argument: String) {
        let parts = argument.lowercased().split(separator: "x", omittingEmptySubsequences: false)
        guard parts.count == 2, let width = Int(parts[0]), let height = Int(parts[1]),
            (1...1000).contains(width), (1...1000).contains(height)
        else { return nil }
        self.init(width: width, height: height)
    }

    var defaultValueDescription: String { "\(width)x\(height)" }
}
