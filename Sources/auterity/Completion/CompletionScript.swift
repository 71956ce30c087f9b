import ArgumentParser

/// The completion script of a shell: what ArgumentParser makes of the declarations, and what it
/// leaves out.
enum CompletionScript {
    static func text(for shell: CompletionShell) -> String {
        let script = Auterity.completionScript(for: shell)
        switch shell {
        case .bash:
            return script.replacing(
                "\ncomplete -o filenames -F _auterity auterity",
                with: "\n" + CompletionAliases.bash + "\n\n" + bashLine)
        case .zsh:
            let start = "\n_auterity() {\n    emulate -RL zsh -G\n"
            return withJoinedValues(script).replacing(
                start, with: start + zshConsole + CompletionAliases.zsh)
        default:
            let tokens = "    set -l unparsed_tokens (__auterity_tokens -pc)\n"
            return script.replacing(tokens, with: tokens + fishConsole + CompletionAliases.fish)
        }
    }

    /// A specification of zsh whose options take their value behind `=` too, as `--theme=NAME`
    /// (zshcompsys(1), _arguments: `-optname=`).
    static func withJoinedValues(_ script: String) -> String {
        script.split(separator: "\n", omittingEmptySubsequences: false).map { line in
            // What stands behind the explanation is a value; a colon in it is escaped.
            guard line.contains("]:"), let option = line.firstMatch(of: longOption) else {
                return String(line)
            }
            return line[..<option.range.upperBound] + "=" + line[option.range.upperBound...]
        }.joined(separator: "\n")
    }

    /// The long name of an option at the start of its specification, after those that it excludes:
    /// `'--theme`, `'*--type` or `'(--output -o)'{--output`.
    private static var longOption: Regex<Substring> {
        /^ *'(?:\*?|\([^)]*\)'\{|\*'\{)--[a-z0-9-]+/
    }

    /// Bash parts words at `:` and `=`, so that an address would be many; and an option without a
    /// command is one of the console.
    private static let bashLine = #"""
        __auterity_line() {
            local rest="${COMP_LINE}" word before opened=''
            local -a line=()
            local -i index current=0
            for ((index = 0; index < ${#COMP_WORDS[@]}; index++)); do
                word="${COMP_WORDS[index]}"
                if [[ -z "${word}" ]]; then
                    before="${rest%%[![:space:]]*}"
                else
                    before="${rest%%"${word}"*}"
                fi
                rest="${rest#"${before}"}"
                rest="${rest#"${word}"}"
                if ((index > 0)) && [[ -z "${before}" && ("${opened}" || "${word}" == [:=]*) ]]; then
                    line[-1]+="${word}"
                else
                    line+=("${word}")
                fi
                [[ "${word}" == *[:=] ]] && opened=1 || opened=''
                ((index == COMP_CWORD)) && current=$((${#line[@]} - 1))
            done
            local -a COMP_WORDS=()
            local -i COMP_CWORD=0
            for ((index = 0; index < ${#line[@]}; index++)); do
                word="${line[index]}"
                if ((index == 1 && current > 1)) && [[ "${word}" == help ]]; then continue; fi
                if ((index == 1)) && [[ "${word}" == -* ]]; then COMP_WORDS+=(console); fi
                if ((index > 0)) && [[ "${word}" =~ ^--[a-z-]+= ]]; then
                    COMP_WORDS+=("${word%%=*}" "${word#*=}")
                else
                    COMP_WORDS+=("${word}")
                fi
                ((index == current)) && COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
            done
            __auterity_name_commands
            local COMP_LINE="${COMP_WORDS[*]:0:COMP_CWORD+1}"
            local -i COMP_POINT=${#COMP_LINE}
            local joined="${COMP_WORDS[COMP_CWORD]}"
            _auterity "${1}" "${joined}" "${COMP_WORDS[COMP_CWORD - 1]}"
            local typed="${2}"
            [[ "${typed}" == [:=] ]] && typed=''
            local known="${joined%"${typed}"}"
            [[ "${joined}" == *[:=]* ]] && COMPREPLY=("${COMPREPLY[@]#"${known}"}")
        }

        complete -o filenames -F __auterity_line auterity
        """#

    /// An option without a command is one of the console.
    private static let fishConsole = """
            if string match -q -- '-*' $unparsed_tokens[2]
                set unparsed_tokens $unparsed_tokens[1] console $unparsed_tokens[2..]
            end

        """

    /// An option without a command is one of the console.
    private static let zshConsole = """
            if [[ "${words[2]}" = -* ]]; then
                words=("${words[1]}" console "${words[@]:1}")
                (( CURRENT++ ))
            fi

        """
}
