/// How far a step has come that works through a list.
public struct ItemsProgress: Hashable, Sendable {
    /// By the index of the item: what it gave, or `{"error": …}` where the definition lets that
    /// pass.
    public internal(set) var results: [Int: JSONValue] = [:]
    /// The executions that are under way, by the index of their item.
    public internal(set) var children: [Int: ExecutionID] = [:]
    /// Items that failed and are tried again.
    public internal(set) var postponed: [Int: ItemsChange.Postponement] = [:]

    public init() {}

    public mutating func apply(_ change: ItemsChange) {
        for start in change.started { children[start.index] = start.executionID }
        for postponement in change.postponed { postponed[postponement.index] = postponement }
        for result in change.done {
            results[result.index] = result.output
            children[result.index] = nil
            postponed[result.index] = nil
        }
    }

    /// What is done stays done; everything else is begun anew.
    mutating func endAttempt() {
        children = [:]
        postponed = [:]
    }
}

/// What happened to some of the items of a list.
public struct ItemsChange: Hashable, Sendable {
    public struct Result: Hashable, Sendable {
        /// Counted from 0.
        public let index: Int
        public let output: JSONValue

        public init(index: Int, output: JSONValue) {
            self.index = index
            self.output = output
        }
    }

    public struct Start: Hashable, Sendable {
        public let index: Int
        public let executionID: ExecutionID

        public init(index: Int, executionID: ExecutionID) {
            self.index = index
            self.executionID = executionID
        }
    }

    public struct Postponement: Hashable, Sendable {
        public let index: Int
        /// The attempt that failed, counted from 1.
        public let attempt: Int
        /// When the next one starts.
        public let until: Timestamp

        public init(index: Int, attempt: Int, until: Timestamp) {
            self.index = index
            self.attempt = attempt
            self.until = until
        }
    }

    public var done: [Result]
    public var started: [Start]
    public var postponed: [Postponement]

    public init(done: [Result] = [], started: [Start] = [], postponed: [Postponement] = []) {
        self.done = done
        self.started = started
        self.postponed = postponed
    }

    public var isEmpty: Bool { done.isEmpty && started.isEmpty && postponed.isEmpty }
}

// MARK: - As JSON

extension ItemsChange {
    /// The keys that it adds to the `data` of its row.
    var members: [(String, JSONValue?)] {
        [
            ("done", list(done) { ["index": .int(Int64($0.index)), "output": $0.output] }),
            (
                "started",
                list(started) {
                    [
                        "index": .int(Int64($0.index)),
                        "execution_id": .string($0.executionID.description),
                    ]
                }
            ),
            (
                "postponed",
                list(postponed) {
                    [
                        "index": .int(Int64($0.index)), "attempt": .int(Int64($0.attempt)),
                        "until": .string($0.until.description),
                    ]
                }
            ),
        ]
    }

    private func list<Element>(
        _ elements: [Element], _ json: (Element) -> JSONValue
    ) -> JSONValue? {
        elements.isEmpty ? nil : .array(elements.map(json))
    }

    /// `nil` where the row says nothing about items. What cannot be read is left out.
    init?(data: JSONValue) {
        self.init(
            done: Self.read(data["done"]) { index, json in
                json["output"].map { Result(index: index, output: $0) }
            },
            started: Self.read(data["started"]) { index, json in
                json["execution_id"]?.stringValue.flatMap { ExecutionID($0) }
                    .map { Start(index: index, executionID: $0) }
            },
            postponed: Self.read(data["postponed"]) { index, json in
                guard let attempt = json["attempt"]?.intValue.flatMap({ Int(exactly: $0) }),
                    let until = json["until"]?.stringValue.flatMap({ Timestamp($0) })
                else { return nil }
                return Postponement(index: index, attempt: attempt, until: until)
            })
        if isEmpty { return nil }
    }

    private static func read<Element>(
        _ list: JSONValue?, _ element: (Int, JSONValue) -> Element?
    ) -> [Element] {
        (list?.arrayValue ?? []).compactMap { json in
            json["index"]?.intValue.flatMap { Int(exactly: $0) }.flatMap { element($0, json) }
        }
    }
}
