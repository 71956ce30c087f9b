/// One call of the API as a value: its stored properties are the parameters.
///
/// Keys of the encoded endpoint that stand in the path template go into the path, those that
/// `Route.headers` names into headers; of the rest, GET and DELETE send them as the query, the
/// others as the JSON body.
public protocol Endpoint: Codable, Hashable, Sendable {
    associatedtype Response: Codable & Hashable & Sendable

    static var route: Route { get }
    /// A call as the documentation shows it, and as the tests send it through the wire form.
    static var example: Self { get }
    /// The HTTP status of a success, where it depends on the answer.
    static func status(of response: Response) -> Int
    /// Headers of an answer that say what its body does not.
    static func headers(of response: Response) -> [String: String]
    /// The other side of `headers(of:)`: an answer with what its headers say besides.
    static func response(_ body: Response, header: (_ name: String) -> String?) -> Response
    /// What the documentation says of it beyond what its types say.
    static var notes: CallNotes { get }
    /// Whether it changes what the server keeps. What only reads, judges or logs in or out does
    /// not, and is all that a read-only profile makes.
    static var changes: Bool { get }
}

extension Endpoint {
    public static func status(of response: Response) -> Int { route.success }
    public static func headers(of response: Response) -> [String: String] { [:] }
    public static func response(
        _ body: Response, header: (_ name: String) -> String?
    ) -> Response { body }
    public static var notes: CallNotes { CallNotes() }
    public static var changes: Bool { route.method != .get }
}

/// An answer that has a version, which its entity tag begins with and `If-Match` is held against.
public protocol Versioned: Encodable {
    /// 1 or more; grows with each change.
    var version: Int { get }
    /// What its entity tag is made of: the same whichever call it answers.
    var tagged: Self { get }
}

extension Versioned {
    public var tagged: Self { self }
}

/// How an endpoint is reached and who may call it.
public struct Route: Hashable, Sendable {
    public enum Method: String, Sendable, CaseIterable {
        case get = "GET"
        case post = "POST"
        case put = "PUT"
        case patch = "PATCH"
        case delete = "DELETE"
    }

    /// The classes of rate limits, as the contract's table has them.
    public enum RateLimitClass: String, Sendable, CaseIterable {
        case authentication, workflows, templates, monitoring, ai, other
    }

    /// Who may call.
    public enum Access: Hashable, Sendable {
        /// Anybody, without a token.
        case open
        /// Anybody; the handler is told whose token it was, if there was a valid one.
        case optional
        /// Whoever has a valid token.
        case authenticated
        case permission(Permission)
    }

    /// What a request's body and an error look like.
    public enum Form: Hashable, Sendable {
        /// JSON both ways, errors as in the contract.
        case json
        /// The request is a form (`application/x-www-form-urlencoded`) and an error is as
        /// RFC 6749, section 5.2 has it.
        case oauth2
    }

    public let method: Method
    /// Such as `/api/workflows/{workflow_id}`.
    public let path: String
    /// The HTTP status of a success.
    public let success: Int
    public let access: Access
    public let rateLimit: RateLimitClass
    /// From the key of a parameter to the name of the header that carries it.
    public let headers: [String: String]
    public let form: Form
    /// One line for the documentation.
    public let summary: String

    public init(
        _ method: Method, _ path: String, success: Int = 200, access: Access,
        rateLimit: RateLimitClass, headers: [String: String] = [:], form: Form = .json,
        summary: String
    ) {
        self.method = method
        self.path = path
        self.success = success
        self.access = access
        self.rateLimit = rateLimit
        self.headers = headers
        self.form = form
        self.summary = summary
    }

    /// The names in braces in the path, in order.
    public var pathKeys: [String] {
        path.split(separator: "/").compactMap { part in
            part.hasPrefix("{") && part.hasSuffix("}") ? String(part.dropFirst().dropLast()) : nil
        }
    }

    public var hasBody: Bool { method != .get && method != .delete }
}

/// The answer of a call that has nothing to say (204).
public struct NoContent: Codable, Hashable, Sendable {
    public init() {}
}
