/// Makes an account with the role `user`.
public struct Register: Endpoint {
    public typealias Response = User

    public var email: String
    /// 8 to 72 bytes in UTF-8.
    public var password: String
    public var firstName: String?
    public var lastName: String?
    public var company: String?

    enum CodingKeys: String, CodingKey {
        case email, password, company
        case firstName = "first_name"
        case lastName = "last_name"
    }

    public init(
        email: String, password: String, firstName: String? = nil, lastName: String? = nil,
        company: String? = nil
    ) {
        self.email = email
        self.password = password
        self.firstName = firstName
        self.lastName = lastName
        self.company = company
    }

    public static let route = Route(
        .post, "/api/auth/register", success: 201, access: .open, rateLimit: .authentication,
        summary: "Register an account")
    public static let example = Register(
        email: "user@example.com", password: "correct horse battery", firstName: "John",
        lastName: "Doe", company: "Example Corp")
    public static let notes = CallNotes(
        "The account gets the role `user`.", failures: [.emailAlreadyRegistered])
}

/// Begins a session.
public struct Login: Endpoint {
    public typealias Response = TokenGrant

    public var email: String
    public var password: String

    public init(email: String, password: String) {
        self.email = email
        self.password = password
    }

    public static let changes = false
    public static let route = Route(
        .post, "/api/auth/login", access: .open, rateLimit: .authentication,
        summary: "Log in with email and password")
    public static let example = Login(
        email: "user@example.com", password: "correct horse battery")
    public static let notes = CallNotes(
        "A wrong password takes as long as an unknown account, and is answered alike. Failures "
            + "make the next attempts wait.",
        failures: [.invalidCredentials, .inactiveAccount])
}

/// The OAuth2 grants `password` and `refresh_token` (RFC 6749, sections 4.3 and 6), as a form, so
/// that the documentation pages and standard clients can log in.
public struct RequestToken: Endpoint {
    public typealias Response = TokenGrant

    public enum Grant: String, Codable, Sendable, CaseIterable {
        case password
        case refreshToken = "refresh_token"
    }

    public var grantType: Grant
    /// The email, for the grant `password`.
    public var username: String?
    public var password: String?
    /// For the grant `refresh_token`.
    public var refreshToken: String?

    enum CodingKeys: String, CodingKey {
        case username, password
        case grantType = "grant_type"
        case refreshToken = "refresh_token"
    }

    public init(
        grantType: Grant, username: String? = nil, password: String? = nil,
        refreshToken: String? = nil
    ) {
        self.grantType = grantType
        self.username = username
        self.password = password
        self.refreshToken = refreshToken
    }

    public static let changes = false
    public static let route = Route(
        .post, "/api/auth/token", access: .open, rateLimit: .authentication, form: .oauth2,
        summary: "Log in as OAuth2 has it")
    public static let example = RequestToken(
        grantType: .password, username: "user@example.com", password: "correct horse battery")
    public static let notes = CallNotes(
        "The grants `password` and `refresh_token` of RFC 6749, for standard clients. What "
            + "`POST /api/auth/login` answers, with errors as RFC 6749, section 5.2 has them.",
        fields: [
            "grant_type": FieldNote("How the caller proves who they are."),
            "username": FieldNote("The email, for the grant `password`."),
            "refresh_token": FieldNote("For the grant `refresh_token`."),
            "password": FieldNote("For the grant `password`.", ["format": "password"]),
        ])
}

/// Who the caller is, and what they may do.
public struct GetCurrentUser: Endpoint {
    public typealias Response = CurrentUser

    public init() {}

    public static let route = Route(
        .get, "/api/auth/me", access: .authenticated, rateLimit: .other,
        summary: "Get the caller's account")
    public static let example = GetCurrentUser()
}

/// Renews a session, by the bearer token of the call or by a refresh token. Who gives neither is
/// answered 401.
public struct RefreshToken: Endpoint {
    public typealias Response = TokenGrant

    /// Goes before the bearer token. Good for one use; a second one ends the session.
    public var refreshToken: String?

    enum CodingKeys: String, CodingKey {
        case refreshToken = "refresh_token"
    }

    public init(refreshToken: String? = nil) { self.refreshToken = refreshToken }

    public static let changes = false
    public static let route = Route(
        .post, "/api/auth/refresh", access: .optional, rateLimit: .other,
        summary: "Renew a session")
    public static let example = RefreshToken()
    public static let notes = CallNotes(
        "Renews by the refresh token in the body, or by the bearer token of the call. A refresh "
            + "token is good for one use; a second use ends the session.",
        fields: ["refresh_token": FieldNote("Goes before the bearer token.")],
        failures: [.unauthorized, .tokenExpired, .tokenRevoked])
}

/// Ends the session of the token. Its tokens are refused from then on.
public struct Logout: Endpoint {
    public typealias Response = NoContent

    public init() {}

    public static let changes = false
    public static let route = Route(
        .post, "/api/auth/logout", success: 204, access: .authenticated, rateLimit: .other,
        summary: "End the session")
    public static let example = Logout()
}

/// Changes the caller's password and ends the account's other sessions.
public struct ChangePassword: Endpoint {
    public typealias Response = NoContent

    public var currentPassword: String
    /// 8 to 72 bytes in UTF-8.
    public var newPassword: String

    enum CodingKeys: String, CodingKey {
        case currentPassword = "current_password"
        case newPassword = "new_password"
    }

    public init(currentPassword: String, newPassword: String) {
        self.currentPassword = currentPassword
        self.newPassword = newPassword
    }

    public static let route = Route(
        .post, "/api/auth/change-password", success: 204, access: .authenticated,
        rateLimit: .authentication, summary: "Change the password")
    public static let example = ChangePassword(
        currentPassword: "correct horse battery", newPassword: "staple battery horse")
    public static let notes = CallNotes(
        "Ends the account's other sessions. A wrong current password is `INVALID_CREDENTIALS` "
            + "with status 400.",
        fields: [
            "current_password": FieldNote("The password until now.", ["format": "password"]),
            "new_password": FieldNote(
                "8 to 72 bytes in UTF-8.", ["format": "password", "maxLength": 72]),
        ])
}

/// Makes a token for another system. It grants exactly the permissions that are named, which the
/// caller must have (403 otherwise), and lives 60 minutes.
public struct CreateCrossSystemToken: Endpoint {
    public typealias Response = CrossSystemToken

    /// `relaycore`, `neuroweaver`, `autmatrix`, or what the configuration adds.
    public var targetSystem: String
    public var permissions: [Permission]

    enum CodingKeys: String, CodingKey {
        case permissions
        case targetSystem = "target_system"
    }

    public init(targetSystem: String, permissions: [Permission]) {
        self.targetSystem = targetSystem
        self.permissions = permissions
    }

    public static let route = Route(
        .post, "/api/auth/cross-system-token", access: .authenticated, rateLimit: .other,
        summary: "Make a token for another system")
    public static let example = CreateCrossSystemToken(
        targetSystem: "relaycore", permissions: [.aiRoute, .metricsRead])
    public static let notes = CallNotes(
        "The token lives 60 minutes and grants exactly what is asked for. This API refuses it. "
            + "Who asks for a permission that they lack is answered 403.",
        fields: [
            "target_system": FieldNote(
                "`relaycore`, `neuroweaver`, `autmatrix`, or what the configuration adds."),
            "permissions": FieldNote("What the token grants."),
        ],
        failures: [.forbidden])
}
