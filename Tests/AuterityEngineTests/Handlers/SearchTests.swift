import AuterityAPI
import Testing

@testable import AuterityEngine

/// What lists find, whatever the case of letters and whatever characters are looked for.
@Suite(.timeLimit(.minutes(30)))
struct SearchTests {
    private static let names = [
        "Жук", "Ωmega", "École", "Über alles", "STRASSE", "plain", "w\0zzz end", "100%_\\",
    ]

    private static let searches: [(words: String, found: [String])] = [
        ("ж", ["Жук"]), ("Ж", ["Жук"]), ("жУ", ["Жук"]), ("ЖУК", ["Жук"]),
        ("ω", ["Ωmega"]), ("Ω", ["Ωmega"]), ("ωM", ["Ωmega"]), ("ΩMEGA", ["Ωmega"]),
        ("é", ["École"]), ("éC", ["École"]), ("éCOLE", ["École"]),
        ("ü", ["Über alles"]), ("ÜBER", ["Über alles"]),
        ("\0", ["w\0zzz end"]), ("w\0zzz", ["w\0zzz end"]), ("W\0Z", ["w\0zzz end"]),
        ("zzz\0", []), ("w\0x", []), ("PLAIN\0", []),
        ("%", ["100%_\\"]), ("_", ["100%_\\"]), ("\\", ["100%_\\"]), ("0%_", ["100%_\\"]),
        ("PL", ["plain"]), ("я", []), ("q", []),
        // A character that folds to a letter of ASCII.
        ("stra\u{17F}se", ["STRASSE"]), ("\u{17F}s", ["STRASSE"]),
    ]

    @Test func listsFindWhateverTheCaseAndOnlyWhatIsThere() async throws {
        let test = try await TestEngine.open()
        for name in Self.names {
            let id = try await test.workflow(WorkflowHandlerTests.minimal, name: name)
            _ = try await test.finished(try await test.start(id))
            _ = try await test.send(
                CreateTemplate(
                    name: name, category: "sales", definition: WorkflowHandlerTests.minimal,
                    parameters: []))
        }
        for (words, found) in Self.searches {
            let comment: Comment = "\(words.debugDescription)"
            let workflows = try await test.send(ListWorkflows(search: words))
            #expect(workflows.items.map(\.name) == found, comment)
            #expect(workflows.total == found.count, comment)
            let templates = try await test.send(ListTemplates(search: words))
            #expect(templates.items.map(\.name) == found, comment)
            let executions = try await test.send(ListExecutions(search: words)).items
            #expect(executions.map(\.workflowName) == found, comment)
        }
        await test.engine.close()
    }

    @Test func logLinesAndErrorsAreFoundWhateverTheCase() async throws {
        let test = try await TestEngine.open()
        let lines = ["Ошибка сети", "naïve", "plain\0text"]
        for line in lines {
            let id = try await test.workflow(
                RunnerTests.single("log", ["message": .string(line)]))
            _ = try await test.finished(try await test.start(id))
        }
        for (words, line) in [("ОШИБКА", 0), ("СЕТИ", 0), ("Ї", nil), ("Ï", 1), ("\0", 2)] {
            let found = try await test.send(ListLogs(search: words)).items
            #expect(found.map(\.message) == (line.map { [lines[$0]] } ?? []), "\(words)")
        }
        Gate.named("search").open([.failed(StepFailure("BROKEN", "Всё сломано"))])
        let broken = try await test.workflow(FamilyTest.gate("search"), name: "Broken")
        let failed = try await test.finished(try await test.start(broken))
        for words in ["ВСЁ", "СЛ", "сЛОМ", "broken"] {
            let found = try await test.send(ListExecutions(search: words)).items
            #expect(found.map(\.id) == [failed.id], "\(words)")
        }
        await test.engine.close()
    }
}
