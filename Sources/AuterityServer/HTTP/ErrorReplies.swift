import AuterityAPI
import HTTPTypes

extension Exchange {
    /// What an error answers.
    func reply(to error: APIError) -> Reply {
        if route?.form == .oauth2, let reply = oauth2Reply(to: error) { return reply }
        let body = ErrorBody(error, at: time, requestID: requestID)
        // It is made of texts and a time, which always can be written.
        let bytes = (try? JSONValue.jsonBytes(encoding: body)) ?? []
        var reply = Reply.json(.of(error.status), bytes)
        switch error.code {
        case .unauthorized, .invalidCredentials, .tokenExpired, .tokenRevoked:
            if error.status == 401 { reply.headers.append(HeaderFields.bearer) }
        case .payloadTooLarge:
            let length = headers.contentLength ?? 0
            reply.closesConnection = headers.isChunked || length > Self.maximumDiscarded
        default: break
        }
        if let seconds = error.retryAfter {
            let whole = Int(seconds.rounded(.up).clamped(to: 1...86_400))
            reply.headers.append(HTTPField(name: .retryAfter, value: "\(whole)"))
        }
        return reply
    }

    /// RFC 6749, section 5.2; `nil` for what is no fault of the request.
    private func oauth2Reply(to error: APIError) -> Reply? {
        let name: String
        switch error.code {
        case .unauthorized, .invalidCredentials, .tokenExpired, .tokenRevoked, .inactiveAccount:
            name = "invalid_grant"
        case .validationError:
            let isGrantUnknown = error.details.contains { fault in
                fault.field == "grant_type" && fault.message != "is required"
            }
            name = isGrantUnknown ? "unsupported_grant_type" : "invalid_request"
        case .badRequest: name = "invalid_request"
        default: return nil
        }
        let body: JSONValue = [
            "error": .string(name), "error_description": .string(Self.described(error)),
        ]
        return .json(.badRequest, body.jsonBytes, headers: [.pragma: "no-cache"])
    }

    /// In the characters that the RFC allows there.
    private static func described(_ error: APIError) -> String {
        String(
            error.description.unicodeScalars.map { scalar -> Character in
                switch scalar {
                case "\"", "\\": "'"
                case " "..."~": Character(scalar)
                default: "?"
                }
            })
    }
}

extension Comparable {
    fileprivate func clamped(to range: ClosedRange<Self>) -> Self {
        min(max(self, range.lowerBound), range.upperBound)
    }
}

extension HTTPField.Name {
    fileprivate static var pragma: Self { HeaderFields.noCachePragma.name }
}
