import AuterityAPI
import TerminalUI

/// The keys that every screen with one list has.
enum ListKeys {
    static let filter: ActionID = "list.filter"
    static let mark: ActionID = "list.mark"
    static let markAll: ActionID = "list.markAll"
    static let sort: ActionID = "list.sort"
    static let reverse: ActionID = "list.reverse"
    static let columns: ActionID = "list.columns"
    static let follow: ActionID = "list.follow"
    static let clear: ActionID = "list.clear"

    /// While a filter is typed.
    static let typing: [KeyBinding] = [
        KeyBinding(describing: "Enter", label: "keep", help: "Keep the filter", priority: 6),
        KeyBinding(describing: "Esc", label: "clear", help: "Clear the filter", priority: 6),
    ]

    static func bindings(isNarrowed: Bool, canSort: Bool) -> [KeyBinding] {
        var bindings = [
            KeyBinding(
                .character("/"), action: filter, label: "filter",
                help: "Filter: words, name:value, age:<1h, !not, ~regex", priority: 5),
            KeyBinding(
                .character(" "), action: mark, label: "mark", help: "Mark or unmark this row",
                priority: -1),
            KeyBinding(
                .character("*"), action: markAll, label: "mark all",
                help: "Mark what the filter shows, or take all marks away", priority: -1),
            KeyBinding(
                .character("f"), action: follow, label: "follow",
                help: "Follow the newest again", priority: 1),
            KeyBinding(
                .character("C"), action: columns, label: "columns", help: "Choose columns",
                priority: -1),
            KeyBinding(
                describing: "\u{2191} \u{2193} j k", label: "move",
                help: "Move by a row; g and G, Page and Ctrl-D, Ctrl-U go further"),
        ]
        if canSort {
            bindings += [
                KeyBinding(
                    .character("s"), action: sort, label: "sort",
                    help: "Sort by the next column", priority: -1),
                KeyBinding(
                    .character("S"), action: reverse, label: "reverse",
                    help: "Reverse the order", priority: -1),
            ]
        }
        if isNarrowed {
            bindings.append(
                KeyBinding(
                    .escape, action: clear, label: "clear", help: "Take filter and marks away",
                    priority: 3))
        }
        return bindings
    }
}

extension TablePane {
    /// Whether Esc has something to take away before it leaves.
    var isNarrowed: Bool { !filter.text.isEmpty || !marks.isEmpty }

    /// Does one of the actions of `ListKeys`.
    mutating func perform(
        _ action: ActionID, height: Int, isWide: Bool, now: Timestamp
    ) -> [Effect] {
        switch action {
        case ListKeys.filter: beginFilter()
        case ListKeys.mark: return mark(height: height, now: now)
        case ListKeys.markAll: markAll()
        case ListKeys.sort: return sortByNext(now: now)
        case ListKeys.reverse: return reverseSort(now: now)
        case ListKeys.columns: return [.choose(columnChoice(isWide: isWide))]
        case ListKeys.follow: return follow(height: height, now: now)
        case ListKeys.clear:
            unmark()
            return setFilter("", now: now)
        default: break
        }
        return []
    }

    /// Handles a raw key: typing, movement, the mouse.
    mutating func press(
        _ key: Key, in area: Rect, isWide: Bool, height: Int, now: Timestamp
    ) -> [Effect] {
        if isTyping { return type(key, height: height, now: now) }
        if case .mouse(.press, let point) = key {
            guard let row = row(at: point, in: area, isWide: isWide) else { return [] }
            return move(to: row, height: height, now: now)
        }
        return handle(key, height: height, now: now) ?? []
    }
}
