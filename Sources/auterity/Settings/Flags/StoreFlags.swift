import ArgumentParser

/// What every command needs to know. None has a default here: a default would win over the
/// environment and the file.
struct StoreFlags: ParsableArguments {
    @Option(name: .long, help: "The configuration file to read.", completion: .file())
    var config: String?

    @Option(name: .long, help: Setting.help("data_dir"), completion: .directory)
    var dataDir: String?

    @Option(
        name: .long, help: Setting.help("environment"),
        completion: .list(Setting.choices("environment")))
    var environment: String?

    @Option(
        name: .long, help: Setting.help("log_level"),
        completion: .list(Setting.choices("log_level")))
    var logLevel: String?

    @Option(
        name: .long, help: Setting.help("log_format"),
        completion: .list(Setting.choices("log_format")))
    var logFormat: String?

    /// What was given, by key.
    var values: [(String, String?)] {
        [
            ("data_dir", dataDir),
            ("environment", environment),
            ("log_level", logLevel),
            ("log_format", logFormat),
        ]
    }
}
