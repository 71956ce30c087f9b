import AuterityAPI
import TerminalUI

/// The versions of a workflow, and what changed from one to another.
struct VersionsTab: Sendable {
    private(set) var versions: [WorkflowVersion] = []
    private(set) var list = ListState()
    /// The version to compare with; the one before when `nil`.
    private(set) var base: Int?
    private(set) var definitions: [Int: JSONValue] = [:]
    private(set) var diff: LineDiff?
    private var diffed: [Int] = []
    private(set) var text = TextView()
    /// Whether the differences have the place of the list where only one has room.
    private(set) var isReading = false
    var error: APIError?

    /// Definitions kept.
    static let maximumDefinitions = 12

    mutating func take(_ page: Page<WorkflowVersion>, in area: Rect) {
        versions = page.items
        list.settle(count: versions.count, height: ExecutionPlaces.halves(of: area).first.height)
    }

    mutating func take(_ version: WorkflowVersion) {
        if definitions.count >= VersionsTab.maximumDefinitions { definitions = [:] }
        definitions[version.version] = version.definition ?? .null
        compare()
    }

    /// The versions that are compared, the older one first.
    var pair: [Int] {
        guard versions.indices.contains(list.cursor) else { return [] }
        let version = versions[list.cursor].version
        let other = base ?? versions.map(\.version).filter { $0 < version }.max()
        return [version, other].compactMap { $0 }.sorted()
    }

    /// What has to be read for the comparison.
    func requests(_ id: WorkflowID) -> [Effect] {
        pair.filter { definitions[$0] == nil }.map { version in
            .request(
                Request(
                    GetWorkflowVersion(workflowID: id, version: version),
                    tag: "version.\(version)", showsErrors: true))
        }
    }

    private mutating func compare() {
        let pair = pair
        let known = pair.compactMap { definitions[$0] }
        guard known.count == pair.count, let last = known.last, diffed != pair else { return }
        diffed = pair
        text = TextView()
        diff = LineDiff(known.count > 1 ? known[0].prettyJSONText : "", last.prettyJSONText)
    }

    mutating func handle(_ key: Key, in area: Rect, theme: Theme) -> Bool {
        let (left, right) = ExecutionPlaces.halves(of: area)
        switch key {
        case .character(" "):
            guard versions.indices.contains(list.cursor) else { return false }
            let version = versions[list.cursor].version
            base = base == version ? nil : version
        case .enter: isReading.toggle()
        case .left, .right, .character("h"), .character("l"), .character("w"), .character("J"),
            .character("K"):
            let inner: Key = key == .character("J") ? .down : key == .character("K") ? .up : key
            let size = Pane.inside(right ?? area).size
            return text.handle(inner, size: size, source: source(theme))
        case .mouse(.press, let point):
            let row =
                list.window(count: versions.count, height: left.height).lowerBound
                + point.y - left.y
            guard left.contains(point), row < versions.count else { return false }
            list.move(to: row, count: versions.count, height: left.height)
        default:
            guard list.handle(key, count: versions.count, height: left.height) else {
                return false
            }
        }
        compare()
        return true
    }

    private func source(_ theme: Theme) -> TextView.Source {
        let lines = diff?.lines ?? []
        return TextView.Source(count: lines.count) { index in
            let line = lines[index]
            switch line.change {
            case .same: return TextLine("  " + line.text, style: theme[.muted])
            case .added: return TextLine("+ " + line.text, style: theme[.diffAdded])
            case .removed: return TextLine("- " + line.text, style: theme[.diffRemoved])
            case .skipped(let count):
                return TextLine("  … \(count) lines", style: theme[.lineNumber])
            }
        }
    }

    func draw(into frame: inout Frame, in area: Rect, context: ScreenContext) {
        let theme = context.theme
        let halves = ExecutionPlaces.halves(of: area)
        let isAlone = halves.second == nil && isReading
        let left = isAlone ? area.row(area.height) : halves.first
        let right = isAlone ? area : halves.second
        if versions.isEmpty {
            frame.putLine(error?.message ?? context.loading, in: left, style: theme[.muted])
        }
        let window = list.window(count: versions.count, height: left.height)
        for (row, index) in window.enumerated() {
            let version = versions[index]
            let place = left.row(row)
            let isCursor = index == list.cursor
            if isCursor { frame.fill(place, style: theme[.selection]) }
            let time = TimeText.moment(
                version.createdAt, at: context.now, utcOffset: context.utcOffset)
            let mark = version.version == base ? frame.glyphs.marked : " "
            let text = "\(mark)v\(version.version)  \(time)  \(version.name)"
            frame.putLine(text, in: place, style: theme[isCursor ? .selection : .text])
        }
        guard let right else { return }
        let names = pair.map { "v\($0)" }.joined(separator: " → ")
        let counts = diff.map { "+\($0.added) -\($0.removed)" } ?? ""
        let inside = Pane(names, detail: counts).draw(into: &frame, in: right, theme: theme)
        if let diff, !diff.isEmpty {
            text.draw(into: &frame, in: inside, theme: theme, source: source(theme))
        } else {
            let text = diff == nil ? context.loading : "The definitions are the same"
            frame.putLine(text, in: inside, style: theme[.muted])
        }
    }
}
