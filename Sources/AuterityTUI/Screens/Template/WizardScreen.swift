import AuterityAPI
import TerminalUI

/// Makes a workflow of a template: one form, a field a blank, checked as one types, with the
/// graph beside it filling in.
struct WizardScreen: Screen {
    let template: Template
    var destination: Destination { .wizard(template) }
    var title: String { "use \(template.name)" }

    private(set) var form: ParameterForm
    private var preview: DefinitionGraph?
    private var previewNote = ""
    /// Whether answers changed since the last preview.
    private var isPreviewStale = true
    private var isSending = false
    /// Set when the workflow is to be run once it is made.
    private var runsAfterwards = false
    private var isDone = false

    /// Between typing and the next preview.
    private static let previewDelay = Duration.milliseconds(400)
    private static let wideWidth = 100
    /// The fields of the workflow itself, behind those of the template. No parameter can have
    /// such a name.
    private static let nameField = "workflow name"
    private static let descriptionField = "workflow description"

    init(template: Template) {
        self.template = template
        let own = [
            TemplateParameter(
                name: Self.nameField, description: "What the new workflow is called",
                parameterType: .string, isRequired: true, minLength: 1, maxLength: 255),
            TemplateParameter(
                name: Self.descriptionField, description: "What it is for",
                parameterType: .string),
        ]
        form = ParameterForm(
            template.parameters + own,
            values: [
                Self.nameField: .string(template.name),
                Self.descriptionField: .string(template.description),
            ])
    }

    var capturesText: Bool { true }
    var unsaved: String? {
        form.isChanged && !isDone ? "The answers that you typed would be lost." : nil
    }

    func bindings(in context: ScreenContext) -> [KeyBinding] {
        [
            KeyBinding(
                describing: "Ctrl-S", label: "create",
                help: "Create the workflow, create and run it, or save the answers",
                permission: .workflowCreate, changes: true, priority: 7),
            KeyBinding(
                describing: "Tab", label: "next field",
                help: "Go to the next field; Shift-Tab to the one before", priority: 5),
            KeyBinding(
                describing: "Esc", label: "leave",
                help: "Leave; asks when answers would be lost", priority: 6),
        ]
    }

    func subscriptions(in context: ScreenContext) -> [Subscription] {
        isPreviewStale ? [.timer("preview", every: Self.previewDelay)] : []
    }

    // MARK: Messages

    mutating func update(_ message: ScreenMessage, in context: ScreenContext) -> [Effect] {
        switch message {
        case .appeared, .timer("preview"): return askForPreview()
        case .key(let key): return press(key, in: context)
        case .reply(let reply): return take(reply)
        case .answered("finish", let choice): return finish(choice)
        case .timer, .action, .events, .resynchronize, .command, .answered, .edited: return []
        }
    }

    private mutating func askForPreview() -> [Effect] {
        isPreviewStale = false
        let call = PreviewTemplate(
            templateID: template.id, name: name, description: description,
            parameterValues: answers)
        return [.request(Request(call, tag: "preview", showsErrors: true))]
    }

    private mutating func press(_ key: Key, in context: ScreenContext) -> [Effect] {
        if case .mouse(.press, let point) = key {
            form.focus(at: point, in: areas(context.area).form)
            return []
        }
        switch form.handle(key) {
        case .submitted: return submit()
        case .cancelled: return leave()
        case .changed: isPreviewStale = true
        case .ignored, .moved: break
        }
        return []
    }

    private func leave() -> [Effect] {
        guard let unsaved else { return [.back] }
        return [
            .ask(
                Question(
                    "Leave the wizard?", lines: [unsaved], safe: "Stay", confirm: "Leave",
                    effects: [.back]))
        ]
    }

    private mutating func submit() -> [Effect] {
        guard !isSending else { return [] }
        if form.insist() {
            return [.toast(Toast("Something is not right yet", kind: .warning))]
        }
        return [
            .choose(
                Choice(
                    tag: "finish", title: "Make “\(name)”",
                    options: [
                        Choice.Option("create", "Create the workflow"),
                        Choice.Option("run", "Create it and run it"),
                        Choice.Option("save", "Save the answers to a file"),
                    ]))
        ]
    }

