import AuterityAPI
import TerminalUI

/// What a screen wants done. Navigation, questions and toasts change the model; the rest is work
/// for the shell.
enum Effect: Equatable, Sendable {
    /// Makes a call; the answer comes as `ScreenMessage.reply`.
    case request(Request)
    /// Gives up the request with this tag: its answer is not wanted any more.
    case abandon(tag: String)

    /// Goes to a screen; it is put on top of the trail.
    case open(Destination)
    /// As `open`, in the place of the screen that says so.
    case replace(with: Destination)
    /// Leaves this screen.
    case back

    /// Asks before what cannot be undone; the effects are those of the screen that asks.
    case ask(Question)
    /// Asks for a line of text; it comes as `ScreenMessage.answered`.
    case prompt(Prompt)
    /// Says something for a few seconds; warnings and errors are kept in `:messages`.
    case toast(Toast)
    /// Opens the command line with this text.
    case command(String)
    /// Lets the user choose; the `id` of the choice comes as `ScreenMessage.answered`.
    case choose(Choice)

    /// Opens a text in `$EDITOR`; the result comes as `ScreenMessage.edited`.
    case edit(Document)
    /// Puts text on the clipboard and says so; `label` names it in the toast.
    case copy(String, label: String)
    /// Writes a text to a new file in the working directory and says where.
    case save(String, name: String)

    case startDemo
    case removeDemo
    case setTheme(String)
    case quit
}

/// A question before what cannot be undone. The safe answer is first and has the focus.
struct Question: Equatable, Sendable {
    /// Names the object, such as `Delete workflow “Lead Qualification”?`
    let title: String
    /// What it touches, in sentences; one a line.
    let lines: [String]
    /// The label of the answer that changes nothing.
    let safe: String
    /// The label of the answer that does it.
    let confirm: String
    /// What is then done, on behalf of the screen that asked.
    let effects: [Effect]

    init(
        _ title: String, lines: [String] = [], safe: String = "Keep", confirm: String,
        effects: [Effect]
    ) {
        self.title = title
        self.lines = lines
        self.safe = safe
        self.confirm = confirm
        self.effects = effects
    }
}

/// A question for a line of text.
struct Prompt: Hashable, Sendable {
    let tag: String
    let title: String
    let text: String
    /// What stands in the empty field, in muted text.
    let hint: String
    /// Whether the answer changes something: it stays where it is while it could not be sent.
    let isChanging: Bool

    init(
        tag: String, title: String, text: String = "", hint: String = "", isChanging: Bool = false
    ) {
        self.tag = tag
        self.title = title
        self.text = text
        self.hint = hint
        self.isChanging = isChanging
    }
}

/// A question with a list of answers.
struct Choice: Hashable, Sendable {
    struct Option: Hashable, Sendable {
        let id: String
        let label: String
        /// What stands behind the label in muted text, such as a key.
        let detail: String

        init(_ id: String, _ label: String, detail: String = "") {
            self.id = id
            self.label = label
            self.detail = detail
        }
    }

    let tag: String
    let title: String
    let options: [Option]
}

/// A text for the editor.
struct Document: Hashable, Sendable {
    let tag: String
    /// Of the temporary file, such as `definition.json`: editors colour by its ending.
    let name: String
    let text: String
    /// The line to begin at, counted from 1, for editors that can.
    let line: Int?

    init(tag: String, name: String, text: String, line: Int? = nil) {
        self.tag = tag
        self.name = name
        self.text = text
        self.line = line
    }
}

/// What came of an editing.
enum EditResult: Hashable, Sendable {
    case saved(String)
    case unchanged
    /// The editor could not be started or failed; the sentence says why. Nothing was lost.
    case failed(String)
}

/// A text that can be copied.
struct CopyOffer: Hashable, Sendable {
    /// Such as `execution id`.
    let label: String
    let text: String

    init(_ label: String, _ text: String) {
        self.label = label
        self.text = text
    }
}
