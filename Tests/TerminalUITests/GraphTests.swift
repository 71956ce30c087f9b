import Testing

@testable import TerminalUI

@Suite struct GraphTests {
    private func graph(
        _ edges: [(String, String, String)], labels: [String: String] = [:]
    ) -> GraphModel {
        var ids: [String] = []
        for (from, to, _) in edges {
            for id in [from, to] where !ids.contains(id) { ids.append(id) }
        }
        return GraphModel(
            nodes: ids.map { GraphModel.Node(id: $0, label: labels[$0] ?? $0, sign: "●") },
            edges: edges.map { GraphModel.Edge(from: $0.0, to: $0.1, label: $0.2) })
    }

    private var lead: GraphModel {
        graph(
            [
                ("start", "score", ""), ("score", "hot", ""), ("hot", "mail", "true"),
                ("hot", "wait", "false"), ("mail", "end", ""), ("wait", "end", ""),
            ],
            labels: [
                "start": "Start", "score": "Score lead", "hot": "Hot lead?",
                "mail": "Send offer", "wait": "Nurture", "end": "End",
            ])
    }

    private func drawn(
        _ model: GraphModel, _ width: Int, _ height: Int, density: GraphDensity? = nil,
        selected: Int? = nil, charset: Charset = .unicode
    ) -> String {
        var frame = Frame(size: Size(width: width, height: height), charset: charset)
        let view = GraphView(
            model: model, layout: GraphLayout(model), selected: selected, density: density)
        view.draw(into: &frame, in: frame.bounds, theme: .midnight)
        let lines = frame.lines().filter { !$0.isEmpty }
        let margin = lines.map { $0.prefix { $0 == " " }.count }.min() ?? 0
        return lines.map { String($0.dropFirst(margin)) }.joined(separator: "\n")
    }

    /// Random graphs, the same on every run.
    private struct Dice {
        var state: UInt64

        mutating func roll(_ sides: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % sides
        }
    }

    private func randomGraph(_ seed: Int) -> GraphModel {
        var dice = Dice(state: UInt64(seed) &+ 99)
        let count = 2 + dice.roll(24)
        let nodes = (0..<count).map { GraphModel.Node(id: "n\($0)", label: "node \($0)") }
        let edges = (0..<dice.roll(3 * count)).map { _ in
            GraphModel.Edge(
                from: "n\(dice.roll(count))", to: "n\(dice.roll(count))",
                label: dice.roll(4) == 0 ? "maybe" : "")
        }
        return GraphModel(nodes: nodes, edges: edges)
    }

