final class LiteralNode: Node {
    let value: CELValue

    init(_ value: CELValue) {
        self.value = value
    }

    func evaluate(_ run: inout Run) throws(Fault) -> CELValue { value }
}

/// Fails whenever it is evaluated: what an unchecked expression could not be compiled to.
final class FaultNode: Node {
    let fault: Fault

    init(_ fault: Fault) {
        self.fault = fault
    }

    func evaluate(_ run: inout Run) throws(Fault) -> CELValue { throw fault }
}

/// A name that the scope provides, or else the type of that name.
final class NameNode: Node {
    let name: String
    let type: CELKind?
    let offset: Int

    init(_ name: String, offset: Int) {
        self.name = name
        self.offset = offset
        type = CELKind(denotedBy: name)
    }

    func evaluate(_ run: inout Run) throws(Fault) -> CELValue {
        try run.step()
        if let value = run.scope.value(named: name) { return value }
        if let type { return .type(type) }
        throw Fault(
            .evaluation, unknownNameMessage(name, among: run.scope.names), at: offset)
    }
}

/// A variable of a macro.
final class LocalNode: Node {
    let slot: Int

    init(slot: Int) {
        self.slot = slot
    }

    func evaluate(_ run: inout Run) throws(Fault) -> CELValue {
        try run.step()
        return run.slots[slot]
    }
}

extension CELKind {
    /// The type that a name stands for, where nothing else has that name.
    init?(denotedBy name: String) {
        self.init(rawValue: name)
    }
}

func unknownNameMessage(_ name: String, among names: [String]) -> String {
    guard let near = nearestName(to: name, among: names) else {
        return "nothing provides the name '\(name)'"
    }
    return "nothing provides the name '\(name)'; did you mean '\(near)'?"
}

/// The name that differs least, when it differs by a typing error or two.
func nearestName(to name: String, among names: [String]) -> String? {
    let wanted = Array(name.utf8)
    let longest = 40
    guard wanted.count <= longest else { return nil }
    let allowed = wanted.count < 3 ? 1 : (wanted.count < 6 ? 2 : 3)
    var best: (name: String, distance: Int)?
    for candidate in names.prefix(500) where candidate != name {
        let bytes = Array(candidate.utf8)
        guard bytes.count <= longest, abs(bytes.count - wanted.count) <= allowed else { continue }
        let distance = editDistance(wanted, bytes)
        if distance <= allowed, distance < wanted.count, distance < best?.distance ?? .max {
            best = (candidate, distance)
        }
    }
    return best?.name
}

/// How many bytes have to be put in, left out, changed, or swapped with their neighbour.
private func editDistance(_ left: [UInt8], _ right: [UInt8]) -> Int {
    var before: [Int] = []
    var row = Array(0...right.count)
    for leftIndex in left.indices {
        var next = [leftIndex + 1]
        for rightIndex in right.indices {
            let isSame = left[leftIndex] == right[rightIndex]
            var distance = min(row[rightIndex] + (isSame ? 0 : 1), row[rightIndex + 1] + 1)
            distance = min(distance, next[rightIndex] + 1)
            if leftIndex > 0, rightIndex > 0, left[leftIndex] == right[rightIndex - 1],
                left[leftIndex - 1] == right[rightIndex]
            {
                distance = min(distance, before[rightIndex - 1] + 1)
            }
            next.append(distance)
        }
        before = row
        row = next
    }
    return row[right.count]
}
