import AuterityAPI
import Glibc
import Testing

@testable import AuterityEngine

/// The conformance files of the CEL specification, which stand beside the checkout, not in it.
private enum ConformanceFiles {
    /// `nil` when the root of the checkout is not found.
    static let folder: String? = {
        var parts = #filePath.split(separator: "/").dropLast()
        while !parts.isEmpty {
            let root = "/" + parts.joined(separator: "/")
            if contents(of: root + "/Package.swift") != nil {
                return root + "/../shared/conformance/cel"
            }
            parts.removeLast()
        }
        return nil
    }()

    static var areThere: Bool {
        folder.flatMap { contents(of: $0 + "/basic.json") } != nil
    }

    static func cases(of section: String) throws -> [ConformanceCase] {
        let folder = try #require(folder)
        let bytes = try #require(contents(of: "\(folder)/\(section).json"))
        let json = try JSONValue(parsing: bytes, maximumDepth: 256)
        return try #require(json.arrayValue).map { try ConformanceCase($0) }
    }

    private static func contents(of path: String) -> [UInt8]? {
        guard let file = fopen(path, "r") else { return nil }
        defer { fclose(file) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while case let count = fread(&buffer, 1, buffer.count, file), count > 0 {
            bytes += buffer[..<count]
        }
        return bytes
    }
}

@Suite(
    .enabled(
        if: ConformanceFiles.areThere,
        "../shared/conformance/cel is not beside this checkout: conformance of CEL is not tested"))
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
