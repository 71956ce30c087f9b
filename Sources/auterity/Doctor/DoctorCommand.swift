import ArgumentParser
import AuterityAPI
import AuterityEngine
import Foundation
import TerminalUI

/// `auterity doctor`: one page that says how this program, its surroundings and its store do.
struct DoctorCommand: StandaloneCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract: "Examine the program, the terminal, the store, the server.",
        discussion: """
            One page to paste into a bug report: it names no secret. It changes nothing, and works \
            while another process owns the store. It also asks the servers of all profiles whether \
            they answer, and how long their certificates are good for. On a terminal it draws a few \
            characters to see whether their widths agree. Ends with 1 when something fails.

            Examples:
              auterity doctor
              auterity doctor --fast -o json
            """)

    @Flag(name: .long, help: "Leave out what reads the whole store.")
    var fast = false

    @OptionGroup var output: OutputOptions
    @OptionGroup(title: "Settings") var settings: StoreSettingFlags

    func run(_ printer: Printer, _ environment: [String: String]) async throws -> Int32 {
        let findings = await examine(environment)
        if printer.isForPeople {
            Self.page(findings, hasColor: printer.hasColor).forEach(printer.write)
        } else {
            try printer.values(try findings.map { try JSONValue(encoding: $0) }, columns: [])
        }
        return findings.contains { $0.status == .fail } ? ExitStatus.failure : ExitStatus.success
    }

    private func examine(_ environment: [String: String]) async -> [Finding] {
        var findings = ProgramFindings.all(environment) + TerminalFindings.all(environment)
        do {
            let settings = try await Settings(flags: self.settings, environment: environment)
            return findings + (await examine(settings, environment))
        } catch {
            findings.append(
                .fail(
                    "configuration.settings", "\(error)",
                    "Mend it; what follows is as it would be without the configuration file"))
        }
        var flags = self.settings
        flags.store.config = "/dev/null"
        guard let settings = try? await Settings(flags: flags, environment: environment) else {
            return findings
        }
        return findings + (await examine(settings, environment))
    }

    private func examine(
        _ settings: Settings, _ environment: [String: String]
    ) async -> [Finding] {
        var findings = FolderFindings.all(settings) + ConfigurationFindings.all(settings)
        findings += StoreFindings.all(settings, isWhole: !fast)
        findings += await ServerFindings.all(settings, environment)
        findings += await ProfileFindings.all(settings, environment)
        findings += CertificateFindings.all(settings, environment)
        findings += ProviderFindings.all(settings)
        return findings
    }

    // MARK: - For people

    static func page(_ findings: [Finding], hasColor: Bool) -> [String] {
        var lines: [String] = []
        var area: Substring = ""
        let width = findings.map(\.id.count).max() ?? 0
        for finding in findings {
            if finding.area != area {
                if !area.isEmpty { lines.append("") }
                area = finding.area
            }
            let name = finding.id.padding(toLength: width, withPad: " ", startingAt: 0)
            let status = finding.status.rawValue.padding(
                toLength: 4, withPad: " ", startingAt: 0)
            lines.append(
                "\(colored(status, finding.status, hasColor))  \(name)  "
                    + SafeText.line(finding.detail))
            if let advice = finding.advice {
                lines.append("      → " + SafeText.line(advice))
            }
        }
        let count = { (status: Finding.Status) in findings.count { $0.status == status } }
        lines += ["", "\(count(.ok)) ok, \(count(.warn)) to look at, \(count(.fail)) failed"]
        return lines
    }

    private static func colored(
        _ text: String, _ status: Finding.Status, _ hasColor: Bool
    ) -> String {
        guard hasColor else { return text }
        let code = [Finding.Status.ok: 32, .warn: 33, .fail: 31][status] ?? 0
        return "\u{1B}[\(code)m\(text)\u{1B}[0m"
    }
}
