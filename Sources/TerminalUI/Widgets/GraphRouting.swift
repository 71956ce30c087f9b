/// The ways of edges through the room between two layers: straight, or by parallel tracks.
///
/// Positions are along the layers ("columns"); tracks are counted from the earlier layer.
struct GraphRouting {
    /// A piece that changes its column on a track.
    struct Turn: Hashable {
        let track: Int
        /// The column it goes on from there.
        let column: Int
    }

    /// The turns of each piece, in the order of the given ones; none for a straight one.
    private(set) var turns: [[Turn]]
    private(set) var trackCount = 0

    struct Request {
        /// Vertices.
        let source: Int
        let target: Int
        let from: Int
        let to: Int
    }

    /// A line along a track, with what hangs on it.
    private struct Wire {
        /// Columns whose lines come from the earlier layer, and those that go to the later one.
        var tops: Set<Int>
        var bottoms: Set<Int>
        /// Where it meets the other half of a wire cut in two.
        var joint: Int?
        /// Wires that must be nearer to the later layer, besides those that columns tell.
        var above: Int?
        var track: Int?

        var span: ClosedRange<Int> {
            let columns = tops.union(bottoms).union(joint.map { [$0] } ?? [])
            return (columns.min() ?? 0)...(columns.max() ?? 0)
        }
    }

    private var wires: [Wire] = []
    /// The wires that each request uses, in their order.
    private var used: [[Int]]
    private var tracks: [[ClosedRange<Int>]] = []
    /// All columns in which something leaves or arrives.
    private var columns: Set<Int> = []

    init(_ requests: [Request]) {
        turns = Array(repeating: [], count: requests.count)
        used = Array(repeating: [], count: requests.count)
        for request in requests {
            columns.insert(request.from)
            columns.insert(request.to)
        }
        makeWires(requests)
        assignTracks()
        for (index, request) in requests.enumerated() {
            turns[index] = used[index].compactMap { wire in
                wires[wire].track.map { Turn(track: $0, column: wires[wire].joint ?? request.to) }
            }
            if let last = turns[index].last, last.column != request.to {
                turns[index][turns[index].count - 1] = Turn(track: last.track, column: request.to)
            }
        }
        trackCount = tracks.count
    }

    /// What leaves one vertex shares a wire; and so does what single edges bring to one vertex.
    private mutating func makeWires(_ requests: [Request]) {
        var leaving: [Int: Int] = [:]
        for request in requests { leaving[request.source, default: 0] += 1 }
        var bySource: [Int: Int] = [:]
        var byTarget: [Int: Int] = [:]
        let turning = Set(requests.filter { $0.from != $0.to }.map(\.source))
        for (index, request) in requests.enumerated() where turning.contains(request.source) {
            let isSplit = leaving[request.source, default: 0] > 1
            let known = isSplit ? bySource[request.source] : byTarget[request.target]
            let wire = known ?? wires.count
            if known == nil { wires.append(Wire(tops: [], bottoms: [])) }
            if isSplit { bySource[request.source] = wire } else { byTarget[request.target] = wire }
            wires[wire].tops.insert(request.from)
            wires[wire].bottoms.insert(request.to)
            // A straight piece passes its bus without turning.
            if request.from != request.to { used[index] = [wire] }
        }
    }

    // MARK: Tracks

    private mutating func assignTracks() {
        var order = preferred()
        var above = constraints()
        while !order.isEmpty {
            let ready = order.firstIndex { wire in
                above[wire].allSatisfy { wires[$0].track != nil }
            }
            if let ready {
                put(order.remove(at: ready), below: above)
            } else {
                // A ring always has a wire that is whole.
                guard let whole = order.first(where: { wires[$0].joint == nil }) else { return }
                order.append(cut(whole))
                above = constraints()
            }
        }
    }

    /// Outer lines nearer to the earlier layer: they then cross nothing that runs alongside.
    private func preferred() -> [Int] {
        let keys = wires.map { wire -> (Int, Int) in
            let top = wire.tops.min() ?? 0
            let isRight = wire.tops.count == 1 && (wire.bottoms.min() ?? top) > top
            return isRight ? (0, -top) : (1, top)
        }
        return wires.indices.sorted { keys[$0] < keys[$1] }
    }

    /// For each wire those that have to be above it: where one comes from the earlier layer in
    /// the column in which the other leaves for the later one.
    private func constraints() -> [[Int]] {
        var byTop: [Int: [Int]] = [:]
        for (index, wire) in wires.enumerated() {
            for column in wire.tops { byTop[column, default: []].append(index) }
        }
        return wires.indices.map { index in
            var above: Set<Int> = []
            for column in wires[index].bottoms {
                // Also where both go to one vertex: what joins a line joins it behind the place
                // where it branches, or it would seem to branch with it.
                for other in byTop[column] ?? [] where other != index { above.insert(other) }
            }
            if let upper = wires[index].above { above.insert(upper) }
            return Array(above)
        }
    }

    private mutating func put(_ wire: Int, below above: [[Int]]) {
        let span = wires[wire].span
        var track = above[wire].compactMap { wires[$0].track }.max().map { $0 + 1 } ?? 0
        while track < tracks.count,
            tracks[track].contains(where: {
                $0.lowerBound - 1 <= span.upperBound && span.lowerBound <= $0.upperBound + 1
            })
        {
            track += 1
        }
        while tracks.count <= track { tracks.append([]) }
        tracks[track].append(span)
        wires[wire].track = track
    }

    /// Cuts a wire of a ring of constraints in two, joined in a column that nothing else uses.
    /// Returns the new half.
    private mutating func cut(_ index: Int) -> Int {
        let span = wires[index].span
        let middle = (span.lowerBound + span.upperBound) / 2
        let column =
            (0...columns.count).lazy.flatMap { [middle + $0, middle - $0] }
            .first { $0 >= 0 && !columns.contains($0) } ?? middle
        columns.insert(column)
        let half = Wire(tops: [], bottoms: wires[index].bottoms, joint: column, above: index)
        wires[index].bottoms = []
        wires[index].joint = column
        wires.append(half)
        for request in used.indices where used[request] == [index] {
            used[request] = [index, wires.count - 1]
        }
        return wires.count - 1
    }
}
