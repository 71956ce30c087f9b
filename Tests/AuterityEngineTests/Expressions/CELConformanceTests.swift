import AuterityAPI
import Foundation
import Testing

@testable import AuterityEngine

/// The conformance files of the CEL specification, which stand beside the checkout, not in it.
private enum ConformanceFiles {
    static let folder: URL? = {
        var folder = URL(filePath: #filePath).deletingLastPathComponent()
        while folder.path != "/" {
            let manifest = folder.appending(path: "Package.swift")
            if FileManager.default.fileExists(atPath: manifest.path) {
                return folder.appending(path: "../shared/conformance/cel").standardizedFileURL
            }
            folder.deleteLastPathComponent()
        }
        return nil
    }()

    static var areThere: Bool {
        guard let folder else { return false }
        return FileManager.default.fileExists(atPath: folder.appending(path: "basic.json").path)
    }

    static func cases(of section: String) throws -> [ConformanceCase] {
        let folder = try #require(folder)
        let data = try Data(contentsOf: folder.appending(path: "\(section).json"))
        let json = try JSONValue(parsing: [UInt8](data), maximumDepth: 256)
        return try #require(json.arrayValue).map { try ConformanceCase($0) }
    }
}

@Suite(
    .enabled(
        if: ConformanceFiles.areThere,
        "../shared/conformance/cel is not beside this checkout: the conformance of CEL is untested"))
struct CELConformanceTests {
    private static let core = [
        "basic", "comparisons", "fields", "integer_math", "fp_math", "lists", "logic", "macros",
        "parse", "plumbing", "string", "conversions",
    ]
    private static let extensions = [
        "bindings_ext", "macros2", "math_ext", "optionals", "string_ext", "timestamps",
    ]

    /// `section/group/test` of the cases that are known to miss. A case that is not here must
    /// pass, and one that is here must not.
    private static let knownMisses: Set<String> = []

    @Test(arguments: core + extensions)
    func agreesWithTheSpecification(section: String) throws {
        var passed = (values: 0, failures: 0)
        var all = (values: 0, failures: 0)
        for test in try ConformanceFiles.cases(of: section) {
            let name = "\(section)/\(test.name)"
            let outcome = test.run()
            if test.expectsFailure { all.failures += 1 } else { all.values += 1 }
            if outcome == .passed {
                if test.expectsFailure { passed.failures += 1 } else { passed.values += 1 }
                #expect(!Self.knownMisses.contains(name), "\(name) passes: take it off the list")
            } else {
                #expect(
                    Self.knownMisses.contains(name),
                    "\(name): \(test.expression): \(String(describing: outcome))")
            }
        }
        #expect(all.values + all.failures > 0)
        let share = Self.core.contains(section) ? 95 : 90
        #expect(passed.values * 100 >= all.values * share)
        #expect(passed.failures * 100 >= all.failures * share)
    }
}
