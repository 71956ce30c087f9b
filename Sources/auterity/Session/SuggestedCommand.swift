import AuterityAPI

/// Commands that a person is told to copy. Each goes to where the command went that tells it: to
/// the server, the profile or the store that its own command line named.
extension Settings {
    /// The settings that say whom one speaks to, in the order in which they are written.
    private static let places = ["profile", "server", "data_dir", "unix_socket", "ca_file"]

    /// A command line to copy.
    ///
    /// - Parameter words: those behind `auterity`, quoted where that is needed.
    func commandLine(_ words: String) -> String { "auterity \(words)\(placeWords)" }

    /// As `commandLine(_:)`, of a command that speaks to nobody and only has the configuration.
    func profileCommandLine(_ words: String) -> String {
        "auterity profile \(words)\(configurationWords)"
    }

    private var configurationWords: String {
        configurationFlag.map { " --config \(ShellWord.pasted($0))" } ?? ""
    }

    /// The flags that name the place, each with a blank before it; empty where none was given.
    var placeWords: String {
        var words = ""
        for key in Self.places where layer(key) == .flags {
            guard let text = text(key) else { continue }
            words += " --\(key.replacing("_", with: "-")) \(ShellWord.pasted(text))"
        }
        return words + configurationWords
    }

    /// The error with those flags behind the command that it ends with.
    func naming(in error: any Error) -> any Error {
        switch error {
        case var error as ReferenceError:
            error.command = error.command.map { $0 + placeWords }
            return error
        case let error as APIError: return LoginHint.naming(self, in: error)
        default: return error
        }
    }
}
