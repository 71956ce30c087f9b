import Foundation
import Testing

/// The rules of the house that can be checked. A message names file, line and rule.
@Suite struct TidyTests {
    private let files: [SourceTree.File]
    private let code: [String: CodeLines]

    /// Read once for all rules.
    private static let tree = Result {
        let files = try SourceTree.swiftFiles()
        return (
            files, Dictionary(uniqueKeysWithValues: files.map { ($0.path, CodeLines($0.lines)) })
        )
    }

    init() throws {
        (files, code) = try Self.tree.get()
    }

    private func eachLineOfCode(
        in folders: [String] = ["Sources", "Tests", "Benchmarks"],
        _ body: (SourceTree.File, Int, String) -> Void
    ) {
        for file in files where folders.contains(where: { file.path.hasPrefix($0 + "/") }) {
            for (index, line) in (code[file.path]?.lines ?? []).enumerated() {
                body(file, index + 1, line)
            }
        }
    }

    private func forbid(
        _ texts: [String], in folders: [String] = ["Sources", "Tests", "Benchmarks"],
        _ why: String
    ) {
        eachLineOfCode(in: folders) { file, number, line in
            guard texts.contains(where: { holds(line, $0) }) else { return }
            Issue.record("\(file.path):\(number): \(why)")
        }
    }

    /// That a line has a text as a word of its own. Many times quicker than a regular expression.
    private func holds(_ line: String, _ text: String) -> Bool {
        guard let range = line.firstRange(of: text) else { return false }
        if let after = line[range.upperBound...].first, text.last?.isLetter == true,
            after.isLetter || after.isNumber
        {
            return false
        }
        guard let before = line[..<range.lowerBound].last else { return true }
        return !before.isLetter && !before.isNumber && before != "_"
    }

    @Test func thereAreFilesToCheck() {
        #expect(files.count > 50)
    }

    @Test func filesHaveAtMost500Lines() {
        for file in files where file.lines.count > 501 {
            Issue.record("\(file.path): \(file.lines.count - 1) lines; a file holds one idea")
        }
    }

    @Test func linesHaveAtMost100Columns() {
        for file in files {
            for (index, line) in file.lines.enumerated() where line.count > 100 {
                // Drawings of screens and examples of data are as wide as what they show.
                guard !isInsideText(file, index) else { continue }
                Issue.record("\(file.path):\(index + 1): \(line.count) columns")
            }
        }
    }

    private func isInsideText(_ file: SourceTree.File, _ index: Int) -> Bool {
        let code = code[file.path]?.lines[index] ?? ""
        return code.count < 60
    }

    @Test func functionsHaveAtMost70Lines() {
        for file in files {
            guard let code = code[file.path] else { continue }
            for span in FunctionSpan.all(in: code) where span.length > 70 {
                Issue.record("\(file.path):\(span.line): \(span.name) has \(span.length) lines")
            }
        }
    }

    @Test func aLongFunctionIsFound() {
        let body = Array(repeating: "        work()", count: 80)
        let source = ["struct A {", "    func long() {"] + body + ["    }", "}"]
        #expect(FunctionSpan.all(in: CodeLines(source)).map(\.length) == [82])
    }

    @Test func namesSayWhatThingsAre() {
        let forbidden = /(Manager|Helper|Helpers|Utils|Utilities|Common|Base)$/
        eachLineOfCode { file, number, line in
            guard
                line.contains("struct ") || line.contains("class ") || line.contains("enum ")
                    || line.contains("protocol ") || line.contains("actor "),
                let match = line.firstMatch(of: /\b(struct|class|enum|protocol|actor) (\w+)/),
                match.2.contains(forbidden)
            else { return }
            Issue.record("\(file.path):\(number): \(match.2) names no thing of the field")
        }
        for file in files where file.name.dropLast(6).contains(forbidden) {
            Issue.record("\(file.path): names no thing of the field")
        }
    }

    @Test func modulesStandInTheirRooms() {
        let rooms: [(module: String, folders: [String])] = [
            ("CNcurses", ["Sources/AuterityTUI/Terminal"]),
            ("CTerminal", ["Sources/AuterityTUI/Terminal"]),
            ("GRDB", ["Sources/AuterityEngine/Storage", "Tests/AuterityEngineTests"]),
            ("CCurl", ["Sources/AuterityEngine/Integrations"]),
            ("CCrypto", ["Sources/AuterityEngine"]),
            ("CZlib", ["Sources/Deflate"]),
            ("FoundationNetworking", []),
        ]
        eachLineOfCode(in: ["Sources"]) { file, number, line in
            for (module, folders) in rooms where line.contains("import \(module)") {
                let imported = line.split(separator: " ").last.map(String.init)
                guard imported == module,
                    !folders.contains(where: { file.path.hasPrefix($0) })
                else { continue }
                Issue.record("\(file.path):\(number): \(module) belongs in \(folders)")
            }
        }
    }

