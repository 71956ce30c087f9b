import ArgumentParser
import AuterityAPI
import AuterityEngine
import FoundationEssentials

/// `auterity eval`: one expression, without a store.
struct EvalCommand: ParsableCommand {
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

    func validate() throws {
        guard (expression == nil) != (conformance == nil) else {
            throw ValidationError("give an expression, or --conformance with a directory")
        }
    }

    mutating func run() throws {
        if let conformance {
            try Self.conform(to: conformance)
        } else if let expression {
            let input = try values.values()
            // As in a workflow: the fields of the input stand at top level, and all of it as input.
            var scope = input
            scope["input"] = .object(input)
            let value = try Expression(expression).evaluate(in: NamedValues(scope))
            print(try value.json().jsonText)
        }
    }

    // MARK: - Conformance

    /// Runs every case of every file, and names those that miss.
    private static func conform(to folder: String) throws {
        let files = try FileManager.default.contentsOfDirectory(atPath: folder)
            .filter { $0.hasSuffix(".json") }.sorted()
        guard !files.isEmpty else {
            throw SettingError("\(folder) has no case files (*.json)")
        }
        var (passed, failed) = (0, 0)
        for file in files {
            for test in try cases(of: "\(folder)/\(file)") {
                switch test.run() {
                case .passed: passed += 1
                case .missed(let what):
                    failed += 1
                    print("\(file): \(test.name): \(test.expression): \(what)")
                }
            }
        }
        print("\(passed) passed, \(failed) failed")
        if failed > 0 { throw ExitCode(ExitStatus.failure) }
    }

    private static func cases(of path: String) throws -> [ConformanceCase] {
        let json = try JSONValue(parsing: FileInput.bytes(at: path), maximumDepth: 256)
        guard let items = json.arrayValue else {
            throw SettingError("\(path) must hold a list of cases")
        }
        return try items.map { try ConformanceCase($0) }
    }
}
