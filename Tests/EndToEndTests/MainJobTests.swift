import Foundation
import Testing

/// The main job, from the empty store to a lead that is qualified: template, wizard, run, watch,
/// journal in time, failure, its cause mended, retry.
@Suite(.serialized, .timeLimit(.minutes(30))) struct MainJobTests {
    private static let name = "Sales Lead Qualification"

    @Test func aLeadIsQualifiedAfterTheCauseOfAFailureIsMended() throws {
        let first = try ConsoleSession()
        try makeWorkflow(first)
        try fillRunForm(first)
        try watchItFail(first)
        try travelInTime(first)
        try first.terminal.press("q")
        try first.waitFor("[exit 0]")

        let outbox = first.directory.path + "/outbox"
        let next = try ConsoleSession(
            store: first.directory, environment: ["AUTERITY_MAIL_OUTBOX": outbox])
        try retry(next)
        let messages = try FileManager.default.contentsOfDirectory(atPath: outbox)
        #expect(messages.count == 1)
        let message = try String(
            contentsOfFile: outbox + "/" + (messages.first ?? ""), encoding: .utf8)
        #expect(message.contains("To: sales@bay.example"))
        #expect(message.contains("Subject: HOT lead: Ana Souza"))
        try next.quit()
        try next.waitUntilRestored()
    }

    private func makeWorkflow(_ console: ConsoleSession) throws {
        let terminal = console.terminal
        try console.waitFor("Nothing is here yet.")
        try console.waitFor("Sales Lead Qual")
        try terminal.press("t")
        try console.waitFor("i use")
        try terminal.press("/")
        try terminal.type("name:sales")
        try console.waitUntilGone("Lead Qualification &")
        try terminal.press("Enter", "i")
        try console.waitFor("use \(Self.name)")

        // Wrong answers are told at their fields as one types.
        try terminal.type("Bay Street Motors")
        try terminal.press("Tab")
        try terminal.type("nobody")
        try console.waitFor("must be an email address")
        try terminal.press("Tab", "C-u")
        try terminal.type("-5")
        try console.waitFor("must be at least 0")
        try console.waitFor("2 not right yet")
        try terminal.press("C-s")
        try console.waitFor("Something is not right yet")

        // The keyboard is at the first fault, then at the next.
        try terminal.press("C-u")
        try terminal.type("sales@bay.example")
        try console.waitUntilGone("must be an email address")
        try terminal.press("Tab", "C-u")
        try terminal.type("25000")
        try console.waitUntilGone("must be at least 0")
        try console.waitFor("Lead for Bay Street Motors")
        try terminal.press("C-s")
        try console.waitFor("Create it and run it")
        try terminal.press("Down", "Enter")
        try console.waitFor("run \(Self.name)")
    }

    private func fillRunForm(_ console: ConsoleSession) throws {
        let terminal = console.terminal
        try console.waitFor("customer_email")
        try terminal.type("Ana Souza")
        try terminal.press("Tab")
        try terminal.type("ana@example.com")
        try terminal.press("Tab")
        try terminal.type("A hybrid, seven seats")
        try terminal.press("Tab")
        try terminal.type("40000")
        try terminal.press("Tab", "Right")
        try console.waitFor("now")
        try terminal.press("C-s")
    }

    private func watchItFail(_ console: ConsoleSession) throws {
        // Nothing is configured: the AI's step has a branch for that, the mail's has not.
        try console.waitFor("failed at tell_sales")
        let lines = try console.waitFor("✔ Rate by rule")
        #expect(lines.contains { $0.contains("No mail server is configured") })
        #expect(lines.contains { $0.contains("AUTERITY_MAIL_OUTBOX") })
        try console.waitFor("✖ Hand to sales")
        let tabs = [
            ("critical path", "]"), ("▸ ✔ Rating", "]"), ("tell_sales: Step failed", "]"),
            ("customer_email: \"ana@example.com\"", "]"), ("execution_failed", "]"),
        ]
        for (text, key) in tabs {
            try console.terminal.press(key)
            try console.waitFor(text)
        }
    }

    private func travelInTime(_ console: ConsoleSession) throws {
        let terminal = console.terminal
        try terminal.press(",", ",", ",")
        try console.waitFor("earlier  . later")
        try terminal.press("[", "[", "[", "[", "[")
        try console.waitFor("▶ Hand to sales")
        try terminal.press(",")
        try console.waitFor("◌ Hand to sales")
        try terminal.press(".")
        try console.waitFor("▶ Hand to sales")
        try terminal.press("Escape")
        try console.waitFor("✖ Hand to sales")
        try console.waitUntilGone("earlier  . later")
    }

    private func retry(_ console: ConsoleSession) throws {
        let terminal = console.terminal
        try console.waitFor("✖ failed")
        try terminal.press("r")
        try console.waitFor("Retry “\(Self.name)”?")
        try terminal.press("y")
        try console.waitFor("✔ done")
        try terminal.press("g", "Enter")
        try console.waitFor("retry of")
        try console.waitFor("✔ done in")
        try console.waitFor("✔ Qualified")
        try terminal.press("Escape")
        try console.waitFor("1 Workflows")
    }

    // MARK: The definition

    @Test func anEditorIsLentTheTerminalAndAFailingOneLosesNothing() throws {
        let store = try TemporaryDirectory()
        let made = try Subprocess.run(
            Subprocess.auterity, ["demo", "--count", "1"],
            environment: ConsoleSession.environment(data: store.path))
        #expect(made.status == 0, "\(made.errors)")
        for (editor, text) in [
            ("/no/such/editor", "cannot be started"), ("false", "ended with status 1"),
            ("sed -i s/id/:/", "Not saved"), ("sed -i s/Oil/Tyre/I", "Graph"),
        ] {
            let console = try ConsoleSession(
                "--screen 'workflow Demo: Service Reminder'", store: store,
                environment: ["EDITOR": editor, "VISUAL": editor])
            try console.waitFor("e edit")
            try console.terminal.press("e")
            try console.waitFor(text)
            try console.waitFor("? help")
            try console.terminal.press("q")
            try console.waitUntil("it has ended, or asks") { lines in
                lines.contains { $0.contains("[exit 0]") || $0.contains("Leave?") }
            }
            if try console.terminal.screen().contains(where: { $0.contains("Leave?") }) {
                try console.terminal.press("y")
            }
            try console.waitFor("[exit 0]")
            try console.waitUntilRestored()
        }
    }

    // MARK: Live

    @Test func whatTheDemoStartsIsSeenWhileItRuns() throws {
        let console = try ConsoleSession()
        try console.waitFor("Nothing is here yet.")
        try console.terminal.press("d")
        try console.waitFor("The demo runs")
        try console.waitFor("◔ waiting")
        try console.waitFor("✔ done")
        try console.terminal.type(":demo remove")
        try console.terminal.press("Enter")
        try console.waitFor("Nothing is here yet.")
        try console.quit()
        try console.waitUntilRestored()
    }
}
