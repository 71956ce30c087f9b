/// Draws a graph by its layout: what of it is visible, and nothing else.
public struct GraphView {
    public var model: GraphModel
    public var layout: GraphLayout
    /// Index of the node that stands out and is kept in sight.
    public var selected: Int?
    /// Cells by which the view is moved from where it would stand by itself.
    public var pan = Point(x: 0, y: 0)
    /// `nil` takes what fits best.
    public var density: GraphDensity?

    public init(
        model: GraphModel, layout: GraphLayout, selected: Int? = nil,
        density: GraphDensity? = nil
    ) {
        self.model = model
        self.layout = layout
        self.selected = selected
        self.density = density
    }

    public func draw(into frame: inout Frame, in area: Rect, theme: Theme) {
        guard !area.isEmpty else { return }
        guard let drawing = layout.drawing(for: area.size, density: density) else {
            drawList(into: &frame, in: area, theme: theme)
            return
        }
        let origin = self.origin(of: drawing, in: area.size)
        var canvas = GraphCanvas(area: area, origin: origin)
        let along =
            drawing.direction == .down
            ? origin.y..<origin.y + area.height : origin.x..<origin.x + area.width
        // Lines may reach one cell into their neighbours.
        let visible = drawing.bands.filter {
            $0.range.lowerBound - 1 < along.upperBound && $0.range.upperBound >= along.lowerBound
        }
        for band in visible { canvas.add(band, of: drawing, edges: model.edges) }
        canvas.draw(into: &frame, theme: theme)
        for band in visible {
            for node in band.nodes { draw(node, of: drawing, canvas, &frame, theme) }
            for arrow in band.arrows where model.edges.indices.contains(arrow.edge) {
                draw(arrow, of: drawing, canvas, &frame, theme)
            }
            for label in band.labels where model.edges.indices.contains(label.edge) {
                draw(label, of: drawing, canvas, &frame, theme)
            }
        }
    }

    /// The node at a position of the frame, for the mouse.
    public func node(at point: Point, in area: Rect) -> Int? {
        guard area.contains(point) else { return nil }
        guard let drawing = layout.drawing(for: area.size, density: density) else {
            let row = firstRow(height: area.height) + point.y - area.y
            return layout.list.rows.indices.contains(row) ? layout.list.rows[row].node : nil
        }
        let origin = self.origin(of: drawing, in: area.size)
        return layout.node(
            at: Point(x: point.x - area.x + origin.x, y: point.y - area.y + origin.y),
            of: drawing)
    }

    /// The cell of the drawing that stands in the corner of the view: the drawing is centred
    /// when it fits, otherwise the selected node is.
    private func origin(of drawing: GraphDrawing, in size: Size) -> Point {
        let center = selected.flatMap {
            drawing.boxes.indices.contains($0) ? drawing.center(of: $0) : nil
        }
        func start(_ length: Int, _ room: Int, _ center: Int?, _ pan: Int) -> Int {
            if length <= room { return -(room - length) / 2 }
            return min(max(0, (center ?? 0) - room / 2 + pan), length - room)
        }
        return Point(
            x: start(drawing.size.width, size.width, center?.x, pan.x),
            y: start(drawing.size.height, size.height, center?.y, pan.y))
    }

    // MARK: Nodes and labels

    private func draw(
        _ node: Int, of drawing: GraphDrawing, _ canvas: GraphCanvas, _ frame: inout Frame,
        _ theme: Theme
    ) {
        guard model.nodes.indices.contains(node) else { return }
        let box = canvas.placed(drawing.boxes[node])
        let isSelected = node == selected
        let style = theme[model.nodes[node].role]
        let text = isSelected ? theme[.selection] : style
        var row = box
        if drawing.density == .boxes {
            drawBorder(box, node, isSelected, drawing, canvas, &frame, style)
            row = box.inset(by: 1)
        }
        frame.fill(row.intersection(canvas.area), style: text)
        let sign = model.nodes[node].sign.map(String.init) ?? " "
        let used = TextWidth.columns(of: drawing.texts[node]) + 2
        // A box of odd width may have a column to spare.
        let start = row.x + (row.width - used) / 2
        frame.put(sign, at: Point(x: start, y: row.y), style: text, in: canvas.area)
        frame.put(
            drawing.texts[node], at: Point(x: start + 2, y: row.y),
            style: isSelected ? text.with(.bold) : text, in: canvas.area)
    }

