internal import CCurl

/// One request of a chain of redirects: its first is what the caller asked for.
struct OutboundHop: Sendable {
    let request: OutboundRequest
    let url: OutboundURL
    private let fields: [HTTPField]
    private let deadline: ContinuousClock.Instant
    private let sendsCredentials: Bool

    /// Fields that libcurl writes itself; another value could make two servers read one request as
    /// different ones.
    private static let ownFields: Set<String> = [
        "host", "content-length", "transfer-encoding", "connection", "upgrade", "expect", "te",
        "trailer", "keep-alive", "proxy-authorization", "proxy-connection", "accept-encoding",
    ]

    /// What another host may see of the caller's fields.
    private static let harmlessFields: Set<String> = ["accept", "accept-language", "user-agent"]

    private static let methods: Set<String> = [
        "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS",
    ]

    init(_ request: OutboundRequest, deadline: ContinuousClock.Instant) throws(OutboundError) {
        guard let url = OutboundURL(request.url) else { throw TransferFailure.badURL }
        guard Self.methods.contains(request.method) else {
            throw OutboundError(
                .invalidRequest,
                "The method '\(request.method.prefix(20))' is not known. Write one of "
                    + Self.methods.sorted().joined(separator: ", ") + ".")
        }
        guard (request.body?.count ?? 0) <= OutboundHTTP.maximumRequestBodyBytes else {
            throw OutboundError(
                .invalidRequest,
                "The request body is over \(OutboundHTTP.maximumRequestBodyBytes) bytes. "
                    + "Send less, or send it in parts.")
        }
        var fields = request.fields
        if let key = request.idempotencyKey,
            !fields.contains(where: { $0.isNamed("idempotency-key") })
        {
            fields.append(HTTPField("Idempotency-Key", key))
        }
        for field in fields { try Self.check(field) }
        self.init(request, url, fields, deadline, sendsCredentials: true)
    }

    private init(
        _ request: OutboundRequest, _ url: OutboundURL, _ fields: [HTTPField],
        _ deadline: ContinuousClock.Instant, sendsCredentials: Bool
    ) {
        self.request = request
        self.url = url
        self.fields = fields
        self.deadline = deadline
        self.sendsCredentials = sendsCredentials
    }

    private static func check(_ field: HTTPField) throws(OutboundError) {
        let isToken = field.name.utf8.allSatisfy { byte in
            byte > 0x20 && byte < 0x7F && !"\"(),/:;<=>?@[\\]{}".utf8.contains(byte)
        }
        guard isToken, !field.name.isEmpty, !ownFields.contains(field.name.lowercased()) else {
            throw OutboundError(
                .invalidRequest,
                "The header '\(printable(field.name))' cannot be set. Take it out of the headers.")
        }
        let isLine = field.value.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F || $0 == 0x09 }
        guard isLine else {
            throw OutboundError(
                .invalidRequest,
                "The value of the header '\(field.name)' holds a line end or another control "
                    + "character. Take it out.")
        }
    }

    private static func printable(_ text: String) -> String {
        String(text.prefix(60).filter { $0.isASCII && !$0.isNewline && $0 != "\0" })
    }

    // MARK: The transfer

    func plan(userAgent: String) -> TransferPlan {
        var plan = TransferPlan(url: url.text, deadline: deadline)
        plan.maximumBodyBytes = request.maximumBodyBytes
        if sendsCredentials, let user = url.user {
            plan.credentials = (user, url.password ?? "")
        }
        plan.texts = [
            (CURLOPT_PROTOCOLS_STR, "http,https"), (CURLOPT_REDIR_PROTOCOLS_STR, "http,https"),
            // Empty means every encoding that libcurl can undo.
            (CURLOPT_ACCEPT_ENCODING, ""),
        ]
        plan.numbers = [(CURLOPT_HTTP_VERSION, Int(CURL_HTTP_VERSION_2TLS))]
        if request.method == "HEAD" {
            plan.numbers.append((CURLOPT_NOBODY, 1))
        } else {
            plan.texts.append((CURLOPT_CUSTOMREQUEST, request.method))
            let hasBody = ["POST", "PUT", "PATCH"].contains(request.method)
            plan.body = request.body ?? (hasBody ? [] : nil)
        }
        if let stall = request.stallTimeout {
            plan.numbers.append((CURLOPT_LOW_SPEED_LIMIT, 1))
            plan.numbers.append((CURLOPT_LOW_SPEED_TIME, max(1, Int(stall.components.seconds))))
        }
        if request.isSentOnce { plan.numbers.append((CURLOPT_FRESH_CONNECT, 1)) }
        plan.lists = [(CURLOPT_HTTPHEADER, lines(userAgent: userAgent))]
        return plan
    }

    private func lines(userAgent: String) -> [String] {
        var lines = ["Expect:"]
        if !fields.contains(where: { $0.isNamed("user-agent") }) {
            lines.append("User-Agent: \(userAgent)")
        }
        // libcurl adds a type of its own to every body.
        if !fields.contains(where: { $0.isNamed("content-type") }) { lines.append("Content-Type:") }
        for field in fields {
            lines.append(field.value.isEmpty ? "\(field.name);" : "\(field.name): \(field.value)")
        }
        return lines
    }

    // MARK: The answer

    /// The error that ended a transfer; `nil` when it brought an answer.
    func error(_ report: TransferReport) -> OutboundError? {
        TransferFailure(
            url: url, timeout: request.timeout, maximumBodyBytes: request.maximumBodyBytes
        ).error(report)
    }

    func response(_ report: TransferReport, seconds: Double) -> OutboundResponse {
        let fields = report.headerLines.compactMap { line -> HTTPField? in
            guard let colon = line.firstIndex(of: ":") else { return nil }
            let value = line[line.index(after: colon)...]
            return HTTPField(String(line[..<colon]), trimmed(value))
        }
        return OutboundResponse(
            status: report.status, fields: fields, body: report.body, address: url.display,
            retryAfter: report.retryAfter, seconds: seconds)
    }

    /// The next hop, `nil` when the answer is the last one.
    func redirect(_ report: TransferReport) throws(OutboundError) -> OutboundHop? {
        guard request.followsRedirects, ["GET", "HEAD"].contains(request.method),
            [301, 302, 303, 307, 308].contains(report.status),
            let location = response(report, seconds: 0).fields.first(where: {
                $0.isNamed("location")
            })
        else { return nil }
        guard let target = OutboundURL(location.value, base: url) else {
            throw OutboundError(
                .badResponse,
                "\(url.display) redirects to something that is no http or https address. "
                    + "Request the address where the answer is.")
        }
        if target.hasSameOrigin(as: url) {
            return OutboundHop(
                request, target, fields, deadline, sendsCredentials: sendsCredentials)
        }
        let harmless = fields.filter { Self.harmlessFields.contains($0.name.lowercased()) }
        return OutboundHop(request, target, harmless, deadline, sendsCredentials: false)
    }
}

/// Without spaces and tabs at its ends.
func trimmed(_ text: some StringProtocol) -> String {
    let blank: (Character) -> Bool = { $0 == " " || $0 == "\t" }
    var rest = text.drop(while: blank)
    while let last = rest.last, blank(last) { rest = rest.dropLast() }
    return String(rest)
}
