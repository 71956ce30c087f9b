import Foundation

/// A program that is run to its end.
enum Subprocess {
    struct Result {
        let status: Int32
        let output: String
        let errors: String
    }

    /// The program that these tests are about, as it was built beside them.
    static var auterity: String {
        URL(filePath: "/proc/self/exe").resolvingSymlinksInPath()
            .deletingLastPathComponent().appending(path: "auterity").path
    }

    /// - Throws: What keeps it from starting; a status other than 0 is the caller's to judge.
    static func run(
        _ program: String, _ arguments: [String], environment: [String: String] = [:],
        input: String = ""
    ) throws -> Result {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = [program] + arguments
        var variables = ProcessInfo.processInfo.environment
        for name in variables.keys where name.hasPrefix("AUTERITY_") { variables[name] = nil }
        process.environment = variables.merging(environment) { $1 }
        let (output, errors, given) = (Pipe(), Pipe(), Pipe())
        process.standardOutput = output
        process.standardError = errors
        process.standardInput = given
        try process.run()
        given.fileHandleForWriting.write(Data(input.utf8))
        try given.fileHandleForWriting.close()
        let text = output.fileHandleForReading.readDataToEndOfFile()
        let complaints = errors.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return Result(
            status: process.terminationStatus, output: String(decoding: text, as: UTF8.self),
            errors: String(decoding: complaints, as: UTF8.self))
    }
}

/// A directory that is gone with its owner.
final class TemporaryDirectory {
    let path: String

    init() throws {
        path = NSTemporaryDirectory() + "auterity-" + UUID().uuidString
        try FileManager.default.createDirectory(
            atPath: path, withIntermediateDirectories: true)
    }

    deinit {
        try? FileManager.default.removeItem(atPath: path)
    }
}