    @Test func layersLookDownOnly() {
        let forbidden: [(folder: String, modules: [String])] = [
            (
                "Sources/AuterityAPI",
                ["AuterityEngine", "AuterityClient", "TerminalUI", "Foundation"]
            ),
            ("Sources/TerminalUI", ["AuterityAPI", "AuterityEngine", "Foundation", "Glibc"]),
            ("Sources/AuterityEngine", ["AuterityClient", "TerminalUI", "AuterityTUI"]),
            ("Sources/AuterityClient", ["TerminalUI", "AuterityTUI"]),
            ("Sources/AuterityTUI", ["AuterityEngine", "GRDB"]),
        ]
        eachLineOfCode(in: ["Sources"]) { file, number, line in
            guard line.contains("import "), let module = line.split(separator: " ").last else {
                return
            }
            for (folder, modules) in forbidden
            where file.path.hasPrefix(folder + "/") && modules.contains(String(module)) {
                Issue.record("\(file.path):\(number): \(folder) must not import \(module)")
            }
        }
    }

    @Test func nothingCrashesOnPurposeWithoutASentence() {
        forbid(["try!"], "try! ends the program without a sentence")
        forbid(["fatalError(\""], in: ["Sources"], "say what is wrong and go on, or throw")
    }

    @Test func theLibrariesDoNotPrint() {
        forbid(
            ["print("],
            in: [
                "Sources/AuterityAPI", "Sources/AuterityEngine", "Sources/AuterityClient",
                "Sources/TerminalUI", "Sources/AuterityTUI",
            ], "standard output belongs to the command")
    }

    @Test func everyTaskHasAnOwner() {
        eachLineOfCode(in: ["Sources"]) { file, number, line in
            guard line.contains("Task"),
                line.contains(/\bTask(\.detached)?(\([^)]*\))? *\{/),
                !line.contains(/=\s*Task|return Task|\(Task|\.value/)
            else { return }
            let before = file.lines[max(0, number - 4)..<(number - 1)]
            // Kept somewhere, or with a sentence beside it.
            guard !before.joined().contains("//"), before.last?.hasSuffix("(") != true,
                before.last?.hasSuffix("=") != true
            else { return }
            Issue.record("\(file.path):\(number): who owns this task, and who ends it?")
        }
    }

    @Test func streamsNameTheirBound() {
        forbid([".unbounded"], in: ["Sources"], "every buffer has a bound")
        eachLineOfCode(in: ["Sources"]) { file, number, line in
            guard line.contains("AsyncStream"),
                line.contains(/AsyncStream(<[^>]+>)?(\.makeStream)?\(/)
            else { return }
            let lines = code[file.path]?.lines ?? []
            let call = lines[(number - 1)..<min(lines.count, number + 3)].joined()
            guard !call.contains("bufferingPolicy"), !call.contains("unfolding") else { return }
            Issue.record("\(file.path):\(number): name the buffering policy")
        }
    }

    @Test func uncheckedSendabilityIsExplained() {
        eachLineOfCode { file, number, line in
            guard line.contains("@unchecked Sendable") || line.contains("nonisolated(unsafe)")
            else { return }
            let near = file.lines[max(0, number - 5)...(number - 1)].joined()
            guard !near.contains("//") else { return }
            Issue.record("\(file.path):\(number): say why it is safe")
        }
    }

    @Test func testsDoNotSleep() {
        forbid(
            ["Task.sleep", "Thread.sleep", "usleep(", "nanosleep("], in: ["Tests"],
            "wait for the event instead")
    }

    @Test func nothingIsLeftUnfinished() {
        let words = ["TODO", "FIXME", "XXX", "HACK", "unimplemented", "not implemented"]
        for file in files where file.folder != "Tests/TidyTests" {
            for (index, line) in file.lines.enumerated()
            where words.contains(where: { holds(line, $0) }) {
                Issue.record("\(file.path):\(index + 1): finish it, or leave it out")
            }
        }
    }

    @Test func theRootHoldsLittle() throws {
        let known: Set<String> = [
            ".build", ".ci", ".git", ".gitignore", ".swift-format", ".swiftpm", "Benchmarks",
            "LICENSE", "Makefile", "Package.resolved", "Package.swift", "README.md", "Sources",
            "Tests", "docs", "packaging", "scripts", "themes",
        ]
        let entries = try FileManager.default.contentsOfDirectory(atPath: SourceTree.root.path)
        #expect(Set(entries).subtracting(known).isEmpty)
    }

    @Test func noFileIsHuge() throws {
        for folder in ["Sources", "Tests", "Benchmarks", "docs", "themes"] {
            let base = SourceTree.root.appending(path: folder)
            for name in try FileManager.default.subpathsOfDirectory(atPath: base.path) {
                let path = base.appending(path: name).path
                let size = try FileManager.default.attributesOfItem(atPath: path)[.size] as? Int
                #expect((size ?? 0) < 200_000, "\(folder)/\(name)")
            }
        }
    }
}
