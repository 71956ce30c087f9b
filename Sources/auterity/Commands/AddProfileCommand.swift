import ArgumentParser
import Foundation
import TerminalUI

/// `auterity profile add`
struct AddProfileCommand: ConfigurationCommand {
    static let configuration = CommandConfiguration(
        commandName: "add", abstract: "Add a profile, or change what is named of one.",
        discussion: """
            Examples:
              auterity profile add staging --url https://staging.example.com
              auterity profile add production --url https://auterity.example.com --color red \\
                --confirm
              auterity profile add production --read-only
            """)

    @Argument(help: "Its name.")
    var name: String

    @Option(name: .long, help: "The address of the server.")
    var url: String?

    @Option(name: .long, help: "Certificates (PEM) to trust there.", completion: .file())
    var caFile: String?

    @Option(name: .long, help: "The certificate (PEM) to show.", completion: .file())
    var clientCertificate: String?

    @Option(name: .long, help: "The key of that certificate.", completion: .file())
    var clientKey: String?

    @Option(name: .long, help: "The proxy for calls; events go directly: http://…, socks5h://…")
    var proxy: String?

    @Option(
        name: .long, help: "The theme of the console there.",
        completion: CompletionNames.themes.kind)
    var theme: String?

    @Option(name: .long, help: "The colour of the console's header: red, 208, #b00020, …")
    var color: String?

    @Flag(name: .long, inversion: .prefixedNo, help: "Let nothing be changed there.")
    var readOnly: Bool?

    @Flag(
        name: .long, inversion: .prefixedNo,
        help: "Have the profile's name typed before a change.")
    var confirm: Bool?

    @OptionGroup var output: OutputOptions
    @OptionGroup(title: "Settings") var settings: FileSettingFlags

    func validate() throws {
        guard Profile.isName(name) else {
            throw ValidationError(
                "a profile's name has up to 64 letters, digits and the signs _ - ., and no - at "
                    + "its start")
        }
        if let url, !Profile.isAddress(url) {
            throw ValidationError("--url takes an address such as https://auterity.example.com")
        }
        if let color {
            do {
                _ = try Color(notation: color)
            } catch {
                throw ValidationError(
                    "--color: \(error); write a name such as red, 0 to 255, or #rrggbb")
            }
        }
    }

    func run(_ settings: Settings, _ printer: Printer) throws {
        let known = settings.profiles.all.first { $0.name == name }
        guard let url = url ?? known?.url else {
            throw SettingError(
                "There is no profile \"\(name)\" yet. Give its address: --url https://…",
                status: ExitStatus.usage)
        }
        var profile = known ?? Profile(name: name, url: url)
        profile.url = url
        try apply(to: &profile, settings)
        var profiles = settings.profiles
        profiles.add(profile)
        try profiles.save()
        let hint = "Log in with: " + settings.commandLine("login --profile \(name)")
        try printer.outcome(
            known == nil ? "Added \(name). \(hint)" : "Changed \(name).",
            ProfileCommand.value(profile, settings))
    }

    /// What is not named stays as it was.
    private func apply(to profile: inout Profile, _ settings: Settings) throws {
        let environment = ProcessInfo.processInfo.environment
        func path(_ text: String?) -> String? {
            text.map { Directories.absolute($0, environment: environment) }
        }
        if let file = path(caFile) { profile.certificateFile = file }
        if let file = path(clientCertificate) { profile.clientCertificate = file }
        if let file = path(clientKey) { profile.clientKey = file }
        if let proxy { profile.proxy = proxy }
        if let theme {
            // A theme that is not there would only be found out in the console.
            _ = try ThemeLibrary(
                name: theme, directories: settings.directories,
                executable: ThemeLibrary.executablePath)
            profile.theme = theme
        }
        if let color { profile.color = try Color(notation: color) }
        if let readOnly { profile.isReadOnly = readOnly }
        if let confirm { profile.confirmsChanges = confirm }
    }
}
