import TerminalUI

/// One of the four panes, by the number that moves the focus to it.
enum OverviewPane: Int, Hashable, Sendable, CaseIterable {
    case workflows = 1
    case executions, templates, health

    var title: String {
        switch self {
        case .workflows: "Workflows"
        case .executions: "Executions"
        case .templates: "Templates"
        case .health: "Health"
        }
    }
}

/// Where the panes stand.
struct OverviewLayout: Hashable, Sendable {
    /// The place of each pane that is seen.
    let places: [OverviewPane: Rect]
    /// The titles of all panes, when only one fits; empty otherwise.
    let tabs: Rect
    /// Whether one pane has the whole screen.
    let isSingle: Bool

    /// Below these there is one pane at a time.
    private static let leastWidth = 60
    private static let leastHeight = 12
    /// Three lines of figures and the border.
    private static let healthHeight = 5

    init(_ area: Rect, focus: OverviewPane, isZoomed: Bool) {
        let isSmall =
            area.width < OverviewLayout.leastWidth
            || area.height < OverviewLayout.leastHeight
        isSingle = isSmall || isZoomed
        guard !isSingle else {
            var area = area
            tabs = area.takeTop(isSmall && area.height > 4 ? 1 : 0)
            places = [focus: area]
            return
        }
        tabs = Rect(x: area.x, y: area.y, width: 0, height: 0)
        // 36 of 120 columns; on a wide screen the rest is better used by the executions.
        let leftWidth = min(52, max(24, area.width * 3 / 10))
        let columns = area.columns([.fixed(leftWidth), .fill()])
        let left = columns[0].rows([.fraction(0.55), .fill()])
        let right = columns[1].rows([.fill(), .fixed(OverviewLayout.healthHeight)])
        places = [
            .workflows: left[0], .templates: left[1], .executions: right[0], .health: right[1],
        ]
    }

    /// Whether a pane has room for all its columns.
    func isWide(_ pane: OverviewPane) -> Bool {
        guard let place = places[pane] else { return false }
        return pane == .executions ? isSingle && place.width >= 80 : place.width >= 60
    }

    func inside(_ pane: OverviewPane) -> Rect {
        Pane.inside(places[pane] ?? Rect(x: 0, y: 0, width: 0, height: 0))
    }
}
