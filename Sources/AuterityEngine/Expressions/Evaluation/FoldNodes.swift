/// Where a macro's variables go, and what it goes through.
struct FoldRange: Sendable {
    let node: any Node
    let firstSlot: Int
    /// With two variables, the slot of the value.
    let secondSlot: Int?
    let offset: Int

    func evaluate(_ run: inout Run) throws(Fault) -> Items {
        try run.step()
        let value = try node.evaluate(&run)
        switch value {
        case .list(let list): return .list(list)
        case .map(let map): return .map(map)
        default:
            throw Fault(
                .evaluation,
                "no matching overload: a macro goes through a list or a map, not "
                    + value.kind.rawValue, at: offset)
        }
    }

    /// What is gone through.
    enum Items {
        case list(CELList)
        case map(CELMap)

        var count: Int {
            switch self {
            case .list(let list): list.count
            case .map(let map): map.count
            }
        }

        /// What the macro gives for the element itself.
        func element(_ index: Int) -> CELValue {
            switch self {
            case .list(let list): list[index]
            case .map(let map): map.key(at: index)
            }
        }
    }

    func assign(_ index: Int, of items: Items, _ run: inout Run) throws(Fault) {
        try run.step()
        switch items {
        case .list(let list):
            if let secondSlot {
                run.slots[firstSlot] = .int(Int64(index))
                run.slots[secondSlot] = list[index]
            } else {
                run.slots[firstSlot] = list[index]
            }
        case .map(let map):
            run.slots[firstSlot] = map.key(at: index)
            if let secondSlot { run.slots[secondSlot] = map.value(at: index) }
        }
    }

    func holds(_ condition: any Node, _ run: inout Run) throws(Fault) -> Bool {
        let value = try condition.evaluate(&run)
        guard case .bool(let bool) = value else {
            throw Fault(
                .evaluation,
                "no matching overload: the condition of a macro is "
                    + "\(value.kind.rawValue), not bool", at: offset)
        }
        return bool
    }
}

/// `all` and `exists`: an element that decides wins over errors at others.
final class QuantifierNode: Node {
    let range: FoldRange
    let condition: any Node
    /// `false` for `all`, `true` for `exists`.
    let deciding: Bool

    init(_ range: FoldRange, _ condition: any Node, deciding: Bool) {
        self.range = range
        self.condition = condition
        self.deciding = deciding
    }

    func evaluate(_ run: inout Run) throws(Fault) -> CELValue {
        let items = try range.evaluate(&run)
        var firstFault: Fault?
        for index in 0..<items.count {
            try range.assign(index, of: items, &run)
            do {
                if try range.holds(condition, &run) == deciding { return .bool(deciding) }
            } catch {
                guard error.kind != .limit else { throw error }
                firstFault = firstFault ?? error
            }
        }
        if let firstFault { throw firstFault }
        return .bool(!deciding)
    }
}

/// `exists_one`
final class ExistsOneNode: Node {
    let range: FoldRange
    let condition: any Node

    init(_ range: FoldRange, _ condition: any Node) {
        self.range = range
        self.condition = condition
    }

    func evaluate(_ run: inout Run) throws(Fault) -> CELValue {
        let items = try range.evaluate(&run)
        var count = 0
        for index in 0..<items.count {
            try range.assign(index, of: items, &run)
            if try range.holds(condition, &run) { count += 1 }
        }
        return .bool(count == 1)
    }
}

/// `filter`, `map` and `transformList`: without a result the element itself.
final class ListFoldNode: Node {
    let range: FoldRange
    let condition: (any Node)?
    let result: (any Node)?

    init(_ range: FoldRange, condition: (any Node)?, result: (any Node)?) {
        self.range = range
        self.condition = condition
        self.result = result
    }

    func evaluate(_ run: inout Run) throws(Fault) -> CELValue {
        let items = try range.evaluate(&run)
        var values: [CELValue] = []
        for index in 0..<items.count {
            try range.assign(index, of: items, &run)
            if let condition, try !range.holds(condition, &run) { continue }
            try run.makeElements(1)
            if let result {
                values.append(try result.evaluate(&run))
            } else {
                values.append(items.element(index))
            }
        }
        run.offset = range.offset
        let list = CELValue.list(CELList(values))
        try run.checkDepth(of: list)
        return list
    }
}

/// `transformMap` and `transformMapEntry`
final class MapFoldNode: Node {
    let range: FoldRange
    let condition: (any Node)?
    let result: any Node
    /// Whether the result is a map of its own entries, not the value of the same key.
    let givesEntries: Bool

    init(_ range: FoldRange, condition: (any Node)?, result: any Node, givesEntries: Bool) {
        self.range = range
        self.condition = condition
        self.result = result
        self.givesEntries = givesEntries
    }

    func evaluate(_ run: inout Run) throws(Fault) -> CELValue {
        let items = try range.evaluate(&run)
        var builder = CELMap.Builder()
        for index in 0..<items.count {
            try range.assign(index, of: items, &run)
            if let condition, try !range.holds(condition, &run) { continue }
            let key = run.slots[range.firstSlot]
            let value = try result.evaluate(&run)
            run.offset = range.offset
            try run.makeElements(2)
            guard givesEntries else {
                try add(key, value, to: &builder, run)
                continue
            }
            guard case .map(let entries) = value else {
                throw run.noOverload("transformMapEntry", [value])
            }
            try run.makeElements(entries.count * 2)
            for entry in 0..<entries.count {
                try add(entries.key(at: entry), entries.value(at: entry), to: &builder, run)
            }
        }
        let map = CELValue.map(CELMap(builder))
        try run.checkDepth(of: map)
        return map
    }
}