    @Test func aWideLowPlaceShowsBoxesSideBySide() {
        let short = graph(
            [
                ("start", "hot", ""), ("hot", "mail", "true"), ("hot", "wait", "false"),
                ("mail", "end", ""), ("wait", "end", ""),
            ],
            labels: [
                "start": "Start", "hot": "Hot lead?", "mail": "Send offer", "wait": "Nurture",
                "end": "End",
            ])
        #expect(
            drawn(short, 118, 9) == """
                                                          ╭──────────────╮
                                               ╭─ true ──▶│ ● Send offer ├─╮
                ╭─────────╮    ╭─────────────╮ │          ╰──────────────╯ │  ╭───────╮
                │ ● Start ├───▶│ ● Hot lead? ├─┤                           ├─▶│ ● End │
                ╰─────────╯    ╰─────────────╯ │          ╭───────────╮    │  ╰───────╯
                                               ╰─ false ─▶│ ● Nurture ├────╯
                                                          ╰───────────╯
                """)
    }

    @Test func aNarrowPlaceShowsBoxesBelowEachOther() {
        #expect(
            drawn(lead, 40, 40, selected: 2) == """
                           ╭─────────╮
                           │ ● Start │
                           ╰────┬────╯
                                ▼
                        ╭───────────────╮
                        │ ● Score lead  │
                        ╰───────┬───────╯
                                ▼
                         ┏━━━━━━━━━━━━━┓
                         ┃ ● Hot lead? ┃
                         ┗━━━━━━┳━━━━━━┛
                        ╭───────┴────────╮
                      true             false
                        ▼                ▼
                ╭───────────────╮  ╭───────────╮
                │ ● Send offer  │  │ ● Nurture │
                ╰───────┬───────╯  ╰─────┬─────╯
                        ╰────────┬───────╯
                                 ▼
                             ╭───────╮
                             │ ● End │
                             ╰───────╯
                """)
    }

    @Test func aLowPlaceShowsLabelsAndATinyOneAList() {
        #expect(
            drawn(lead, 106, 5) == """
                                                            ╭─ true ──▶ ● Send offer ─╮
                ● Start ───▶ ● Score lead ───▶ ● Hot lead? ─┤                         ├─▶ ● End
                                                            ╰─ false ─▶ ● Nurture ────╯
                """)
        #expect(
            drawn(lead, 20, 6, selected: 5) == """
                ● Start → Score lead
                 ● Score lead → Hot
                  ● Hot lead? → true
                   ● Send offer → En
                   ● Nurture → End
                    ● End
                """)
    }

    @Test func asciiDrawsTheSameWithOtherSigns() {
        #expect(
            drawn(lead, 40, 40, charset: .ascii).split(separator: "\n").suffix(8)
                == [
                    "        +-------+--------+", "      true             false",
                    "        v                v", "+---------------+  +-----------+",
                    "| * Send offer  |  | * Nurture |", "+-------+-------+  +-----+-----+",
                    "        +--------+-------+", "                 v",
                    "             +-------+", "             | * End |",
                    "             +-------+",
                ].suffix(8).map { Substring($0) })
    }

    @Test func cyclesAndLoopsAreDrawnWithArrowsAgainstTheFlow() {
        let cycle = graph([("a", "b", ""), ("b", "c", ""), ("c", "a", "again"), ("b", "b", "")])
        #expect(
            drawn(cycle, 60, 24) == """
                                   ╭────────────╮
                ╭─────╮ ╭─────────▶│ ● b (loop) ├─╮
                │ ● a ◀─┤          ╰────────────╯ │  ╭─────╮
                ╰─────╯ ╰─ again ─────────────────┴─▶│ ● c │
                                                     ╰─────╯
                """)
    }

    @Test func whatJoinsALineJoinsItBehindItsBranch() {
        let pairs = graph([
            ("a", "d", ""), ("a", "e", ""), ("b", "d", ""), ("b", "e", ""), ("c", "e", ""),
            ("b", "x", ""), ("c", "y", ""),
        ])
        #expect(
            drawn(pairs, 38, 20) == """
                ╭─────╮          ╭─────╮
                │ ● a ├─┬─────┬─▶│ ● d │
                ╰─────╯ │     │  ╰─────╯
                        ╰───╮ │
                ╭─────╮     │ │  ╭─────╮
                │ ● b ├─┬─┬─┴─│─▶│ ● e │
                ╰─────╯ ╰─│───┤  ╰─────╯
                          │   │
                ╭─────╮   │   │  ╭─────╮
                │ ● c ├───┤   ╰─▶│ ● x │
                ╰─────╯   │      ╰─────╯
                          │
                          │      ╭─────╮
                          ╰─────▶│ ● y │
                                 ╰─────╯
                """)
    }

    @Test func takenAndDeadPathsDifferWithoutColour() {
        var model = lead
        for index in [3, 5] { model.edges[index].emphasis = .dim }
        for index in [0, 1, 2, 4] { model.edges[index].emphasis = .lit }
        let text = drawn(model, 118, 9)
        #expect(text.contains("╰┄ false ┄▶│ ● Nurture ├┄┄┄┄╯"))
        #expect(text.contains("╭─ true ──▶│ ● Send offer ├─╮"))
        var frame = Frame(size: Size(width: 118, height: 9))
        GraphView(model: model, layout: GraphLayout(model))
            .draw(into: &frame, in: frame.bounds, theme: .midnight)
        let arrows = frame.cells.filter { $0.character == "▶" }.map(\.style)
        #expect(arrows.filter { $0 == Theme.midnight[.graphEdgeTaken] }.count == 4)
        #expect(arrows.filter { $0 == Theme.midnight[.graphEdgeDead] }.count == 1)
    }

    // MARK: Whatever the graph

    @Test(arguments: 0..<60)
    func boxesStandApartAndEveryEdgeIsALineFromBoxToBox(seed: Int) throws {
        let model = randomGraph(seed)
        let layout = GraphLayout(model)
        #expect(layout.drawings.count == 4)
        for drawing in layout.drawings {
            var cells: [Point: Int] = [:]
            for (node, box) in drawing.boxes.enumerated() {
                #expect(box.x >= 0 && box.y >= 0)
                #expect(box.maxX <= drawing.size.width && box.maxY <= drawing.size.height)
                for y in box.y..<box.maxY {
                    for x in box.x..<box.maxX {
                        let before = cells.updateValue(node, forKey: Point(x: x, y: y))
                        #expect(before == nil)
                    }
                }
            }
            for (index, edge) in model.edges.enumerated() where edge.from != edge.to {
                let strokes = drawing.bands.flatMap(\.strokes).filter { $0.edge == index }
                let ends = Set([strokes.first?.points.first, strokes.last?.points.last])
                let touched = Set(ends.compactMap { $0.flatMap { cells[$0] } })
                #expect(
                    touched == [
                        try #require(Int(edge.from.dropFirst())),
                        try #require(Int(edge.to.dropFirst())),
                    ])
                for stroke in strokes {
                    for point in stroke.points.dropFirst().dropLast() {
                        #expect(cells[point] == nil)
                    }
                }
            }
        }
    }

    @Test(arguments: 0..<60)
    func linesThatShareAnEndShareCellsAndOthersOnlyCross(seed: Int) {
        let model = randomGraph(seed)
        for drawing in GraphLayout(model).drawings {
            for band in drawing.bands {
                // Straight runs: two of one direction in one cell must have a common end.
                var runs: [Cell: Set<Int>] = [:]
                for stroke in band.strokes {
                    for (from, to) in zip(stroke.points, stroke.points.dropFirst()) {
                        for cell in Self.inner(from, to, band.range, drawing.direction) {
                            runs[cell, default: []].insert(stroke.edge)
                        }
                    }
                }
                for (cell, edges) in runs where edges.count > 1 {
                    #expect(Self.areConnected(edges, model), "\(cell) \(edges)")
                }
            }
        }
    }

    private struct Cell: Hashable {
        let point: Point
        let isHorizontal: Bool
    }

    private static func inner(
        _ from: Point, _ to: Point, _ range: Range<Int>, _ direction: GraphLayout.Direction
    ) -> [Cell] {
        let length = max(abs(to.x - from.x), abs(to.y - from.y))
        return (0...length).compactMap { step in
            let point = Point(
                x: from.x + (to.x - from.x).signum() * step,
                y: from.y + (to.y - from.y).signum() * step)
            guard range.contains(direction == .down ? point.y : point.x), length > 0 else {
                return nil
            }
            return Cell(point: point, isHorizontal: from.y == to.y)
        }
    }

    /// Whether edges hang together by ends they share.
    private static func areConnected(_ edges: Set<Int>, _ model: GraphModel) -> Bool {
        var left = edges
        guard let first = left.popFirst() else { return true }
        var ends: Set<String> = [model.edges[first].from, model.edges[first].to]
        while let next = left.first(where: {
            ends.contains(model.edges[$0].from) || ends.contains(model.edges[$0].to)
        }) {
            ends.formUnion([model.edges[next].from, model.edges[next].to])
            left.remove(next)
        }
        return left.isEmpty
    }

    @Test func hostileLabelsStayInTheirBoxes() {
        let evil = graph(
            [("a", "b", "\u{1B}[2J" + String(repeating: "x", count: 500)), ("b", "c", "\n")],
            labels: [
                "a": "\u{1B}]0;title\u{7}", "b": String(repeating: "長", count: 100_000),
                "c": "\u{202E}e\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}",
            ])
        let text = drawn(evil, 118, 20)
        #expect(!text.unicodeScalars.contains { $0.value < 0x20 && $0 != "\n" })
        #expect(text.contains("长") == false && text.contains("長長"))
        #expect(text.split(separator: "\n").allSatisfy { TextWidth.columns(of: $0) <= 118 })
    }

    @Test func fiveThousandNodesAreAList() {
        let chain = GraphModel(
            nodes: (0..<5000).map { .init(id: "\($0)", label: "step \($0)") },
            edges: (1..<5000).map { .init(from: "\($0 - 1)", to: "\($0)") })
        let layout = GraphLayout(chain)
        #expect(layout.density(for: Size(width: 80, height: 24)) == .list)
        #expect(layout.node(toThe: .down, of: 17, in: Size(width: 80, height: 24)) == 18)
        let lines = drawn(chain, 80, 5, selected: 2500).split(separator: "\n")
        #expect(lines[2] == "step 2500 → step 2501")
    }

    @Test func aThousandNodesAreDrawnAndScrolledToTheSelectedOne() {
        let chain = GraphModel(
            nodes: (0..<1000).map { .init(id: "\($0)", label: "step \($0)") },
            edges: (1..<1000).map { .init(from: "\($0 - 1)", to: "\($0)") })
        #expect(drawn(chain, 40, 12, selected: 700).contains("┃   step 700  ┃"))
        // A mesh in which every node leads to thirty others has too many bends.
        let mesh = GraphModel(
            nodes: (0..<1000).map { .init(id: "\($0)", label: "") },
            edges: (0..<5000).map {
                .init(from: "\($0 % 1000)", to: "\(($0 * 7 + $0 / 1000 * 131) % 1000)")
            })
        let isDrawn = !GraphLayout(mesh).drawings.isEmpty
        #expect(!isDrawn)
    }

    @Test func arrowsGoToTheNearestNodeInTheirDirection() {
        let layout = GraphLayout(lead)
        let size = Size(width: 118, height: 9)
        #expect(layout.node(toThe: .right, of: 0, in: size) == 1)
        #expect(layout.node(toThe: .right, of: 2, in: size).map { [3, 4].contains($0) } == true)
        #expect(layout.node(toThe: .down, of: 3, in: size) == 4)
        #expect(layout.node(toThe: .left, of: 0, in: size) == nil)
    }

    @Test func theMouseFindsTheNodeUnderIt() {
        let view = GraphView(model: lead, layout: GraphLayout(lead))
        let area = Rect(x: 0, y: 0, width: 40, height: 22)
        #expect(view.node(at: Point(x: 20, y: 1), in: area) == 0)
        #expect(view.node(at: Point(x: 0, y: 0), in: area) == nil)
    }
}
