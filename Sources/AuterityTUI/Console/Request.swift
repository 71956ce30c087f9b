import AuterityAPI

/// A call that a screen makes.
struct Request: Sendable {
    let call: any Endpoint
    /// Of requests with one tag from one screen only the last counts: an earlier one that still
    /// runs is given up. Requests without a tag (changes) are all made, also when the screen is
    /// left meanwhile.
    let tag: String?
    /// What the footer says while it runs, such as `Cancelling`; `nil` for quiet reading.
    let activity: String?
    /// What a toast says when it succeeded.
    let success: String?
    /// Whether the screen shows errors itself; otherwise a toast does.
    let showsErrors: Bool

    init(
        _ call: any Endpoint, tag: String? = nil, activity: String? = nil, success: String? = nil,
        showsErrors: Bool = false
    ) {
        self.call = call
        self.tag = tag
        self.activity = activity
        self.success = success
        self.showsErrors = showsErrors
    }

    /// The method and path of the call, as `:messages` lists it.
    var name: String {
        let route = type(of: call).route
        return "\(route.method.rawValue) \(route.path)"
    }
}

extension Request: Equatable {
    static func == (left: Request, right: Request) -> Bool {
        AnyHashable(left.call) == AnyHashable(right.call) && left.tag == right.tag
            && left.activity == right.activity && left.success == right.success
            && left.showsErrors == right.showsErrors
    }
}

/// What came of a request.
struct Reply: Sendable {
    let request: Request
    let result: Result<any Hashable & Sendable, APIError>

    init(_ request: Request, _ result: Result<any Hashable & Sendable, APIError>) {
        self.request = request
        self.result = result
    }

    /// The call and its typed answer, if it was a call of this type.
    func to<Call: Endpoint>(_ type: Call.Type) -> Answer<Call>? {
        guard let call = request.call as? Call else { return nil }
        switch result {
        case .failure(let error):
            return Answer(call: call, result: .failure(error))
        case .success(let value):
            guard let response = value as? Call.Response else { return nil }
            return Answer(call: call, result: .success(response))
        }
    }

    /// What went wrong, if anything did.
    var error: APIError? {
        if case .failure(let error) = result { error } else { nil }
    }
}

/// A call with what it answered.
struct Answer<Call: Endpoint>: Sendable {
    let call: Call
    let result: Result<Call.Response, APIError>

    /// The response, or `nil` after an error.
    var response: Call.Response? { try? result.get() }
}
