import ArgumentParser
import Glibc

/// Whether a person is asked before something is destroyed.
struct ConfirmationOptions: ParsableArguments {
    @Flag(name: .shortAndLong, help: "Do not ask.")
    var yes = false

    /// - Throws: when the answer is no, or nobody can be asked.
    func ask(_ question: String) throws {
        if yes { return }
        guard isatty(STDIN_FILENO) == 1 else {
            throw SettingError(
                "\(question) Nobody can be asked here; say --yes", status: ExitStatus.refused)
        }
        guard Confirmation.answer(question) else {
            throw SettingError("Nothing was done", status: ExitStatus.refused)
        }
    }
}

enum Confirmation {
    /// `false` unless the answer begins with a y.
    static func answer(_ question: String) -> Bool {
        guard isatty(STDIN_FILENO) == 1 else { return false }
        let text = Array("\(question) [y/N] ".utf8)
        _ = write(STDERR_FILENO, text, text.count)
        return readLine()?.lowercased().hasPrefix("y") ?? false
    }
}
