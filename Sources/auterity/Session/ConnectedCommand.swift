import ArgumentParser
import AuterityAPI
import AuterityClient
import AuterityEngine
import Foundation
import Glibc
import Logging
import TerminalUI

/// A command that makes calls: it is handed a client and a printer, and knows nothing of where
/// the engine is.
protocol ConnectedCommand: ParsableCommand {
    var settings: StoreSettingFlags { get }
    var output: OutputOptions { get }
    /// Whether `-` stands for a file or a list of it.
    var readsStandardInput: Bool { get }

    /// - Returns: The exit status.
    func run(_ session: CommandSession) async throws -> Int32
}

extension ConnectedCommand {
    var readsStandardInput: Bool { false }
}

/// What a command works with.
struct CommandSession {
    let client: any Client
    let printer: Printer
    let settings: Settings
    let environment: [String: String]
    /// Where the tokens are; `nil` on this machine, where there are none.
    let credentials: CredentialFile?
    /// Asks for passwords.
    let prompt: PasswordPrompt

    var isForPeople: Bool { printer.isForPeople }

    /// Says something to the person, beside what is printed for other programs.
    func note(_ text: String) {
        guard printer.options.format != .name else { return }
        Printer.writeLine(SafeText.lines(text), to: STDERR_FILENO)
    }

    /// Says what became of the connection, where there is something to say.
    func tell(_ link: inout LinkNotice, _ state: ConnectionState) {
        if let text = link.text(for: state, now: EngineClock.system.now()) { note(text) }
    }

    /// Says on a terminal what to do next; a script knows.
    func suggest(_ sentence: String, _ words: String) {
        guard isForPeople, isatty(STDERR_FILENO) == 1 else { return }
        note("\(sentence): \(settings.commandLine(words))")
    }

    /// Tells what was done: people in a sentence, programs as a value.
    func report(_ sentence: String, _ value: JSONValue) throws {
        if isForPeople { note(sentence) } else { try printer.item(value) }
    }

    func warn(_ warnings: [FieldFault]) {
        for warning in warnings { note("warning: \(line(warning))") }
    }

    func line(_ fault: FieldFault) -> String {
        SafeText.line(fault.field.isEmpty ? fault.message : "\(fault.field): \(fault.message)")
    }

    func line(_ error: ExecutionError) -> String {
        let step = error.stepID.map { " at \($0)" } ?? ""
        return SafeText.line("\(error.code)\(step): \(error.message)")
    }

    /// Runs a command as the process that was started for it.
    static func run(_ command: any ConnectedCommand) async throws -> Int32 {
        let environment = ProcessInfo.processInfo.environment
        let settings = try await Settings(
            flags: command.settings, environment: environment)
        Log.start(settings, level: settings.logLevel == "debug" ? .debug : .error)
        let printer = Printer(
            command.output, environment: environment, now: EngineClock.system.now())
        // Whoever writes it may be using the store that is to be opened.
        if command.readsStandardInput { try FileInput.gatherStandardInput() }
        return try await run(command, settings, environment, printer, PasswordPrompt())
    }

    /// Runs a command from beginning to end: opens what it speaks to, and closes it whatever
    /// happens.
    static func run(
        _ command: any ConnectedCommand, _ settings: Settings, _ environment: [String: String],
        _ printer: Printer, _ prompt: PasswordPrompt
    ) async throws -> Int32 {
        let changes = try ChangeGuard(settings, confirmed: command.settings.confirm)
        let opening = try ClientOpening(settings, environment)
        let client = try await WaitingNotice.during(opening.address?.url) {
            () async throws(APIError) in
            do throws(APIError) {
                return try await opening.open()
            } catch {
                throw LoginHint.naming(settings, in: error)
            }
        }
        let guarded = GuardedClient(client, changes, server: opening.address?.url)
        var printer = printer
        printer.hasChanged = { guarded.hasChanged }
        let session = CommandSession(
            client: guarded, printer: printer, settings: settings, environment: environment,
            credentials: opening.credentials, prompt: prompt)
        do {
            let status = try await command.run(session)
            await opening.close()
            return status
        } catch {
            await opening.close()
            throw settings.naming(in: error)
        }
    }
}
