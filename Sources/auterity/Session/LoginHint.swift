import AuterityAPI

/// Whom to log in to, where the command line said it: without it the login would go elsewhere.
enum LoginHint {
    private static let command = "auterity login"

    /// The error with the flags behind the command that it names.
    static func naming(_ settings: Settings, in error: APIError) -> APIError {
        guard error.code.status == 401, error.message.hasSuffix(command) else { return error }
        return APIError(error.code, error.message + settings.placeWords)
    }
}
