/// A value that is read although parts of it do not fit. Decoding stops at the first fault; the next
/// one shows once something that fits stands in its place: what the example has there, or another
/// element of the list; where that does not help, in that of what is around it.
struct FaultMending {
    private(set) var value: JSONValue
    private(set) var faults: [FieldFault] = []
    /// Made when there is a fault.
    private lazy var sample = makeSample()
    private let makeSample: () -> JSONValue?
    /// What the caller gave and was told of.
    private var told: Set<[Step]> = []
    /// Places at which something else was put already, by what stood there.
    private var tried: Set<[Step]> = []
    /// Of lists whose first element did not fit: which of the others stands in its place.
    private var stoodIn: [[Step]: Int] = [:]

    /// One step of a path into the value.
    fileprivate enum Step: Hashable {
        case key(String)
        case index(Int)
        /// The first of a list, in whose place another element stands.
        case first(standIn: Int)
    }

    init(_ value: JSONValue, sample: @autoclosure @escaping () -> JSONValue?) {
        self.value = value
        makeSample = sample
    }

    mutating func note(_ fault: FieldFault) { faults.append(fault) }

    /// Notes a fault, if it is the caller's, and puts something else in its place; `false` where
    /// nothing is left to put there.
    mutating func mend(_ error: DecodingError) -> Bool {
        let steps = steps(error.codingPath)
        let given = steps.map(\.given)
        let isTold = given.indices.contains { told.contains(Array(given[...$0])) }
        if !isTold { note(FieldFault(field: given.fieldPath, message: error.fault.message)) }
        return stride(from: steps.count, to: 0, by: -1).contains { length in
            told.insert(Array(given.prefix(length)))
            guard tried.insert(Array(steps.prefix(length))).inserted else { return false }
            let sample = sample
            var whole = value
            // The place is given up, so that the value is not copied for each change.
            value = .null
            mend(&whole, error.codingPath.prefix(length), at: [], by: sample)
            value = whole
            return true
        }
    }

    private func steps(_ path: [any CodingKey]) -> [Step] {
        var place: [Step] = []
        return path.map { key in
            let step = key.intValue.map(Step.index) ?? .key(key.stringValue)
            let standIn = step == .index(0) ? stoodIn[place] : nil
            place.append(step)
            return standIn.map { .first(standIn: $0) } ?? step
        }
    }

    /// Puts in what `sample` has at a place, of lists what their first element has; takes out what
    /// it has not.
    private mutating func mend(
        _ value: inout JSONValue, _ path: ArraySlice<any CodingKey>, at place: [Step],
        by sample: JSONValue?
    ) {
        guard let key = path.first else {
            value = sample ?? .null
            return
        }
        let rest = path.dropFirst()
        switch value {
        case .array(var elements):
            guard let index = key.intValue, elements.indices.contains(index) else { return }
            value = .null
            if rest.isEmpty, sample?[0] == nil {
                elements[index] = standIn(for: index, of: elements, at: place)
            } else {
                mend(&elements[index], rest, at: place + [.index(index)], by: sample?[0])
            }
            value = .array(elements)
        case .object(var members):
            value = .null
            var member = members[key.stringValue] ?? .null
            mend(
                &member, rest, at: place + [.key(key.stringValue)], by: sample?[key.stringValue])
            // `nil` alone would be the value null.
            members[key.stringValue] = member.isNull ? JSONValue?.none : member
            value = .object(members)
        default: value = sample ?? .null
        }
    }

    /// The element before has been read, and fits. Before the first there is none, so that those
    /// behind it are tried, one after the other.
    private mutating func standIn(
        for index: Int, of elements: [JSONValue], at place: [Step]
    ) -> JSONValue {
        guard index == 0 else { return elements[index - 1] }
        let next = (stoodIn[place] ?? 0) + 1
        guard elements.indices.contains(next) else { return .null }
        stoodIn[place] = next
        return elements[next]
    }
}

extension FaultMending.Step {
    /// As the caller knows it, who gave what stands in for the first elsewhere.
    fileprivate var given: Self {
        if case .first(let standIn) = self { .index(standIn) } else { self }
    }
}

extension [FaultMending.Step] {
    /// `definition.nodes[2].data`
    fileprivate var fieldPath: String {
        reduce(into: "") { path, step in
            switch step {
            case .index(let index), .first(let index): path += "[\(index)]"
            case .key(let key): path += path.isEmpty ? key : ".\(key)"
            }
        }
    }
}
