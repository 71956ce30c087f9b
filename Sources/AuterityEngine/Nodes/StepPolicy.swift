package import AuterityAPI

/// What the fields that every node takes say: how its step is tried, and what its failure means.
package struct StepPolicy: Hashable, Sendable {
    /// Seconds for one attempt; `nil` where nothing is said.
    package let timeout: Double?
    package let retry: RetryPolicy
    package let onError: FailureHandling
    /// The name under which its output is in reach of later steps.
    package let outputKey: String?

    /// A day.
    static let maximumTimeout = 86_400.0

    package init(
        timeout: Double? = nil, retry: RetryPolicy = .once, onError: FailureHandling = .fail,
        outputKey: String? = nil
    ) {
        self.timeout = timeout
        self.retry = retry
        self.onError = onError
        self.outputKey = outputKey
    }

    /// Reads them. `timeoutIsOwn` when the node type gives `timeout` a meaning of its own.
    package init(_ data: inout NodeData, timeoutIsOwn: Bool) {
        timeout = timeoutIsOwn ? nil : data.constant("timeout", in: 0.001...Self.maximumTimeout)
        retry = RetryPolicy(&data)
        onError = data.choice("on_error") ?? .fail
        outputKey = data.word("output_key")
        if let outputKey, !isIdentifier(outputKey) {
            data.fault(
                "output_key", "must be a name: letters, digits and _, not beginning with a digit")
        } else if let outputKey, StepScope.reservedNames.contains(outputKey) {
            data.fault("output_key", "\"\(outputKey)\" already has a meaning in expressions")
        }
    }
}

/// A name as expressions take it.
func isIdentifier(_ text: String) -> Bool {
    guard let first = text.utf8.first, !(UInt8(ascii: "0")...UInt8(ascii: "9")).contains(first)
    else { return false }
    return text.utf8.allSatisfy { byte in
        byte == UInt8(ascii: "_") || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
            || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
    }
}

extension NodeField {
    /// The fields that every node takes.
    package static let everyNode: [NodeField] = [
        NodeField("label", .text, doc: "What people read in its place; its id without."),
        NodeField(
            "timeout", .number,
            doc: "Seconds that one attempt may take, waiting not counted; at most a day."),
        NodeField(
            "retry", .retry,
            doc: "How to try again: max_attempts (counting the first; 1 without), "
                + "initial_interval (seconds, 1 without), backoff (a factor, 2 without), "
                + "max_interval (seconds, 60 without)."),
        NodeField(
            "on_error", .choice,
            doc: "When it fails for good: fail (the execution fails; so without), continue, or "
                + "branch (the edges with the handle error fire)."),
        NodeField(
            "output_key", .word,
            doc: "The name under which later steps reach its output at top level."),
    ]
}