    private func drawBorder(
        _ box: Rect, _ node: Int, _ isSelected: Bool, _ drawing: GraphDrawing,
        _ canvas: GraphCanvas, _ frame: inout Frame, _ style: Style
    ) {
        let signs = Array(isSelected ? "┏━┓┃┗┛" : "╭─╮│╰╯")
        let inner = String(repeating: String(signs[1]), count: max(0, box.width - 2))
        let top = String(signs[0]) + inner + String(signs[2])
        let bottom = String(signs[4]) + inner + String(signs[5])
        let clip = canvas.area
        frame.put(top, at: Point(x: box.x, y: box.y), style: style, in: clip)
        frame.put(bottom, at: Point(x: box.x, y: box.maxY - 1), style: style, in: clip)
        for x in [box.x, box.maxX - 1] {
            frame.put(signs[3], at: Point(x: x, y: box.y + 1), style: style, in: clip)
        }
        guard drawing.leaving[node] else { return }
        let isDown = drawing.direction == .down
        let port: Character = isDown ? (isSelected ? "┳" : "┬") : (isSelected ? "┣" : "├")
        let at =
            isDown
            ? Point(x: box.x + box.width / 2, y: box.maxY - 1)
            : Point(x: box.maxX - 1, y: box.y + 1)
        frame.put(port, at: at, style: style, in: clip)
    }

    private func draw(
        _ arrow: GraphDrawing.Arrow, of drawing: GraphDrawing, _ canvas: GraphCanvas,
        _ frame: inout Frame, _ theme: Theme
    ) {
        let sign: Character =
            drawing.direction == .down
            ? (arrow.isReversed ? "▲" : "▼") : (arrow.isReversed ? "◀" : "▶")
        let at = canvas.placed(arrow.at)
        let emphasis = max(canvas.emphasis(at: arrow.at) ?? .dim, model.edges[arrow.edge].emphasis)
        frame.put(sign, at: at, style: theme[emphasis.role], in: canvas.area)
    }

    private func draw(
        _ label: GraphDrawing.Label, of drawing: GraphDrawing, _ canvas: GraphCanvas,
        _ frame: inout Frame, _ theme: Theme
    ) {
        let style = theme[model.edges[label.edge].emphasis.role]
        let at = canvas.placed(label.at)
        let text = drawing.direction == .right ? " \(label.text) " : label.text
        let x = drawing.direction == .right ? at.x - 1 : at.x
        frame.put(text, at: Point(x: x, y: at.y), style: style, in: canvas.area)
    }

    // MARK: List

    private func firstRow(height: Int) -> Int {
        let row = selected.flatMap {
            layout.list.rowOf.indices.contains($0) ? layout.list.rowOf[$0] : nil
        }
        return min(
            max(0, (row ?? 0) - height / 2 + pan.y), max(0, layout.list.rows.count - height))
    }

    private func drawList(into frame: inout Frame, in area: Rect, theme: Theme) {
        let first = firstRow(height: area.height)
        var rest = area
        for row in layout.list.rows.dropFirst(first).prefix(area.height) {
            guard model.nodes.indices.contains(row.node) else { continue }
            draw(row, into: &frame, in: rest.takeTop(1), theme: theme)
        }
    }

    private func draw(
        _ row: GraphList.Row, into frame: inout Frame, in line: Rect, theme: Theme
    ) {
        let node = model.nodes[row.node]
        let isSelected = row.node == selected
        let style = isSelected ? theme[.selection] : theme[node.role]
        if isSelected { frame.fill(line, style: style) }
        let indent = min(row.indent, max(0, line.width - 12) / 2)
        var x = line.x + indent
        x += frame.put(node.sign ?? " ", at: Point(x: x, y: line.y), style: style, in: line) + 1
        let label = GraphLimits.cut(node.label, to: GraphLimits.maximumLabel)
        x += frame.put(label, at: Point(x: x, y: line.y), style: style, in: line)
        for (index, target) in row.targets.enumerated() {
            guard model.nodes.indices.contains(target.node),
                model.edges.indices.contains(target.edge)
            else { continue }
            let edge = model.edges[target.edge]
            let name = GraphLimits.cut(
                model.nodes[target.node].label, to: GraphLimits.maximumLabel)
            let label = GraphLimits.cut(edge.label, to: GraphLimits.maximumEdgeLabel)
            let text = (index == 0 ? " → " : ", ") + (label.isEmpty ? "" : "\(label): ") + name
            x += frame.put(
                text, at: Point(x: x, y: line.y),
                style: isSelected ? style : theme[edge.emphasis.role], in: line)
        }
        if row.moreTargets > 0 {
            frame.put(
                " +\(row.moreTargets)", at: Point(x: x, y: line.y),
                style: isSelected ? style : theme[.muted], in: line)
        }
    }
}
