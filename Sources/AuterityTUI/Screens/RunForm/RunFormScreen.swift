import AuterityAPI
import TerminalUI

/// A form for the input of an execution: to run a workflow, or an execution again.
struct RunFormScreen: Screen {
    let subject: RunFormSubject
    var destination: Destination { .runForm(subject) }

    private enum State: Sendable {
        case loading
        case failed(String)
        /// A field a property of the input schema.
        case form(ParameterForm)
        /// The workflow does not say what it expects: the input as JSON.
        case json(ParameterForm)
    }

    private var state = State.loading
    private var name = ""
    private var isSending = false

    /// The one field of the form for JSON.
    private static let jsonField = "input"

    init(subject: RunFormSubject) {
        self.subject = subject
        switch subject {
        case .workflow(let workflow, let input): begin(with: workflow, input: input)
        case .workflowID: break
        case .again(let execution): name = execution.workflowName
        }
    }

    private mutating func begin(with workflow: Workflow, input: JSONObject) {
        name = workflow.name
        if let parameters = InputSchema.parameters(of: workflow.definition) {
            state = .form(ParameterForm(parameters, values: input))
        } else {
            beginJSON(input)
        }
    }

    private mutating func beginJSON(_ input: JSONObject) {
        let parameter = TemplateParameter(
            name: Self.jsonField, description: "The workflow does not say what it expects",
            parameterType: .object)
        let values: JSONObject = input.isEmpty ? [:] : [Self.jsonField: .object(input)]
        state = .json(ParameterForm([parameter], values: values))
    }

    var title: String {
        if case .again = subject { return "run \(name) again" }
        return name.isEmpty ? "run" : "run \(name)"
    }

    private var form: ParameterForm? {
        switch state {
        case .form(let form), .json(let form): form
        case .loading, .failed: nil
        }
    }

    private mutating func setForm(_ form: ParameterForm) {
        if case .json = state { state = .json(form) } else { state = .form(form) }
    }

    var capturesText: Bool { form != nil }
    var unsaved: String? {
        form?.isChanged == true && !isSending ? "The input that you typed would be lost." : nil
    }

    var isLoaded: Bool {
        if case .loading = state { false } else { true }
    }

    func bindings(in context: ScreenContext) -> [KeyBinding] {
        [
            KeyBinding(
                describing: "Ctrl-S", label: "run", help: "Run with this input",
                permission: .workflowExecute, changes: true, priority: 7),
            KeyBinding(
                describing: "Tab", label: "next field",
                help: "Go to the next field; Shift-Tab to the one before", priority: 5),
            KeyBinding(
                describing: "Alt-E", label: "as JSON in the editor",
                help: "Edit the whole input as JSON in your editor (also F4)", priority: 4),
            KeyBinding(
                describing: "Esc", label: "leave",
                help: "Leave; asks when something would be lost", priority: 6),
        ]
    }

    // MARK: Messages

    mutating func update(_ message: ScreenMessage, in context: ScreenContext) -> [Effect] {
        switch message {
        case .appeared, .resynchronize: return load()
        case .key(let key): return press(key, in: context)
        case .reply(let reply): return take(reply)
        case .edited(_, let result): return take(result)
        case .answered(let tag, _): return tag == "leave" ? [.back] : []
        case .action, .events, .timer, .command: return []
        }
    }

    private mutating func load() -> [Effect] {
        guard form == nil else { return [] }
        state = .loading
        let id: WorkflowID =
            switch subject {
            case .workflow(let workflow, _): workflow.id
            case .workflowID(let id, _): id
            case .again(let execution): execution.workflowID
            }
        return [.request(Request(GetWorkflow(workflowID: id), tag: "workflow", showsErrors: true))]
    }

    private mutating func take(_ reply: Reply) -> [Effect] {
        if let answer = reply.to(GetWorkflow.self) {
            switch answer.result {
            case .success(let workflow) where !workflow.isActive:
                name = workflow.name
                state = .failed("It is off, and only what is on can be run. Turn it on first")
            case .success(let workflow): begin(with: workflow, input: givenInput)
            case .failure(let error):
                // An execution runs again even when its workflow is gone.
                if case .again = subject {
                    beginJSON(givenInput)
                } else {
                    state = .failed(error.description)
                }
            }
            return []
        }
        isSending = false
        if let outcome = reply.to(ExecuteWorkflow.self)?.response {
            return [.replace(with: .execution(outcome.executionID))]
        }
        if let accepted = reply.to(RetryExecution.self)?.response {
            return [.replace(with: .execution(accepted.executionID))]
        }
        guard let error = reply.error, var form else { return [] }
        form.take(error.details.map(Self.inputFault))
        setForm(form)
        let loose = form.otherFaults.map(\.message)
        let text = error.details.isEmpty || !loose.isEmpty ? error.description : nil
        return text.map { [.toast(Toast($0, kind: .error))] } ?? []
    }