    private mutating func finish(_ choice: String) -> [Effect] {
        if choice == "save" {
            let text = JSONValue.object(answers).prettyJSONText + "\n"
            return [.save(text, name: "answers.json")]
        }
        isSending = true
        runsAfterwards = choice == "run"
        let call = InstantiateTemplate(
            templateID: template.id, name: name, description: description,
            parameterValues: answers)
        return [
            .request(
                Request(
                    call, activity: "Creating", success: "Created “\(name)”", showsErrors: true))
        ]
    }

    private mutating func take(_ reply: Reply) -> [Effect] {
        if let answer = reply.to(PreviewTemplate.self) {
            takePreview(answer.result)
            return []
        }
        guard let answer = reply.to(InstantiateTemplate.self) else { return [] }
        isSending = false
        switch answer.result {
        case .success(let workflow):
            isDone = true
            return [
                .replace(
                    with: runsAfterwards
                        ? .runForm(.workflow(workflow, input: [:])) : .workflow(workflow.id))
            ]
        case .failure(let error):
            form.take(error.details.map(Self.ownFault))
            let isAtFields = !error.details.isEmpty && form.otherFaults.isEmpty
            let text = isAtFields ? "Something is not right yet" : error.description
            return [.toast(Toast(text, kind: isAtFields ? .warning : .error))]
        }
    }

    /// The server's `name` and `description` are fields of the workflow, not of the template.
    private static func ownFault(_ fault: FieldFault) -> FieldFault {
        switch fault.field {
        case "name": FieldFault(field: nameField, message: fault.message)
        case "description": FieldFault(field: descriptionField, message: fault.message)
        default: fault
        }
    }

    private mutating func takePreview(_ result: Result<TemplatePreview, APIError>) {
        switch result {
        case .success(let made):
            if preview?.definition != made.definition {
                preview = DefinitionGraph(made.definition)
            }
            previewNote = made.warnings.first.map { "\($0.field): \($0.message)" } ?? ""
        case .failure(let error):
            // Half-typed answers are no fault yet: the template's own graph stands meanwhile.
            if preview == nil { preview = DefinitionGraph(template.definition) }
            previewNote = error.details.isEmpty ? error.message : ""
        }
    }

    private var name: String {
        form.form.value(of: Self.nameField)?.trimmed ?? template.name
    }

    private var description: String { form.form.value(of: Self.descriptionField) ?? "" }

    /// The answers to the template's own questions.
    private var answers: JSONObject {
        var values = form.values
        values.removeValue(forKey: Self.nameField)
        values.removeValue(forKey: Self.descriptionField)
        return values
    }

    // MARK: Drawing

    private func areas(_ area: Rect) -> (left: Rect, form: Rect, graph: Rect) {
        var rest = area
        let isWide = area.width >= Self.wideWidth
        let graph =
            isWide
            ? rest.takeRight(area.width * 2 / 5) : Rect(x: 0, y: 0, width: 0, height: 0)
        let form = Pane.inside(rest).inset(horizontal: 1, vertical: rest.height > 8 ? 1 : 0)
        return (rest, form, graph)
    }

    func draw(into frame: inout Frame, in area: Rect, context: ScreenContext) {
        let theme = context.theme
        let areas = areas(area)
        let faults = form.form.errors.count
        let detail =
            isSending
            ? "creating\(frame.glyphs.ellipsis)"
            : faults > 0 ? "\(faults) not right yet" : ""
        Pane(title, detail: detail, isFocused: true)
            .draw(into: &frame, in: areas.left, theme: theme)
        form.draw(into: &frame, in: areas.form, theme: theme)
        guard !areas.graph.isEmpty else { return }
        let picture = Pane("What it makes").draw(into: &frame, in: areas.graph, theme: theme)
        preview?.draw(into: &frame, in: picture, theme: theme)
        if !previewNote.isEmpty {
            frame.putLine(
                previewNote, in: picture.row(picture.height - 1), style: theme[.warning])
        }
    }
}
