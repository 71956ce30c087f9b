import AuterityAPI

/// Where one is and how one came here: a stack of screens, and a history as browsers have it.
struct Trail: Sendable {
    /// A screen in the trail.
    struct Place: Sendable {
        let id: ScreenID
        var screen: any Screen
    }

    /// The deepest trail; going deeper drops the screen above the root.
    static let depthLimit = 20
    static let historyLimit = 50

    /// Never empty; the last one is shown.
    private(set) var places: [Place]
    /// Trails that were left, the last one newest.
    private var past: [[Destination]] = []
    private var future: [[Destination]] = []
    private var nextID: ScreenID
    /// Screens that a trail can have had; each trail has ids of its own.
    private static let idsOfTrail = 1_000_000
    /// What help was asked about.
    var helpTable = HelpTable()

    /// - Parameter number: counts the trails of a console, from 0.
    init(start: Destination, number: Int = 0) {
        places = []
        nextID = Model.consoleID + 1 + number * Trail.idsOfTrail
        append(start)
    }

    var top: Place {
        get { places[places.count - 1] }
        set { places[places.count - 1] = newValue }
    }

    var destinations: [Destination] { places.map(\.screen.destination) }

    func index(of id: ScreenID) -> Int? {
        places.firstIndex { $0.id == id }
    }

    mutating func setScreen(_ screen: any Screen, at index: Int) {
        places[index].screen = screen
    }

    private mutating func append(_ destination: Destination) {
        places.append(Place(id: nextID, screen: ScreenList.screen(for: destination)))
        nextID += 1
    }

    // MARK: Going

    /// Puts a screen on top, unless it is there already. Returns the screens that were left.
    mutating func open(_ destination: Destination) -> [ScreenID] {
        guard top.screen.destination != destination else { return [] }
        remember()
        if destination == .overview { return cut(to: 1) }
        var left: [ScreenID] = []
        if places.count == Trail.depthLimit { left.append(places.remove(at: 1).id) }
        append(destination)
        return left
    }

    mutating func replace(with destination: Destination) -> [ScreenID] {
        guard places.count > 1 else { return open(destination) }
        remember()
        let left = places.removeLast().id
        append(destination)
        return [left]
    }

    /// Leaves the screen on top. False at the root.
    mutating func back() -> [ScreenID]? {
        guard places.count > 1 else { return nil }
        remember()
        return [places.removeLast().id]
    }

    /// Goes back to the trail that was there before, or forth again; `nil` at the end.
    mutating func travel(forward: Bool) -> [ScreenID]? {
        guard let goal = forward ? future.popLast() : past.popLast() else { return nil }
        if forward { past.append(destinations) } else { future.append(destinations) }
        let common = zip(destinations, goal).prefix { $0 == $1 }.count
        let left = cut(to: max(1, common))
        for destination in goal.dropFirst(max(1, common)) { append(destination) }
        return left
    }

    private mutating func cut(to count: Int) -> [ScreenID] {
        let left = places[count...].map(\.id)
        places.removeLast(places.count - count)
        return left
    }

    private mutating func remember() {
        future = []
        past.append(destinations)
        if past.count > Trail.historyLimit { past.removeFirst() }
    }
}
