import ArgumentParser
import AuterityAPI
import Foundation

/// `auterity profile`: servers by name.
struct ProfileCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "profile", abstract: "Name servers, and choose among them.",
        subcommands: [
            ListProfilesCommand.self, UseProfileCommand.self, AddProfileCommand.self,
            RemoveProfileCommand.self,
        ],
        aliases: ["profiles"])
}

/// A command that works on the configuration file and makes no call.
protocol ConfigurationCommand: ParsableCommand {
    var settings: StoreSettingFlags { get }

    func run(_ settings: Settings) throws
}

/// `auterity profile list`
struct ListProfilesCommand: ConfigurationCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List the profiles.",
        discussion: "Example:\n  auterity profile list", aliases: ["ls"])

    @OptionGroup var output: OutputOptions
    @OptionGroup(title: "Settings") var settings: StoreSettingFlags

    func run(_ settings: Settings) throws {
        let printer = Printer(
            output, environment: ProcessInfo.processInfo.environment,
            now: Timestamp(milliseconds: 0))
        let rows = try settings.profiles.all.map { profile -> JSONValue in
            [
                "name": .string(profile.name), "url": .string(profile.url),
                "is_current": .bool(profile.name == settings.text("profile")),
                "read_only": .bool(profile.isReadOnly), "confirm": .bool(profile.confirmsChanges),
            ]
        }
        try printer.values(
            rows,
            columns: [
                Column("NAME", "name"), Column("URL", "url", flexible: true),
                Column("CURRENT", "is_current", .yesNo), Column("READ-ONLY", "read_only", .yesNo),
                Column("CONFIRM", "confirm", .yesNo),
            ])
    }
}

/// `auterity profile use`
struct UseProfileCommand: ConfigurationCommand {
    static let configuration = CommandConfiguration(
        commandName: "use", abstract: "Speak to this server where none is named.",
        discussion: """
            Examples:
              auterity profile use staging
              auterity profile use --none
            """)

    @Argument(help: "The name of the profile.")
    var name: String?

    @Flag(name: .long, help: "The store of this machine.")
    var none = false

    @OptionGroup(title: "Settings") var settings: StoreSettingFlags

    func validate() throws {
        guard (name == nil) == none else {
            throw ValidationError("give the name of a profile, or --none")
        }
    }

    func run(_ settings: Settings) throws {
        var profiles = try settings.profiles
        try profiles.use(name)
        try profiles.save()
        print(name.map { "Using \($0)." } ?? "Using the store of this machine.")
    }
}

/// `auterity profile add`
struct AddProfileCommand: ConfigurationCommand {
    static let configuration = CommandConfiguration(
        commandName: "add", abstract: "Add a profile, or change it.",
        discussion: """
            Example:
              auterity profile add production --url https://auterity.example.com --color red \\
                --confirm
            """)

    @Argument(help: "Its name.")
    var name: String

    @Option(name: .long, help: "The address of the server.")
    var url: String

    @Option(
        name: .customLong("profile-ca-file"), help: "Certificates (PEM) to trust.",
        completion: .file())
    var certificates: String?

    @Option(name: .long, help: "The certificate (PEM) to show.", completion: .file())
    var clientCertificate: String?

    @Option(name: .long, help: "The key of that certificate.", completion: .file())
    var clientKey: String?

    @Option(name: .long, help: "The proxy to go through: http://…, socks5h://…")
    var proxy: String?

    @Option(name: .customLong("profile-theme"), help: "The theme of the console there.")
    var profileTheme: String?

    @Option(name: .long, help: "The colour of the header: red, yellow, … or #rrggbb.")
    var color: String?

    @Flag(name: .customLong("only-read"), help: "Let the console change nothing there.")
    var onlyRead = false

    @Flag(name: .long, help: "Ask for the profile's name before a change.")
    var confirm = false

    @OptionGroup(title: "Settings") var settings: StoreSettingFlags

    func validate() throws {
        guard url.hasPrefix("http://") || url.hasPrefix("https://") else {
            throw ValidationError("--url takes an address such as https://auterity.example.com")
        }
        guard name.wholeMatch(of: /[A-Za-z0-9_.-]{1,64}/) != nil else {
            throw ValidationError("a profile's name has letters, digits and the signs _ - .")
        }
    }

    func run(_ settings: Settings) throws {
        var profiles = try settings.profiles
        profiles.add(
            Profile(
                name: name, url: url, certificateFile: certificates,
                clientCertificate: clientCertificate, clientKey: clientKey, proxy: proxy,
                theme: profileTheme, isReadOnly: onlyRead, color: color,
                confirmsChanges: confirm))
        try profiles.save()
        print("Added \(name). Log in with: auterity login --profile \(name)")
    }
}

/// `auterity profile remove`
struct RemoveProfileCommand: ConfigurationCommand {
    static let configuration = CommandConfiguration(
        commandName: "remove", abstract: "Remove a profile.",
        discussion: "Example:\n  auterity profile remove staging", aliases: ["rm"])

    @Argument(help: "Its name.")
    var name: String

    @OptionGroup(title: "Settings") var settings: StoreSettingFlags

    func run(_ settings: Settings) throws {
        var profiles = try settings.profiles
        try profiles.remove(name)
        if settings.text("profile") == name { try profiles.use(nil) }
        try profiles.save()
        print("Removed \(name).")
    }
}
