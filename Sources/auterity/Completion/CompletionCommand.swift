import ArgumentParser
import AuterityEngine
import Foundation

/// `auterity completion`: what makes a shell complete this program's words.
struct CompletionCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "completion", abstract: "Print the completion script of a shell.",
        discussion: """
            It completes commands, options and their values, and the names of what there is: \
            workflows, templates, executions, accounts and profiles. "make install" puts the \
            scripts in place. By hand:

              bash  ~/.local/share/bash-completion/completions/auterity
              zsh   a directory of $fpath, as _auterity
              fish  ~/.config/fish/completions/auterity.fish

            Example:
              auterity completion bash > auterity.bash
            """)

    enum Shell: String, CaseIterable, ExpressibleByArgument {
        case bash, zsh, fish
    }

    @Argument(help: "bash, zsh or fish.")
    var shell: Shell

    func run() throws {
        let kind: CompletionShell =
            switch shell {
            case .bash: .bash
            case .zsh: .zsh
            case .fish: .fish
            }
        Printer.writeLine(CompletionScript.text(for: kind))
    }
}
