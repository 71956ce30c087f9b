/// What is known of a request once it is answered, for figures.
struct RequestSample: Hashable, Sendable {
    /// One of the methods that routes have, `HEAD`, `OPTIONS`, or `OTHER`: whoever calls cannot
    /// make new ones up.
    let method: String
    /// Such as `/api/workflows/{workflow_id}`; `nil` where no route matched.
    let route: String?
    let status: Int
    /// From the head of the request to the head of the answer.
    let nanoseconds: UInt64
    /// Whether that is the time of an execution that the caller waited for.
    let isOfExecution: Bool
    /// Of the answer's body.
    let bytes: Int
}
