/// What every failure of an outgoing call can say about itself.
package protocol IntegrationFailure: Error, Sendable, CustomStringConvertible {
    /// A stable name in capitals, such as `TIMED_OUT`.
    var code: String { get }
    /// What failed, where, and what to do; holds no secret that the caller did not put there.
    var message: String { get }
    /// Whether another try, later, may succeed.
    var isRetryable: Bool { get }
    /// Seconds after which the far end wants to be asked again, where it said so.
    var retryAfter: Double? { get }
}

extension IntegrationFailure {
    package var description: String { "\(code): \(message)" }
}
