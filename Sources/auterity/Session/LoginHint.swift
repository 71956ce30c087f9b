import AuterityAPI

/// Whom to log in to, where the command line said it: without it the login would go elsewhere.
enum LoginHint {
    private static let command = "auterity login"

    /// The error with the flag behind the command that it names.
    static func naming(_ settings: Settings, in error: APIError) -> APIError {
        guard error.code.status == 401, error.message.hasSuffix(command) else { return error }
        let words =
            if settings.layer("profile") == .flags, let name = settings.text("profile") {
                " --profile \(name)"
            } else if settings.layer("server") == .flags, let url = settings.text("server") {
                " --server \(url)"
            } else {
                ""
            }
        return APIError(error.code, error.message + words)
    }
}
