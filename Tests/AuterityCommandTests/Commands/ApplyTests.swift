import AuterityAPI
import AuterityClient
import Foundation
import Testing

@testable import auterity

/// Files that are made to workflows: of another server, of a folder, several in a file.
@Suite(.timeLimit(.minutes(30))) struct ApplyTests {
    /// An id that no store has.
    private static let foreignID = "0197b5a0-0000-7000-8000-00000000beef"

    private func actions(_ result: CommandWorld.Result) throws -> [String] {
        let items = try JSONValue(parsing: Array(result.text.utf8)).arrayValue ?? []
        return items.map { item in
            ["action", "name"].map { item[$0]?.stringValue ?? "" }.joined(separator: " ")
        }
    }

    private static func document(
        id: String? = nil, name: String?, _ step: JSONValue? = nil
    ) -> JSONValue {
        var members = JSONObject()
        if let id { members["id"] = .string(id) }
        if let name { members["name"] = .string(name) }
        members["definition"] = CommandWorld.definition(step)
        return .object(members)
    }

    private func names(_ world: CommandWorld) async throws -> [String] {
        try await world.client.send(ListWorkflows(pageSize: 100, cursor: "")).items.map(\.name)
            .sorted()
    }

    private func fault(_ world: CommandWorld, _ words: [String]) async throws -> String {
        do {
            let result = try await world.run(words)
            Issue.record("\(words): \(result.text)")
            return ""
        } catch let error as any CustomStringConvertible & Error {
            return error.description
        }
    }

    /// What another server exported has an id that is known there alone.
    @Test(arguments: [false, true])
    func anIdOfAnotherServerFallsBackToTheName(remote: Bool) async throws {
        try await CommandWorld.with(remote: remote) { world in
            let file = try world.file("a.json", Self.document(id: Self.foreignID, name: "Moved"))
            let apply = ["workflow", "apply", "-f", file, "-o", "json"]
            #expect(
                try actions(try await world.run(apply + ["--dry-run"])) == ["would create Moved"])
            #expect(try await names(world) == [])
            #expect(try actions(try await world.run(apply)) == ["created Moved"])
            #expect(try actions(try await world.run(apply)) == ["unchanged Moved"])
            _ = try world.file(
                "a.json", Self.document(id: Self.foreignID, name: "Moved", CommandWorld.line))
            let dry = try await world.run(apply + ["--dry-run"])
            #expect(try actions(dry) == ["would change Moved"])
            #expect(try actions(try await world.run(apply)) == ["changed Moved"])
            #expect(try await names(world) == ["Moved"])
        }
    }

    @Test func anIdThatIsKnownGoesBeforeTheName() async throws {
        try await CommandWorld.with(remote: false) { world in
            let (one, other) = (try await world.workflow(), try await world.workflow())
            let file = try world.file(
                "a.json", Self.document(id: one.id.description, name: other.name))
            _ = try await world.run(["workflow", "apply", "-f", file])
            let names = try await names(world)
            #expect(names == [other.name, other.name])
        }
    }

    @Test func anUnknownIdWithoutANameIsToldWithTheFile() async throws {
        try await CommandWorld.with(remote: false) { world in
            let file = try world.file("a.json", Self.document(id: Self.foreignID, name: nil))
            let text = try await fault(world, ["workflow", "apply", "-f", file])
            #expect(text.hasPrefix(file) && text.contains("name"), "\(text)")
        }
    }

    @Test func aFolderAppliesItsFilesInTheOrderOfNames() async throws {
        try await CommandWorld.with(remote: false) { world in
            let folder = world.folder.appending(path: "wf").path
            let inner = folder + "/inner.yaml"
            try FileManager.default.createDirectory(
                atPath: inner, withIntermediateDirectories: true)
            _ = try world.file("wf/b.json", Self.document(name: "second"))
            _ = try world.file("wf/a.yaml", Self.document(name: "first"))
            _ = try world.file("wf/c.yml", Self.document(name: "third"))
            _ = try world.file("wf/.hidden.yaml", Self.document(name: "hidden"))
            _ = try world.file("wf/inner.yaml/d.yaml", Self.document(name: "inner"))
            try "not one".write(toFile: folder + "/notes.txt", atomically: true, encoding: .utf8)
            let result = try await world.run(["workflow", "apply", "-f", folder, "-o", "json"])
            #expect(try actions(result) == ["created first", "created second", "created third"])
            let empty = try await fault(
                world, ["workflow", "apply", "-f", world.folder.appending(path: "far").path])
            #expect(empty.contains("far"), "\(empty)")
        }
    }

    @Test func aFileMayHaveSeveralDocuments() async throws {
        try await CommandWorld.with(remote: false) { world in
            let texts = ["one", "two"].map { YAMLText.text(Self.document(name: $0)) }
            let path = world.folder.appending(path: "all.yaml").path
            try ("---\n" + texts.joined(separator: "\n---\n") + "\n---\n")
                .write(toFile: path, atomically: true, encoding: .utf8)
            let dry = try await world.run(
                ["workflow", "apply", "-f", path, "-o", "json", "--dry-run"])
            #expect(try actions(dry) == ["would create one", "would create two"])
            let result = try await world.run(["workflow", "apply", "-f", path, "-o", "json"])
            #expect(try actions(result) == ["created one", "created two"])
            let text = try await fault(world, ["workflow", "validate", "-f", path])
            #expect(text.contains("2 documents"), "\(text)")
        }
    }

    /// Nothing is changed where a later file is wrong, whatever is wrong in it.
    @Test(arguments: ["no: workflow", "name: odd\ndefinition:\n  nodes: 1", "a: [", "name: third"])
    func nothingIsChangedBeforeAllIsJudged(last: String) async throws {
        try await CommandWorld.with(remote: false) { world in
            let path = world.folder.appending(path: "all.yaml").path
            let good = ["first", "third"].map { YAMLText.text(Self.document(name: $0)) }
            // The same workflow twice is one too often.
            let odd = last == "name: third" ? good[1] : last
            try (good + [odd]).joined(separator: "\n---\n")
                .write(toFile: path, atomically: true, encoding: .utf8)
            let text = try await fault(world, ["workflow", "apply", "-f", path])
            #expect(text.contains("all.yaml"), "\(text)")
            if last != "a: [" { #expect(text.contains("document 3"), "\(text)") }
            #expect(try await names(world) == [])
        }
    }

    @Test(arguments: [
        ["-f", "a", "-f", "b", "-f", "c"], ["-f", "a", "b", "c"], ["-f", "a", "b", "-f", "c"],
        ["--file", "a", "b", "c", "--dry-run"],
    ])
    func filesStandBehindOneOptionOrMany(words: [String]) throws {
        let command = try CommandWords.command(["workflow", "apply"] + words)
        #expect((command as? ApplyWorkflowCommand)?.file == ["a", "b", "c"])
    }

    @Test func standardInputIsAFileToo() throws {
        let command = try CommandWords.command(["workflow", "apply", "-f", "-"])
        #expect((command as? ApplyWorkflowCommand)?.file == ["-"])
    }
}
