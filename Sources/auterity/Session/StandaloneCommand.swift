import ArgumentParser
import AuterityEngine
import Glibc

/// A command that opens by itself what it works with.
protocol StandaloneCommand: ParsableCommand {
    var output: OutputOptions { get }

    /// - Returns: The exit status.
    func run(_ printer: Printer, _ environment: [String: String]) async throws -> Int32
}

/// An error that says how the program ends.
protocol StatedError: Error {
    var exitStatus: Int32 { get }
}

extension EngineError: StatedError {
    var exitStatus: Int32 { reason == .interrupted ? 128 + SIGINT : ExitStatus.failure }
}
