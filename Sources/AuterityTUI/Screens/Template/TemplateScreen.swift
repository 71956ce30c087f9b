import AuterityAPI
import TerminalUI

/// What a template does: its graph and the blanks it has.
struct TemplateScreen: Screen {
    let templateID: TemplateID
    var destination: Destination { .template(templateID) }

    private(set) var template: Template?
    private var graph: DefinitionGraph?
    private var error: String?
    private var list = ListState()

    /// From this width on the graph stands beside the parameters.
    private static let wideWidth = 90

    init(templateID: TemplateID) { self.templateID = templateID }

    var title: String { template?.name ?? "template" }
    var isLoaded: Bool { template != nil || error != nil }

    func bindings(in context: ScreenContext) -> [KeyBinding] {
        [
            KeyBinding(
                .character("i"), .enter, action: "template.use", label: "make a workflow",
                help: "Make a workflow of this template", shown: "i",
                permission: .workflowCreate, changes: true, priority: 7),
            KeyBinding(
                describing: "\u{2191} \u{2193} j k", label: "move",
                help: "Move through the parameters"),
        ]
    }

    func copies(in context: ScreenContext) -> [CopyOffer] {
        guard let template else { return [] }
        return [
            CopyOffer("template name", template.name),
            CopyOffer("template id", template.id.description),
            CopyOffer("definition", template.definition.prettyJSONText),
        ]
    }

    mutating func update(_ message: ScreenMessage, in context: ScreenContext) -> [Effect] {
        switch message {
        case .appeared, .resynchronize:
            let call = GetTemplate(templateID: templateID)
            return [.request(Request(call, tag: "template", showsErrors: true))]
        case .action("template.use"):
            return template.map { [.open(.wizard($0))] } ?? []
        case .reply(let reply):
            guard let answer = reply.to(GetTemplate.self) else { return [] }
            switch answer.result {
            case .success(let found):
                template = found
                graph = DefinitionGraph(found.definition)
                error = nil
            case .failure(let failure): error = failure.description
            }
        case .key(let key):
            _ = list.handle(
                key, count: template?.parameters.count ?? 0, height: context.area.height)
        case .action, .events, .timer, .command, .answered, .edited: break
        }
        return []
    }

    func draw(into frame: inout Frame, in area: Rect, context: ScreenContext) {
        let theme = context.theme
        var rest = area
        let isWide = area.width >= Self.wideWidth
        let graphArea = isWide ? rest.takeRight(area.width / 2) : rest.takeBottom(area.height / 3)
        let pane = Pane(title, detail: template?.category ?? "", isFocused: true)
        let inside = pane.draw(into: &frame, in: rest, theme: theme)
            .inset(horizontal: 1, vertical: 0)
        let picture = Pane("Graph").draw(into: &frame, in: graphArea, theme: theme)
        guard let template else {
            let lines = TextWidth.wrap(error ?? context.loading, to: max(1, inside.width))
            for (row, line) in lines.enumerated() {
                frame.putLine(
                    line, in: inside.row(row + 1), style: theme[error == nil ? .muted : .error])
            }
            return
        }
        graph?.draw(into: &frame, in: picture, theme: theme)
        drawText(of: template, into: &frame, in: inside, theme: theme)
    }

    private func drawText(
        of template: Template, into frame: inout Frame, in area: Rect, theme: Theme
    ) {
        var rest = area
        for line in TextWidth.wrap(template.description, to: max(1, rest.width)).prefix(5) {
            frame.putLine(line, in: rest.takeTop(1), style: theme[.text])
        }
        _ = rest.takeTop(1)
        frame.putLine("PARAMETERS", in: rest.takeTop(1), style: theme[.columnHeader])
        drawParameters(template.parameters, into: &frame, in: rest, theme: theme)
    }

    /// Rows of what the parameter under the cursor is for, at most.
    private static let mostNoteRows = 12

    private func drawParameters(
        _ parameters: [TemplateParameter], into frame: inout Frame, in area: Rect, theme: Theme
    ) {
        var rest = area
        // What does not fit into the row under the cursor stands below it in whole.
        var note: [String] = []
        if parameters.indices.contains(list.cursor) {
            let parameter = parameters[list.cursor]
            if head(of: parameter, theme).columns + 2 + TextWidth.columns(of: about(parameter))
                > rest.width
            {
                note = TextWidth.wrap(
                    about(parameter), to: max(1, rest.width - 2),
                    limit: min(Self.mostNoteRows, max(0, rest.height - 1)))
            }
        }
        let height = rest.height - note.count
        for index in list.window(count: parameters.count, height: height) {
            let parameter = parameters[index]
            let row = rest.takeTop(1)
            let isHere = index == list.cursor
            var line = head(of: parameter, theme)
            if !isHere || note.isEmpty { line.append("  " + about(parameter)) }
            frame.putLine(line, in: row, style: theme[.text])
            guard isHere else { continue }
            frame.restyle(row) { $0.selected(theme[.selection]) }
            for text in note {
                let below = rest.takeTop(1).inset(horizontal: 1, vertical: 0)
                frame.putLine(" " + text, in: below, style: theme[.muted])
            }
        }
    }

    private func head(of parameter: TemplateParameter, _ theme: Theme) -> TextLine {
        var line = TextLine(parameter.name, style: theme[.label])
        if parameter.isRequired { line.append(" *", style: theme[.accent]) }
        line.append("  \(parameter.parameterType.rawValue)", style: theme[.muted])
        return line
    }

    private func about(_ parameter: TemplateParameter) -> String {
        var parts: [String] = []
        if let value = parameter.defaultValue, parameter.parameterType != .secret {
            parts.append("default \(JSONText.plain(value))")
        }
        if !parameter.description.isEmpty { parts.append(parameter.description) }
        return parts.joined(separator: "  ")
    }
}

/// A definition laid out once, to be drawn many times.
struct DefinitionGraph: Sendable {
    let definition: JSONValue
    private let model: GraphModel
    private let layout: GraphLayout

    init(_ definition: JSONValue) {
        self.definition = definition
        model = WorkflowGraph.model(Definition.read(definition).definition)
        layout = GraphLayout(model)
    }

    /// Draws the graph as large as it fits, else as a list: there is nothing to scroll it by.
    func draw(into frame: inout Frame, in area: Rect, theme: Theme) {
        let density: GraphDensity? = layout.fits(area.size) ? nil : .list
        GraphView(model: model, layout: layout, density: density)
            .draw(into: &frame, in: area, theme: theme)
    }
}
