import TerminalUI

/// How the execution screen shares its area.
struct ExecutionPlaces: Hashable, Sendable {
    let header: Rect
    /// Says as of when the execution is shown; empty for now.
    let travel: Rect
    let tabs: Rect
    let content: Rect
    /// Where a search is typed, or what was searched for; empty otherwise.
    let search: Rect

    /// From this height on the facts have a row of their own.
    static let roomyHeight = 10

    /// - Parameter reasonRows: What the header's first line takes when there is room.
    init(_ area: Rect, isTravelling: Bool, isSearching: Bool, reasonRows: Int = 1) {
        var rest = area
        let isRoomy = area.height >= ExecutionPlaces.roomyHeight
        header = rest.takeTop(isRoomy ? reasonRows + 1 : 1)
        travel = rest.takeTop(isTravelling ? 1 : 0)
        tabs = rest.takeTop(1)
        search = rest.takeBottom(isSearching ? 1 : 0)
        content = rest
    }

    /// Two things side by side, or else below each other; `nil` for the second when only one
    /// has room.
    static func halves(of area: Rect) -> (first: Rect, second: Rect?) {
        if area.width >= 84 {
            let parts = area.columns([.fraction(0.42, min: 36), .fill(min: 30)], gap: 1)
            return (parts[0], parts[1])
        }
        guard area.height >= 12 else { return (area, nil) }
        let parts = area.rows([.fraction(0.5, min: 5), .fill(min: 5)], gap: 0)
        return (parts[0], parts[1])
    }
}
