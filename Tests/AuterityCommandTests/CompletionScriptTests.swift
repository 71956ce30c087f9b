import ArgumentParser
import Testing

@testable import auterity

/// The completion scripts, as far as they are not ArgumentParser's own.
@Suite struct CompletionScriptTests {
    @Test func everyAliasIsNamedWithTheCommandsAboveIt() {
        let lines = CompletionAliases.all.flatMap { entry in entry.lines.map { ($0, entry.name) } }
        let names = Dictionary(lines) { first, _ in first }
        #expect(names.count == lines.count, "an alias stands for two commands")
        #expect(names["wf"] == "workflow")
        #expect(names["runs"] == "execution")
        #expect(names["workflow ls"] == "list")
        #expect(names["alert ack"] == "acknowledge")
        #expect(names["ls"] == nil)
    }

    @Test func noAliasIsTheNameOfAnotherCommand() throws {
        let root = try CommandDescription.root()
        for command in [root] + root.subcommands {
            let names = command.subcommands.map(\.word)
            for below in command.subcommands {
                #expect(Set(names).isDisjoint(with: below.aliases), "\(below.name)")
            }
        }
    }

    @Test func everyScriptKnowsTheAliases() {
        #expect(CompletionScript.text(for: .bash).contains("COMP_WORDS[index]='workflow' ;;"))
        #expect(CompletionScript.text(for: .zsh).contains("words[place]='workflow' ;;"))
        #expect(
            CompletionScript.text(for: .fish).contains(
                "case 'workflows' 'wf'\n            set unparsed_tokens[$place] 'workflow'"))
    }

    @Test(arguments: [
        ("    '--theme[The theme]:theme:_files'", "    '--theme=[The theme]:theme:_files'"),
        ("'*--type[Only]:type:{x}'", "'*--type=[Only]:type:{x}'"),
        (
            "'(--output -o)'{--output,-o}'[How\\: to]:output:{x}'",
            "'(--output -o)'{--output=,-o}'[How\\: to]:output:{x}'"
        ),
        ("'*'{--input,-i}'[A value]:key=value:'", "'*'{--input=,-i}'[A value]:key=value:'"),
        ("'--once[Print one]'", "'--once[Print one]'"),
        ("'(--quiet -q)'{--quiet,-q}'[Nothing]'", "'(--quiet -q)'{--quiet,-q}'[Nothing]'"),
        ("':name:_files'", "':name:_files'"), ("local -x a=\"[]:\"", "local -x a=\"[]:\""),
    ])
    func inZshAnOptionTakesItsValueBehindAnEqualsSignToo(line: String, wanted: String) {
        #expect(CompletionScript.withJoinedValues(line) == wanted)
    }

    /// Whatever ArgumentParser writes: no option with a value is left without.
    @Test func everyOptionOfZshHasIt() throws {
        let script = CompletionScript.text(for: .zsh)
        let options = Set(
            try CommandDescription.root().leaves.flatMap(\.arguments)
                .filter { $0.kind == .option }.flatMap(\.names).filter { $0.hasPrefix("--") })
        #expect(options.count > 30)
        for option in options {
            let isThere = ["\(option)=[", "\(option)=,"].contains { script.contains($0) }
            #expect(isThere, "\(option)")
        }
    }
}