    /// A fault as the form's fields are named: without the path to the input.
    private static func inputFault(_ fault: FieldFault) -> FieldFault {
        guard fault.field.hasPrefix("input_data.") else { return fault }
        return FieldFault(
            field: String(fault.field.dropFirst("input_data.".count)), message: fault.message)
    }

    private var givenInput: JSONObject {
        switch subject {
        case .workflow(_, let input), .workflowID(_, let input): input
        case .again(let execution): execution.inputData
        }
    }

    // MARK: Keys

    private mutating func press(_ key: Key, in context: ScreenContext) -> [Effect] {
        guard var form else { return [] }
        switch key {
        case .alt("e"), .function(4): return [.edit(document)]
        case .mouse(.press, let point): form.focus(at: point, in: formArea(context.area))
        default:
            switch form.handle(key) {
            case .submitted:
                setForm(form)
                return submit()
            case .cancelled: return leave()
            case .ignored, .moved, .changed: break
            }
        }
        setForm(form)
        return []
    }

    private func leave() -> [Effect] {
        guard let unsaved else { return [.back] }
        return [
            .ask(
                Question(
                    "Leave the form?", lines: [unsaved], safe: "Stay", confirm: "Leave",
                    effects: [.back]))
        ]
    }

    private mutating func submit() -> [Effect] {
        guard !isSending, var form else { return [] }
        let hasFaults = form.insist()
        setForm(form)
        guard !hasFaults else {
            return [.toast(Toast("Something is not right yet", kind: .warning))]
        }
        isSending = true
        switch subject {
        case .workflow(let workflow, _): return [execute(workflow.id)]
        case .workflowID(let id, _): return [execute(id)]
        case .again(let execution):
            let call = RetryExecution(executionID: execution.id, inputData: input)
            return [.request(Request(call, activity: "Starting", showsErrors: true))]
        }
    }

    private func execute(_ id: WorkflowID) -> Effect {
        let call = ExecuteWorkflow(workflowID: id, inputData: input, executionMode: .async)
        return .request(Request(call, activity: "Starting", showsErrors: true))
    }

    private var input: JSONObject {
        guard let form else { return [:] }
        if case .json = state { return form.values[Self.jsonField]?.objectValue ?? [:] }
        return form.values
    }

    private var document: Document {
        Document(tag: "input", name: "input.json", text: JSONValue.object(input).prettyJSONText)
    }

    private mutating func take(_ result: EditResult) -> [Effect] {
        switch result {
        case .unchanged: return []
        case .failed(let reason): return [.toast(Toast(reason, kind: .error))]
        case .saved(let text):
            do throws(JSONError) {
                return take(try JSONValue(parsing: text))
            } catch {
                let again = Document(
                    tag: "input", name: "input.json", text: text, line: error.line)
                return [
                    .ask(
                        Question(
                            "This is not JSON", lines: ["\(error)", "Your text is kept."],
                            safe: "Throw it away", confirm: "Edit on",
                            effects: [.edit(again)]))
                ]
            }
        }
    }

    private mutating func take(_ value: JSONValue) -> [Effect] {
        guard case .object(let object) = value, var form else {
            return [.toast(Toast("The input must be a JSON object", kind: .error))]
        }
        if case .json = state {
            form.setValue(value.prettyJSONText, of: Self.jsonField)
            setForm(form)
            return []
        }
        let known = Set(form.parameters.map(\.name))
        guard object.keys.allSatisfy(known.contains) else {
            // What the schema does not name has no field: all of it goes on as JSON.
            beginJSON(object)
            return []
        }
        state = .form(ParameterForm(form.parameters, values: object))
        return []
    }

    // MARK: Drawing

    private func formArea(_ area: Rect) -> Rect {
        Pane.inside(area).inset(horizontal: 2, vertical: area.height > 8 ? 1 : 0)
    }

    func draw(into frame: inout Frame, in area: Rect, context: ScreenContext) {
        let theme = context.theme
        let pane = Pane(
            title, detail: isSending ? "starting\(frame.glyphs.ellipsis)" : "", isFocused: true)
        let inside = pane.draw(into: &frame, in: area, theme: theme)
        switch state {
        case .loading:
            frame.putLine(
                context.loading, in: inside.row(inside.height / 2), style: theme[.muted],
                alignment: .center)
        case .failed(let reason):
            for (row, line) in TextWidth.wrap(reason, to: max(1, inside.width - 4)).enumerated() {
                frame.putLine(
                    line, in: inside.row(row + 1).inset(horizontal: 2, vertical: 0),
                    style: theme[.error])
            }
        case .form(let form), .json(let form):
            form.draw(into: &frame, in: formArea(area), theme: theme)
        }
    }
}
