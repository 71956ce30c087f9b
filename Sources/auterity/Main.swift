import ArgumentParser
import AuterityAPI
import AuterityEngine
import AuterityTUI
import Foundation
import Glibc
import TerminalUI

/// The beginning of the process.
///
/// Not `@main` on the root command, because the supervisor of the terminal has to be forked
/// while there is one thread, and ArgumentParser would run an asynchronous command on others.
@main
enum Main {
    @MainActor
    static func main() async {
        takeStandardDescriptors()
        do {
            try CommandWords.check()
            switch try CommandWords.command(Array(CommandLine.arguments.dropFirst())) {
            case let command as ConsoleCommand:
                let supervisor = command.once ? nil : Supervisor.start()
                exit(try await command.run(supervisor: supervisor))
            case let command as ServeCommand:
                try await command.run()
            case let command as any StandaloneCommand:
                let environment = ProcessInfo.processInfo.environment
                let printer = Printer(
                    command.output, environment: environment, now: EngineClock.system.now())
                leave(try await command.run(printer, environment))
            case let command as any ConnectedCommand:
                leave(try await CommandSession.run(command))
            case let command as any ConfigurationCommand:
                let environment = ProcessInfo.processInfo.environment
                try command.run(
                    try await Settings(flags: command.settings, environment: environment),
                    Printer(
                        command.output, environment: environment, now: EngineClock.system.now()))
            case var command:
                try command.run()
            }
        } catch let error as TerminalError {
            complain(error)
            exit(TerminalError.unusableExitStatus)
        } catch let error as APIError {
            complain(error)
            leave(ExitStatus.of(error))
        } catch let error as any CustomStringConvertible & Error where !isParserError(error) {
            complain(error)
            leave((error as? any StatedError)?.exitStatus ?? ExitStatus.failure)
        } catch {
            let isFine = Auterity.exitCode(for: error).isSuccess
            let text = HelpScreen.text(for: error)
            if !text.isEmpty {
                Printer.writeLine(text, to: isFine ? STDOUT_FILENO : STDERR_FILENO)
            }
            exit(Auterity.exitCode(for: error).rawValue)
        }
    }

    /// What was closed by whoever started this would else be the number of the next file: the store
    /// would be written into by a list of workflows. In its place stands what can be neither read
    /// nor written, so that whoever tries is told.
    private static func takeStandardDescriptors() {
        for descriptor in [STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO]
        where fcntl(descriptor, F_GETFD) == -1 {
            // The lowest number that is free, which is this one.
            _ = open("/dev/null", descriptor == STDIN_FILENO ? O_WRONLY : O_RDONLY)
        }
    }

    private static func isParserError(_ error: any Error) -> Bool {
        error is ValidationError || error is CleanExit || error is ExitCode
            || Auterity.exitCode(for: error) != .failure
    }

    /// Ends a command. Threads of libraries may still be ending their connections, and what `exit`
    /// would take from under them (OpenSSL's tables, first of all) they would fall over. Nothing is
    /// left to write: standard output has no buffer.
    private static func leave(_ status: Int32) -> Never { _exit(status) }

    /// Several faults each on a line of their own.
    private static func complain(_ error: APIError) {
        guard error.details.count > 1 else {
            return complain(error as any CustomStringConvertible)
        }
        let faults = error.details.map { fault in
            SafeText.line(fault.field.isEmpty ? fault.message : "\(fault.field): \(fault.message)")
        }
        let text = ([SafeText.line(error.message) + ":"] + faults).joined(separator: "\n  ")
        complain(text as any CustomStringConvertible)
    }

    private static func complain(_ error: any CustomStringConvertible) {
        Printer.writeLine("auterity: \(SafeText.lines(error.description))", to: STDERR_FILENO)
    }
}

/// The root of the commands.
struct Auterity: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "auterity",
        abstract: "An operations console and an API server for workflow automation.",
        discussion: """
            Without a command it opens the console on the embedded engine. Press ? there for the \
            keys that work where you are. "auterity serve" serves the API instead.

            The options that say whom a command speaks to, such as --profile, --server and \
            --data-dir, may stand before the command too.
            """,
        version: "auterity \(Product.version)",
        subcommands: [
            ConsoleCommand.self, ServeCommand.self, WorkflowCommand.self, TemplateCommand.self,
            ExecutionCommand.self, EventCommand.self, LogCommand.self, AlertCommand.self,
            HealthCommand.self, MetricsCommand.self, UserCommand.self, LoginCommand.self,
            LogoutCommand.self, WhoAmICommand.self, ProfileCommand.self, EvalCommand.self,
            DemoCommand.self, DoctorCommand.self, BackupCommand.self, RestoreCommand.self,
            CompletionCommand.self,
        ],
        defaultSubcommand: ConsoleCommand.self)
}
