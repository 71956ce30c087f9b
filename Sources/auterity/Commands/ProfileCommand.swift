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
            ]
        }
        try printer.values(
            rows,
            columns: [
                Column("NAME", "name"), Column("URL", "url", flexible: true),
                Column("CURRENT", "is_current", .yesNo),
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
              auterity profile add production --url https://auterity.example.com
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

    @Option(name: .long, help: "The proxy for calls; events go directly: http://…, socks5h://…")
    var proxy: String?

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
                clientCertificate: clientCertificate, clientKey: clientKey, proxy: proxy))
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
