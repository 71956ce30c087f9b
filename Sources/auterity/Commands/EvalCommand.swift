import ArgumentParser
import AuterityAPI
import AuterityEngine
import Foundation
import TerminalUI

/// `auterity eval`: one expression, without a store.
struct EvalCommand: StandaloneCommand {
    static let configuration = CommandConfiguration(
        commandName: "eval", abstract: "Evaluate an expression as a workflow would.",
        discussion: """
            Examples:
              auterity eval 'size(items) > 2' -i 'items=[1,2,3]'
              auterity eval 'input.amount * 2' --input-file order.json
              auterity eval --conformance cases/
            """)

    @Argument(help: "The expression (CEL).")
    var expression: String?

    @OptionGroup var values: ValueOptions

    @Option(
        name: .long, help: "Run the case files (JSON) of this directory instead.",
        completion: .directory)
    var conformance: String?

    @OptionGroup var output: OutputOptions

    func validate() throws {
        guard (expression == nil) != (conformance == nil) else {
            throw ValidationError("give an expression, or --conformance with a directory")
        }
    }

    func run(_ printer: Printer, _ environment: [String: String]) async throws -> Int32 {
        if let conformance {
            return try Self.conform(to: conformance, printer)
        }
        if let expression {
            let input = try values.values()
            // As in a workflow: the fields of the input stand at top level, and all of it as input.
            var scope = input
            scope["input"] = .object(input)
            let value = try Expression(expression).evaluate(in: NamedValues(scope))
            let json = try value.json()
            switch output.format {
            case .table, .wide, .name, .ndjson: printer.write(json.jsonText)
            case .json, .yaml: try printer.item(json)
            }
        }
        return ExitStatus.success
    }

    // MARK: - Conformance

    /// Runs every case of every file, and names those that miss.
    private static func conform(to folder: String, _ printer: Printer) throws -> Int32 {
        let names = try? FileManager.default.contentsOfDirectory(atPath: folder)
        let files = (names ?? []).filter { $0.hasSuffix(".json") }.sorted()
        guard !files.isEmpty else {
            throw SettingError("\(folder) has no case files (*.json)")
        }
        var (passed, missed) = (0, [JSONValue]())
        for file in files {
            for test in try cases(of: "\(folder)/\(file)") {
                switch test.run() {
                case .passed: passed += 1
                case .missed(let what):
                    missed.append([
                        "file": .string(file), "name": .string(test.name),
                        "expression": .string(test.expression), "fault": .string(what),
                    ])
                }
            }
        }
        let isForPeople = [.table, .wide].contains(printer.options.format)
        if isForPeople {
            for miss in missed {
                let parts = ["file", "name", "expression", "fault"]
                    .compactMap { miss[$0]?.stringValue }
                printer.write(SafeText.line(parts.joined(separator: ": "), limit: .max))
            }
            printer.write("\(passed) passed, \(missed.count) failed")
        } else {
            try printer.item(
                [
                    "passed": .int(Int64(passed)), "failed": .int(Int64(missed.count)),
                    "misses": .array(missed),
                ] as JSONValue)
        }
        return missed.isEmpty ? ExitStatus.success : ExitStatus.failure
    }

    private static func cases(of path: String) throws -> [ConformanceCase] {
        let json = try JSONValue(parsing: FileInput.bytes(at: path), maximumDepth: 256)
        guard let items = json.arrayValue else {
            throw SettingError("\(path) must hold a list of cases")
        }
        return try items.map { try ConformanceCase($0) }
    }
}
